"""The states of a job (RFC 8011 section 5.3.7), and what a person sees of them.

                       +------- return-to-hold, retain -------+
                       v                                      |
    receive, hold -> pending-held --release--> pending --start--> processing --complete--> completed
                                                              stop |   ^ resume
                                                                   v   |
                                                            processing-stopped

From every state but the last three, `cancel` leads to canceled and `abort` to aborted. Canceled, aborted and
completed are final, as RFC 8011 has it: a document that failed on its way out goes back with `return-to-hold`, not
through aborted, and one that its owner keeps goes back with `retain` after it came out.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

from platen.policy.job_state_reasons import JobStateReason


class JobState(IntEnum):
    """IPP job-state (RFC 8011 section 5.3.7)."""

    PENDING = 3
    PENDING_HELD = 4
    PROCESSING = 5
    PROCESSING_STOPPED = 6
    CANCELED = 7
    ABORTED = 8
    COMPLETED = 9

    @property
    def keyword(self) -> str:
        """The name as the standard writes it: `pending-held`."""
        return self.name.lower().replace("_", "-")

    @property
    def is_final(self) -> bool:
        """True when nothing more can happen to the job."""
        return self in FINAL_STATES


FINAL_STATES = frozenset({JobState.CANCELED, JobState.ABORTED, JobState.COMPLETED})
ACTIVE_STATES = frozenset(JobState) - FINAL_STATES


@dataclass(frozen=True, slots=True)
class Shown:
    """What a person sees of a state: a word, and the class of the design language that gives shape and colour."""

    word: str
    css_class: str


_S, _R = JobState, JobStateReason
_SHOWN = {
    _S.PENDING: Shown("Waiting", "s-wait"),
    _S.PENDING_HELD: Shown("Held", "s-held"),
    _S.PROCESSING: Shown("Printing", "s-busy"),
    _S.PROCESSING_STOPPED: Shown("Stopped", "s-attn"),
    _S.CANCELED: Shown("Canceled", "s-off"),
    _S.ABORTED: Shown("Failed", "s-fail"),
    _S.COMPLETED: Shown("Printed", "s-ok"),
}
# The more useful word, where a reason says more than the state; the first that applies is taken.
_SHOWN_BY_REASON: tuple[tuple[JobState, JobStateReason, Shown], ...] = (
    (_S.PENDING, _R.PRINTER_STOPPED, Shown("Waiting for the device", "s-attn")),
    (_S.PENDING_HELD, _R.JOB_INCOMING, Shown("Arriving", "s-wait")),
    (_S.PENDING_HELD, _R.JOB_DATA_INSUFFICIENT, Shown("Arriving", "s-wait")),
    (_S.PROCESSING, _R.PROCESSING_TO_STOP_POINT, Shown("Stopping", "s-busy")),
    (_S.PROCESSING, _R.JOB_TRANSFORMING, Shown("Converting", "s-busy")),
    (_S.PROCESSING_STOPPED, _R.PRINTER_STOPPED, Shown("Device stopped", "s-attn")),
    (_S.PROCESSING_STOPPED, _R.RESOURCES_ARE_NOT_READY, Shown("Paper or supply missing", "s-attn")),
    (_S.ABORTED, _R.DOCUMENT_FORMAT_ERROR, Shown("Cannot be read", "s-fail")),
    (_S.ABORTED, _R.UNSUPPORTED_DOCUMENT_FORMAT, Shown("Format not supported", "s-fail")),
    (_S.ABORTED, _R.SUBMISSION_INTERRUPTED, Shown("Did not arrive whole", "s-fail")),
    (_S.COMPLETED, _R.JOB_COMPLETED_WITH_ERRORS, Shown("Printed in part", "s-attn")),
)


def shown(state: JobState, reasons: Iterable[JobStateReason] = (), *, has_owner: bool = True) -> Shown:
    """Word and class for a job's state; a held job that belongs to nobody shows just that."""
    if state is _S.PENDING_HELD and not has_owner:
        return Shown("No owner", "s-unknown")
    present = frozenset(reasons)
    return next((s for st, reason, s in _SHOWN_BY_REASON if st is state and reason in present), _SHOWN[state])
