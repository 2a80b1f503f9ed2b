"""Devices from a file: the template, a preview of what becomes of each row, the import; card readers from a file."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from platen.access.rights import Right
from platen.console.downloads import table_download
from platen.console.forms.discovery import FileForm, ReaderFileForm
from platen.console.guard import actor, needs
from platen.console.views.discovery import OUTCOMES
from platen.devices.errors import DeviceError
from platen.devices.reader_files import OCTETS_MAX as READERS_OCTETS_MAX
from platen.devices.reader_files import ReaderRow, import_readers
from platen.fleet.device_tables import COLUMNS
from platen.fleet.errors import FleetError
from platen.fleet.importing import (
    Imported,
    ImportRow,
    import_rows,
    rows_as_text,
    rows_from_text,
    rows_of_file,
    template_rows,
)
from platen.fleet.models import Machine

SHOWN = 200


@needs(Right.CHANGE_DEVICES, Right.WHOLE_FLEET)
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """Choose a file, see what would become of each row, import it."""
    if request.method == "POST" and "rows" in request.POST:
        return _import(request)
    form = FileForm(request.POST or None, request.FILES or None)
    if request.method != "POST" or not form.is_valid():
        status = 422 if request.method == "POST" else 200
        return render(request, "console/discovery/import.html", {"form": form, "columns": COLUMNS}, status=status)
    file = form.cleaned_data["file"]
    try:
        rows = rows_of_file(file.name, file.read(5_000_001))
    except FleetError as error:
        form.add_error("file", str(error))
        return render(request, "console/discovery/import.html", {"form": form, "columns": COLUMNS}, status=422)
    return _shown(request, rows, import_rows(rows, by=actor(request), now=timezone.now(), dry=True), previews=True)


@needs(Right.CHANGE_DEVICES, Right.WHOLE_FLEET)
@require_safe
def template_file(request: HttpRequest) -> HttpResponse:
    """The template, empty or with the devices that are registered (EMC-DIMP-01)."""
    machines = (
        Machine.objects.select_related("device").order_by("device__name").iterator()
        if request.GET.get("filled")
        else ()
    )
    return table_download(request, "devices-to-import", list(COLUMNS), template_rows(machines), default="xlsx")


@needs(Right.CHANGE_DEVICES, Right.WHOLE_FLEET)
@require_http_methods(["GET", "HEAD", "POST"])
def readers(request: HttpRequest) -> HttpResponse:
    """Card readers from a file: each row says what became of it (SC-DEVADD-08)."""
    form = ReaderFileForm(request.POST or None, request.FILES or None)
    done: list[ReaderRow] = []
    if request.method == "POST" and form.is_valid():
        octets = form.cleaned_data["file"].read(READERS_OCTETS_MAX + 1)
        try:
            done = import_readers(octets, by=actor(request), technology=form.cleaned_data["technology"])
        except DeviceError as error:
            form.add_error("file", str(error))
        else:
            count = sum(each.added for each in done)
            text = ngettext("%(n)s card reader was added.", "%(n)s card readers were added.", count)
            messages.success(request, text % {"n": f"{count:,}"})
    done.sort(key=lambda each: (each.added, each.line))
    context = {"form": form, "rows": done[:SHOWN], "more": max(0, len(done) - SHOWN)}
    return render(request, "console/discovery/readers.html", context, status=422 if form.errors else 200)


def _import(request: HttpRequest) -> HttpResponse:
    try:
        rows = rows_from_text(request.POST["rows"])
    except FleetError:
        messages.error(request, _("Choose the file again."))
        return HttpResponseRedirect(reverse("console:devices-import"))
    done = import_rows(rows, by=actor(request), now=timezone.now(), dry=False)
    count = sum(each.outcome != "failed" for each in done)
    text = ngettext("%(n)s device was imported.", "%(n)s devices were imported.", count) % {"n": f"{count:,}"}
    messages.success(request, text + " " + _("They are read now."))
    return _shown(request, rows, done, previews=False)


def _shown(request: HttpRequest, rows: list[ImportRow], done: list[Imported], *, previews: bool) -> HttpResponse:
    # What failed first, then what is claimed by two: it is what needs somebody.
    ordered = sorted(done, key=lambda each: (each.outcome != "failed", each.outcome != "conflict", each.row.line))
    context = {
        "previews": previews,
        "results": [(each, _(OUTCOMES[each.outcome][0]), OUTCOMES[each.outcome][1]) for each in ordered[:SHOWN]],
        "more": max(0, len(ordered) - SHOWN),
        "failed": sum(each.outcome == "failed" for each in done),
        "total": len(done),
        "rows": rows_as_text(rows) if previews else "",
    }
    return render(request, "console/discovery/imported.html", context)
