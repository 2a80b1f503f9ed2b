"""Credentials: what machines are asked with."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from platen.access.rights import Right
from platen.console.forms.discovery import CredentialForm
from platen.console.guard import actor, needs
from platen.console.lookup import found
from platen.fleet.credentials import add_credential, change_credential, credentials_in_order, remove_credential
from platen.fleet.errors import FleetError
from platen.fleet.models import Credential
from platen.fleet.queries_searches import credential_by_id


@needs(Right.SEE_SETTINGS)
@require_safe
def credentials(request: HttpRequest) -> HttpResponse:
    """All of them, in the order in which they are tried; no secrets."""
    return render(request, "console/credentials/list.html", {"credentials": credentials_in_order()})


@needs(Right.SEE_SETTINGS, Right.CHANGE_SETTINGS)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """A new one."""
    return _edit(request, None)


@needs(Right.SEE_SETTINGS, Right.CHANGE_SETTINGS)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, credential_id: int) -> HttpResponse:
    """Change one; a secret that is left empty stays."""
    return _edit(request, found(credential_by_id(credential_id)))


@needs(Right.SEE_SETTINGS, Right.CHANGE_SETTINGS)
@require_POST
def remove(request: HttpRequest, credential_id: int) -> HttpResponse:
    """Remove one."""
    remove_credential(found(credential_by_id(credential_id)), by=actor(request))
    messages.success(request, _("Removed. Devices that were asked with it are tried with the others."))
    return HttpResponseRedirect(reverse("console:credentials"))


def _edit(request: HttpRequest, credential: Credential | None) -> HttpResponse:
    form = CredentialForm(request.POST or None, initial=CredentialForm.initial_of(credential) if credential else {})
    if request.method == "POST" and form.is_valid():
        name = form.cleaned_data["name"]
        try:
            if credential is None:
                add_credential(name, form.values(), by=actor(request))
            else:
                change_credential(credential, form.values(), by=actor(request), name=name)
        except FleetError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Saved."))
            return HttpResponseRedirect(reverse("console:credentials"))
    context = {"form": form, "credential": credential}
    return render(request, "console/credentials/edit.html", context, status=422 if form.errors else 200)
