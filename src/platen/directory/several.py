"""The same for several people at once: for all of them, or for none where one is refused."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Unpack

from django.db import transaction
from django.utils.translation import gettext as _

from platen.directory.errors import DirectoryError, NotAllowed
from platen.directory.models import User
from platen.directory.people import UserValues, change_user, delete_user
from platen.directory.puks import generate_puk
from platen.eventlog.actor import Actor
from platen.tenants.queries import current_policy

PICKED_MAX = 500


@dataclass(frozen=True, slots=True)
class NewPuk:
    """A person's new PUK, or why there is none."""

    user: User
    puk: str
    problem: str = ""


def people_by_key(keys: Collection[int]) -> list[User]:
    """These people, as far as they are still there, by their logons; at most PICKED_MAX."""
    return list(User.objects.filter(id__in=list(keys)[:PICKED_MAX]).order_by("logon_key", "domain_key"))


@transaction.atomic
def change_several(users: Iterable[User], *, by: Actor, **values: Unpack[UserValues]) -> int:
    """Change what is named at each of them. Returns: how many. Raises: InvalidValue, LastAdministrator."""
    count = 0
    for user in users:
        change_user(user, by=by, **values)
        count += 1
    return count


@transaction.atomic
def delete_several(users: Collection[User], *, by: Actor) -> int:
    """Delete them. Returns: how many.

    Raises: NotAllowed where people are deleted one by one, and for whoever is among those picked; LastAdministrator,
    IsDefaultUser.
    """
    if by.user_id is not None and by.user_id in {user.id for user in users}:
        raise NotAllowed(_("You are among those picked. Take yourself out: nobody deletes themselves in a list."))
    if len(users) > 1 and current_policy().deny_multi_delete:
        raise NotAllowed(_("People are deleted one by one here. Pick one person, or change the settings first."))
    for user in users:
        delete_user(user, by=by)
    return len(users)


def generate_puks(users: Iterable[User], *, by: Actor) -> list[NewPuk]:
    """A new PUK for each, as generate_puk does; who has no room for another ID gets none, and the others do."""
    made: list[NewPuk] = []
    for user in users:
        try:
            made.append(NewPuk(user, generate_puk(user, by=by)))
        except DirectoryError as error:
            made.append(NewPuk(user, "", str(error)))
    return made
