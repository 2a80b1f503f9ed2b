"""A machine as commands give it to programs and to people."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from platen.cli.equipment_words import equipment_lines
from platen.cli.refusal import Refusal
from platen.cli.supply_words import left

if TYPE_CHECKING:
    from platen.fleet.models import Alert, Machine, Supply


def machine_named(name: str) -> Machine:
    """By its name, address, serial number or uuid. Raises: Refusal."""
    from uuid import UUID

    from django.db.models import Q

    from platen.fleet.models import Machine

    named = Q(device__name=name) | Q(address=name) | Q(serial=name)
    with contextlib.suppress(ValueError):  # most names are none
        named |= Q(device__uuid=UUID(name))
    found: list[Machine] = list(Machine.objects.select_related("device", "region", "place").filter(named)[:2])
    if len(found) != 1:
        raise Refusal(f"There is no machine {name}." if not found else f"{name} are several. Give the name.")
    return found[0]


def machine_row(machine: Machine) -> dict[str, object]:
    """What lists say of it."""
    from platen.console.machine_words import machine_shown
    from platen.fleet.attention import severity_words

    return {
        "name": machine.device.name,
        "state": str(machine_shown(machine).word),
        "power": machine.power,
        "severity": severity_words(machine),
        "machine": f"{machine.maker} {machine.model}".strip(),
        "address": machine.address,
        "serial": machine.serial,
        "mac": machine.mac,
        "location": machine.device.location,
        "pages": machine.pages,
        "pages_color": machine.pages_color,
        "pages_month": machine.pages_month,
        "supply_percent": machine.supply_percent,
        "supply_days": machine.supply_days,
        "firmware": machine.firmware,
        "finishers": machine.finishing,
        "read": machine.read_at.isoformat(timespec="minutes") if machine.read_at else "",
    }


def supply_line(supply: Supply) -> str:
    """What is left of it, how long it lasts, and what to order."""
    parts = [left(supply.percent, supply.state, receptacle=supply.receptacle)]
    if supply.level is not None and supply.capacity is not None and supply.unit != "percent":
        parts.append(f"{supply.level:,} of {supply.capacity:,} {supply.unit}".strip())
    if supply.days_left is not None:
        sure = "" if supply.days_confidence is None else f" ({round(100 * supply.days_confidence)} % sure)"
        parts.append(f"{supply.days_left} days left{sure}")
    if supply.order_by is not None:
        parts.append(f"order by {supply.order_by.isoformat()}")
    if supply.part_number:
        parts.append(f"part {supply.part_number}")
    if supply.serial:
        parts.append(f"serial {supply.serial}")
    if supply.installed_at is not None:
        parts.append(f"put in {supply.installed_at.date().isoformat()}")
    return ", ".join(parts)


def alert_line(alert: Alert) -> str:
    """What it is, where, since when, and who can see to it."""
    where = f"{alert.group} {'' if alert.group_index is None else alert.group_index}".strip()
    parts = (f"{alert.level}: {alert}", where, alert.training, f"since {alert.began_at:%Y-%m-%d %H:%M}")
    return ", ".join(filter(None, parts))


def machine_lines(machine: Machine, supplies: list[Supply], alerts: list[Alert]) -> Iterator[Mapping[str, object]]:
    """Of its supplies, equipment and alerts a line each."""
    yield from ({"what": f"supply {each}", "value": supply_line(each)} for each in supplies)
    yield from ({"what": what, "value": value} for what, value in equipment_lines(machine))
    yield from ({"what": "alert", "value": alert_line(each)} for each in alerts)
