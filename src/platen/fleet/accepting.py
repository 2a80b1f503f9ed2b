"""Another machine answers at an address, and somebody knows that it is this one: its board or itself was replaced."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from platen.eventlog.actor import Actor
from platen.eventlog.changes import record_change
from platen.fleet.due import BY_HAND
from platen.fleet.errors import FleetError
from platen.fleet.models import Machine, Power


@transaction.atomic
def accept_identity(machine: Machine, *, by: Actor) -> None:
    """From now on the machine is the one that answered: counting begins anew, what was counted stays.

    Raises: FleetError where no other machine answered.
    """
    locked: Machine = Machine.objects.select_for_update(of=("self",)).select_related("device").get(pk=machine.pk)
    found = locked.facts.get("conflict")
    if not isinstance(found, dict):
        raise FleetError("No other machine answered at its address. There is nothing to accept.")
    before = locked.serial or locked.mac
    locked.serial, locked.mac = str(found.get("serial", ""))[:120], str(found.get("mac", ""))[:12]
    locked.printer_uuid = str(found.get("uuid", ""))[:36]
    locked.meters, locked.doubted, locked.seen, locked.suspicion = {}, None, "", ""
    locked.power, locked.failure, locked.surveyed_at, locked.due_at = Power.UNKNOWN, "", None, BY_HAND
    locked.facts = {name: value for name, value in locked.facts.items() if name != "conflict"}
    locked.facts["accepted"] = {"at": timezone.now().isoformat(), "before": before}
    locked.save()
    name, after = locked.device.name, locked.serial or locked.mac
    message = f"{name}: the machine with {after} took the place of the one with {before}"
    record_change(by, "machine_replaced", name, message, device_id=locked.pk, before=before, after=after)
