"""What becomes of a machine that was found: it is known, has moved, is new, or is left alone.

A machine is told from others by policy.fleet.same_device. Conditions decide about new ones only; what is registered
already stays as it is, but for its address and how it is asked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache

from django.db import transaction
from django.db.models import Q

from platen.devices.errors import DeviceError, NameTaken
from platen.devices.machines import DeviceValues
from platen.devices.models import Device
from platen.devices.services import NewDevice, add_device
from platen.eventlog.actor import Actor
from platen.eventlog.models import Event, Severity
from platen.eventlog.services import record_event, record_events
from platen.fleet.device_names import device_names
from platen.fleet.events import Happening, Kind, fleet_happened
from platen.fleet.models import Group, Machine, Membership, Region
from platen.fleet.regions import Regions
from platen.policy.fleet.conditions import Condition, all_hold
from platen.policy.fleet.same_device import Known, Marks, Recognition, Verdict, any_differs, recognise
from platen.readings.facts import Identity
from platen.tenants.context import current_tenant_id

SNMP_PORT = 161
WRITTEN_AT_ONCE = 500
KEEPS = timedelta(days=8)
"""Who reads a machine keeps it, as long as the last reading is no older: a collector may read once a week."""
MARKS = ("pk", "serial", "mac", "printer_uuid", "address", "maker")
"""The columns of a Known: its key, and its Marks in their order."""
FROM_BLANK_MAC = {"", "000000000000", "ffffffffffff"}


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundMachine:
    """Something that answered and is a printing machine."""

    address: str  # empty: not said, as in a file, or kept to itself by another site
    port: int = 0  # of SNMP; 0: not said, so that of a machine that is known stays
    how: str = ""
    credential_id: int | None = None
    identity: Identity = Identity()
    name: str = ""  # as it announces itself
    uri: str = ""  # where it takes documents
    protocol: str = "snmp"
    collector: str = ""  # who found it at another site; empty: this node
    claimed: bool = False  # nobody was asked: a file says so


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
    taken = why_taken(found, recognition, now)
    if taken:
        placeless = replace(found, address="", uri="")
        became = register(placeless, rules, by=by, now=now, how_found=how_found, dry=dry)
        return replace(became, outcome="conflict", message=f"{taken} {became.message}".strip())
    if recognition.id is not None:
        machine: Machine = Machine.objects.select_related("device").get(pk=recognition.id)
        became = outcome_of_known(machine, found, recognition, now)
        if not dry and not stays(machine, found, now):
            follow([Followed(machine, found, recognition, became.outcome == "moved")], by=by, now=now)
        return became
    became = outcome_of_new(found, rules, recognition)
    if dry or became.outcome == "ignored":
        return became
    with transaction.atomic():
        machine = _added(found, rules, by=by, now=now, how_found=how_found)
        _displace(recognition, found, now)
        if became.outcome == "conflict":
            message = f"{machine.device.name}: {recognition.sentence} If they are one, remove one of them."
            record_event("serial_conflict", message, severity=Severity.WARNING, device_id=machine.pk, by=by.name)
        tell_added([machine], now, recognition.sentence)
    return replace(became, machine=machine)


def outcome_of_new(found: FoundMachine, rules: Rules, recognition: Recognition) -> Registered:
    """What would become of a machine that is not registered."""
    managed = is_managed(found, rules)
    if not managed and rules.outcome in {"only", "ignore"}:
        return Registered("ignored", None, "The conditions of the search leave it out.")
    outcome = "conflict" if recognition.verdict is Verdict.CONFLICT else "new" if managed else "unmanaged"
    return Registered(outcome, None, recognition.sentence)


def outcome_of_known(machine: Machine, found: FoundMachine, recognition: Recognition, now: datetime) -> Registered:
    """What would become of a machine that is registered."""
    if _is_kept(machine, found, now):
        return Registered("known", machine, f"It is read {reader(machine.collector)}, and stays so.")
    if _has_no_place(found):
        return Registered("known", machine)
    # A site may keep its addresses to itself; and those of two sites are in two networks.
    same_site = machine.collector == found.collector
    moved = recognition.verdict is Verdict.MOVED and found.address and same_site
    return Registered("moved" if moved else "known", machine, recognition.sentence)


def stays(machine: Machine, found: FoundMachine, now: datetime) -> bool:
    """Whether nothing changes about how a known machine is read."""
    return _is_kept(machine, found, now) or _has_no_place(found)


def is_managed(found: FoundMachine, rules: Rules) -> bool:
    """Whether a new machine is to be read and counted."""
    fits = all_hold(rules.conditions, known_of(found))
    return fits if rules.outcome in {"managed", "only"} else not fits


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
    rows = Machine.objects.filter(same).values_list(*MARKS)[:100]
    return named_there(found, named_at_collectors([found])) + [Known(pk, Marks(*marks)) for pk, *marks in rows]


def named_at_collectors(found: Iterable[FoundMachine]) -> dict[tuple[str, str], Known]:
    """Machines that collectors read, by address and name, of which a file says both: sites use the same private
    addresses, but one of them has the name."""
    said = {(each.address, each.name) for each in found if each.claimed and each.address and each.name}
    if not said:
        return {}
    there = {"address__in": {address for address, _ in said}, "device__name__in": {name for _, name in said}}
    rows = Machine.objects.exclude(collector="").filter(**there).values_list("device__name", *MARKS)
    return {(marks[3], name): Known(pk, Marks(*marks)) for name, pk, *marks in rows}


def named_there(found: FoundMachine, named: Mapping[tuple[str, str], Known]) -> list[Known]:
    """Of these machines the one that a row means, if nothing that stays tells it from it."""
    one = named.get((found.address, found.name)) if found.claimed else None
    return [] if one is None or any_differs(marks_of(found), one.marks) else [one]


@dataclass(frozen=True, slots=True)
class Followed:
    """A known machine that is to be read where it was found."""

    machine: Machine
    found: FoundMachine
    recognition: Recognition
    moved: bool


@transaction.atomic
def follow(followed: Sequence[Followed], *, by: Actor, now: datetime) -> None:
    """Known machines are read where they were found, by who found them, from now on."""
    lines, happened, devices = [], [], []
    for each in followed:
        machine, before, read_before = each.machine, each.machine.address, each.machine.collector
        _note_where(machine, each.found, now)
        if read_before != machine.collector:
            hands = f"is read {reader(machine.collector)} now, no longer {reader(read_before)}"
            lines.append(_line("machine_reader", machine, hands, by))
        if each.moved:
            if _lead_documents(machine.device, before, machine.address):
                devices.append(machine.device)
            lines.append(_line("machine_moved", machine, _way(before, machine.address), by))
            detail = {"before": before or None, "after": machine.address}
            sentence = each.recognition.sentence
            happened.append(Happening(Kind.MOVED, machine.pk, now, sentence=sentence, detail=detail))
    _write_where([each.machine for each in followed])
    Device.objects.bulk_update(devices, ["uri"], batch_size=WRITTEN_AT_ONCE)
    for each in followed:
        if each.moved:
            _displace(each.recognition, each.found, now)
    record_events(lines)
    if happened:
        _tell(*happened)


def _write_where(machines: Sequence[Machine]) -> None:
    """What `_note_where` said. Most is the same for many; a column of its own for each machine costs most."""
    asked_at = defaultdict(list)
    for machine in machines:
        asked_at[machine.due_at, machine.port, machine.collector, machine.credential_id].append(machine.pk)
    for (due_at, port, collector, credential_id), keys in asked_at.items():
        common = {"due_at": due_at, "port": port, "collector": collector, "credential_id": credential_id}
        Machine.objects.filter(pk__in=keys).update(**common, failures=0, failure="")
    Machine.objects.bulk_update(machines, ["address"], batch_size=WRITTEN_AT_ONCE)


def _note_where(machine: Machine, found: FoundMachine, now: datetime) -> None:
    machine.address, machine.port = found.address, found.port or machine.port
    machine.due_at = None if found.collector else now
    machine.failures, machine.failure, machine.collector = 0, "", found.collector
    if found.credential_id is not None:
        machine.credential_id = found.credential_id


def _way(before: str, after: str) -> str:
    return f"moved from {before} to {after}" if before else f"is at {after} now; it had no address before"


def _line(kind: str, machine: Machine, what: str, by: Actor) -> Event:
    message = f"{machine.device.name} {what}"
    return Event(kind=kind, message=message, severity=Severity.NOTICE, device_id=machine.pk, fields={"by": by.name})


def why_taken(found: FoundMachine, recognition: Recognition, now: datetime) -> str:
    """Why nobody is displaced by a claim: a machine was read at the address, and keeps it until somebody has asked who
    answers there. Empty: it may be displaced."""
    if not found.claimed or recognition.displaced is None:
        return ""
    read = {"read_at__gt": now - KEEPS, "managed": True}
    there = Machine.objects.filter(pk=recognition.displaced, **read).exclude(power="conflict")
    name = there.values_list("device__name", flat=True).first()
    if name is None:
        return ""
    rest = "has no address" if recognition.id is None else "stays where it was"
    return f"{name} was read at {found.address} and keeps that address; this one {rest} until a search finds it there."


def _has_no_place(found: FoundMachine) -> bool:
    """Whether nobody says where it is: what is known stays. Of a collector that keeps addresses to itself none are
    kept here either."""
    return not found.address and not found.collector


def _is_kept(machine: Machine, found: FoundMachine, now: datetime) -> bool:
    """Whether somebody else reads it, and gets through: a machine that two could read is read by who began."""
    if machine.collector == found.collector:
        return False
    if found.claimed:
        return True  # a file does not say who reads it
    if not machine.managed:
        return False
    return machine.failures == 0 and machine.read_at is not None and now - machine.read_at < KEEPS


def reader(collector: str) -> str:
    """Who reads a machine, in words."""
    return f"by the collector {collector}" if collector else "from here"


def _lead_documents(device: Device, before: str, after: str) -> bool:
    """Documents go to the new address as well, where they went to the old one. Returns: whether they do; not stored."""
    host = f"[{after}]" if ":" in after else after
    old = f"[{before}]" if ":" in before else before
    scheme, separator, rest = device.uri.partition("://")
    if not separator or not (rest == old or rest.startswith((f"{old}/", f"{old}:"))):
        return False
    device.uri = f"{scheme}://{host}{rest[len(old) :]}"
    return True


def _displace(recognition: Recognition, found: FoundMachine, now: datetime) -> None:
    """The machine that was known at this address has none now, until it is found again.

    Unless it is known somewhere else by now: two that change places are found one after the other, or at once, and
    each was seen at the other's address.
    """
    if recognition.displaced is None or recognition.displaced == recognition.id:
        return
    failure = f"Another machine answers at {found.address}."
    there = Machine.objects.filter(pk=recognition.displaced, address=found.address, collector=found.collector)
    if not there.update(failure=failure, address="", due_at=None, power="conflict"):
        return
    name, key = Device.objects.values_list("name", "pk").get(machine=recognition.displaced)
    message = f"{name}: {failure}"
    record_event("address_conflict", message, severity=Severity.WARNING, device_id=key)
    _tell(Happening(Kind.CONFLICT, key, now, sentence=failure))


def _added(found: FoundMachine, rules: Rules, *, by: Actor, now: datetime, how_found: str) -> Machine:
    region = rules.region or Regions().of(found.address, found.identity.host_name)
    machine = new_machine(found, rules, _device(found, by), region, now=now, how_found=how_found)
    machine.save()
    if rules.group is not None and rules.group.conditions is None:
        Membership(group=rules.group, machine=machine).save()
    return machine


def new_machine(
    found: FoundMachine, rules: Rules, device: Device, region: Region | None, *, now: datetime, how_found: str
) -> Machine:
    """The machine of a new device, not stored yet."""
    identity = found.identity
    managed = is_managed(found, rules)
    return Machine(
        device=device,
        managed=managed,
        collector=found.collector,
        address=found.address,
        port=found.port or SNMP_PORT,
        credential_id=found.credential_id,
        protocol=found.protocol,
        mac="" if identity.mac in FROM_BLANK_MAC else identity.mac,
        printer_uuid=identity.uuid,
        region=region,
        found_at=now,
        found_by=how_found[:120],
        due_at=now if managed and found.address and not found.collector else None,
        **{
            name: _cut(name, getattr(identity, name))
            for name in ("serial", "maker", "model", "firmware", "asset_number", "host_name", "contact", "object_id")
        },
    )


def _cut(name: str, value: str) -> str:
    """As much of a text as its column takes."""
    return value[: _longest(name)]


@cache
def _longest(name: str) -> int | None:
    longest: int | None = getattr(Machine._meta.get_field(name), "max_length", None)
    return longest


def _device(found: FoundMachine, by: Actor) -> Device:
    """A device row under a name that is free."""
    wanted = device_names(found.name, found.identity, found.address)
    for name in wanted[:-1]:
        if not Device.objects.filter(name=name).exists():
            new = new_device(found, name)
            try:
                with transaction.atomic():
                    return add_device(new.name, new.uri, by=by, **new.values)
            except NameTaken:
                continue
            except DeviceError:
                found = replace(found, uri="")
    new = new_device(found, wanted[-1])
    return add_device(new.name, new.uri, by=by, **new.values)


def new_device(found: FoundMachine, name: str) -> NewDevice:
    """The device of a new machine, only looked after until documents go to it."""
    identity = found.identity
    values: DeviceValues = {
        "takes_documents": False,
        "location": identity.location[:200],
        "make_and_model": f"{identity.maker} {identity.model}".strip()[:200],
        "mac": "" if identity.mac in FROM_BLANK_MAC else identity.mac,
        "color_supported": identity.color,
        "duplex_supported": identity.duplex,
    }
    return NewDevice(name, found.uri, values)


def tell_added(machines: Iterable[Machine], now: datetime, sentence: str = "") -> None:
    """New machines are told of, in the transaction that stores them."""
    _tell(*(Happening(Kind.ADDED, machine.pk, now, sentence=sentence) for machine in machines))


def _tell(*happened: Happening) -> None:
    fleet_happened.send(current_tenant_id(), happenings=list(happened))
