"""Collectors of other sites: who they are, how they are, what home wants of them, their keys."""

from __future__ import annotations

import shlex

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from platen.access.rights import Right, allowed
from platen.console.collector_words import collector_shown
from platen.console.forms.collectors import CollectorForm, WishesForm, wishes_in_words
from platen.console.guard import actor, needs, person
from platen.console.list_address import query_with
from platen.console.lookup import found
from platen.fleet.collectors import (
    add_collector,
    change_collector,
    collector_by_uuid,
    collectors_with_counts,
    let_in_anew,
    remove_collector,
    revoke_key,
)
from platen.fleet.errors import FleetError
from platen.fleet.models import Collector
from platen.fleet.queries_collectors import happened_to, last_offs, regions_by_collector, said_of_machines

HAPPENED = 20
_SAID = {
    "serial": noop("Serial number"),
    "firmware": noop("Firmware"),
    "pages": noop("Meters"),
    "address": noop("Address"),
    "mac": noop("Hardware address"),
    "host_name": noop("Host name"),
    "location": noop("Place"),
    "asset_number": noop("Asset number"),
    "contact": noop("Contact"),
    "console": noop("Display"),
}


@needs(Right.SEE_DEVICES, Right.WHOLE_FLEET)
@require_safe
def collectors(request: HttpRequest) -> HttpResponse:
    """All of them, with when each last spoke."""
    now, regions, offs = timezone.now(), regions_by_collector(), last_offs()
    rows = [
        (
            each,
            collector_shown(each, now),
            regions.get(each.name, []),
            offs.get(each.name),
            query_with("collector", each.name),
        )
        for each in collectors_with_counts()
    ]
    return render(request, "console/collectors/list.html", {"rows": rows})


@needs(Right.SEE_DEVICES, Right.WHOLE_FLEET)
@require_safe
def collector(request: HttpRequest, uuid: str) -> HttpResponse:
    """One: how it is, what it sends, what home wants of it, what happened."""
    return _page(request, _collector(uuid))


@needs(Right.SEE_DEVICES, Right.CHANGE_SETTINGS, Right.WHOLE_FLEET)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """A new one; its key is shown with its page this once."""
    form = CollectorForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made, secret = add_collector(form.cleaned_data["name"], by=actor(request))
        except FleetError as error:
            form.add_error("name", str(error))
        else:
            return _page(request, made, secret=secret)
    return render(request, "console/collectors/add.html", {"form": form}, status=422 if form.errors else 200)


@needs(Right.SEE_DEVICES, Right.CHANGE_SETTINGS, Right.WHOLE_FLEET)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, uuid: str) -> HttpResponse:
    """What home wants of it."""
    the_collector = _collector(uuid)
    form = WishesForm(request.POST or None, wishes=the_collector.configuration)
    if request.method == "POST" and form.is_valid():
        try:
            change_collector(the_collector, by=actor(request), configuration=form.wishes())
        except FleetError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Saved. The collector takes it with its next word, and never more than that."))
            return _to(the_collector)
    context = {"form": form, "collector": the_collector}
    return render(request, "console/collectors/edit.html", context, status=422 if form.errors else 200)


@needs(Right.SEE_DEVICES, Right.CHANGE_SETTINGS, Right.WHOLE_FLEET)
@require_POST
def switch(request: HttpRequest, uuid: str) -> HttpResponse:
    """Take nothing from it for a while, or take again; its key stays."""
    the_collector = _collector(uuid)
    enabled = request.POST.get("enabled") == "yes"
    change_collector(the_collector, by=actor(request), enabled=enabled)
    on, off = (
        _("Taken from again, with the key that it has."),
        _("Nothing is taken from it. What it reads waits there."),
    )
    messages.success(request, on if enabled else off)
    return _to(the_collector)


@needs(Right.SEE_DEVICES, Right.CHANGE_SETTINGS, Right.WHOLE_FLEET)
@require_POST
def key(request: HttpRequest, uuid: str) -> HttpResponse:
    """A new key, shown this once; the one before counts for nothing."""
    the_collector = _collector(uuid)
    secret = let_in_anew(the_collector, by=actor(request))
    return _page(request, _collector(uuid), secret=secret)


@needs(Right.SEE_DEVICES, Right.CHANGE_SETTINGS, Right.WHOLE_FLEET)
@require_POST
def revoke(request: HttpRequest, uuid: str) -> HttpResponse:
    """Its key counts for nothing from now on."""
    the_collector = _collector(uuid)
    revoke_key(the_collector, by=actor(request))
    messages.success(request, _("The key was revoked. What it brought stays; a new key lets it in again."))
    return _to(the_collector)


@needs(Right.SEE_DEVICES, Right.CHANGE_SETTINGS, Right.WHOLE_FLEET)
@require_POST
def remove(request: HttpRequest, uuid: str) -> HttpResponse:
    """Forget it; its devices stay (EMC-AGNT-12)."""
    the_collector = _collector(uuid)
    remove_collector(the_collector, by=actor(request))
    text = _("%(collector)s was removed. Its devices stay in the list, as they were last read.")
    messages.success(request, text % {"collector": the_collector.name})
    return HttpResponseRedirect(reverse("console:collectors"))


def _page(request: HttpRequest, the_collector: Collector, *, secret: str = "") -> HttpResponse:
    said = said_of_machines(the_collector)
    context = {
        "collector": the_collector,
        "shown": collector_shown(the_collector, timezone.now()),
        "regions": regions_by_collector().get(the_collector.name, []),
        "machines": said["all"],
        "said": [(_(label), said[name], said["all"] - said[name]) for name, label in _SAID.items()],
        "devices_query": query_with("collector", the_collector.name),
        "wishes": wishes_in_words(the_collector.configuration),
        "has_fetched": the_collector.asked_at is not None and the_collector.asked_at >= the_collector.configured_at,
        "secret": secret,
        "command": _command(request, the_collector),
        "events": happened_to(the_collector, HAPPENED) if allowed(person(request), Right.SEE_EVENTS) else [],
    }
    return render(request, "console/collectors/collector.html", context)


def _command(request: HttpRequest, the_collector: Collector) -> str:
    """What to run at the site, in one line; it asks for the key, so that no shell remembers that."""
    home = request.build_absolute_uri("/").rstrip("/")
    named = ("--name", the_collector.name, "--home", home, "--collector", str(the_collector.uuid))
    return shlex.join(["platen", "collector", "init", *named, "--ask-key"])


def _collector(uuid: str) -> Collector:
    return found(collector_by_uuid(uuid))


def _to(the_collector: Collector) -> HttpResponse:
    return HttpResponseRedirect(reverse("console:collector", args=[the_collector.uuid]))
