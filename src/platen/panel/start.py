"""Before anybody is signed in: pairing, the start, out of order, the language."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import check_for_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from platen.access.methods import LoginMethod
from platen.access.shown_cards import PinAsked, SessionOpened, Shown, Told, UnknownShown, show, take
from platen.devices.errors import PairingRefused
from platen.devices.identifying import asked_at
from platen.devices.models import Device, DeviceState
from platen.devices.services import pair as pair_panel
from platen.directory.models import CardKind
from platen.directory.queries import cards_of, page_of_users
from platen.panel import cookies
from platen.panel.at_panel import Panel, at_panel, before_the_next, paired_device, person_at, signed_out
from platen.policy.state_words import in_words

DEMO_PEOPLE_MAX, DEMO_BUTTONS_MAX = 20, 3
LANGUAGE_AGE_S = 5 * 365 * 24 * 3600


@dataclass(frozen=True, slots=True)
class DemoCard:
    """A card to swipe on the screen, in `platen demo` alone."""

    person: str
    number: str


@require_http_methods(["GET", "HEAD", "POST"])
def pair(request: HttpRequest) -> HttpResponse:
    """The code that ties this browser to a device."""
    if request.method == "POST":
        try:
            device, token = pair_panel(
                request.POST.get("code", ""), source=request.META.get("REMOTE_ADDR", ""), now=timezone.now()
            )
        except PairingRefused as error:
            return render(request, "panel/pair.html", {"error": str(error)}, status=403)
        response = HttpResponseRedirect(reverse("panel:start", args=[device.uuid]))
        cookies.keep(request, response, cookies.PANEL, f"{device.uuid}.{token}", age_s=cookies.PANEL_AGE_S)
        return response
    paired = paired_device(request)
    if paired is not None:
        return HttpResponseRedirect(reverse("panel:start", args=[paired.uuid]))
    return render(request, "panel/pair.html")


@require_GET
@at_panel
def start(request: HttpRequest, panel: Panel) -> HttpResponse:
    """Hold your card, or what else this device offers; out of order while it cannot print."""
    if person_at(request, panel) is not None:
        return HttpResponseRedirect(panel.address("documents"))
    return start_page(request, panel)


def start_page(
    request: HttpRequest, panel: Panel, message: str = "", status: int = 200, *, good: bool = False
) -> HttpResponse:
    """The start, with a sentence on what went wrong."""
    device = panel.device
    hindrance = out_of_order(device)
    context: dict[str, object] = {"panel": panel, "languages": _languages()}
    if hindrance and "anyway" not in request.GET and not message:
        context |= {"hindrance": hindrance, "may_go_on": not device.out_of_service}
        return render(request, "panel/out_of_order.html", context)
    context |= {
        "message": message,
        "good": good,
        "by_card": panel.takes_cards,
        "by_code": LoginMethod.ID_CODE.value in panel.methods,
        "by_password": LoginMethod.PASSWORD.value in panel.methods,
        "demo_cards": _demo_cards() if settings.PLATEN.demo else [],
        "words": _state_words(device),
        "hindrance": hindrance,
    }
    return render(request, "panel/start.html", context, status=status)


def out_of_order(device: Device) -> str:
    """Why nothing can be printed at a device now; empty when it can."""
    if device.out_of_service:
        return _("This printer is out of service")
    if device.state == DeviceState.STOPPED:
        return in_words(device.state_reasons) or device.state_message or _("This printer has stopped")
    return ""


@require_GET
@at_panel
def arrived(request: HttpRequest, panel: Panel) -> HttpResponse:
    """What the reader beside this panel brought, for the script that asks every second.

    Whoever was signed in here is not any more: somebody else's card was shown.
    """
    response: HttpResponse
    shown = take(panel.device.id)
    if isinstance(shown, Told) and person_at(request, panel) is not None:
        show(panel.device.id, shown)  # for the start to tell
        return signed_out(request, panel, JsonResponse({"go": panel.address("start")}))
    response = _leads_to(request, panel, shown)
    if isinstance(shown, PinAsked | UnknownShown):
        before_the_next(request, panel, response)
    return response


def _leads_to(request: HttpRequest, panel: Panel, shown: Shown | None) -> HttpResponse:
    response: HttpResponse
    match shown:
        case SessionOpened(token):
            response = JsonResponse({"go": panel.address("documents")})
            cookies.forget(response, cookies.COPIES)
            cookies.keep(request, response, cookies.SESSION, token)
        case PinAsked(ticket):
            response = JsonResponse({"go": panel.address("pin")})
            cookies.keep(request, response, cookies.STEP, ticket)
        case UnknownShown(number):
            response = JsonResponse({"go": panel.address("register")})
            step = cookies.Registration(number, CardKind.CARD.value)
            cookies.keep_step(request, response, panel.device.id, step, panel.now)
        case Told(message):
            response = JsonResponse({"message": message})
        case None:
            response = JsonResponse(_identifying(panel))
    return response


def _identifying(panel: Panel) -> dict[str, str]:
    """Somebody wants to know which device this is."""
    asked = asked_at(panel.device.id)
    if asked is None:
        return {}
    return {"identify": asked.message or _("%(name)s looks for this printer.") % {"name": asked.by}}


@require_POST
@at_panel
def language(request: HttpRequest, panel: Panel) -> HttpResponse:
    """Speak the language that was chosen, from now on."""
    response = HttpResponseRedirect(panel.address("start"))
    code = request.POST.get("language", "")
    if check_for_language(code):
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, code, max_age=LANGUAGE_AGE_S, httponly=True, samesite="Lax")
    return response


def _languages() -> list[tuple[str, str]]:
    """(code, name) of the languages that there is a translation for, where there is more than one."""
    there = {"en", *(path.name for folder in settings.LOCALE_PATHS if folder.is_dir() for path in folder.iterdir())}
    found = [(code, name) for code, name in settings.LANGUAGES if code in there]
    return found if len(found) > 1 else []


def _demo_cards() -> list[DemoCard]:
    found = []
    for user in page_of_users(size=DEMO_PEOPLE_MAX).users:
        card = next((each for each in cards_of(user, reveal=True) if each.kind == CardKind.CARD), None)
        if card is not None:
            found.append(DemoCard(str(user), card.number))
    return found[:DEMO_BUTTONS_MAX]


def _state_words(device: Device) -> str:
    return in_words(device.state_reasons) if device.needs_attention else ""
