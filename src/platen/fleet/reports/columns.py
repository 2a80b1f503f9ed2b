"""Columns of reports, and the table that they make of what is found."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from platen.fleet.models import Machine


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `value` is its cell for a line. more: only there when it is chosen. fixed: always there."""

    key: str
    title: str
    value: Callable[[Any], object]
    more: bool = False
    fixed: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """A table. lines: what each row is of, read as it is asked for; machine: of a line, where it is of one."""

    columns: Sequence[Column]
    lines: Iterator[Any]
    machine: Callable[[Any], Machine | None] = lambda line: line

    @property
    def head(self) -> list[str]:
        """What stands above the columns."""
        return [column.title for column in self.columns]

    @property
    def rows(self) -> Iterator[list[object]]:
        """The cells of each line; can be read once."""
        return ([column.value(line) for column in self.columns] for line in self.lines)

    @property
    def told(self) -> Iterator[tuple[Machine | None, list[object]]]:
        """The same, each with its machine; can be read once."""
        return ((self.machine(line), [column.value(line) for column in self.columns]) for line in self.lines)


def chosen(columns: Sequence[Column], keys: Sequence[str]) -> list[Column]:
    """Those with these keys, in the report's order; none: the usual ones."""
    known = {column.key for column in columns if not column.fixed} & set(keys)
    return [column for column in columns if column.fixed or (column.key in known if known else not column.more)]


def who(machine: Callable[[Any], Machine] = lambda line: line) -> list[Column]:
    """Which device a line is of."""

    def own(name: str) -> Callable[[Any], object]:
        return lambda line: getattr(machine(line), name)

    def of_device(name: str) -> Callable[[Any], object]:
        return lambda line: getattr(machine(line).device, name)

    def named(name: str) -> Callable[[Any], object]:
        return lambda line: str(getattr(machine(line), name) or "")

    return [
        Column("name", _("Name"), of_device("name")),
        Column("maker", _("Maker"), own("maker")),
        Column("model", _("Model"), own("model")),
        Column("serial", _("Serial number"), own("serial")),
        Column("address", _("Address"), own("address")),
        Column("host_name", _("Host name"), own("host_name"), more=True),
        Column("mac", _("MAC address"), own("mac"), more=True),
        Column("region", _("Region"), named("region"), more=True),
        Column("place", _("Place"), named("place"), more=True),
        Column("location", _("Location"), of_device("location"), more=True),
        Column("contact", _("Contact"), own("contact"), more=True),
        Column("asset_number", _("Asset number"), own("asset_number"), more=True),
        Column("collector", _("Read by"), own("collector"), more=True),
    ]
