"""Columns of reports, and the table that they make of what is found."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
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


def itself(line: Any) -> Machine:
    """The machine of a line that is one."""
    machine: Machine = line
    return machine


def own(name: str, machine: Callable[[Any], Machine] = itself) -> Callable[[Any], object]:
    """What is known of a line's machine under a name."""
    return lambda line: getattr(machine(line), name)


def who(machine: Callable[[Any], Machine] = itself, *, also: Collection[str] = ()) -> list[Column]:
    """Which device a line is of. also: columns that are there without being chosen, beside the usual ones."""

    def of_device(name: str) -> Callable[[Any], object]:
        return lambda line: getattr(machine(line).device, name)

    def named(name: str) -> Callable[[Any], object]:
        return lambda line: str(getattr(machine(line), name) or "")

    def more(key: str, title: str, value: Callable[[Any], object]) -> Column:
        return Column(key, title, value, more=key not in also)

    return [
        Column("name", _("Name"), of_device("name")),
        Column("maker", _("Maker"), own("maker", machine)),
        Column("model", _("Model"), own("model", machine)),
        Column("serial", _("Serial number"), own("serial", machine)),
        Column("address", _("Address"), own("address", machine)),
        more("host_name", _("Host name"), own("host_name", machine)),
        more("mac", _("MAC address"), own("mac", machine)),
        more("region", _("Region"), named("region")),
        more("place", _("Place"), named("place")),
        more("location", _("Location"), of_device("location")),
        more("contact", _("Contact"), own("contact", machine)),
        more("asset_number", _("Asset number"), own("asset_number", machine)),
        more("collector", _("Read by"), own("collector", machine)),
    ]
