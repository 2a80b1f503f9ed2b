"""What tests arrange and ask at home, in the process beside a running node (RunningNode.call)."""

from __future__ import annotations

from typing import Any

from platen.eventlog.actor import Actor

TEST = Actor("test", None, "test")


def add(name: str) -> tuple[str, str]:
    """A collector: its UUID and key."""
    from platen.fleet.collectors import add_collector

    made, key = add_collector(name, by=TEST)
    return str(made.uuid), key


def want(name: str, **wishes: Any) -> None:
    """What home wants of a collector."""
    from platen.fleet.collectors import change_collector, collector_by_name

    found = collector_by_name(name)
    assert found is not None
    change_collector(found, by=TEST, configuration=wishes)


def machines(name: str) -> list[dict[str, Any]]:
    """A collector's machines, in the order of their serial numbers."""
    from platen.fleet.models import Machine

    columns = ("serial", "address", "mac", "host_name", "contact", "model", "pages", "console_text", "power")
    return list(Machine.objects.filter(collector=name).order_by("serial").values(*columns))


def readings(name: str) -> int:
    """How many meter readings are stored of its machines."""
    from platen.fleet.models import MeterReading

    return MeterReading.objects.filter(machine__collector=name).count()


def last_row(name: str) -> int:
    """Up to which row home has everything."""
    from platen.fleet.collectors import collector_by_name

    found = collector_by_name(name)
    assert found is not None
    return int(found.last_sequence)


def set_back(name: str, to: int) -> None:
    """Home is restored from a backup that knew fewer rows."""
    from platen.fleet.models import Collector

    Collector.objects.filter(name=name).update(last_sequence=to)


def events(kind: str) -> list[str]:
    """Messages of the event log."""
    from platen.eventlog.models import Event

    return list(Event.objects.filter(kind=kind).values_list("message", flat=True))


def take_files(folder: str, *, skip_gaps: bool = False) -> list[tuple[bool, str]]:
    """Take what came as files, as `platen collectors import` does."""
    from pathlib import Path

    from platen.fleet.envelope_files import take_file, waiting_files

    taken = [take_file(path, skip_gaps=skip_gaps) for path in waiting_files([Path(folder)])]
    return [(each.done, each.sentence) for each in taken]


def was_seen(uuid: str) -> bool:
    """Whether a collector ever spoke."""
    from platen.fleet.collectors import collector_by_uuid

    found = collector_by_uuid(uuid)
    return found is not None and found.last_seen is not None
