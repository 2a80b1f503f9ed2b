"""Who may do what. Everything that is not in the table is denied."""

from __future__ import annotations

from enum import StrEnum

from django.utils.translation import gettext as _

from platen.directory.models import Role, User
from platen.tenants.models import Policy


class Right(StrEnum):
    """One thing that a person may be allowed to do. What is a person's own needs no right."""

    ENTER_CONSOLE = "enter-console"
    SEE_PEOPLE = "see-people"
    CHANGE_PEOPLE = "change-people"
    CHANGE_ROLES = "change-roles"
    CHANGE_IDS = "change-ids"  # cards, ID codes, PINs, PUKs, letting locked people in again
    SEE_JOBS = "see-jobs"
    CHANGE_JOBS = "change-jobs"  # release, cancel, give to an owner
    SEE_DEVICES = "see-devices"
    CHANGE_DEVICES = "change-devices"  # devices, queues, readers, panels
    SERVE_DEVICES = "serve-devices"  # put out of service and back
    SEE_USAGE = "see-usage"
    SEE_PRICES = "see-prices"
    CHANGE_PRICES = "change-prices"
    SEE_EVENTS = "see-events"
    SEE_AUDIT = "see-audit"
    SEE_SETTINGS = "see-settings"
    CHANGE_SETTINGS = "change-settings"
    WHOLE_FLEET = "whole-fleet"  # what is of no single region: searches, collectors, queues, places, regions
    EXPORT = "export"


_SEE = frozenset(right for right in Right if right.value.startswith("see-")) | {Right.ENTER_CONSOLE, Right.WHOLE_FLEET}

RIGHTS: dict[Role, frozenset[Right]] = {
    Role.USER: frozenset({Right.ENTER_CONSOLE}),  # and sees there what is their own
    Role.AUDITOR: _SEE | {Right.EXPORT},
    Role.HELP_DESK: frozenset(
        {
            Right.ENTER_CONSOLE,
            Right.SEE_PEOPLE,
            Right.CHANGE_IDS,
            Right.SEE_JOBS,
            Right.CHANGE_JOBS,
            Right.SEE_DEVICES,
            Right.SERVE_DEVICES,
            Right.WHOLE_FLEET,
            Right.SEE_EVENTS,
        }
    ),
    Role.DEVICE_MANAGER: frozenset(
        {
            Right.ENTER_CONSOLE,
            Right.SEE_DEVICES,
            Right.CHANGE_DEVICES,
            Right.SERVE_DEVICES,
            Right.WHOLE_FLEET,
            Right.EXPORT,
        }
    ),
    Role.ADMINISTRATOR: frozenset(Right),
}

IN_REGIONS = frozenset(
    {Right.ENTER_CONSOLE, Right.SEE_DEVICES, Right.CHANGE_DEVICES, Right.SERVE_DEVICES, Right.EXPORT}
)
"""What remains of a role whose rights end at regions. Everything else concerns the whole organisation: people and their
documents belong to no region."""


class Denied(PermissionError):
    """The person does not have the right; the sentence says which."""

    code = 46


def rights_of(user: User | None) -> frozenset[Right]:
    """All rights of a person; none for nobody, for somebody who may not log in, or for an unknown role."""
    if user is None or not user.is_authenticated or not user.is_active:
        return frozenset()
    try:
        rights = RIGHTS.get(Role(user.role), frozenset())
    except ValueError:
        return frozenset()
    return rights & IN_REGIONS if user.regional else rights


def allowed(user: User | None, right: Right) -> bool:
    """Whether a person has a right."""
    return right in rights_of(user)


def require(user: User | None, right: Right) -> None:
    """Go on only with a right. Raises: Denied."""
    if not allowed(user, right):
        raise Denied(
            _("You may not do this: it needs the right “%(right)s”. Ask an administrator.") % {"right": right.value}
        )


def may_change_ids_of(user: User | None, other: User) -> bool:
    """Whether a person may give somebody else cards, ID codes, a PIN or a PUK, and so come in as them at a device.

    Nobody may for those who have rights that they do not have themselves.
    """
    return allowed(user, Right.CHANGE_IDS) and RIGHTS.get(Role(other.role), frozenset(Right)) <= rights_of(user)


def require_ids_of(user: User | None, other: User) -> None:
    """Go on only where `may_change_ids_of`. Raises: Denied."""
    require(user, Right.CHANGE_IDS)
    if not may_change_ids_of(user, other):
        raise Denied(
            _("You may not do this: %(logon)s has more rights than you. Ask an administrator.") % {"logon": other.logon}
        )


def may_name_credentials(user: User | None) -> bool:
    """Whether a person is shown what a machine is asked with: those who see settings, and who choose it."""
    rights = rights_of(user)
    return Right.SEE_SETTINGS in rights or {Right.CHANGE_DEVICES, Right.WHOLE_FLEET} <= rights


def may_see_ids(user: User | None, policy: Policy) -> bool:
    """Whether card numbers, ID codes and PUKs are shown to a person who looks at somebody else.

    Administrators always see them; others who may see people do unless the policy hides ID codes.
    """
    if user is not None and user.role == Role.ADMINISTRATOR:
        return allowed(user, Right.CHANGE_IDS)
    return allowed(user, Right.SEE_PEOPLE) and not policy.hide_id_codes


def may_change_known_ids(user: User | None, policy: Policy) -> bool:
    """Whether a person may alter an existing ID or copy it; adding and deleting needs CHANGE_IDS alone."""
    return allowed(user, Right.CHANGE_IDS) and may_see_ids(user, policy)


def may_list_all_ids(user: User | None) -> bool:
    """Whether a person may open the overview of everybody's IDs, or export them: administrators alone."""
    return user is not None and user.role == Role.ADMINISTRATOR and allowed(user, Right.CHANGE_IDS)


def require_all_ids(user: User | None) -> None:
    """Go on only where `may_list_all_ids`. Raises: Denied."""
    if not may_list_all_ids(user):
        raise Denied(_("You may not do this: the cards and codes of everybody are for administrators."))


def may_see_first_page(user: User | None, policy: Policy, owner_id: int | None, *, needs_code: bool = False) -> bool:
    """Whether a person sees what a document looks like: its owner, and administrators; nobody where that is off.

    A document that prints only with a code is shown to nobody: a picture of it would need no code.
    """
    if needs_code:
        return False
    if not policy.show_first_pages or user is None or not rights_of(user):
        return False
    if owner_id is not None and user.id == owner_id:
        return True
    return user.role == Role.ADMINISTRATOR and allowed(user, Right.SEE_JOBS)


def may_see_document_names(user: User | None, policy: Policy) -> bool:
    """Whether a person sees the names of other people's documents."""
    if not allowed(user, Right.SEE_JOBS):
        return False
    return not policy.hide_document_names or (user is not None and user.role == Role.ADMINISTRATOR)
