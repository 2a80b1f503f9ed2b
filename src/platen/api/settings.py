"""What the organisation decides for itself: /settings."""

from __future__ import annotations

from django.http import HttpRequest
from ninja import Router, Schema

from platen.access.rights import Right
from platen.api.bearer import actor, needs
from platen.api.values import Change
from platen.tenants.models import Fidelity, IdPeriod, Policy, UnknownOwner
from platen.tenants.policy_changes import change_policy
from platen.tenants.queries import current_policy

router = Router()


class Settings(Schema):
    """An organisation's settings."""

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


class SettingsChange(Change):
    """What is to change."""

    unknown_owner: UnknownOwner | None = None
    default_domain: str | None = None
    email_domain: str | None = None
    logon_is_id_code: bool | None = None
    puk_at_first_print: bool | None = None
    ids_per_person_max: int | None = None
    self_registered_expires_from: int | None = None
    self_registered_period: IdPeriod | None = None
    id_code_pattern: str | None = None
    login_attempts_max: int | None = None
    lockout_minutes: int | None = None
    password_length_min: int | None = None
    idle_minutes: int | None = None
    pin_required: bool | None = None
    pin_change_allowed: bool | None = None
    card_registration_allowed: bool | None = None
    card_registration_by_password: bool | None = None
    job_retention_hours: int | None = None
    retain_allowed: bool | None = None
    deny_multi_delete: bool | None = None
    fidelity: Fidelity | None = None
    hide_id_codes: bool | None = None
    hide_document_names: bool | None = None
    job_name_prefixes: str | None = None
    show_first_pages: bool | None = None
    currency: str | None = None
    help_desk: str | None = None
    time_zone: str | None = None


@router.get("", response=Settings, auth=needs(Right.SEE_SETTINGS))
def show(request: HttpRequest) -> Policy:
    """The settings in force."""
    return current_policy()


@router.patch("", response=Settings, auth=needs(Right.CHANGE_SETTINGS))
def change(request: HttpRequest, change: SettingsChange) -> Policy:
    """Change what is sent."""
    values = {name: value for name, value in change.given().items() if value is not None}
    return change_policy(by=actor(request), **values)  # type: ignore[arg-type]  # checked by the schema
