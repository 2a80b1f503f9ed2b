"""The event log and the audit trail."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from platen.access.rights import Right
from platen.console.csv_export import EXPORT_ROWS_MAX, csv_response
from platen.console.downloads import table_download
from platen.console.guard import needs
from platen.console.lookup import found, number_in, uuid_in
from platen.devices.models import Device
from platen.devices.queries import device_by_uuid
from platen.directory.models import User
from platen.directory.queries import user_by_uuid
from platen.eventlog.areas import AREAS
from platen.eventlog.audit import verify
from platen.eventlog.event_lists import (
    AuditFilter,
    EventFilter,
    each_audit,
    each_event,
    page_of_audit,
    page_of_events,
    people_in_audit,
)
from platen.eventlog.models import Severity
from platen.fleet.reports.audit import audit_table
from platen.fleet.table_files import FORMATS


@needs(Right.SEE_EVENTS)
@require_safe
def events(request: HttpRequest) -> HttpResponse:
    """What happened, newest first."""
    wanted, device, user = _wanted(request)
    before = number_in(request, "before")
    page = page_of_events(wanted, before)
    context = {"page": page, "wanted": wanted, "before": before, "device": device, "about": user}
    if request.headers.get("HX-Target") == "rows":
        return render(request, "console/events/rows.html", context)
    return render(request, "console/events/list.html", {**context, "severities": list(Severity)})


@needs(Right.SEE_EVENTS, Right.EXPORT)
@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """Exactly what the list shows, as CSV."""
    wanted, _device, _user = _wanted(request)
    head = [_("Time"), _("Severity"), _("Kind"), _("Message"), _("Job")]
    rows = (
        [event.at.isoformat(), event.get_severity_display(), event.kind, event.message, event.job_id]
        for event in each_event(wanted, EXPORT_ROWS_MAX)
    )
    return csv_response("events", head, rows)


@needs(Right.SEE_AUDIT)
@require_safe
def audit(request: HttpRequest) -> HttpResponse:
    """Who changed what, newest first."""
    return _audit_page(request, None)


@needs(Right.SEE_AUDIT, Right.EXPORT)
@require_safe
def audit_export(request: HttpRequest) -> HttpResponse:
    """Exactly what the list shows, all of its pages (EMC-REPT-14)."""
    table = audit_table(each_audit(_audit_wanted(request), EXPORT_ROWS_MAX))
    return table_download(request, f"audit-{timezone.localdate().isoformat()}", table.head, table.rows)


@needs(Right.SEE_AUDIT)
@require_POST
def check(request: HttpRequest) -> HttpResponse:
    """Read the whole chain: an altered or missing entry shows."""
    return _audit_page(request, verify())


def _audit_page(request: HttpRequest, verification: object) -> HttpResponse:
    before, wanted = number_in(request, "before"), _audit_wanted(request)
    context = {
        "page": page_of_audit(wanted, before),
        "wanted": wanted,
        "people": people_in_audit(),
        "areas": [(name, _(words)) for name, (words, _verbs) in AREAS.items()],
        "before": before,
        "verification": verification,
        "formats": FORMATS,
    }
    return render(request, "console/events/audit.html", context)


def _audit_wanted(request: HttpRequest) -> AuditFilter:
    """Part of a text, a person, an area; whatever is empty or unknown narrows nothing."""
    area = request.GET.get("area", "")
    text, who = request.GET.get("f", "")[:200], request.GET.get("who", "")[:255]
    return AuditFilter(text, who, area if area in AREAS else "")


def _wanted(request: HttpRequest) -> tuple[EventFilter, Device | None, User | None]:
    level = number_in(request, "severity")
    severity = Severity(level) if level in set(Severity) else Severity.INFO
    device_uuid, user_uuid = uuid_in(request.GET.get("device", "")), uuid_in(request.GET.get("person", ""))
    device = found(device_by_uuid(device_uuid)) if device_uuid else None
    user = found(user_by_uuid(user_uuid)) if user_uuid else None
    wanted = EventFilter(
        severity=severity,
        text=request.GET.get("f", "")[:200],
        job_id=number_in(request, "job"),
        device_id=device.id if device else None,
        user_id=user.id if user else None,
    )
    return wanted, device, user
