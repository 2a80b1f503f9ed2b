"""The columns that a list of machines can have: what stands in each, in a page (machine_cells) and in an export."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop

from platen.console.machine_words import (
    POWER_WORDS,
    SEVERITY_WORDS,
    TRAINING_WORDS,
    duration,
    mac_text,
    machine_shown,
    supply_name,
    supply_shown,
)
from platen.fleet.finisher_words import kinds_in_words
from platen.fleet.models import Machine, Supply
from platen.fleet.queries_rows import soonest
from platen.policy.job_states import Shown


@dataclass(frozen=True, slots=True)
class Row:
    """A machine and what stands beside it in a list."""

    machine: Machine
    supplies: list[Supply]
    tariff: Any = None

    @property
    def shown(self) -> Shown:
        """Its state."""
        return machine_shown(self.machine)

    @property
    def first_out(self) -> Shown | None:
        """Which supply is out first, and when."""
        first = soonest(self.supplies)
        if first is None:
            return None
        shown = supply_shown(first)
        return Shown(
            f"{supply_name(first)}, {shown.word}"
            if first.days_left is not None
            else f"{supply_name(first)} {shown.word}",
            shown.css_class,
        )


Value = Callable[[Row], object]


@dataclass(frozen=True, slots=True)
class Column:
    """One column. order: of fleet.lists.ORDERS, empty where it cannot be ordered by. cell: how the page draws it
    (machine_cells).

    value: for exports, and for the page where `cell` is "text". css: classes of its cells.
    """

    name: str
    label: str
    value: Value
    order: str = ""
    cell: str = "text"
    css: str = "wide"

    @property
    def title(self) -> str:
        """Its head."""
        return _(self.label)


def _of(name: str) -> Value:
    return lambda row: getattr(row.machine, name)


def _device(name: str) -> Value:
    return lambda row: getattr(row.machine.device, name)


def _name_of(name: str) -> Value:
    return lambda row: str(getattr(row.machine, name) or "")


def _word(words: dict[Any, str], name: str) -> Value:
    def value(row: Row) -> str:
        found = getattr(row.machine, name)
        return _(words[found]) if found in words else str(found or "")

    return value


def _local(name: str) -> Value:
    def value(row: Row) -> object:
        moment = getattr(row.machine, name)
        return None if moment is None else timezone.localtime(moment)

    return value


def _first_out(row: Row) -> str:
    first = row.first_out
    return "" if first is None else first.word


def reader_of(row: Row) -> str:
    """Who reads it: a collector by its name, or the server."""
    return row.machine.collector or _("this server")


def _model(row: Row) -> str:
    machine = row.machine
    return f"{machine.maker} {machine.model}".strip() or machine.device.make_and_model


def _rounded(name: str) -> Value:
    def value(row: Row) -> int | None:
        found = getattr(row.machine, name)
        return None if found is None else round(found)

    return value


def _scheme(row: Row) -> str:
    primary = getattr(row.tariff, "primary", None)
    return str(primary.name) if primary else ""


COLUMNS: dict[str, Column] = {
    column.name: column
    for column in (
        Column("name", noop("Name"), _device("name"), "name", "name", ""),
        Column("state", noop("State"), lambda row: row.shown.word, "severity", "state", ""),
        Column("location", noop("Place"), _device("location"), "location", css="mid"),
        Column("model", noop("Model"), _model, "model", css="wide muted"),
        Column("address", noop("Address"), _of("address"), "address", "address", "wide muted"),
        Column("supplies", noop("Supplies, first to end"), _first_out, "supply_days", "supplies", "mid"),
        Column("pages_month", noop("Pages this month"), _of("pages_month"), "pages_month", "number", "num mid"),
        Column("read_at", noop("Read"), _local("read_at"), "read_at", "ago", "num mid muted"),
        Column("pages", noop("Life count"), _of("pages"), "pages", "number", "num wide"),
        Column("pages_color", noop("In colour"), _of("pages_color"), "pages_color", "number", "num wide"),
        Column("serial", noop("Serial number"), _of("serial"), "serial", "mono"),
        Column("asset_number", noop("Asset number"), _of("asset_number"), "asset_number"),
        Column("maker", noop("Maker"), _of("maker"), "maker"),
        Column("firmware", noop("Firmware"), _of("firmware"), "firmware"),
        Column(
            "finishing", noop("Finishers"), lambda row: kinds_in_words(row.machine.finishing), "finishing", css="mid"
        ),
        Column("host_name", noop("Host name"), _of("host_name"), "host_name"),
        Column("mac", noop("Hardware address"), lambda row: mac_text(row.machine.mac), "mac", "mono"),
        Column("contact", noop("Contact"), _of("contact"), "contact"),
        Column("region", noop("Region"), _name_of("region"), "region"),
        Column("plan", noop("Floor or site"), _name_of("place"), "place"),
        Column("power", noop("Power"), _word(POWER_WORDS, "power"), "power", "now"),
        Column("severity", noop("Severity"), _word(SEVERITY_WORDS, "severity"), "severity", "now"),
        Column("training", noop("Response"), _word(TRAINING_WORDS, "training"), "training", "now"),
        Column("trouble", noop("Error"), _of("trouble"), "trouble"),
        Column(
            "supply_percent", noop("Lowest supply, %"), _of("supply_percent"), "supply_percent", "number", "num wide"
        ),
        Column("supply_days", noop("Days to first out"), _of("supply_days"), "supply_days", "number", "num wide"),
        Column("uptime", noop("Up for"), lambda row: duration(row.machine.uptime_s), "uptime", css="num wide"),
        Column("reboots", noop("Restarts"), _of("reboots"), "reboots", "number", "num wide"),
        Column("response_ms", noop("Answers in, ms"), _rounded("response_ms"), "response_ms", "number", "num wide"),
        Column(
            "response_usual_ms",
            noop("Usually answers in, ms"),
            _rounded("response_usual_ms"),
            "response_usual_ms",
            "number",
            "num wide",
        ),
        Column("managed", noop("Managed"), lambda row: _("yes") if row.machine.managed else _("no")),
        Column("link", noop("Link"), _of("link"), cell="link"),
        Column("protocol", noop("Asked by"), _of("protocol")),
        Column("credential", noop("Credential"), _name_of("credential")),
        Column("collector", noop("Read by"), reader_of, "collector"),
        Column("time_zone", noop("Time zone"), _of("time_zone")),
        Column("found_at", noop("Found"), _local("found_at"), "found_at", "ago", "num wide"),
        Column("found_by", noop("Found by"), _of("found_by")),
        Column("due_at", noop("Read next"), _local("due_at"), "due_at", "when", "num wide"),
        Column("failure", noop("Why not read"), _of("failure")),
        Column("scheme", noop("Prices"), _scheme),
        Column("uri", noop("Documents go to"), _device("uri")),
    )
}
DEFAULT_COLUMNS = ("name", "state", "location", "model", "address", "supplies", "pages_month", "read_at")


def export_values(row: Row, columns: Iterable[str]) -> list[object]:
    """The same row for an export."""
    return [COLUMNS[name].value(row) for name in columns]
