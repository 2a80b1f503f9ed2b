"""Writing to machines what is known of them here: their name, place, contact and asset number (EMC-DINF-02, -05)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop

from platen.eventlog.actor import Actor
from platen.eventlog.changes import record_change
from platen.fleet.errors import InvalidValue
from platen.fleet.models import Machine
from platen.fleet.running import start_run_for
from platen.tasks.models import Run

WRITE = "write"
FIELDS: Mapping[str, str] = {
    "name": noop("Name"),
    "location": noop("Place"),
    "contact": noop("Contact"),
    "asset_number": noop("Asset number"),
}


def start_writing(ids: Collection[int], fields: Sequence[str], *, by: Actor, dry: bool = False) -> Run:
    """Ask for it; the task runner does it, with a result for each machine. dry: says what would be written.

    Raises: InvalidValue.
    """
    chosen = [name for name in FIELDS if name in fields]
    if not chosen:
        raise InvalidValue(_("Choose what is to be written."))
    name = _("Try to write to devices") if dry else _("Write to devices")
    return start_run_for(ids, WRITE, name, {"fields": chosen, "dry": dry}, by=by, told=not dry)


def texts_of(machine: Machine, fields: Sequence[str]) -> dict[str, str]:
    """What is to be written, by field. What is empty here is left as it is there."""
    known = {
        "name": machine.device.name,
        "location": machine.device.location,
        "contact": machine.contact,
        "asset_number": machine.asset_number,
    }
    return {name: known[name] for name in fields if known.get(name)}


def record_written(machine: Machine, written: Mapping[str, Sequence[str]], *, by: Actor) -> None:
    """What a machine was changed to say: by field what it said before, and what it says now."""
    what = ", ".join(f"{name} “{after}”" for name, (_before, after) in written.items())
    message = f"{machine.device.name} was changed to say {what}"
    changed: dict[str, Any] = {name: list(values) for name, values in written.items()}
    record_change(by, "machine_written", machine.device.name, message, device_id=machine.pk, changed=changed)
