"""Cards, ID codes, PIN, PUK and aliases of a person. What is secret is shown once, on the person's page."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from platen.access.rights import Right, require_ids_of
from platen.console.forms.people import AliasForm, CardForm
from platen.console.guard import actor, needs, person
from platen.console.lookup import found
from platen.console.views.people import Once, person_page
from platen.directory.errors import DirectoryError
from platen.directory.models import CardKind, User
from platen.directory.own_things import alias_of, card_of
from platen.directory.queries import user_by_uuid
from platen.directory.services import (
    add_alias,
    add_card,
    clear_puk,
    generate_id_code,
    generate_puk,
    random_pin,
    remove_alias,
    remove_card,
)


@needs(Right.CHANGE_IDS)
@require_POST
def card_add(request: HttpRequest, uuid: str) -> HttpResponse:
    """Register a card or ID code."""
    user = _person(request, uuid)
    form = CardForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            add_card(
                user,
                given["number"],
                by=actor(request),
                kind=CardKind(given["kind"]),
                valid_until=given["valid_until"],
            )
        except DirectoryError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Registered."))
            return _to(user)
    return person_page(request, user, card_form=form, status=422)


@needs(Right.CHANGE_IDS)
@require_POST
def card_remove(request: HttpRequest, uuid: str, card_id: int) -> HttpResponse:
    """Take a card or ID code away."""
    user = _person(request, uuid)
    remove_card(found(card_of(user, card_id)), by=actor(request))
    messages.success(request, _("Removed. It opens nothing any more."))
    return _to(user)


@needs(Right.CHANGE_IDS)
@require_POST
def code(request: HttpRequest, uuid: str) -> HttpResponse:
    """A new random ID code, shown once."""
    user = _person(request, uuid)
    try:
        secret = generate_id_code(user, by=actor(request))
    except DirectoryError as error:
        messages.error(request, str(error))
        return _to(user)
    return _once(request, user, _("New ID code"), secret)


@needs(Right.CHANGE_IDS)
@require_POST
def pin(request: HttpRequest, uuid: str) -> HttpResponse:
    """A new random PIN, shown once."""
    user = _person(request, uuid)
    return _once(request, user, _("New PIN"), random_pin(user, by=actor(request)))


@needs(Right.CHANGE_IDS)
@require_POST
def puk(request: HttpRequest, uuid: str) -> HttpResponse:
    """A new PUK, shown once."""
    user = _person(request, uuid)
    try:
        secret = generate_puk(user, by=actor(request))
    except DirectoryError as error:
        messages.error(request, str(error))
        return _to(user)
    return _once(request, user, _("New PUK"), secret)


@needs(Right.CHANGE_IDS)
@require_POST
def puk_clear(request: HttpRequest, uuid: str) -> HttpResponse:
    """The open PUK stops working."""
    user = _person(request, uuid)
    clear_puk(user, by=actor(request))
    messages.success(request, _("The PUK no longer works."))
    return _to(user)


@needs(Right.CHANGE_PEOPLE)
@require_POST
def alias_add(request: HttpRequest, uuid: str) -> HttpResponse:
    """Another logon of the same person."""
    user = found(user_by_uuid(uuid))
    form = AliasForm(request.POST)
    if form.is_valid():
        try:
            add_alias(user, form.cleaned_data["alias"], by=actor(request))
        except DirectoryError as error:
            form.add_error("alias", str(error))
        else:
            messages.success(request, _("Added."))
            return _to(user)
    return person_page(request, user, alias_form=form, status=422)


@needs(Right.CHANGE_PEOPLE)
@require_POST
def alias_remove(request: HttpRequest, uuid: str, alias_id: int) -> HttpResponse:
    """Take an alias away."""
    user = found(user_by_uuid(uuid))
    remove_alias(found(alias_of(user, alias_id)), by=actor(request))
    messages.success(request, _("Removed."))
    return _to(user)


def _person(request: HttpRequest, uuid: str) -> User:
    """Whose IDs are to change, where the one who asks may change them. Raises: Denied."""
    user = found(user_by_uuid(uuid))
    require_ids_of(person(request), user)
    return user


def _once(request: HttpRequest, user: User, title: str, secret: str) -> HttpResponse:
    text = _("Tell it to %(name)s now. It cannot be shown again.") % {"name": user}
    return person_page(request, found(user_by_uuid(str(user.uuid))), once=Once(title, secret, text))


def _to(user: User) -> HttpResponse:
    return HttpResponseRedirect(reverse("console:person", args=[user.uuid]))
