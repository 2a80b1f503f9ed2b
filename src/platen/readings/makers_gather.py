"""What is found on the way through a maker's objects, and what follows from it."""

from __future__ import annotations

from collections.abc import Iterable

from platen.readings.facts import Meter, Supply, SupplyState
from platen.readings.makers_rows import Fact, Row, Sum

_RECEPTACLES = frozenset({"waste-toner", "waste-ink", "waste-wax", "waste-water", "waste-paper"})
_STATES = {1: SupplyState.SOME, 2: SupplyState.LOW}
"""What a maker says of a supply in place of how much there is."""

_NOTHING = frozenset({"", "null", "(null)", "none", "unknown", "n/a", "undefined", "not available"})
"""What agents write where there is nothing: a Ricoh SP 3600DN says that its firmware is NULL."""


class Gathered:
    """Facts as they come. The first of several values for one fact counts, unless the row says that they add up."""

    def __init__(self) -> None:
        self.identity: dict[str, str] = {}
        self.meters: dict[str, Meter] = {}
        self.console: list[str] = []
        self.notes: list[str] = []
        self._numbers: dict[str, dict[str, int]] = {}  # of a supply, by what was read
        self._texts: dict[str, dict[str, str]] = {}
        self._sources: dict[str, str] = {}

    def number(self, row: Row, number: int, source: str, capacity: int | None = None) -> None:
        """A number that a row is about. capacity: where the value says of how much it is."""
        if row.scale != 1:
            number = round(number * row.scale)
        if row.fact is Fact.METER:
            self._meter(row, number, source)
        elif row.fact is Fact.SUPPLY:
            numbers = self._numbers.setdefault(_place(row), {})
            self._sources.setdefault(_place(row), source)
            numbers.setdefault(row.reads, number)
            if capacity is not None:
                numbers.setdefault("capacity", capacity)
        else:
            self.text(row, str(number), source)

    def text(self, row: Row, text: str, source: str) -> None:
        """A text that a row is about."""
        if row.fact is Fact.IDENTITY:
            if text.casefold().strip(" -.") not in _NOTHING:
                self.identity.setdefault(row.name, text)
        elif row.fact is Fact.CONSOLE:
            self.console.append(text)
        elif row.fact is Fact.SUPPLY:
            self._sources.setdefault(_place(row), source)
            self._texts.setdefault(_place(row), {}).setdefault(row.reads, text)

    def _meter(self, row: Row, number: int, source: str) -> None:
        known = self.meters.get(row.name)
        if known is None:
            self.meters[row.name] = Meter(row.name, number, source, row.unit)
        elif row.add:
            self.meters[row.name] = Meter(row.name, known.value + number, f"{known.source}+{source}", row.unit)

    def add_up(self, sums: Iterable[Sum]) -> None:
        """Meters that follow from others, where all that are needed are there."""
        for total in sums:
            if total.name in self.meters or not all(name in self.meters for name in (*total.plus, *total.minus)):
                continue
            plus = [self.meters[name] for name in (*total.plus, *total.optional) if name in self.meters]
            minus = [self.meters[name] for name in total.minus]
            value = sum(meter.value for meter in plus) - sum(meter.value for meter in minus)
            if value < 0:
                self.notes.append(f"{total.name} could not be worked out: its parts do not fit together.")
                continue
            source = "+".join(meter.source for meter in plus) + "".join(f"-{meter.source}" for meter in minus)
            self.meters[total.name] = Meter(total.name, value, source, total.unit)

    def supplies(self) -> tuple[Supply, ...]:
        """One for each name, with what was read of it."""
        return tuple(self._supply(name, source) for name, source in self._sources.items())

    def _supply(self, name: str, source: str) -> Supply:
        what, _, label = name.partition(":")
        kind, _, color = what.partition(".")
        numbers, texts = self._numbers.get(name, {}), self._texts.get(name, {})
        percent = _percent(numbers)
        state = _STATES.get(numbers.get("state", 0), SupplyState.UNKNOWN)
        return Supply(
            key=f"maker.{name}",
            kind=kind,
            color=color,
            description=texts.get("description", label),
            state=state if percent is None else SupplyState.LEVEL if percent else SupplyState.EMPTY,
            percent=percent,
            level=numbers.get("level"),
            capacity=numbers.get("capacity"),
            receptacle=kind in _RECEPTACLES,
            part_number=texts.get("part-number", ""),
            serial=texts.get("serial", ""),
            pages_left=numbers.get("pages-left"),
            source=source,
        )


def _place(row: Row) -> str:
    """Which supply a row is about."""
    return f"{row.name}:{row.label}" if row.label else row.name


def _percent(numbers: dict[str, int]) -> int | None:
    """As read, or of level and capacity, or nothing where no page is left; None where none of these makes sense."""
    if "percent" in numbers:
        return numbers["percent"] if numbers["percent"] <= 100 else None
    level, capacity = numbers.get("level"), numbers.get("capacity")
    if level is None and numbers.get("pages-left") == 0:
        return 0
    if level is None or not capacity or level > capacity:
        return None
    return round(100 * level / capacity)
