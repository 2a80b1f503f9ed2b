"""Searches for devices: started, watched, called off, kept; and their results."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from platen.access.rights import Right
from platen.console.forms.discovery import SearchForm
from platen.console.guard import actor, needs
from platen.console.lookup import found, number_in
from platen.fleet.discovering import (
    OPEN,
    TooWide,
    cancel_run,
    keep_discovery,
    remove_discovery,
    start_run,
    values_of,
)
from platen.fleet.errors import FleetError
from platen.fleet.models import Discovery, DiscoveryRun
from platen.fleet.queries_searches import (
    kept_searches,
    latest_runs,
    outcomes_of,
    page_of_found,
    search_by_uuid,
    search_run,
)

OUTCOMES = {
    "new": (noop("New"), "s-ok"),
    "known": (noop("Known"), "s-ok"),
    "moved": (noop("Moved"), "s-busy"),
    "ignored": (noop("Left out"), "s-off"),
    "unmanaged": (noop("Kept unmanaged"), "s-off"),
    "conflict": (noop("Address conflict"), "s-attn"),
    "no-printer": (noop("No printer"), "s-unknown"),
    "failed": (noop("Could not be read"), "s-fail"),
}


@needs(Right.SEE_DEVICES, Right.WHOLE_FLEET)
@require_safe
def discovery(request: HttpRequest) -> HttpResponse:
    """Kept searches and the latest runs."""
    runs = latest_runs()
    context = {"searches": kept_searches(), "runs": runs, "goes_on": any(each.state in OPEN for each in runs)}
    return render(request, "console/discovery/list.html", context)


@needs(Right.CHANGE_DEVICES, Right.WHOLE_FLEET)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """A new search: run once, tried without registering, or kept."""
    return _edit(request, None)


@needs(Right.CHANGE_DEVICES, Right.WHOLE_FLEET)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, uuid: str) -> HttpResponse:
    """A kept search."""
    return _edit(request, found(search_by_uuid(uuid)))


@needs(Right.CHANGE_DEVICES, Right.WHOLE_FLEET)
@require_POST
def start(request: HttpRequest, uuid: str) -> HttpResponse:
    """Run a kept search."""
    search = found(search_by_uuid(uuid))
    try:
        run = start_run(values_of(search), by=actor(request), discovery=search, dry=request.POST.get("dry") == "1")
    except FleetError as error:
        messages.error(request, str(error))
        return HttpResponseRedirect(reverse("console:discovery"))
    return _to(run)


@needs(Right.CHANGE_DEVICES, Right.WHOLE_FLEET)
@require_POST
def remove(request: HttpRequest, uuid: str) -> HttpResponse:
    """Remove a kept search."""
    remove_discovery(found(search_by_uuid(uuid)), by=actor(request))
    messages.success(request, _("The search was removed. What it found stays."))
    return HttpResponseRedirect(reverse("console:discovery"))


@needs(Right.SEE_DEVICES, Right.WHOLE_FLEET)
@require_safe
def run(request: HttpRequest, uuid: str) -> HttpResponse:
    """How far a search is, and what it found."""
    the_run = found(search_run(uuid))
    outcome = request.GET.get("outcome", "")
    outcome = outcome if outcome in OUTCOMES else ""
    page = page_of_found(the_run, outcome, number_in(request, "after") or 0)
    tabs = [
        (name, _(OUTCOMES[name][0]), OUTCOMES[name][1], count)
        for name, count in outcomes_of(the_run)
        if name in OUTCOMES
    ]
    rows = [
        (each, _(OUTCOMES[each.outcome][0]), OUTCOMES[each.outcome][1])
        for each in page.found
        if each.outcome in OUTCOMES
    ]
    context = {
        "run": the_run,
        "is_open": the_run.state in OPEN,
        "tabs": tabs,
        "rows": rows,
        "outcome": outcome,
        "after": page.after,
        "total": sum(tab[3] for tab in tabs),
    }
    fragment = request.headers.get("HX-Target") == "progress"
    return render(request, "console/discovery/progress.html" if fragment else "console/discovery/run.html", context)


@needs(Right.CHANGE_DEVICES, Right.WHOLE_FLEET)
@require_POST
def cancel(request: HttpRequest, uuid: str) -> HttpResponse:
    """Call a search off."""
    the_run = found(search_run(uuid))
    cancel_run(the_run, by=actor(request))
    messages.success(request, _("The search stops with the address that is being asked. What was found stays."))
    return _to(the_run)


def _edit(request: HttpRequest, search: Discovery | None) -> HttpResponse:
    initial = SearchForm.initial_of(values_of(search), search.name) if search else {}
    form = SearchForm(request.POST or None, initial=initial, conditions=search.conditions if search else ())
    wide = False
    if request.method == "POST" and form.is_valid():
        try:
            return _carried_out(request, form, search)
        except TooWide as error:
            wide = True
            form.add_error("confirmed", str(error))
        except FleetError as error:
            form.add_error(None, str(error))
    context = {"form": form, "search": search, "wide": wide or "confirmed" in request.POST}
    return render(request, "console/discovery/edit.html", context, status=422 if form.errors else 200)


def _carried_out(request: HttpRequest, form: SearchForm, search: Discovery | None) -> HttpResponse:
    """What the button says. Raises: FleetError."""
    by, values, name = actor(request), form.values(), form.cleaned_data["name"]
    what = request.POST.get("what", "run")
    if search is not None or what == "keep":
        search = keep_discovery(name, values, by=by, discovery=search)
    if what == "keep":
        messages.success(request, _("The search was kept. Run it here, or by a task on a schedule."))
        return HttpResponseRedirect(reverse("console:discovery"))
    return _to(start_run(values, by=by, title=name, discovery=search, dry=what == "dry"))


def _to(the_run: DiscoveryRun) -> HttpResponse:
    return HttpResponseRedirect(reverse("console:search-run", args=[the_run.uuid]))
