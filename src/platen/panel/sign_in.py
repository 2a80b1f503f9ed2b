"""Who is it? Card, ID code, logon and password, PIN; and signing out."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from platen.access import identify
from platen.access.outcomes import Identified, Outcome, PinNeeded, Throttled, UnknownCard, WrongPin
from platen.access.panel_sessions import open_session
from platen.access.pin_tickets import open_pin_ticket, pin_ticket
from platen.access.throttle import Busy, attempt_from
from platen.directory.models import CardKind
from platen.panel import cookies
from platen.panel.at_panel import Panel, at_panel, before_the_next, signed_out
from platen.panel.start import start_page
from platen.printing.print_all import prints_all_at_login, release_all
from platen.protocols.cards import CARD_NUMBER_CHARACTERS_MAX


@require_POST
@at_panel
def card(request: HttpRequest, panel: Panel) -> HttpResponse:
    """A card, read by a reader that types."""
    number = request.POST.get("number", "").strip()
    if not 0 < len(number) <= CARD_NUMBER_CHARACTERS_MAX:
        return start_page(request, panel, _("The card could not be read. Hold it to the reader again."), 400)
    attempt = attempt_from(f"card device {panel.device.id}", panel.now)
    if isinstance(attempt, Busy):
        return go_on(request, panel, Throttled(attempt.wait_s))
    outcome = identify.identify_by_card(number, panel.device, panel.source, panel.now)
    if not isinstance(outcome, UnknownCard):
        attempt.hit()
    return go_on(request, panel, outcome, number=number)


@require_http_methods(["GET", "HEAD", "POST"])
@at_panel
def code(request: HttpRequest, panel: Panel) -> HttpResponse:
    """An ID code, typed."""
    typed = request.POST.get("code", "").strip()
    if request.method != "POST" or not typed:
        return render(request, "panel/code.html", {"panel": panel})
    outcome = identify.identify_by_id_code(typed, panel.device, panel.source, panel.now)
    return go_on(request, panel, outcome, number=typed, kind=CardKind.ID_CODE)


@require_http_methods(["GET", "HEAD", "POST"])
@at_panel
def password(request: HttpRequest, panel: Panel) -> HttpResponse:
    """Logon and password."""
    if request.method != "POST":
        return render(request, "panel/password.html", {"panel": panel})
    logon = request.POST.get("logon", "").strip()
    outcome = identify.identify_by_password(
        logon, request.POST.get("password", ""), panel.device, panel.source, panel.now
    )
    if isinstance(outcome, Identified):
        return go_on(request, panel, outcome)
    context = {"panel": panel, "error": outcome.message, "logon": logon}
    return render(request, "panel/password.html", context, status=403)


@require_http_methods(["GET", "HEAD", "POST"])
@at_panel
def pin(request: HttpRequest, panel: Panel) -> HttpResponse:
    """The PIN that goes with what was shown."""
    needed = open_pin_ticket(request.COOKIES.get(cookies.STEP, ""), panel.device, panel.now)
    if needed is None:
        return HttpResponseRedirect(panel.address("start"))
    context: dict[str, object] = {"panel": panel, "who": needed.user}
    if request.method != "POST":
        return render(request, "panel/pin.html", context)
    outcome = identify.check_pin(needed, request.POST.get("pin", ""), panel.device, panel.source, panel.now)
    if isinstance(outcome, WrongPin | Throttled):
        return render(request, "panel/pin.html", context | {"error": outcome.message}, status=403)
    return go_on(request, panel, outcome)


@require_POST
@at_panel
def sign_out(request: HttpRequest, panel: Panel) -> HttpResponse:
    """Leave the device."""
    return signed_out(request, panel, HttpResponseRedirect(panel.address("start")))


def go_on(
    request: HttpRequest, panel: Panel, outcome: Outcome, *, number: str = "", kind: CardKind = CardKind.CARD
) -> HttpResponse:
    """Where an outcome leads; number: the card or code it is about, for registering it.

    Whoever was signed in here before is not any more, whatever it is.
    """
    if isinstance(outcome, Identified):
        return _enter(request, panel, outcome)
    return before_the_next(request, panel, _not_yet(request, panel, outcome, number, kind))


def _not_yet(request: HttpRequest, panel: Panel, outcome: Outcome, number: str, kind: CardKind) -> HttpResponse:
    if isinstance(outcome, PinNeeded):
        response = HttpResponseRedirect(panel.address("pin"))
        cookies.keep(request, response, cookies.STEP, pin_ticket(outcome, panel.device, panel.now))
        return response
    if isinstance(outcome, UnknownCard) and outcome.registration_allowed and number:
        response = HttpResponseRedirect(panel.address("register"))
        step = cookies.Registration(number, kind.value)
        cookies.keep_step(request, response, panel.device.id, step, panel.now)
        return response
    return start_page(request, panel, outcome.message, 403)


def _enter(request: HttpRequest, panel: Panel, who: Identified) -> HttpResponse:
    token = open_session(panel.device, who, now=panel.now)
    target = panel.address("documents")
    if prints_all_at_login(who.user, panel.device):
        released = release_all(who.user, panel.device)
        if released.delivery_ids:
            target = printing_address(panel, released.delivery_ids)
    response = HttpResponseRedirect(target)
    cookies.forget(response, cookies.STEP, cookies.COPIES)
    cookies.keep(request, response, cookies.SESSION, token)
    return response


def printing_address(panel: Panel, delivery_ids: tuple[int, ...], refused: int = 0) -> str:
    """The page that follows these deliveries."""
    ids = "-".join(str(each) for each in delivery_ids)
    return f"{panel.address('printing')}?d={ids}" + (f"&refused={refused}" if refused else "")
