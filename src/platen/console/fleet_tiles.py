"""The panels of the fleet's dashboard: what each is called, how wide it is, and what it shows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop

from platen.access.rights import Right, allowed
from platen.console.charts import ColumnChart, Datum, columns, pages_series
from platen.console.collector_words import collector_shown
from platen.console.list_address import query_of, query_with
from platen.console.machine_view import drawn
from platen.console.state_words import share_parts, share_strip
from platen.console.views.machine_list import machine_rows
from platen.directory.models import User
from platen.fleet.collectors import collectors_with_counts
from platen.fleet.dashboards import Panel
from platen.fleet.history import fleet_days, top_machines
from platen.fleet.lists import Listing, page_of_machines, power_counts, severity_counts
from platen.fleet.models import Power
from platen.fleet.queries_places import condition_by
from platen.fleet.queries_rows import firmware_of_models, first_to_end, regions_by_name, silent_machines
from platen.fleet.state_summaries import shares_of_days
from platen.policy.fleet.conditions import parse_conditions
from platen.tracking.usage_lists import sums_of, today

SHOWN = 8
DAYS = 30
SOON_DAYS = 14
VERSIONS_SHOWN = 4


class Seen:
    """Who looks, when, and what several panels ask for."""

    def __init__(self, user: User, now: datetime) -> None:
        self.user, self.now, self.day = user, now, today(now)
        self.powers = power_counts()
        self.silent = self.powers.get(Power.SILENT, 0) + self.powers.get(Power.CONFLICT, 0)


@dataclass(frozen=True, slots=True)
class Tile:
    """A panel that can be chosen. css: its usual width; context: what its template needs."""

    name: str
    title: str
    css: str
    context: Callable[[Seen], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class ShownTile:
    """One that is shown."""

    name: str
    title: str
    css: str
    wide: bool
    template: str


def _states_tile(seen: Seen) -> dict[str, Any]:
    severities, total = severity_counts(), sum(seen.powers.values())
    context: dict[str, Any] = {
        "severities": severities,
        "strip": _strip(total, seen.silent, severities.service + severities.error, severities.warning),
        "states": _states(seen.powers),
    }
    if allowed(seen.user, Right.SEE_USAGE):
        context["sums"] = sums_of(seen.day.replace(day=1), seen.day)
    return context


def _due(seen: Seen) -> dict[str, Any]:
    due = first_to_end(SOON_DAYS, SHOWN)
    orders = sum(each.order_by is not None and each.order_by <= seen.day for each in due)
    return {"due": [drawn(each) for each in due], "orders": orders}


def _regions(seen: Seen) -> dict[str, Any]:
    regions = regions_by_name()
    conditions = condition_by("region", [each.pk for each in regions])
    devices = reverse("console:devices")
    rows = [(each, conditions[each.pk], f"{devices}?{query_with('region', each.name)}") for each in regions[:20]]
    return {"regions": rows}


def _shares(seen: Seen) -> dict[str, Any]:
    shares = shares_of_days(DAYS, seen.now).whole
    return {"share_parts": share_parts(shares), "share_strip": share_strip(shares)}


def _worst(seen: Seen) -> dict[str, Any]:
    wrong = tuple(parse_conditions([{"item": "severity", "op": "is", "values": ["error", "service"]}]))
    return {"worst": page_of_machines(Listing(wrong, order="-severity"), size=SHOWN).machines}


def _firmware(_seen: Seen) -> dict[str, Any]:
    devices = reverse("console:devices")
    rows = []
    for each in firmware_of_models(SHOWN):
        links = [
            (version, count, f"{devices}?{query_of(('model', each.model), ('firmware', version))}")
            for version, count in each.versions[:VERSIONS_SHOWN]
        ]
        rows.append((each, f"{devices}?{query_of(('model', each.model))}", links, len(each.versions) - len(links)))
    return {"firmware": rows}


def _collectors(seen: Seen) -> dict[str, Any]:
    rows = [(each, collector_shown(each, seen.now)) for each in collectors_with_counts()]
    wrong_first = sorted(rows, key=lambda row: row[1].css_class != "s-fail")
    return {"collector_rows": wrong_first[:SHOWN]}


TILES: dict[str, Tile] = {
    tile.name: tile
    for tile in (
        Tile("states", noop("States"), "", _states_tile),
        Tile("due", noop("Supplies due"), "c7", _due),
        Tile("silent", noop("Silent devices"), "c5", lambda seen: {"rows": machine_rows(silent_machines(SHOWN))}),
        Tile("pages", noop("Pages a day"), "c7", lambda seen: {"chart": _chart(seen.day)}),
        Tile("regions", noop("By region"), "c5", _regions),
        Tile("most", noop("Most pages"), "c6", lambda seen: {"most": top_machines(seen.day, SHOWN)}),
        Tile("fewest", noop("Fewest pages"), "c6", lambda seen: {"fewest": top_machines(seen.day, SHOWN, fewest=True)}),
        Tile("wrong", noop("What is wrong"), "c6", _worst),
        Tile("shares", noop("Shares of time"), "c6", _shares),
        Tile("collectors", noop("Collectors"), "c6", _collectors),
        Tile("firmware", noop("Firmware"), "c6", _firmware),
    )
}
USUAL = [Panel(name) for name in ("states", "due", "silent", "pages", "regions", "most", "fewest")]
"""What stands there until somebody arranges it."""


def shown_tiles(panels: Sequence[Panel]) -> list[ShownTile]:
    """Those of them that there are, each once."""
    known = {panel.name: panel for panel in panels if panel.name in TILES}
    tiles = []
    for name, panel in known.items():
        tile, template = TILES[name], f"console/fleet/tiles/{name}.html"
        tiles.append(ShownTile(name, _(tile.title), "" if panel.wide else tile.css, panel.wide, template))
    return tiles


def context_of(tiles: Sequence[ShownTile], seen: Seen) -> dict[str, Any]:
    """What these show, and nothing that others would."""
    context: dict[str, Any] = {
        "total": sum(seen.powers.values()),
        "silent": seen.silent,
        "silent_query": urlencode({"c": f"power,is,{Power.SILENT.value},{Power.CONFLICT.value}"}),
        "month": date_format(seen.day, "F"),
        "tiles": tiles,
    }
    for tile in tiles:
        context |= TILES[tile.name].context(seen)
    return context


def _states(powers: dict[str, int]) -> list[tuple[str, int, str]]:
    return [
        (str(label), powers[value], urlencode({"c": f"power,is,{value}"}))
        for value, label in Power.choices
        if powers.get(value)
    ]


def _strip(total: int, silent: int, failing: int, warning: int) -> list[tuple[str, float, float]]:
    """The fleet as one bar: class, start and width of each part in percent."""
    well = max(0, total - silent - failing - warning)
    strip, at = [], 0.0
    for css_class, number in (("f5", well), ("f-attn", warning), ("f-fail", failing), ("f3", silent)):
        width = 100 * number / total if total else 0
        if width:
            strip.append((css_class, round(at, 2), round(max(width - 0.3, 0.3), 2)))
        at += width
    return strip


def _chart(last: date) -> ColumnChart:
    first = last - timedelta(days=DAYS - 1)
    known = fleet_days(first, last)
    data = []
    for number in range(DAYS):
        each = first + timedelta(days=number)
        pages, color = known.get(each, (0, 0))
        name = date_format(each, "D j M")
        words = {"day": name, "pages": f"{pages:,}", "color": f"{color:,}"}
        tip = _("%(day)s: %(pages)s pages, %(color)s in colour") % words
        label = str(each.day) if number % 4 == 1 else ""
        data.append(
            Datum(name=name, label=label, tip=tip, values=(max(0, pages - color), color) if each in known else None)
        )
    return columns(
        data,
        pages_series(),
        caption=_("Pages a day as the machines count"),
        caption_hidden=True,
        sentence=_("Pages of the whole fleet a day"),
        empty_text=_("Nothing counted yet. Values come with the second reading of each machine."),
        height=168,
        with_values=True,
    )
