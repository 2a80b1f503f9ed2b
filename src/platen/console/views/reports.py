"""Reports of the fleet: what was counted, held, reported; on pages and as files (EMC-REPT)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from platen.access.rights import Right
from platen.console.downloads import table_download
from platen.console.forms.report_words import REPORT_HELP, REPORT_WORDS
from platen.console.forms.reports import ReportForm
from platen.console.guard import needs, person
from platen.console.lookup import found, number_in
from platen.console.report_view import shown_report, usage_of_device
from platen.devices.queries import device_by_uuid
from platen.fleet.errors import InvalidValue
from platen.fleet.queries_rows import machine_of
from platen.fleet.reports import KINDS, Wish, report, wish_of
from platen.fleet.reports.choices import keep_wish, kept_wish
from platen.fleet.table_files import FORMATS
from platen.policy.fleet.periods import MOST, USUAL, Interval

SHOWN = tuple(kind for kind in KINDS if kind != "audit")
"""What has its place here; the audit trail has a page of its own."""


@needs(Right.SEE_DEVICES)
@require_http_methods(["GET", "HEAD", "POST"])
def reports(request: HttpRequest) -> HttpResponse:
    """One of them, as it was chosen last unless the address says otherwise; what is chosen is kept."""
    kind = _kind(request)
    if request.method == "POST":
        form = ReportForm(kind, request.POST)
        if form.is_valid():
            keep_wish(person(request).id, form.wish())
            return HttpResponseRedirect(f"{reverse('console:reports')}?{_query(request, kind)}")
        wish = kept_wish(person(request).id, kind)
    else:
        wish, form = _wish(request, kind)
    context = {
        "kind": kind,
        "kinds": [(name, REPORT_WORDS[name]) for name in SHOWN],
        "title": REPORT_WORDS[kind],
        "help": REPORT_HELP[kind],
        "form": form,
        "shown": shown_report(wish, number_in(request, "page") or 1),
        "formats": FORMATS,
    }
    return render(request, "console/reports/reports.html", context, status=422 if form.errors else 200)


@needs(Right.SEE_DEVICES, Right.EXPORT)
@require_safe
def reports_export(request: HttpRequest) -> HttpResponse:
    """The same as a file, all of its pages."""
    kind = _kind(request)
    wish, _form = _wish(request, kind)
    table = report(wish)
    return table_download(request, f"{kind}-{timezone.localdate().isoformat()}", table.head, table.rows)


@needs(Right.SEE_DEVICES)
@require_safe
def device_usage(request: HttpRequest, uuid: str) -> HttpResponse:
    """Every counter of one device by days, weeks, months or years (EMC-REPT-07)."""
    device = found(device_by_uuid(uuid))
    wish = _wish_of_device(request)
    machine = machine_of(device.id)
    context = {
        "device": device,
        "machine": machine,
        "interval": wish.every,
        "intervals": list(Interval),
        "shown": usage_of_device(device, wish),
        "most": MOST[wish.every],
        "periods": wish.periods or USUAL[wish.every],
    }
    return render(request, "console/reports/device.html", context)


def _wish_of_device(request: HttpRequest) -> Wish:
    given = {name: request.GET.get(name, "") for name in ("interval", "periods")}
    try:
        return wish_of("usage", {"by": "counter", **given})
    except InvalidValue:
        return Wish("usage", by="counter")


def _kind(request: HttpRequest) -> str:
    kind = request.GET.get("kind", "")
    return kind if kind in SHOWN else SHOWN[0]


def _wish(request: HttpRequest, kind: str) -> tuple[Wish, ReportForm]:
    """As the address says, or else as the person chose it last."""
    kept = kept_wish(person(request).id, kind)
    form = ReportForm(kind, wish=kept)
    if not any(name in request.GET for name in form.fields):
        return kept, form
    given = request.GET.copy()
    if kind == "usage":
        given.setdefault("interval", Interval.MONTH.value)
    form = ReportForm(kind, given)
    return (form.wish(), form) if form.is_valid() else (kept, form)


def _query(request: HttpRequest, kind: str) -> str:
    chosen = request.POST.copy()
    for name in ("csrfmiddlewaretoken", "page"):
        chosen.pop(name, None)
    chosen["kind"] = kind
    return chosen.urlencode()
