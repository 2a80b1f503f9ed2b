"""What becomes of a machine that was found: it is known, has moved, is new, or is left alone.

A machine is told from others by policy.fleet.same_device. Conditions decide about new ones only; what is registered
already stays as it is, but for its address and how it is asked.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from platen.devices.errors import DeviceError, NameTaken
from platen.devices.models import Device
from platen.devices.services import add_device
from platen.eventlog.actor import Actor
from platen.eventlog.models import Severity
from platen.eventlog.services import record_event
from platen.fleet.events import Happening, Kind, fleet_happened
from platen.fleet.models import Group, Machine, Membership, Region
from platen.fleet.regions import Regions
from platen.identifiers import uuid7
from platen.policy.fleet.conditions import Condition, all_hold
from platen.policy.fleet.same_device import Known, Marks, Recognition, Verdict, recognise
from platen.readings.facts import Identity
from platen.tenants.context import current_tenant_id

NAME_TRIES = 50
KEEPS = timedelta(days=8)
"""Who reads a machine keeps it, as long as the last reading is no older: a collector may read once a week."""
FROM_BLANK_MAC = {"", "000000000000", "ffffffffffff"}


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundMachine:
    """Something that answered and is a printing machine."""

    address: str
    port: int = 161
    how: str = ""
    credential_id: int | None = None
    identity: Identity = Identity()
    name: str = ""  # as it announces itself
    uri: str = ""  # where it takes documents
    protocol: str = "snmp"
    collector: str = ""  # who found it at another site; empty: this node


@dataclass(frozen=True, slots=True)
class Rules:
    """What a search makes of new machines.

    outcome: "managed": those that fit are managed, the others kept unmanaged; "unmanaged": the other way round;
    "only": those that fit are managed, the others not registered; "ignore": those that fit are not registered.
    """

    conditions: tuple[Condition, ...] = ()
    outcome: str = "managed"
    group: Group | None = None
    region: Region | None = None


OUTCOMES = ("managed", "unmanaged", "only", "ignore")


@dataclass(frozen=True, slots=True)
class Registered:
    """What became of a machine. `outcome` as Found.outcome."""

    outcome: str
    machine: Machine | None = None
    message: str = ""
    happened: tuple[Happening, ...] = field(default=())


def register(
    found: FoundMachine, rules: Rules, *, by: Actor, now: datetime, how_found: str = "", dry: bool = False
) -> Registered:
    """Register what was found, or say what would become of it (`dry`)."""
    recognition = recognise(marks_of(found), _candidates(found))
    if recognition.id is not None:
        return _known(found, recognition, by=by, now=now, dry=dry)
    fits = all_hold(rules.conditions, known_of(found))
    managed = fits if rules.outcome in {"managed", "only"} else not fits
    if not managed and rules.outcome in {"only", "ignore"}:
        return Registered("ignored", None, "The conditions of the search leave it out.")
    outcome = "conflict" if recognition.verdict is Verdict.CONFLICT else "new" if managed else "unmanaged"
    if dry:
        return Registered(outcome, None, recognition.sentence)
    with transaction.atomic():
        machine = _added(found, rules, managed, by=by, now=now, how_found=how_found)
        _displace(recognition, now)
        if outcome == "conflict":
            message = f"{machine.device.name}: {recognition.sentence} If they are one, remove one of them."
            record_event("serial_conflict", message, severity=Severity.WARNING, device_id=machine.pk, by=by.name)
        _tell(Happening(Kind.ADDED, machine.pk, now, sentence=recognition.sentence))
    return Registered(outcome, machine, recognition.sentence)


def marks_of(found: FoundMachine) -> Marks:
    """By what it is told from others."""
    identity = found.identity
    mac = "" if identity.mac in FROM_BLANK_MAC else identity.mac
    return Marks(identity.serial, mac, identity.uuid, found.address, identity.maker)


def known_of(found: FoundMachine) -> dict[str, object]:
    """What conditions can ask of a machine that is not registered."""
    identity = found.identity
    known: dict[str, object] = {"address": found.address, "name": found.name or identity.host_name}
    for name in ("maker", "model", "serial", "asset_number", "location", "contact", "host_name", "firmware", "mac"):
        known[name] = getattr(identity, name)
    known["object_id"] = identity.object_id
    known["color"] = {True: "yes", False: "no", None: "unknown"}[identity.color]
    return known


def _candidates(found: FoundMachine) -> list[Known]:
    """Everybody who shares a mark or, at the same site, the address: sites use the same private addresses."""
    marks = marks_of(found)
    same = Q(address=marks.address, collector=found.collector) if marks.address else Q(pk__in=())
    for name, value in (("serial", marks.serial), ("mac", marks.mac), ("printer_uuid", marks.uuid)):
        if value:
            same |= Q(**{name: value})
    rows = Machine.objects.filter(same).values_list("pk", "serial", "mac", "printer_uuid", "address", "maker")[:100]
    return [Known(pk, Marks(serial, mac, uuid, address, maker)) for pk, serial, mac, uuid, address, maker in rows]


def _known(found: FoundMachine, recognition: Recognition, *, by: Actor, now: datetime, dry: bool) -> Registered:
    machine: Machine = Machine.objects.select_related("device").get(pk=recognition.id)
    if _is_kept(machine, found, now):
        return Registered("known", machine, f"It is read {reader(machine.collector)}, and stays so.")
    changes_hands = machine.collector != found.collector
    # A site may keep its addresses to itself; and those of two sites are in two networks.
    moved = recognition.verdict is Verdict.MOVED and found.address and not changes_hands
    outcome = "moved" if moved else "known"
    if dry:
        return Registered(outcome, machine, recognition.sentence)
    before, read_before = machine.address, machine.collector
    with transaction.atomic():
        machine.address, machine.port = found.address, found.port
        machine.due_at = None if found.collector else now
        machine.failures, machine.failure, machine.collector = 0, "", found.collector
        if found.credential_id is not None:
            machine.credential_id = found.credential_id
        machine.save(update_fields=["address", "port", "due_at", "failures", "failure", "credential", "collector"])
        if changes_hands:
            message = f"{machine.device.name} is read {reader(found.collector)} now, no longer {reader(read_before)}"
            record_event("machine_reader", message, severity=Severity.NOTICE, device_id=machine.pk, by=by.name)
        if moved:
            _follow(machine.device, before, found.address)
            _displace(recognition, now)
            message = f"{machine.device.name} moved from {before} to {found.address}"
            record_event("machine_moved", message, severity=Severity.NOTICE, device_id=machine.pk, by=by.name)
            detail = {"before": before, "after": found.address}
            _tell(Happening(Kind.MOVED, machine.pk, now, sentence=recognition.sentence, detail=detail))
    return Registered(outcome, machine, recognition.sentence)


def _is_kept(machine: Machine, found: FoundMachine, now: datetime) -> bool:
    """Whether somebody else reads it, and gets through: a machine that two could read is read by who began."""
    if machine.collector == found.collector or not machine.managed:
        return False
    return machine.failures == 0 and machine.read_at is not None and now - machine.read_at < KEEPS


def reader(collector: str) -> str:
    """Who reads a machine, in words."""
    return f"by the collector {collector}" if collector else "from here"


def _follow(device: Device, before: str, after: str) -> None:
    """Documents go to the new address as well, where they went to the old one."""
    host = f"[{after}]" if ":" in after else after
    old = f"[{before}]" if ":" in before else before
    scheme, separator, rest = device.uri.partition("://")
    if separator and (rest == old or rest.startswith((f"{old}/", f"{old}:"))):
        device.uri = f"{scheme}://{host}{rest[len(old) :]}"
        device.save(update_fields=["uri"])


def _displace(recognition: Recognition, now: datetime) -> None:
    """The machine that was known at this address has none now, until it is found again."""
    if recognition.displaced is None or recognition.displaced == recognition.id:
        return
    machine = Machine.objects.select_related("device").filter(pk=recognition.displaced).first()
    if machine is None:
        return
    machine.failure = f"Another machine answers at {machine.address}."
    machine.address, machine.due_at, machine.power = "", None, "conflict"
    machine.save(update_fields=["failure", "address", "due_at", "power"])
    record_event(
        "address_conflict", f"{machine.device.name}: {machine.failure}", severity=Severity.WARNING, device_id=machine.pk
    )
    _tell(Happening(Kind.CONFLICT, machine.pk, now, sentence=machine.failure))


def _added(found: FoundMachine, rules: Rules, managed: bool, *, by: Actor, now: datetime, how_found: str) -> Machine:
    identity = found.identity
    device = _device(found, by)
    machine = Machine(
        device=device,
        managed=managed,
        collector=found.collector,
        address=found.address,
        port=found.port,
        credential_id=found.credential_id,
        protocol=found.protocol,
        mac="" if identity.mac in FROM_BLANK_MAC else identity.mac,
        printer_uuid=identity.uuid,
        region=rules.region or Regions().of(found.address, identity.host_name),
        found_at=now,
        found_by=how_found[:120],
        due_at=now if managed and not found.collector else None,
        **{
            name: _cut(name, getattr(identity, name))
            for name in ("serial", "maker", "model", "firmware", "asset_number", "host_name", "contact", "object_id")
        },
    )
    machine.save()
    if rules.group is not None and rules.group.conditions is None:
        Membership(group=rules.group, machine=machine).save()
    return machine


def _cut(name: str, value: str) -> str:
    """As much of a text as its column takes."""
    return value[: getattr(Machine._meta.get_field(name), "max_length", None)]


def _device(found: FoundMachine, by: Actor) -> Device:
    """A device row under a name that is free."""
    identity = found.identity
    values = {
        "takes_documents": False,
        "location": identity.location[:200],
        "make_and_model": f"{identity.maker} {identity.model}".strip()[:200],
        "mac": "" if identity.mac in FROM_BLANK_MAC else identity.mac,
        "color_supported": identity.color,
        "duplex_supported": identity.duplex,
    }
    wanted = _names(found)
    for name in wanted[:-1]:
        if not Device.objects.filter(name=name).exists():
            try:
                with transaction.atomic():
                    return add_device(name, found.uri, by=by, **values)  # type: ignore[arg-type]  # of a dict of mixed values
            except NameTaken:
                continue
            except DeviceError:
                found = replace(found, uri="")
    return add_device(wanted[-1], found.uri, by=by, **values)  # type: ignore[arg-type]


def _names(found: FoundMachine) -> list[str]:
    """Names to try: as it calls itself, what it is with the end of its serial number, its address."""
    identity = found.identity
    what = f"{identity.maker} {identity.model}".strip()
    names = [found.name, identity.host_name.partition(".")[0]]
    end = identity.serial[-6:].lstrip("-./_ ")
    names += [f"{what} {end}".strip() if end else "", f"{what} {found.address}".strip()]
    base = next((name for name in names if name), found.address)
    names += [f"{base} ({number})" for number in range(2, NAME_TRIES)]
    return [name.strip()[:120] for name in names if name.strip()] + [f"{found.address} {uuid7().hex[-12:]}"]


def _tell(*happened: Happening) -> None:
    fleet_happened.send(current_tenant_id(), happenings=list(happened))
