"""Changing what a tenant decides."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypedDict, Unpack
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db import transaction

from platen.policy.code_pattern import CodePattern
from platen.policy.credentials import check_domain
from platen.policy.currency import check_currency
from platen.policy.job_names import prefixes_from_text
from platen.tenants.context import current_tenant_id
from platen.tenants.errors import InvalidPolicy
from platen.tenants.events import policy_changed
from platen.tenants.field_check import misfit
from platen.tenants.models import Fidelity, IdPeriod, Policy, UnknownOwner


class Doer(Protocol):
    """Who changes it (platen.eventlog.actor.Actor, which this layer does not know)."""

    @property
    def name(self) -> str:
        """For the audit trail."""

    @property
    def user_id(self) -> int | None:
        """The person, if it is one."""

    @property
    def source(self) -> str:
        """The way in."""


class PolicyValues(TypedDict, total=False):
    """Everything that a tenant decides for itself."""

    unknown_owner: UnknownOwner
    default_domain: str
    email_domain: str
    logon_is_id_code: bool
    puk_at_first_print: bool
    ids_per_person_max: int
    self_registered_expires_from: int
    self_registered_period: IdPeriod
    id_code_pattern: str
    login_attempts_max: int
    lockout_minutes: int
    password_length_min: int
    idle_minutes: int
    pin_required: bool
    pin_change_allowed: bool
    card_registration_allowed: bool
    card_registration_by_password: bool
    job_retention_hours: int
    retain_allowed: bool
    deny_multi_delete: bool
    fidelity: Fidelity
    hide_id_codes: bool
    hide_document_names: bool
    job_name_prefixes: str
    show_first_pages: bool
    currency: str
    help_desk: str
    time_zone: str


# Least and greatest of each number. Without these a slip of the finger locks everybody out, or keeps nothing at all.
LIMITS: dict[str, tuple[int, int]] = {
    "ids_per_person_max": (1, 100),
    "self_registered_expires_from": (0, 100),
    "login_attempts_max": (1, 100),
    "lockout_minutes": (0, 60 * 24 * 31),
    "password_length_min": (8, 64),
    "idle_minutes": (0, 60 * 12),
    "job_retention_hours": (1, 24 * 366),
}


PREFIXES_TEXT_MAX = 4000


@transaction.atomic
def change_policy(*, by: Doer, **values: Unpack[PolicyValues]) -> Policy:
    """Change what is named and leave the rest; the audit trail gets each value before and after.

    Raises: InvalidPolicy.
    """
    policy = Policy.objects.select_for_update().get(tenant_id=current_tenant_id())
    changed: dict[str, list[object]] = {}
    for name, value in values.items():
        _check(name, value)
        before = getattr(policy, name)
        if before != value:
            changed[name] = [before, value]
            setattr(policy, name, value)
    problem = misfit(policy, changed)
    if problem is not None:
        raise InvalidPolicy(problem)
    if changed:
        policy.save(update_fields=sorted(changed))
        policy_changed.send(Policy, policy=policy, changed=changed, by=by)
    return policy


def _check(name: str, value: object) -> None:
    label = name.replace("_", " ")
    if name in LIMITS:
        least, most = LIMITS[name]
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise InvalidPolicy(f"{label}: write a whole number from {least} to {most}.")
        return
    check = _CHECKS.get(name)
    if check is None:
        if name not in PolicyValues.__annotations__:
            raise InvalidPolicy(f"{label}: there is no such setting.")
        return
    try:
        check(str(value))
    except (ValueError, ZoneInfoNotFoundError) as error:
        raise InvalidPolicy(f"{label}: {error}") from error


def _time_zone(name: str) -> None:
    try:
        ZoneInfo(name)
    except (ValueError, OSError, ZoneInfoNotFoundError) as error:
        raise ValueError(f"{name} is not a time zone. Write for example Europe/Berlin or UTC.") from error


def _domain_or_nothing(name: str) -> None:
    if name:
        check_domain(name)


def _prefixes(text: str) -> None:
    if len(text) > PREFIXES_TEXT_MAX:
        raise ValueError(f"The list has at most {PREFIXES_TEXT_MAX} characters.")
    prefixes_from_text(text)


_CHECKS: dict[str, Callable[[str], object]] = {
    "currency": check_currency,
    "time_zone": _time_zone,
    "id_code_pattern": CodePattern,
    "default_domain": _domain_or_nothing,
    "email_domain": _domain_or_nothing,
    "job_name_prefixes": _prefixes,
}
