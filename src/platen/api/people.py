"""People: /users."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema, Status

from platen.access.rights import Right, require, require_ids_of
from platen.api.bearer import actor, needs, person
from platen.api.lookup import user_of
from platen.api.values import Change, Input, Page, Paging
from platen.directory.models import CostControl, Role, User
from platen.directory.queries import page_of_users, search
from platen.directory.services import change_user, create_user, delete_user, set_pin, unlock_user

router = Router()


class Person(Schema):
    """A person. PIN, password and card numbers are not told."""

    uuid: UUID
    logon: str
    domain: str
    full_name: str
    email: str
    description: str
    cost_code: str
    role: Role
    cost_control: CostControl
    prevent_login: bool
    login_without_pin: bool
    print_all_at_login: bool
    retain_allowed: bool
    print_all_allowed: bool
    created_at: datetime


class NewPerson(Input):
    """What can be said of a new person; what is left out is as the default user has it."""

    logon: str
    domain: str = ""
    full_name: str = ""
    email: str = ""
    description: str = ""
    cost_code: str = ""
    role: Role | None = None
    cost_control: CostControl | None = None
    prevent_login: bool | None = None
    login_without_pin: bool | None = None
    print_all_at_login: bool | None = None
    retain_allowed: bool | None = None
    print_all_allowed: bool | None = None


class PersonChange(Change, NewPerson):
    """What is to change."""

    logon: str | None = None  # type: ignore[assignment]  # a new person needs one, a change does not
    domain: str | None = None  # type: ignore[assignment]  # as above


class PeopleWanted(Paging):
    """Which people. A search gives one page, the best it finds."""

    q: str = Field("", description="Part of logon, name, e-mail or alias; a whole card number or cost code.")
    role: Role | None = None


class Pin(Input):
    """A PIN of 4 or more digits."""

    pin: str


@router.get("", response=Page[Person], auth=needs(Right.SEE_PEOPLE))
def list_people(request: HttpRequest, wanted: Query[PeopleWanted]) -> Page[Person]:
    """People in the order of their logons."""
    if wanted.q.strip():
        found = [user for user in search(wanted.q, wanted.limit) if wanted.role in (None, user.role)]
        return Page(items=found, next=None)  # type: ignore[arg-type]  # rows become schemas in the answer
    page = page_of_users(wanted.after, size=wanted.limit, role=wanted.role)
    return Page(items=page.users, next=page.next_key)  # type: ignore[arg-type]  # as above


@router.post("", response={201: Person}, auth=needs(Right.CHANGE_PEOPLE))
def add_person(request: HttpRequest, new: NewPerson) -> Status[User]:
    """Add a person. A role above user's needs the right to change roles."""
    values = {name: value for name, value in new.model_dump().items() if value is not None}
    if values.get("role", Role.USER) != Role.USER:
        require(person(request), Right.CHANGE_ROLES)
    return Status(201, create_user(by=actor(request), **values))


@router.get("/{uuid:key}", response=Person, auth=needs(Right.SEE_PEOPLE))
def show_person(request: HttpRequest, key: UUID) -> User:
    """One person."""
    return user_of(key)


@router.patch("/{uuid:key}", response=Person, auth=needs(Right.CHANGE_PEOPLE))
def change_person(request: HttpRequest, key: UUID, change: PersonChange) -> User:
    """Change what is sent. Another role needs the right to change roles."""
    user = user_of(key)
    values = {name: value for name, value in change.given().items() if value is not None}
    if values.get("role", user.role) != user.role:
        require(person(request), Right.CHANGE_ROLES)
    return change_user(user, by=actor(request), **values)  # type: ignore[arg-type]  # checked by the schema


@router.delete("/{uuid:key}", response={204: None}, auth=needs(Right.CHANGE_PEOPLE))
def remove_person(request: HttpRequest, key: UUID) -> Status[None]:
    """Delete a person with cards and waiting documents; usage records stay."""
    user = user_of(key)
    if user.role != Role.USER:
        require(person(request), Right.CHANGE_ROLES)
    delete_user(user, by=actor(request))
    return Status(204, None)


@router.post("/{uuid:key}/unlock", response=Person, auth=needs(Right.CHANGE_IDS))
def unlock(request: HttpRequest, key: UUID) -> User:
    """Let a locked person in again."""
    user = user_of(key)
    unlock_user(user, by=actor(request))
    return user


@router.put("/{uuid:key}/pin", response={204: None}, auth=needs(Right.CHANGE_IDS))
def give_pin(request: HttpRequest, key: UUID, given: Pin) -> Status[None]:
    """Give a person a PIN, which also lets them in again. Nobody may who has fewer rights than that person."""
    user = user_of(key)
    require_ids_of(person(request), user)
    set_pin(user, given.pin, by=actor(request))
    return Status(204, None)
