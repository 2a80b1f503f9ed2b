"""Jobs: the list by state, one job, and what can be done to it."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from platen.access.rights import Denied, Right, allowed, may_see_document_names, may_see_first_page
from platen.console.csv_export import EXPORT_ROWS_MAX, csv_response
from platen.console.document_facts import document_facts
from platen.console.guard import actor, needs, person, policy_of
from platen.console.job_rows import JobRow, job_rows, strip_of
from platen.console.lookup import found, number_in, uuid_in
from platen.console.words import job_shown, job_why
from platen.devices.device_lists import devices_to_pick
from platen.devices.models import Device
from platen.devices.queries import device_by_uuid
from platen.directory.queries import find_by_logon
from platen.eventlog.event_lists import latest_events
from platen.eventlog.services import record_event
from platen.policy.job_states import JobState
from platen.printing.errors import PrintingError
from platen.printing.job_lists import (
    Count,
    JobFilter,
    JobView,
    count_of_view,
    deliveries_of,
    each_job,
    job_in_detail,
    page_of_jobs,
)
from platen.printing.models import OPEN_STATES, Job
from platen.printing.node_spool import node_spool
from platen.printing.release import release_unattended
from platen.printing.services import assign_owner, cancel_job
from platen.services.analysis.previews import node_previews
from platen.tracking.quotes import Quote, quote
from platen.tracking.usage_lists import usage_of_job

HISTORY_MAX = 100


@dataclass(frozen=True, slots=True)
class Tab:
    """One view of the list."""

    view: JobView
    title: str
    css_class: str
    count: Count
    is_current: bool


@needs(Right.SEE_JOBS)
@require_safe
def jobs(request: HttpRequest) -> HttpResponse:
    """The list; as a fragment when only its rows are asked for."""
    wanted = _wanted(request)
    before = number_in(request, "before")
    page = page_of_jobs(wanted, before)
    rows = job_rows(page.jobs, sees_names=_sees_names(request))
    context = {"rows": rows, "page": page, "wanted": wanted, "before": before}
    if request.headers.get("HX-Target") == "rows":
        return render(request, "console/jobs/rows.html", context)
    return render(request, "console/jobs/list.html", {**context, "tabs": _tabs(wanted.view)})


@needs(Right.SEE_JOBS, Right.EXPORT)
@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """Exactly what the list shows, as CSV."""
    head = [_("Number"), _("Document"), _("Owner"), _("State"), _("Why"), _("Queue"), _("Device")]
    head += [_("Pages"), _("Colour pages"), _("Copies"), _("Format"), _("Octets"), _("Received"), _("Ended")]
    rows = job_rows(each_job(_wanted(request), EXPORT_ROWS_MAX), sees_names=_sees_names(request))
    return csv_response("jobs", head, (_csv_row(row) for row in rows))


def _csv_row(row: JobRow) -> list[object]:
    job = row.job
    return [
        job.id,
        row.name,
        job.owner.logon if job.owner else job.submitted_as,
        job_shown(job).word,
        job_why(job),
        job.queue.name,
        job.device.name if job.device else "",
        job.pages,
        job.color_pages,
        job.copies,
        job.document_format,
        job.size_bytes,
        job.created_at.isoformat(timespec="seconds"),
        job.completed_at.isoformat(timespec="seconds") if job.completed_at else "",
    ]


@needs(Right.SEE_JOBS)
@require_safe
def detail(request: HttpRequest, job_id: int) -> HttpResponse:
    """The row that unfolds under a job in the list."""
    return render(request, "console/jobs/detail.html", _context(request, found(job_in_detail(job_id))))


@needs(Right.SEE_JOBS)
@require_safe
def job(request: HttpRequest, job_id: int) -> HttpResponse:
    """One job: what it is, what happened to it, what it cost."""
    the_job = found(job_in_detail(job_id))
    context = _context(request, the_job)
    context["deliveries"] = deliveries_of(the_job)
    context["events"] = (
        latest_events(HISTORY_MAX, job_id=the_job.id) if allowed(person(request), Right.SEE_EVENTS) else []
    )
    context["records"] = usage_of_job(the_job.uuid) if allowed(person(request), Right.SEE_USAGE) else []
    context["estimate"] = _estimate(the_job) if allowed(person(request), Right.SEE_PRICES) else None
    if request.headers.get("HX-Target") == "now":
        return render(request, "console/jobs/now.html", context)
    return render(request, "console/jobs/job.html", context)


@needs(Right.CHANGE_JOBS)
@require_POST
def release(request: HttpRequest, job_id: int) -> HttpResponse:
    """Print a held job at a device that was chosen."""
    the_job = found(job_in_detail(job_id))
    device = found(device_by_uuid(found(uuid_in(request.POST.get("device", "")))))
    try:
        release_unattended(the_job, device, by=actor(request))
    except PrintingError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Released at %(device)s.") % {"device": device.name})
    return _to(the_job)


@needs(Right.CHANGE_JOBS)
@require_POST
def delete(request: HttpRequest, job_id: int) -> HttpResponse:
    """Delete a job that has not ended."""
    the_job = found(job_in_detail(job_id))
    try:
        cancel_job(node_spool(), the_job, by=actor(request), reason="job-canceled-by-operator")
    except PrintingError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Deleted. Nothing was charged."))
    return _to(the_job)


@needs(Right.CHANGE_JOBS)
@require_POST
def assign(request: HttpRequest, job_id: int) -> HttpResponse:
    """Give a held job to a person."""
    the_job = found(job_in_detail(job_id))
    logon = request.POST.get("logon", "")
    owner = find_by_logon(logon, default_domain=policy_of(request).default_domain)
    if owner is None:
        messages.error(
            request,
            _("There is nobody with the logon %(logon)s. Check it, or add the person first.") % {"logon": logon},
        )
        return _to(the_job)
    try:
        assign_owner(the_job, owner, by=actor(request))
    except PrintingError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Given to %(name)s.") % {"name": owner})
    return _to(the_job)


@needs()
@require_safe
def first_page(request: HttpRequest, job_id: int) -> HttpResponse:
    """What the document looks like, as a picture; another's is looked at on the record."""
    the_job = found(job_in_detail(job_id))
    me = person(request)
    if not may_see_first_page(me, policy_of(request), the_job.owner_id, needs_code=the_job.needs_code):
        raise Denied(_("What is on a document's pages is shown to its owner and to administrators only."))
    if the_job.owner_id != me.id:
        message = _("%(name)s looked at the first page of “%(document)s”.") % {"name": me, "document": the_job.name}
        record_event("first_page_seen", message, job_id=the_job.id, user_id=me.id)
    picture = node_previews.first_page_of(the_job)
    return HttpResponse(picture.octets, content_type=picture.media_type)


