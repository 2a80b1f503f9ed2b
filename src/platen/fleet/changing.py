"""What a person changes about machines, one or many: where they stand, who looks after them, how they are asked."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from platen.devices.models import Device
from platen.eventlog.actor import Actor
from platen.eventlog.changes import record_change
from platen.fleet.errors import InvalidValue
from platen.fleet.events import Happening, Kind, fleet_happened
from platen.fleet.groups import leave_other_regions, put_into, take_out_of
from platen.fleet.models import Credential, Group, Machine, Place, Region
from platen.fleet.reach import check_reach, plain_address
from platen.fleet.web_address import checked_web_address
from platen.policy.fleet.addresses import AddressError, one_address
from platen.tenants.context import acting_within, current_regions, current_tenant_id

AT_ONCE_MAX = 5_000  # EMC-DINF-06
_CHUNK = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What is to be changed. None: stays as it is. Of region, place and credential 0 takes it away."""

    location: str | None = None
    region_id: int | None = None
    place_id: int | None = None
    credential_id: int | None = None
    managed: bool | None = None
    group_in: int | None = None
    group_out: int | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing is asked for."""
        return all(getattr(self, name) is None for name in self.__slots__)


@transaction.atomic
def change_machines(ids: Collection[int], changes: Changes, *, by: Actor) -> int:
    """Change many machines in one go, or none of them. Returns: how many there are. Raises: InvalidValue."""
    ids = list(dict.fromkeys(ids))
    if len(ids) > AT_ONCE_MAX:
        raise InvalidValue(_("At most 5,000 devices are changed at once. Narrow the list and do it in parts."))
    if changes.is_empty:
        raise InvalidValue(_("Say what is to be changed."))
    values = _values(changes)
    count = 0
    for start in range(0, len(ids), _CHUNK):
        some = Machine.objects.filter(pk__in=ids[start : start + _CHUNK])
        count += some.update(**values) if values else some.count()
        if changes.location is not None:
            Device.objects.filter(machine__in=some).update(location=changes.location)
        if changes.region_id is not None:
            moved = list(some.values_list("pk", flat=True))
            with acting_within(None):  # also out of groups that whoever moves them does not see
                leave_other_regions(moved)
    if changes.managed is not None:
        _set_managed(ids, changes.managed)
    _regroup(ids, changes, by)
    record_change(by, "machines_changed", "fleet", f"{count} machines were changed", changed=_named(changes))
    return count


@transaction.atomic
def change_identity(
    machine: Machine, *, by: Actor, asset_number: str, contact: str, link: str, time_zone: str, address: str, port: int
) -> None:
    """What a person knows of one machine, and where it is asked.

    Whose rights end at regions changes no port, and takes addresses of these regions only: that is where credentials
    are sent. Raises: InvalidValue.
    """
    if not 1 <= port <= 65_535:
        raise InvalidValue(_("A port is a number from 1 to 65535."))
    link, address = link.strip(), address.strip()
    if link and link != machine.link:
        link = checked_web_address(link, for_people=True)
    if address and address != machine.address:
        address = _plain(address)
        check_reach(address, of=machine.pk)
    moved = address != machine.address or port != machine.port
    if port != machine.port and current_regions() is not None:
        raise InvalidValue(_("Your rights end at regions. Ask an administrator to change the port."))
    machine.asset_number, machine.contact = asset_number[:120], contact[:255]
    machine.link, machine.time_zone = link[:500], time_zone
    machine.address, machine.port = address[:253], port
    if moved:
        machine.due_at = timezone.now() if machine.address and machine.managed else None
    fields = ["asset_number", "contact", "link", "time_zone", "address", "port", "due_at"]
    machine.save(update_fields=fields)
    message = f"{machine.device.name}: what is known of the machine was changed"
    record_change(by, "machine_changed", machine.device.name, message, device_id=machine.pk)


@transaction.atomic
def edit_machine(machine: Machine, changes: Changes, *, by: Actor, **identity: Any) -> None:
    """Both for one machine, or nothing of it. identity: as `change_identity` takes it. Raises: InvalidValue."""
    change_machines([machine.pk], changes, by=by)
    machine.refresh_from_db()
    change_identity(machine, by=by, **identity)


def _plain(address: str) -> str:
    try:
        return one_address(plain_address(address))
    except AddressError as error:
        raise InvalidValue(str(error)) from error


def _values(changes: Changes) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, model in (("region_id", Region), ("place_id", Place), ("credential_id", Credential)):
        given = getattr(changes, name)
        if given is None:
            continue
        if not given and name == "region_id" and current_regions() is not None:
            raise InvalidValue(_("Without a region nobody of yours would see them. Choose one of your regions."))
        if name == "credential_id" and current_regions() is not None:
            raise InvalidValue(_("Credentials are the organisation's. Ask an administrator to choose another one."))
        if given and not model.objects.filter(pk=given).exists():
            raise InvalidValue(_("What was chosen is no longer there. Choose again."))
        values[name] = given or None
    if "place_id" in values:  # where it stood on another plan says nothing about this one
        values |= {"place_x": None, "place_y": None}
    return values


def _set_managed(ids: list[int], managed: bool) -> None:
    """A machine that is not managed is kept and left alone (EMC-DREM-01); one that is again is read at once."""
    now = timezone.now()
    changed: list[int] = []
    for start in range(0, len(ids), _CHUNK):
        some = Machine.objects.filter(pk__in=ids[start : start + _CHUNK], managed=not managed)
        changed += list(some.values_list("pk", flat=True))
        some.exclude(address="").update(due_at=now if managed else None)
        some.update(managed=managed)
    kind = Kind.ADDED if managed else Kind.REMOVED
    if changed:
        fleet_happened.send(current_tenant_id(), happenings=[Happening(kind, key, now) for key in changed])


def _regroup(ids: list[int], changes: Changes, by: Actor) -> None:
    for key, verb in ((changes.group_in, put_into), (changes.group_out, take_out_of)):
        if key is None:
            continue
        group = Group.objects.filter(pk=key).first()
        if group is None:
            raise InvalidValue(_("What was chosen is no longer there. Choose again."))
        verb(group, ids, by=by)


def _named(changes: Changes) -> dict[str, Any]:
    return {name: getattr(changes, name) for name in changes.__slots__ if getattr(changes, name) is not None}
