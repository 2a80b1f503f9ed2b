"""States and reasons as words for a person, with the class that gives them shape and colour."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop

from platen.devices.models import Device, DeviceState
from platen.policy.job_state_reasons import JobStateReason
from platen.policy.job_states import JobState, Shown, shown
from platen.policy.state_words import in_words
from platen.printing.models import Job

# The words of platen.policy.job_states, which knows no gettext, for the translators.
_JOB_WORDS = (
    *(noop("Waiting"), noop("Held"), noop("Printing"), noop("Stopped"), noop("Canceled"), noop("Failed")),
    *(noop("Printed"), noop("No owner"), noop("Waiting for the device"), noop("Arriving"), noop("Stopping")),
    *(noop("Converting"), noop("Device stopped"), noop("Paper or supply missing"), noop("Cannot be read")),
    *(noop("Format not supported"), noop("Did not arrive whole"), noop("Printed in part")),
)

_REASONS = {
    JobStateReason.JOB_HOLD_UNTIL_SPECIFIED: noop("Waits for its owner"),
    JobStateReason.JOB_RELEASE_WAIT: noop("Waits for its owner"),
    JobStateReason.JOB_INCOMING: noop("Still coming in"),
    JobStateReason.JOB_QUEUED: noop("Waits for the device"),
    JobStateReason.PRINTER_STOPPED: noop("The device has stopped"),
    JobStateReason.PROCESSING_TO_STOP_POINT: noop("Is being stopped"),
    JobStateReason.JOB_CANCELED_BY_USER: noop("Deleted by its owner or the help desk"),
    JobStateReason.JOB_CANCELED_BY_OPERATOR: noop("Deleted by an administrator"),
    JobStateReason.JOB_CANCELED_AT_DEVICE: noop("Canceled at the device"),
    JobStateReason.ABORTED_BY_SYSTEM: noop("Given up"),
    JobStateReason.JOB_COMPLETED_WITH_ERRORS: noop("Came out in part"),
    JobStateReason.UNSUPPORTED_DOCUMENT_FORMAT: noop("The device does not print this format"),
}
_RETENTION_END = "job-canceled-at-retention-end"


def job_shown(job: Job) -> Shown:
    """Word and class of a job's state."""
    found = shown(JobState(job.state), _reasons(job), has_owner=job.owner_id is not None)
    return Shown(_(found.word), found.css_class)


def job_why(job: Job) -> str:
    """Why a job is in its state, as one line; empty where the state says it all."""
    if job.state_message:
        return job.state_message
    if job.state == JobState.PENDING_HELD and job.owner_id is None:
        return _("No such person here: %(name)s") % {"name": job.submitted_as or _("no name given")}
    if _RETENTION_END in job.state_reasons.split():
        return _("Its time was over")
    return next((_(_REASONS[reason]) for reason in _reasons(job) if reason in _REASONS), "")


def device_shown(device: Device) -> Shown:
    """Word and class of a device's state: the most useful word rather than the state's name."""
    if device.out_of_service:
        return Shown(_("Out of service"), "s-off")
    reasons = in_words(device.state_reasons)
    if device.state == DeviceState.STOPPED:
        return Shown(reasons or device.state_message or _("Stopped"), "s-fail")
    if device.state == DeviceState.UNKNOWN:
        return Shown(reasons or _("Not read yet"), "s-fail" if device.needs_attention else "s-unknown")
    if device.needs_attention:
        return Shown(reasons or _("Needs attention"), "s-attn")
    if device.state == DeviceState.PROCESSING:
        return Shown(_("Printing"), "s-busy")
    return Shown(_("Ready"), "s-ok")


def _reasons(job: Job) -> list[JobStateReason]:
    known = set(JobStateReason)
    return [JobStateReason(word) for word in job.state_reasons.split() if word in known]
