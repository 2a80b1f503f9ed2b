"""What the current tenant decided about collecting."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from platen.eventlog.actor import Actor
from platen.eventlog.changes import record_change
from platen.fleet.errors import InvalidValue
from platen.fleet.models import FleetSettings
from platen.policy.fleet.windows import WindowError, parse_windows
from platen.tenants.context import current_tenant_id
from platen.tenants.field_check import misfit

# Least and greatest: a slip of the finger must not ask a fleet every second, or forget what a contract is billed by.
LIMITS: dict[str, tuple[float, float]] = {
    "status_every_s": (30, 86_400),
    "counters_every_s": (60, 7 * 86_400),
    "survey_every_s": (3_600, 366 * 86_400),
    "timeout_s": (0.1, 60),
    "retries": (0, 10),
    "silent_after": (1, 100),
    "supply_low_percent": (0, 99),
    "supply_early_percent": (0, 99),
    "order_lead_days": (0, 365),
    "keep_readings_days": (1, 3_660),
    "keep_days_days": (31, 36_600),
    "keep_months_days": (366, 36_600),
    "keep_status_days": (1, 3_660),
    "keep_runs_days": (1, 3_660),
}


def fleet_settings() -> FleetSettings:
    """The current tenant's; the defaults where nothing was decided yet."""
    found: FleetSettings | None = FleetSettings.objects.first()
    return found or FleetSettings(tenant_id=current_tenant_id())


@transaction.atomic
def change_fleet_settings(*, by: Actor, **values: Any) -> FleetSettings:
    """Change what is named and leave the rest; the audit trail gets values before and after. Raises: InvalidValue."""
    settings = fleet_settings()
    changed: dict[str, list[Any]] = {}
    for name, value in values.items():
        _check(name, value)
        before = getattr(settings, name)
        if before != value:
            changed[name] = [before, value]
            setattr(settings, name, value)
    problem = misfit(settings, set(changed) - {"windows"})
    if problem is not None:
        raise InvalidValue(problem)
    if changed:
        settings.save()
        record_change(by, "fleet_settings_changed", "fleet", "How machines are read was changed", changed=changed)
    return settings


def _check(name: str, value: object) -> None:
    label = name.replace("_", " ")
    if name in LIMITS:
        least, most = LIMITS[name]
        if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
            raise InvalidValue(f"{label}: write a number from {least:g} to {most:g}.")
    elif name == "windows":
        try:
            parse_windows(value)
        except WindowError as error:
            raise InvalidValue(f"{label}: {error}") from error
    elif name != "collecting":
        raise InvalidValue(f"{label}: there is no such setting.")
