"""An unknown card or code becomes somebody's: the PUK, then a new PIN, twice; or, where allowed, the password."""

from __future__ import annotations

from dataclasses import replace

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from platen.access.identify import register_at_device, register_by_password, registered_message, registers_by_password
from platen.access.outcomes import Identified
from platen.directory.models import CardKind
from platen.panel import cookies
from platen.panel.at_panel import Panel, at_panel
from platen.panel.start import start_page
from platen.policy.credentials import PUK_LENGTH, CredentialError, check_pin


@require_http_methods(["GET", "HEAD", "POST"])
@at_panel
def register(request: HttpRequest, panel: Panel) -> HttpResponse:
    """One number a page; what was entered before travels sealed."""
    step = cookies.registration_under_way(request, panel.device.id, panel.now)
    if step is None:
        return HttpResponseRedirect(panel.address("start"))
    if request.method != "POST":
        return _ask(request, panel, step)
    typed = request.POST.get("digits", "").strip()
    if not step.puk:
        return _take_puk(request, panel, step, typed)
    if not step.pin:
        return _take_pin(request, panel, step, typed)
    if typed != step.pin:
        return _ask(request, panel, replace(step, pin=""), _("The two PINs are not the same. Choose one again."))
    return _finish(request, panel, step)


def _take_puk(request: HttpRequest, panel: Panel, step: cookies.Registration, typed: str) -> HttpResponse:
    if not (typed.isascii() and typed.isdecimal() and len(typed) == PUK_LENGTH):
        return _ask(request, panel, step, _("A PUK has eight digits."))
    return _ask(request, panel, replace(step, puk=typed))


def _take_pin(request: HttpRequest, panel: Panel, step: cookies.Registration, typed: str) -> HttpResponse:
    try:
        check_pin(typed)
    except CredentialError as error:
        return _ask(request, panel, step, str(error))
    return _ask(request, panel, replace(step, pin=typed))


def _finish(request: HttpRequest, panel: Panel, step: cookies.Registration) -> HttpResponse:
    outcome = register_at_device(
        step.puk,
        step.number,
        step.pin,
        device=panel.device,
        source=panel.source,
        now=panel.now,
        kind=CardKind(step.kind),
    )
    if isinstance(outcome, Identified):
        return _done(request, panel)
    return _ask(request, panel, replace(step, puk="", pin=""), outcome.message)


@require_http_methods(["GET", "HEAD", "POST"])
@at_panel
def with_password(request: HttpRequest, panel: Panel) -> HttpResponse:
    """Logon and password in place of the PUK."""
    step = cookies.registration_under_way(request, panel.device.id, panel.now)
    if step is None or not registers_by_password(panel.device):
        return HttpResponseRedirect(panel.address("start"))
    context = {"panel": panel, "registers": True}
    if request.method != "POST":
        return render(request, "panel/password.html", context)
    logon = request.POST.get("logon", "").strip()
    outcome = register_by_password(
        logon,
        request.POST.get("password", ""),
        step.number,
        device=panel.device,
        source=panel.source,
        now=panel.now,
        kind=CardKind(step.kind),
    )
    if isinstance(outcome, Identified):
        return _done(request, panel)
    context |= {"error": outcome.message, "logon": logon}
    return render(request, "panel/password.html", context, status=403)


def _done(request: HttpRequest, panel: Panel) -> HttpResponse:
    """The start page: it is registered, and its person logs in."""
    response = start_page(request, panel, registered_message(), good=True)
    cookies.forget(response, cookies.STEP)
    return response


def _ask(request: HttpRequest, panel: Panel, step: cookies.Registration, error: str = "") -> HttpResponse:
    context = {"panel": panel, "step": step, "error": error, "is_card": step.kind == CardKind.CARD.value}
    context["by_password"] = registers_by_password(panel.device) and not step.puk
    response = render(request, "panel/register.html", context, status=400 if error else 200)
    cookies.keep_step(request, response, panel.device.id, step, panel.now)
    return response
