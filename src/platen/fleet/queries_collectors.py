"""What home knows of its collectors: where their machines are, what they say of them, what happened to them."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import Count, Q

from platen.eventlog.event_lists import latest_of_kind
from platen.eventlog.models import Event
from platen.fleet.models import Collector, Machine

OFFS_MAX = 500
_VALUES = {
    "serial": Q(serial=""),
    "address": Q(address=""),
    "mac": Q(mac=""),
    "host_name": Q(host_name=""),
    "location": Q(device__location=""),
    "contact": Q(contact=""),
    "asset_number": Q(asset_number=""),
    "firmware": Q(firmware=""),
    "pages": Q(pages__isnull=True),
    "console": Q(console_text=""),
}


def regions_by_collector() -> dict[str, list[str]]:
    """Names of the regions in which machines of each collector are, by the collector's name."""
    rows = Machine.objects.exclude(collector="").exclude(region=None)
    found: dict[str, list[str]] = {}
    for collector, region in rows.values_list("collector", "region__name").distinct().order_by("region__name"):
        found.setdefault(collector, []).append(region)
    return found


def said_of_machines(collector: Collector) -> Mapping[str, int]:
    """Of how many of its machines each value is known here; `all`: how many there are."""
    counts = {name: Count("pk", filter=~absent) for name, absent in _VALUES.items()}
    found: dict[str, int] = Machine.objects.filter(collector=collector.name).aggregate(all=Count("pk"), **counts)
    return found


def happened_to(collector: Collector, limit: int) -> list[Event]:
    """What happened to it and was changed of it, the newest first: when it was off, silent, thinned."""
    return latest_of_kind("collector_", limit, collector=collector.name)


def last_offs() -> dict[str, Event]:
    """The last time that each collector did not run, by its name; of those that the newest OFFS_MAX tell of."""
    newest_first = latest_of_kind("collector_off", OFFS_MAX)
    return {str(each.fields.get("collector", "")): each for each in reversed(newest_first)}
