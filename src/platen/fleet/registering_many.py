"""Many machines registered at once, as a file names them: what becomes of each is what `register` says, but they are
looked up and written many at a time.

Most of a file is plain: new, known and where it was, moved to where nobody is. What displaces another, claims another's
serial number, or shares a mark with a row before it is registered one by one after these, in its order.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from operator import attrgetter

from django.db import IntegrityError, transaction

from platen.devices.errors import DeviceError
from platen.devices.services import add_devices
from platen.eventlog.actor import Actor
from platen.fleet.batch_sql import Insert, as_moment
from platen.fleet.candidates import Candidates, said_marks
from platen.fleet.device_names import FreeNames, device_names
from platen.fleet.errors import FleetError
from platen.fleet.models import Machine, Membership
from platen.fleet.previewing import Asked, Preview
from platen.fleet.regions import Regions
from platen.fleet.registering import (
    Followed,
    FoundMachine,
    Registered,
    follow,
    marks_of,
    new_device,
    new_machine,
    outcome_of_known,
    outcome_of_new,
    register,
    stays,
    tell_added,
)
from platen.policy.fleet.same_device import Recognition, Verdict, recognise
from platen.tenants.context import current_tenant_id

AT_ONCE = 500

_KNOWN_NAMES = (
    *("tenant_id", "device_id", "managed", "collector", "address", "port", "credential_id", "protocol", "power"),
    *("serial", "mac", "printer_uuid", "maker", "model", "firmware", "asset_number", "host_name", "contact"),
    *("object_id", "region_id", "found_by"),
)
_KNOWN = attrgetter(*_KNOWN_NAMES)
_MACHINES = Insert(Machine, "found_at", "due_at", *_KNOWN_NAMES)
"""As registering.new_machine makes them: asking every field of a machine for its value costs most of an import."""


def register_many(
    asked: Sequence[Asked], *, by: Actor, now: datetime, how_found: str = "", dry: bool = False
) -> list[Registered]:
    """Register each by its rules, or say what would become of it (`dry`); in the order asked.

    One that cannot be registered is "failed", with the reason, and stops no other.
    """
    batches = [asked[start : start + AT_ONCE] for start in range(0, len(asked), AT_ONCE)]
    if dry:
        preview = Preview(now)
        return [became for batch in batches for became in preview.of(batch)]
    how = _How(by=by, now=now, how_found=how_found)
    return [became for batch in batches for became in _Batch(batch, how).do()]


@dataclass(frozen=True, slots=True, kw_only=True)
class _How:
    by: Actor
    now: datetime
    how_found: str


@dataclass(slots=True)
class _Batch:
    """Some of them. became: by place among `asked`; new, single: places; touched: keys of machines that stand where
    they stood."""

    asked: Sequence[Asked]
    how: _How
    became: dict[int, Registered] = field(default_factory=dict)
    new: list[int] = field(default_factory=list)
    touched: list[int] = field(default_factory=list)
    followed: list[Followed] = field(default_factory=list)
    single: list[int] = field(default_factory=list)

    def do(self) -> list[Registered]:
        """What became of each, in its order."""
        with transaction.atomic():
            self._sort()
            self._visit()
            self._add()
            for place in self.single:
                self._register_alone(place)
        return [self.became[place] for place in range(len(self.asked))]

    def _sort(self) -> None:
        """Say what becomes of those that are plain, and which are not."""
        candidates = Candidates([found for found, _ in self.asked])
        recognised = [recognise(marks_of(found), candidates.of(found)) for found, _ in self.asked]
        known = {each.id for each in recognised if each.id is not None}
        machines = {each.pk: each for each in Machine.objects.select_related("device").filter(pk__in=known)}
        before: set[tuple[str, str]] = set()
        for place, ((found, rules), recognition) in enumerate(zip(self.asked, recognised, strict=True)):
            marks = said_marks(marks_of(found)) | (
                {("machine", str(recognition.id))} if recognition.id is not None else set()
            )
            if found.collector or marks & before or not _is_plain(recognition):
                self.single.append(place)
            elif recognition.id is None:
                self.became[place] = outcome_of_new(found, rules, recognition)
                if self.became[place].outcome != "ignored":
                    self.new.append(place)
            else:
                self._sort_known(place, found, recognition, machines[recognition.id])
            before |= marks

    def _sort_known(self, place: int, found: FoundMachine, recognition: Recognition, machine: Machine) -> None:
        self.became[place] = outcome_of_known(machine, found, recognition, self.how.now)
        if stays(machine, found, self.how.now):
            return
        said = (
            found.address,
            found.collector,
            found.port or machine.port,
            found.credential_id or machine.credential_id,
        )
        if said == (machine.address, machine.collector, machine.port, machine.credential_id):
            self.touched.append(machine.pk)
        else:
            moved = self.became[place].outcome == "moved"
            self.followed.append(Followed(machine, found, recognition, moved))

    def _visit(self) -> None:
        """What is known is read anew, where it was found."""
        Machine.objects.filter(pk__in=self.touched).update(due_at=self.how.now, failures=0, failure="")
        follow(self.followed, by=self.how.by, now=self.how.now)

    def _add(self) -> None:
        try:
            with transaction.atomic():
                machines = _added([self.asked[place] for place in self.new], self.how)
        except (DeviceError, IntegrityError):
            # Somebody was quicker with a name, or one of them does not fit: each for itself then, which tells which.
            self.single = sorted({*self.single, *self.new})
            return
        for place, machine in zip(self.new, machines, strict=True):
            self.became[place] = replace(self.became[place], machine=machine)

    def _register_alone(self, place: int) -> None:
        found, rules = self.asked[place]
        how = self.how
        try:
            with transaction.atomic():
                became = register(found, rules, by=how.by, now=how.now, how_found=how.how_found)
        except (DeviceError, FleetError, ValueError) as error:
            became = Registered("failed", None, str(error))
        self.became[place] = became


def _row(machine: Machine) -> tuple[object, ...]:
    """A new machine as it is stored."""
    return (as_moment(machine.found_at), as_moment(machine.due_at), *_KNOWN(machine))


def _is_plain(recognition: Recognition) -> bool:
    return recognition.verdict is not Verdict.CONFLICT and recognition.displaced is None


def _added(asked: Sequence[Asked], how: _How) -> list[Machine]:
    """Devices and machines of what is new, in one go. Raises: DeviceError, IntegrityError."""
    if not asked:
        return []
    wanted = [device_names(found.name, found.identity, found.address) for found, _ in asked]
    free, regions = FreeNames(wanted), Regions()
    new = [new_device(found, free.take(names)) for (found, _), names in zip(asked, wanted, strict=True)]
    machines = []
    for (found, rules), device in zip(asked, add_devices(new, by=how.by), strict=True):
        region = rules.region or regions.of(found.address, found.identity.host_name)
        machine = new_machine(found, rules, device, region, now=how.now, how_found=how.how_found)
        machine.tenant_id = current_tenant_id()
        machines.append(machine)
    _MACHINES.write([_row(machine) for machine in machines])
    groups = [rules.group for _, rules in asked]
    joining = [
        Membership(tenant_id=current_tenant_id(), group=group, machine=machine)
        for group, machine in zip(groups, machines, strict=True)
        if group is not None and group.conditions is None
    ]
    Membership.objects.bulk_create(joining, batch_size=AT_ONCE)
    tell_added(machines, how.now)
    return machines
