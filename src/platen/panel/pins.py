"""A signed-in person changes their PIN: the present one, then the new one twice."""

from __future__ import annotations

from dataclasses import replace

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from platen.directory.errors import AccountLocked, DirectoryError, WrongPin
from platen.directory.services import change_own_pin
from platen.panel import cookies
from platen.panel.at_panel import SignedIn, signed_in, signed_out
from platen.panel.start import start_page
from platen.policy.credentials import CredentialError, check_pin


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def change(request: HttpRequest, panel: SignedIn) -> HttpResponse:
    """One number a page; what was entered before travels sealed."""
    if request.method != "POST":
        return _ask(request, panel, cookies.PinChange())
    step = cookies.pin_change_under_way(request, panel.device.id, panel.now)
    typed = request.POST.get("digits", "").strip()
    if panel.user.pin_hash and not step.old:
        return _ask(request, panel, replace(step, old=typed))
    if not step.new:
        try:
            check_pin(typed)
        except CredentialError as error:
            return _ask(request, panel, step, str(error))
        return _ask(request, panel, replace(step, new=typed))
    if typed != step.new:
        return _ask(request, panel, replace(step, new=""), _("The two PINs are not the same. Choose one again."))
    return _finish(request, panel, step)


def _finish(request: HttpRequest, panel: SignedIn, step: cookies.PinChange) -> HttpResponse:
    try:
        change_own_pin(panel.user, step.old, step.new, by=panel.actor)
    except AccountLocked as error:
        return signed_out(request, panel, start_page(request, panel, str(error), 403))
    except WrongPin as error:
        return _ask(request, panel, cookies.PinChange(), str(error))
    except DirectoryError as error:
        return _ask(request, panel, replace(step, new=""), str(error))
    response = HttpResponseRedirect(f"{panel.address('documents')}?pin=changed")
    cookies.forget(response, cookies.STEP)
    return response


def _ask(request: HttpRequest, panel: SignedIn, step: cookies.PinChange, error: str = "") -> HttpResponse:
    asks_old = bool(panel.user.pin_hash) and not step.old
    context = {"panel": panel, "step": step, "asks_old": asks_old, "error": error}
    response = render(request, "panel/new_pin.html", context, status=400 if error else 200)
    cookies.keep_step(request, response, panel.device.id, step, panel.now)
    return response
