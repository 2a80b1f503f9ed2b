"""Settings: what the organisation decides, the node's own settings, and API tokens."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from platen.access.rights import Right
from platen.access.tokens import create_token, revoke_token, token_by_id, tokens_of
from platen.console.forms.settings import PolicyForm, TokenForm
from platen.console.guard import actor, needs, person, policy_of
from platen.console.lookup import found
from platen.directory.errors import DirectoryError
from platen.settings import SettingsError, load
from platen.tenants.errors import TenantError
from platen.tenants.policy_changes import change_policy

HIDDEN = "***"


@dataclass(frozen=True, slots=True)
class Setting:
    """One of the node's settings as it is shown."""

    name: str
    value: str
    source: str
    doc: str


@needs(Right.SEE_SETTINGS)
@require_safe
def settings(request: HttpRequest) -> HttpResponse:
    """Everything on one page."""
    return _page(request, PolicyForm(initial=_values(request)))


@needs(Right.SEE_SETTINGS, Right.CHANGE_SETTINGS)
@require_POST
def policy(request: HttpRequest) -> HttpResponse:
    """The organisation decides otherwise."""
    form = PolicyForm(request.POST)
    if form.is_valid():
        try:
            change_policy(by=actor(request), **form.cleaned_data)
        except TenantError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Saved."))
            return HttpResponseRedirect(reverse("console:settings"))
    return _page(request, form, status=422)


@needs(Right.SEE_SETTINGS, Right.CHANGE_SETTINGS)
@require_POST
def token_add(request: HttpRequest) -> HttpResponse:
    """A token with the signed-in person's rights, shown once."""
    form = TokenForm(request.POST)
    policy_form = PolicyForm(initial=_values(request))
    if form.is_valid():
        given = form.cleaned_data
        try:
            _token, secret = create_token(
                person(request), given["name"], by=actor(request), now=timezone.now(), expires_at=given["expires_at"]
            )
        except DirectoryError as error:
            form.add_error(None, str(error))
        else:
            return _page(request, policy_form, secret=secret)
    return _page(request, policy_form, token_form=form, status=422)


@needs(Right.SEE_SETTINGS, Right.CHANGE_SETTINGS)
@require_POST
def token_revoke(request: HttpRequest, token_id: int) -> HttpResponse:
    """A token stops working."""
    revoke_token(found(token_by_id(person(request), token_id)), by=actor(request))
    messages.success(request, _("The token stopped working."))
    return HttpResponseRedirect(reverse("console:settings"))


def _page(
    request: HttpRequest,
    form: PolicyForm,
    *,
    token_form: TokenForm | None = None,
    secret: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {
        "form": form,
        "token_form": token_form or TokenForm(),
        "tokens": tokens_of(person(request)),
        "secret": secret,
        "node": _node_settings(),
    }
    return render(request, "console/settings/settings.html", context, status=status)


def _values(request: HttpRequest) -> dict[str, object]:
    decided = policy_of(request)
    return {name: getattr(decided, name) for name in PolicyForm.base_fields}


def _node_settings() -> list[Setting]:
    try:
        _settings, origins = load()
    except SettingsError:  # the file was changed to something that the next start will refuse; say so there
        return []
    return [
        Setting(each.name, HIDDEN if each.secret and each.value else _shown(each.value), each.source, each.doc)
        for each in origins
    ]


def _shown(value: object) -> str:
    return "" if value is None else str(value)