def _to(the_job: Job) -> HttpResponse:
    return HttpResponseRedirect(reverse("console:job", args=[the_job.id]))


def _context(request: HttpRequest, the_job: Job) -> dict[str, object]:
    may_change = allowed(person(request), Right.CHANGE_JOBS)
    is_held = the_job.state == JobState.PENDING_HELD and the_job.has_document
    (row,) = job_rows([the_job], sees_names=_sees_names(request))
    return {
        "row": row,
        "paper": document_facts(the_job) if _sees_names(request) else [],
        "may_see_first_page": the_job.has_document
        and may_see_first_page(person(request), policy_of(request), the_job.owner_id, needs_code=the_job.needs_code),
        "strip": strip_of(the_job) if _sees_names(request) else [],
        "job": the_job,
        "may_release": may_change and is_held,
        "may_delete": may_change and the_job.state in OPEN_STATES,
        "is_open": the_job.state in OPEN_STATES,
        "devices": devices_to_pick() if may_change and is_held else [],
    }


def _estimate(the_job: Job) -> tuple[Device, Quote] | None:
    """What an open job would cost where it goes; a held one, at the first device in service."""
    if the_job.state not in OPEN_STATES:
        return None
    device = the_job.device or the_job.queue.device or next(iter(devices_to_pick(1)), None)
    offer = quote(device, the_job) if device else None
    return (device, offer) if device and offer and (offer.known or offer.price_follows) else None


def _sees_names(request: HttpRequest) -> bool:
    return may_see_document_names(person(request), policy_of(request))


def _wanted(request: HttpRequest) -> JobFilter:
    asked = request.GET.get("view", "")
    view = JobView(asked) if asked in set(JobView) else JobView.OPEN
    return JobFilter(view=view, text=request.GET.get("f", "")[:200], by_name=_sees_names(request))


def _tabs(current: JobView) -> list[Tab]:
    named = (
        (JobView.OPEN, _("All open"), ""),
        (JobView.HELD, _("Held"), "s-held"),
        (JobView.PRINTING, _("Printing"), "s-busy"),
        (JobView.STOPPED, _("Stopped"), "s-attn"),
        (JobView.UNOWNED, _("No owner"), "s-unknown"),
        (JobView.FAILED, _("Failed"), "s-fail"),
        (JobView.PRINTED, _("Printed"), "s-ok"),
        (JobView.CANCELED, _("Canceled"), "s-off"),
    )
    return [Tab(view, title, css_class, count_of_view(view), view is current) for view, title, css_class in named]
