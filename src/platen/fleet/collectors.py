"""Collectors as their home knows them: adding, enrolment keys, what home wants of them, who is silent."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from platen.eventlog.actor import Actor
from platen.eventlog.changes import record_change
from platen.eventlog.models import Severity
from platen.eventlog.services import record_event
from platen.fleet.errors import InvalidValue, NameTaken
from platen.fleet.models import Collector
from platen.fleet.sealing import opened, sealed
from platen.policy.fleet.collector import check_wishes

NAME_MAX = 64
SILENT_AFTER = 3
"""Intervals without a word, after which it is said that a collector is silent."""


@transaction.atomic
def add_collector(name: str, *, by: Actor) -> tuple[Collector, str]:
    """Add one. Returns: it, and its enrolment key, which is shown this once. Raises: NameTaken, InvalidValue."""
    name = name.strip()
    if not name or len(name) > NAME_MAX or not name.isprintable():
        raise InvalidValue(f"A collector has a name of at most {NAME_MAX} letters.")
    if Collector.objects.filter(name=name).exists():
        raise NameTaken(f"There is a collector {name} already. Choose another name, or make a new key for it.")
    collector = Collector(name=name)
    key = _give_key(collector)
    collector.save()
    record_change(by, "collector_added", name, f"The collector {name} was added", collector=name)
    return collector, key


@transaction.atomic
def new_key(collector: Collector, *, by: Actor) -> str:
    """A new enrolment key; what is signed with the one before counts for nothing from now on."""
    key = _give_key(collector)
    collector.save(update_fields=["secret"])
    message = f"The collector {collector.name} has a new key"
    record_change(by, "collector_key_changed", collector.name, message, collector=collector.name)
    return key


@transaction.atomic
def let_in_anew(collector: Collector, *, by: Actor) -> str:
    """A new enrolment key for one whose key was revoked, or is to count no longer; it is taken from again."""
    change_collector(collector, by=by, enabled=True)
    return new_key(collector, by=by)


@transaction.atomic
def revoke_key(collector: Collector, *, by: Actor) -> None:
    """Nothing is taken from it, and its key opens nothing ever again; what it brought stays."""
    _give_key(collector)
    collector.enabled = False
    collector.save(update_fields=["secret", "enabled"])
    message = f"The key of the collector {collector.name} was revoked"
    record_change(by, "collector_revoked", collector.name, message, collector=collector.name)


@transaction.atomic
def remove_collector(collector: Collector, *, by: Actor) -> None:
    """Forget it and its key. Its devices stay as they were last read, marked with its name: nobody else reads them, as
    at their addresses here there may be others; they are removed one by one, or come back with a collector of that name
    (EMC-AGNT-12)."""
    message = f"The collector {collector.name} was removed"
    record_change(by, "collector_removed", collector.name, message, collector=collector.name)
    collector.delete()


@transaction.atomic
def change_collector(
    collector: Collector, *, by: Actor, enabled: bool | None = None, configuration: Mapping[str, Any] | None = None
) -> Collector:
    """Switch it, or say what home wants of it. Raises: InvalidValue."""
    changed: dict[str, list[Any]] = {}
    if enabled is not None and enabled != collector.enabled:
        changed["enabled"] = [collector.enabled, enabled]
        collector.enabled = enabled
    if configuration is not None and dict(configuration) != collector.configuration:
        problems = check_wishes(configuration)
        if problems:
            raise InvalidValue(" ".join(problems))
        changed["configuration"] = [collector.configuration, dict(configuration)]
        collector.configuration, collector.configured_at = dict(configuration), timezone.now()
    if changed:
        collector.save(update_fields=["enabled", "configuration", "configured_at"])
        message = f"The collector {collector.name} was changed"
        record_change(by, "collector_changed", collector.name, message, changed=changed, collector=collector.name)
    return collector


def key_of(collector: Collector) -> bytes:
    """Its enrolment key, as both sides sign with it. Raises: FleetError."""
    return opened(collector.secret, f"collector {collector.uuid}")["key"].encode()


def collector_by_uuid(uuid: UUID | str) -> Collector | None:
    """The current tenant's."""
    try:
        found: Collector | None = Collector.objects.filter(uuid=UUID(str(uuid))).first()
    except ValueError:
        return None
    return found


def collector_by_name(name: str) -> Collector | None:
    """The current tenant's."""
    found: Collector | None = Collector.objects.filter(name=name).first()
    return found


def all_collectors(limit: int = 500) -> list[Collector]:
    """All of the current tenant by name, to choose one of."""
    return list(Collector.objects.order_by("name")[:limit])


def collectors_with_counts() -> list[Collector]:
    """All of the current tenant, each with `machine_count`."""
    return list(Collector.objects.annotate(machine_count=Count("machines")).order_by("name"))


def note_asked(collector: Collector, now: datetime) -> None:
    """It fetched what home wants of it."""
    collector.asked_at = now
    collector.save(update_fields=["asked_at"])
    note_seen(collector, now)


def note_seen(collector: Collector, now: datetime, *, version: str = "", every_s: int | None = None) -> None:
    """It spoke, with the right key. That it was silent before is told."""
    if collector.silent_told and collector.last_seen is not None:
        message = f"The collector {collector.name} speaks again; it was silent from {_at(collector.last_seen)}."
        record_event("collector_speaks", message, severity=Severity.NOTICE, collector=collector.name)
    collector.last_seen, collector.silent_told = now, False
    collector.version = version[:40] or collector.version
    if every_s is not None:
        collector.every_s = min(max(30, every_s), 31 * 86_400)
    collector.save(update_fields=["last_seen", "silent_told", "version", "every_s"])


def tell_silent(now: datetime) -> int:
    """Say once of each of the current tenant's collectors that is silent that it is. Returns: of how many."""
    told = 0
    for collector in Collector.objects.filter(enabled=True, silent_told=False, last_seen__isnull=False):
        if now - collector.last_seen <= timedelta(seconds=SILENT_AFTER * collector.every_s):
            continue
        with transaction.atomic():
            if not Collector.objects.filter(pk=collector.pk, silent_told=False).update(silent_told=True):
                continue
            message = (
                f"The collector {collector.name} is silent since {_at(collector.last_seen)}. See whether it runs "
                "(`platen collector status` at its site) and whether it reaches this address."
            )
            record_event("collector_silent", message, severity=Severity.WARNING, collector=collector.name)
        told += 1
    return told


def _give_key(collector: Collector) -> str:
    key = secrets.token_urlsafe(32)
    collector.secret = sealed({"key": key}, f"collector {collector.uuid}")
    return key


def _at(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"
