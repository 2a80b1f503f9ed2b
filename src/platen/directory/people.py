"""Making, changing and deleting people."""

from __future__ import annotations

from typing import TypedDict, Unpack

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from platen.directory.errors import (
    AliasTaken,
    InvalidValue,
    IsDefaultUser,
    LastAdministrator,
    LogonTaken,
    NotAllowed,
)
from platen.directory.events import user_created, user_deleting
from platen.directory.models import Alias, CostControl, Role, User
from platen.eventlog.actor import Actor
from platen.eventlog.changes import record_change
from platen.policy.credentials import CredentialError, check_alias, check_domain, check_email, check_logon
from platen.policy.owner import normalised
from platen.tenants.field_check import misfit


class UserValues(TypedDict, total=False):
    """What can be said of a person beside the logon."""

    full_name: str
    email: str
    description: str
    cost_code: str
    role: Role
    prevent_login: bool
    login_without_pin: bool
    cost_control: CostControl
    print_all_at_login: bool
    retain_allowed: bool
    print_all_allowed: bool


# What a new person takes from the default user; never role, PIN, or whether login is prevented.
INHERITED = ("login_without_pin", "cost_control", "print_all_at_login", "retain_allowed", "print_all_allowed")


def default_user() -> User | None:
    """The person whose settings new people take, where there is one."""
    found: User | None = User.objects.filter(is_default_user=True).first()
    return found


@transaction.atomic
def create_user(logon: str, *, by: Actor, domain: str = "", **values: Unpack[UserValues]) -> User:
    """A new person with the default user's settings, except where `values` says otherwise. No password, no PIN.

    Raises: LogonTaken, InvalidValue.
    """
    user = User(created_by=by.source[:32])
    _name(user, logon, domain)
    pattern = default_user()
    if pattern is not None:
        for name in INHERITED:
            setattr(user, name, getattr(pattern, name))
    _apply(user, values)
    user.set_unusable_password()
    _save_named(user)
    user_created.send(User, user=user, by=by)
    record_change(by, "user_created", user.logon, f"{user.logon} was added", user_id=user.id)
    return user


@transaction.atomic
def change_user(
    user: User, *, by: Actor, logon: str | None = None, domain: str | None = None, **values: Unpack[UserValues]
) -> User:
    """Change what is named and leave the rest. Allowing login again also forgets failed attempts.

    Raises: LogonTaken, InvalidValue, LastAdministrator, NotAllowed.
    """
    role = values.get("role")
    if role is not None and role != Role.ADMINISTRATOR:
        keep_an_administrator(user)
    if values.get("prevent_login"):
        keep_an_administrator(user)
    if logon is not None or domain is not None:
        _name(user, user.logon if logon is None else logon, user.domain if domain is None else domain)
    _apply(user, values)
    if "prevent_login" in values:  # a person decides it now
        user.locked_at = None
    if values.get("prevent_login") is False:
        user.failed_logins = 0
    _save_named(user)
    changed = sorted({*values, *(["logon"] if logon is not None else []), *(["domain"] if domain is not None else [])})
    record_change(
        by, "user_changed", user.logon, f"{user.logon}: {', '.join(changed)} changed", user_id=user.id, changed=changed
    )
    return user


@transaction.atomic
def unlock_user(user: User, *, by: Actor) -> None:
    """Let a locked person in again: login is allowed and failed attempts are forgotten."""
    user.prevent_login, user.failed_logins, user.locked_at = False, 0, None
    user.save(update_fields=["prevent_login", "failed_logins", "locked_at"])
    record_change(by, "user_unlocked", user.logon, f"{user.logon} may log in again", user_id=user.id)


@transaction.atomic
def delete_user(user: User, *, by: Actor) -> None:
    """Delete a person with their cards and aliases; `user_deleting` lets others end what belongs to them.

    Raises: LastAdministrator, IsDefaultUser.
    """
    if user.is_default_user:
        raise IsDefaultUser(
            _("New people take their settings from %(logon)s. Choose another default user, or none, first.")
            % {"logon": user.logon}
        )
    keep_an_administrator(user)
    user_deleting.send(User, user=user, by=by)
    record_change(by, "user_deleted", user.logon, f"{user.logon} was deleted", user_id=user.id)
    user.delete()


