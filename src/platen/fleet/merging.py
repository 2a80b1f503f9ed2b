"""Two records of one machine become one: what stays, what goes over to it, and doing it.

The record that stays keeps its name, its address for people and its queues. What was read comes from the record that
was read last; history is merged so that what both counted and saw is there once (policy.fleet.joining, merging).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop

from platen.devices.events import devices_changed, devices_removing, queues_changed
from platen.devices.models import Device, Queue, Reader
from platen.devices.services import remove_device
from platen.eventlog.actor import Actor
from platen.eventlog.changes import record_change
from platen.eventlog.models import Event
from platen.fleet.doubles import MARKS
from platen.fleet.errors import InvalidValue
from platen.fleet.merging_history import merge_alerts, merge_states, merge_supplies
from platen.fleet.merging_meters import merge_meters
from platen.fleet.models import (
    Alert,
    CollectorMachine,
    Found,
    Machine,
    Membership,
    MeterReading,
    MonthMeters,
    Notice,
    StateSpan,
    Supply,
    SupplyEvent,
    Survey,
)
from platen.printing.models import Delivery, Job
from platen.tasks.models import Result, Run, RunState, Task
from platen.tenants.context import acting_within
from platen.tracking.models import Tariff, UsageDay, UsageRecord

OWN = frozenset({"asset_number", "contact", "link", "time_zone", "region_id", "place_id", "place_x", "place_y"})
"""What people say of a machine: the record that stays keeps it, and gets what it has not."""
_OF_THE_RECORD = OWN | {
    "device_id",
    "tenant_id",
    "found_at",
    "found_by",
    "reboots",
    "pages_month",
    "due_at",
    "managed",
    "collector",
}
_COUNTED = frozenset({"pages", "pages_color", "meters", "doubted", "counted_at", "suspicion"})
"""Meters are read more seldom than states: these are of the record whose meters were read last."""
_MARKS = (
    ("serial", noop("serial numbers")),
    ("mac", noop("hardware addresses")),
    ("maker", noop("makers")),
    ("model", noop("models")),
)
# Rows that only change whose they are. Everything else that hangs on a machine or device is seen to below.
_MOVED: tuple[tuple[type[models.Model], str, str], ...] = (
    (Job, "device_id", noop("documents")),
    (Delivery, "device_id", noop("deliveries")),
    (UsageRecord, "device_id", noop("usage records")),
    (Queue, "device_id", noop("queues")),
    (Reader, "device_id", noop("card readers")),
    (Event, "device_id", noop("events")),
    (Result, "device_id", noop("results of tasks")),
    (Notice, "machine_id", noop("notices")),
    (Found, "machine_id", noop("results of searches")),
    (CollectorMachine, "machine_id", noop("names at collectors")),
)
_MERGED: tuple[tuple[type[models.Model], str], ...] = (
    (MonthMeters, noop("months of meters")),
    (MeterReading, noop("readings")),
    (SupplyEvent, noop("changes of supplies")),
    (Supply, noop("supplies")),
    (Alert, noop("errors and warnings")),
    (StateSpan, noop("states")),
    (Membership, noop("groups")),
)


@dataclass(frozen=True, slots=True)
class MergePlan:
    """What merging would do. counts: in words, how many rows of each go over; warnings: why it may be a mistake."""

    kept: Machine
    gone: Machine
    read_from: Machine
    counts: tuple[tuple[str, int], ...]
    warnings: tuple[str, ...]


def plan_merge(kept: Machine, gone: Machine) -> MergePlan:
    """What would become of them; nothing is changed. Raises: InvalidValue for a record and itself."""
    if kept.pk == gone.pk:
        raise InvalidValue(_("This is one record. Choose another one."))
    with acting_within(None):  # the records are one's own, and with them all that hangs on them
        counts = [(word, model._default_manager.filter(**{at: gone.pk}).count()) for model, at, word in _MOVED]
        counts += [(word, model._default_manager.filter(machine_id=gone.pk).count()) for model, word in _MERGED]
    warnings = []
    if not any(getattr(kept, mark) and getattr(kept, mark) == getattr(gone, mark) for mark in MARKS):
        warnings.append(_("They share no serial number, hardware address or UUID. They may be two machines."))
    for mark, words in _MARKS:
        one, other = getattr(kept, mark), getattr(gone, mark)
        if one and other and one.casefold() != other.casefold():
            said = {"words": _(words), "one": one, "other": other}
            warnings.append(_("Their %(words)s differ: %(one)s and %(other)s. They may be two machines.") % said)
    return MergePlan(
        kept, gone, _read_last(kept, gone), tuple((_(word), n) for word, n in counts if n), tuple(warnings)
    )


@transaction.atomic
def merge(kept: Machine, gone: Machine, *, by: Actor) -> Machine:
    """Make them one. Returns: the record that stayed. Raises: InvalidValue; devices.errors.InUse while documents are on
    their way to the one that goes."""
    plan = plan_merge(kept, gone)
    rows = {each.pk: each for each in _locked(kept.pk, gone.pk)}
    if len(rows) != 2:
        raise InvalidValue(_("One of them is no longer there. Look again."))
    kept, gone = rows[kept.pk], rows[gone.pk]
    devices_removing.send(Device, devices=[gone.device])
    with acting_within(None):
        _move_rows(kept, gone)
        _move_what_is_one_each(kept, gone)
        _merge_history(kept, gone)
        _merge_facts(kept, gone)
        name, uuid = gone.device.name, str(gone.device.uuid)
        remove_device(Device.objects.get(pk=gone.pk), by=by)
        message = f"{name} was merged with {kept.device.name}: they are one machine"
        what: Mapping[str, Any] = {"gone": uuid, "gone_name": name, "moved": dict(plan.counts)}
        record_change(by, "machines_merged", kept.device.name, message, device_id=kept.pk, **what)
        queues = list(Queue.objects.filter(device_id=kept.pk))
    transaction.on_commit(lambda: _announce(kept.device, queues))
    return kept


def _announce(device: Device, queues: Iterable[Queue]) -> None:
    devices_changed.send(Device, device=device)
    for queue in queues:
        queues_changed.send(Queue, queue=queue)


def _locked(*keys: int) -> list[Machine]:
    rows = Machine.objects.select_for_update(of=("self",)).select_related("device").filter(pk__in=keys)
    return list(rows.order_by("pk"))


def _read_last(kept: Machine, gone: Machine) -> Machine:
    if gone.read_at is not None and (kept.read_at is None or gone.read_at > kept.read_at):
        return gone
    return kept


def _counted_last(kept: Machine, gone: Machine) -> Machine:
    if gone.counted_at is not None and (kept.counted_at is None or gone.counted_at > kept.counted_at):
        return gone
    return kept


def _move_rows(kept: Machine, gone: Machine) -> None:
    for model, at, _word in _MOVED:
        model._default_manager.filter(**{at: gone.pk}).update(**{at: kept.pk})
    for day in UsageDay.objects.filter(device_id=gone.pk):
        there = UsageDay.objects.filter(device_id=kept.pk, day=day.day).first()
        if there is None:
            UsageDay.objects.filter(pk=day.pk).update(device_id=kept.pk)
            continue
        for name in ("records", "interrupted", "pages", "color_pages", "sheets", "price", "price2"):
            setattr(there, name, getattr(there, name) + getattr(day, name))
        there.save()
        day.delete()
    known = Membership.objects.filter(machine_id=kept.pk).values("group_id")
    Membership.objects.filter(machine_id=gone.pk).exclude(group_id__in=known).update(machine_id=kept.pk)
    for task in Task.objects.all():
        target, settings = (_renamed(each, gone.pk, kept.pk) for each in (task.target, task.settings))
        if (target, settings) != (task.target, task.settings):
            Task.objects.filter(pk=task.pk).update(target=target, settings=settings)
    for run in Run.objects.filter(state__in=[RunState.WAITING, RunState.RUNNING]):
        Run.objects.filter(pk=run.pk).update(settings=_renamed(run.settings, gone.pk, kept.pk))


def _renamed(stored: Any, gone: int, kept: int) -> Any:
    """Settings in which the keys of devices are those of the record that stays."""
    if isinstance(stored, list):
        return [_renamed(each, gone, kept) for each in stored]
    if not isinstance(stored, dict):
        return stored
    found = {name: _renamed(value, gone, kept) for name, value in stored.items()}
    if isinstance(found.get("devices"), list):
        found["devices"] = list(dict.fromkeys(kept if key == gone else key for key in found["devices"]))
    return found


def _move_what_is_one_each(kept: Machine, gone: Machine) -> None:
    """Prices and the paired panel: what the record that stays has not."""
    if not Tariff.objects.filter(device_id=kept.pk).exists():
        Tariff.objects.filter(device_id=gone.pk).update(device_id=kept.pk)
    ours, theirs = kept.device, gone.device
    if theirs.panel_key and not ours.panel_key:
        ours.panel_key, ours.panel_seen_at = theirs.panel_key, theirs.panel_seen_at
    # Documents go to where documents went, whatever a search took down for the other record.
    if theirs.uri and (not ours.uri or (theirs.takes_documents and not ours.takes_documents)):
        ours.uri = theirs.uri
    ours.takes_documents = ours.takes_documents or theirs.takes_documents
    for name in ("location", "make_and_model", "mac", "document_formats", "media_supported", "driver_names"):
        if not getattr(ours, name):
            setattr(ours, name, getattr(theirs, name))
    Device.objects.filter(pk=theirs.pk).update(panel_key="")
    ours.save()


def _merge_history(kept: Machine, gone: Machine) -> None:
    newer = _read_last(kept, gone)
    merge_meters(kept, gone)
    merge_supplies(kept, gone, newer=newer)
    merge_alerts(kept, gone)
    merge_states(kept, gone, timezone.now(), newer=newer)


def _merge_facts(kept: Machine, gone: Machine) -> None:
    """What was read comes from who was read last, what people said stays."""
    newer, counted = _read_last(kept, gone), _counted_last(kept, gone)
    if newer is gone:
        Survey.objects.filter(machine_id=kept.pk).delete()
        Survey.objects.filter(machine_id=gone.pk).update(machine_id=kept.pk)
    elif not Survey.objects.filter(machine_id=kept.pk).exists():
        Survey.objects.filter(machine_id=gone.pk).update(machine_id=kept.pk)
    for field in Machine._meta.concrete_fields:
        name = field.attname
        source = counted if name in _COUNTED else newer
        missing = getattr(kept, name) in {None, ""} if isinstance(getattr(kept, name), str | None) else False
        if (name in OWN and missing) or (name not in _OF_THE_RECORD and (missing or source is gone)):
            setattr(kept, name, getattr(gone, name))
    kept.found_at = min(kept.found_at, gone.found_at)
    kept.reboots = max(kept.reboots, gone.reboots)
    # One of them was read: so is what becomes of them, by whom it was.
    read = newer if newer.managed else kept if kept.managed else gone
    kept.managed, kept.collector = read.managed, read.collector
    kept.seen = ""  # what is stored of it is compared anew
    kept.due_at = timezone.now() if kept.managed and kept.address and not kept.collector else None
    kept.save()
