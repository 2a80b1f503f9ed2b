"""Signing in, signing out, changing the password."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import authenticate, login, logout, update_session_auth_hash
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from platen.access.outcomes import Outcome, Throttled
from platen.access.passwords import change_own_password
from platen.access.rights import Right, allowed
from platen.console.forms.session import PasswordForm
from platen.console.guard import actor, needs, person, public
from platen.directory.errors import DirectoryError
from platen.directory.first_run import administrator_took_over
from platen.directory.models import User

REMEMBERED_S = 5 * 86_400


@public
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for logon and password; whoever is signed in goes on."""
    wanted = request.POST.get("next", request.GET.get("next", ""))
    if request.method == "POST":
        return _try(request, wanted)
    if request.user.is_authenticated:
        return HttpResponseRedirect(_onward(request, request.user, wanted))
    return _page(request, {"next": wanted, "first_run": not administrator_took_over()})


def _try(request: HttpRequest, wanted: str) -> HttpResponse:
    logon = request.POST.get("logon", "")
    user = authenticate(request, logon=logon, password=request.POST.get("password", ""))
    if user is not None:
        login(request, user)
        lasts = request.POST.get("remember") == "yes"
        request.session.set_expiry(REMEMBERED_S if lasts else None)  # EMC-AUTH-05; a session before may have lasted
        return HttpResponseRedirect(_onward(request, user, wanted))
    outcome: Outcome | None = getattr(request, "sign_in_outcome", None)
    refusal = _("Enter your user name and your password.") if outcome is None else outcome.message
    response = _page(
        request,
        {"next": wanted, "logon": logon[:512], "refusal": refusal},
        status=429 if isinstance(outcome, Throttled) else 422,
    )
    if isinstance(outcome, Throttled):
        response.headers["Retry-After"] = str(outcome.wait_s)
    return response


@needs(while_password_is_given=True)
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    logout(request)
    return HttpResponseRedirect(reverse("console:sign-in"))


@needs(while_password_is_given=True)
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """A person changes their password."""
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        user = person(request)
        try:
            change_own_password(user, form.cleaned_data["old"], form.cleaned_data["new"], by=actor(request))
        except DirectoryError as error:
            form.add_error(None, str(error))
        else:
            update_session_auth_hash(request, user)
            messages.success(request, _("Your password was changed."))
            return HttpResponseRedirect(_onward(request, user, ""))
    return render(request, "console/password.html", {"form": form}, status=422 if form.errors else 200)


def _page(request: HttpRequest, context: dict[str, object], status: int = 200) -> HttpResponse:
    response = render(request, "console/sign_in.html", context, status=status)
    add_never_cache_headers(response)
    return response


def _onward(request: HttpRequest, user: User, wanted: str) -> str:
    """Where to go after signing in: the page that was asked for, if it is one of ours."""
    if wanted and url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure()):
        return wanted
    has_place = allowed(user, Right.SEE_JOBS) or allowed(user, Right.SEE_DEVICES)
    return reverse("console:overview" if has_place else "console:my-documents")
