"""What was released, until it is out: progress, stopping, and the end that signs out."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop
from django.views.decorators.http import require_GET, require_POST

from platen.devices.models import Device
from platen.panel.at_panel import Panel, SignedIn, at_panel, person_at, signed_in, signed_out
from platen.panel.short_names import short_name
from platen.policy.state_words import hinders, in_words, needs_a_hand
from platen.printing.deliveries import STOPPING
from platen.printing.errors import NotChangeable
from platen.printing.models import OPEN_DELIVERIES, Delivery, DeliveryState
from platen.printing.node_spool import node_spool
from platen.printing.queries import recent_deliveries
from platen.printing.services import cancel_job

FOLLOWED_MAX = 200
DIGITS_MAX = 18
FAILED_SHOWN_MAX = 3


@dataclass(frozen=True, slots=True)
class Line:
    """One document on its way."""

    name: str
    detail: str
    word: str
    css_class: str


@dataclass(frozen=True, slots=True)
class Progress:
    """All documents of one release. percent: of the impressions, as far as the device tells."""

    lines: tuple[Line, ...]
    percent: int
    done: int
    count: int
    problem: str
    refused: int

    @property
    def is_over(self) -> bool:
        """Whether nothing more will change."""
        return self.done == self.count

    @property
    def title(self) -> str:
        """Printing 2 of 4."""
        if self.count < 2:
            return _("Printing")
        return _("Printing %(at)d of %(of)d") % {"at": min(self.done + 1, self.count), "of": self.count}


@require_GET
@signed_in
def printing(request: HttpRequest, panel: SignedIn) -> HttpResponse:
    """The documents on their way."""
    progress = _progress(request, panel)
    if progress.is_over:
        return HttpResponseRedirect(_done_address(request, panel))
    ids = request.GET.get("d", "")
    return render(request, "panel/printing.html", {"panel": panel, "progress": progress, "ids": ids})


@require_GET
@signed_in
def fragment(request: HttpRequest, panel: SignedIn) -> HttpResponse:
    """The same for the script that asks every second."""
    progress = _progress(request, panel)
    if progress.is_over:
        return JsonResponse({"go": _done_address(request, panel)})
    context = {"panel": panel, "progress": progress}
    html = render_to_string("panel/_progress.html", context, request)
    return JsonResponse({"html": html, "title": progress.title})


@require_POST
@signed_in
def stop(request: HttpRequest, panel: SignedIn) -> HttpResponse:
    """Stop what is not out yet: what waits is deleted, what prints ends at the next safe point."""
    for delivery in _deliveries(request.POST.get("d", ""), panel):
        if delivery.state in OPEN_DELIVERIES:
            try:
                cancel_job(node_spool(), delivery.job, by=panel.actor)
            except NotChangeable:
                continue  # it came to its end meanwhile
    return HttpResponseRedirect(f"{panel.address('printing')}?d={request.POST.get('d', '')}")


@require_GET
@at_panel
def done(request: HttpRequest, panel: Panel) -> HttpResponse:
    """How it went; the person is signed out."""
    person = person_at(request, panel)
    if person is None:
        return HttpResponseRedirect(panel.address("start"))
    progress = _progress(request, person)
    if not progress.count:  # another person's release: this one came after them, and is not to be signed out for it
        return HttpResponseRedirect(panel.address("documents"))
    context = {
        "panel": panel,
        "progress": progress,
        "printed": sum(line.css_class == "s-ok" for line in progress.lines),
        "failed": [line for line in progress.lines if line.css_class != "s-ok"][:FAILED_SHOWN_MAX],
    }
    response = render(request, "panel/done.html", context)
    return signed_out(request, panel, response)


@require_GET
@signed_in
def alive(request: HttpRequest, panel: SignedIn) -> HttpResponse:
    """Somebody touched the screen."""
    return HttpResponse(status=204)


def _done_address(request: HttpRequest, panel: Panel) -> str:
    return f"{panel.address('done')}?{request.GET.urlencode()}"


def _deliveries(ids: str, panel: SignedIn) -> list[Delivery]:
    wanted = [int(each) for each in ids.split("-") if _is_number(each)][:FOLLOWED_MAX]
    found = recent_deliveries(wanted)
    return [each for each in found if each.user_id == panel.user.id and each.device_id == panel.device.id]


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= DIGITS_MAX


def _progress(request: HttpRequest, panel: SignedIn) -> Progress:
    deliveries = _deliveries(request.GET.get("d", ""), panel)
    lines, first_waiting = [], True
    for delivery in deliveries:
        lines.append(_line(delivery, is_next=first_waiting))
        first_waiting = first_waiting and delivery.state not in OPEN_DELIVERIES
    done_ones = [each for each in deliveries if each.state not in OPEN_DELIVERIES]
    refused = request.GET.get("refused", "")
    return Progress(
        lines=tuple(lines),
        percent=_percent(deliveries),
        done=len(done_ones),
        count=len(deliveries),
        problem=_problem(panel.device, deliveries),
        refused=int(refused) if _is_number(refused) else 0,
    )


def _line(delivery: Delivery, *, is_next: bool) -> Line:
    word, css_class = _word(delivery, is_next=is_next)
    total = (delivery.job.pages or 0) * delivery.copies
    printed = delivery.impressions_completed
    detail = ""
    if total and printed is not None and delivery.state in OPEN_DELIVERIES:
        detail = _("%(printed)d of %(total)d pages") % {"printed": printed, "total": total}
    elif total:
        detail = _("%(count)d pages") % {"count": total} if total > 1 else _("1 page")
    if delivery.message:
        detail = delivery.message
    return Line(short_name(delivery.job.name), detail, word, css_class)


_ENDS = {
    DeliveryState.COMPLETED: (noop("Printed"), "s-ok"),
    DeliveryState.FAILED: (noop("Not printed"), "s-fail"),
    DeliveryState.INTERRUPTED: (noop("Cut short"), "s-fail"),
    DeliveryState.CANCELED: (noop("Stopped"), "s-off"),
}


def _word(delivery: Delivery, *, is_next: bool) -> tuple[str, str]:
    state = DeliveryState(delivery.state)
    if state in _ENDS:
        word, css_class = _ENDS[state]
        return _(word), css_class
    if STOPPING in delivery.job.state_reasons:
        return _("Stopping"), "s-off"
    if state == DeliveryState.WAITING:
        return _("Next") if is_next else _("Waiting"), "s-attn" if delivery.message else "s-wait"
    return (_("Stopped"), "s-attn") if delivery.message else (_("Printing"), "s-busy")


def _percent(deliveries: list[Delivery]) -> int:
    total = done_ones = 0
    for delivery in deliveries:
        pages = (delivery.job.pages or 1) * delivery.copies
        total += pages
        if delivery.state not in OPEN_DELIVERIES:
            done_ones += pages
        else:
            done_ones += min(delivery.impressions_completed or 0, pages)
    return 100 * done_ones // total if total else 100


def _problem(device: Device, deliveries: list[Delivery]) -> str:
    """What keeps the paper from coming out, for the person who stands there."""
    said = next((each.message for each in deliveries if each.state in OPEN_DELIVERIES and each.message), "")
    reasons = device.state_reasons
    return said or in_words(reason for reason in reasons if hinders(reason) or needs_a_hand(reason))