@transaction.atomic
def make_default_user(user: User | None, *, by: Actor) -> None:
    """Let new people take their settings from this person, or (None) from nobody.

    Raises: NotAllowed for a person with more than a user's rights.
    """
    if user is not None and user.role != Role.USER:
        raise NotAllowed(
            _("%(logon)s has more than a user's rights and cannot be the default user. Choose an ordinary person.")
            % {"logon": user.logon}
        )
    User.objects.filter(is_default_user=True).update(is_default_user=False)
    if user is not None:
        user.is_default_user = True
        user.save(update_fields=["is_default_user"])
    name = user.logon if user else "none"
    record_change(by, "default_user_set", name, f"Default user: {name}", user_id=user.id if user else None)


@transaction.atomic
def add_alias(user: User, name: str, *, by: Actor) -> Alias:
    """Another logon that leads to the same person. Raises: AliasTaken, InvalidValue."""
    try:
        check_alias(name)
    except CredentialError as error:
        raise InvalidValue(str(error)) from error
    key = normalised(name)
    taken = AliasTaken(
        _("%(name)s is already somebody's logon or alias. Remove it there first, or choose another.") % {"name": name}
    )
    if User.objects.filter(logon_key=key).exists():
        raise taken
    try:
        with transaction.atomic():
            alias: Alias = Alias.objects.create(user=user, name=name, name_key=key)
    except IntegrityError as error:
        raise taken from error
    record_change(by, "alias_added", user.logon, f"{user.logon}: alias {name} added", user_id=user.id, alias=name)
    return alias


@transaction.atomic
def remove_alias(alias: Alias, *, by: Actor) -> None:
    """Take an alias away."""
    user = alias.user
    record_change(
        by, "alias_removed", user.logon, f"{user.logon}: alias {alias.name} removed", user_id=user.id, alias=alias.name
    )
    alias.delete()


def _name(user: User, logon: str, domain: str) -> None:
    try:
        user.logon = check_logon(logon)
        user.domain = check_domain(domain) if domain else ""
    except CredentialError as error:
        raise InvalidValue(str(error)) from error
    user.logon_key, user.domain_key = normalised(logon), normalised(domain)
    if Alias.objects.filter(name_key=user.logon_key).exclude(user_id=user.id).exists():
        raise LogonTaken(
            _("%(logon)s is already another person's alias. Remove the alias first, or choose another logon.")
            % {"logon": logon}
        )


def _apply(user: User, values: UserValues) -> None:
    email = values.get("email")
    if email:
        try:
            check_email(email)
        except CredentialError as error:
            raise InvalidValue(str(error)) from error
    for name, value in values.items():
        setattr(user, name, value)
    if user.regional and user.role == Role.ADMINISTRATOR:  # EMC-REGN-06
        raise NotAllowed(
            _("Rights of an administrator hold for everything. Let those of %(logon)s hold for all devices first.")
            % {"logon": user.logon}
        )
    user.email_key = normalised(user.email)
    problem = misfit(user, values)
    if problem is not None:
        raise InvalidValue(problem)


def _save_named(user: User) -> None:
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError as error:
        raise LogonTaken(
            _("There is already a person with the logon %(logon)s. Choose another logon, or another domain.")
            % {"logon": user.logon}
        ) from error


def keep_an_administrator(user: User) -> None:
    """Refuse what would leave nobody who can put things right: an administrator who can sign in, or where there is
    none of these, any."""
    if user.role != Role.ADMINISTRATOR:
        return
    others = User.objects.select_for_update().filter(role=Role.ADMINISTRATOR, prevent_login=False).exclude(id=user.id)
    counting = [other for other in others if _can_sign_in(other) or not _can_sign_in(user)]
    if not counting:
        raise LastAdministrator(
            _(
                "%(logon)s is the only administrator who can sign in. Make somebody else an administrator first, and "
                "give them a password."
            )
            % {"logon": user.logon}
        )


def _can_sign_in(user: User) -> bool:
    return not user.prevent_login and bool(user.password) and user.has_usable_password()
