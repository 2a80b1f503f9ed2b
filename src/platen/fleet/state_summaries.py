"""Shares of time of a large fleet, for whoever looks: summed up in the background, some machines at a time.

A small fleet is summed up when somebody looks. Of a large one that would go through millions of spans, so that what was
summed up last is shown instead; people whose rights end at regions see these summed up as they look.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from heapq import nlargest

from platen.fleet.models import Machine, StateSummary
from platen.fleet.state_shares import CHOICES, Shares, longest_in, shares_by_key, shares_of_fleet
from platen.tenants.context import current_regions

DAYS = (7, 30, 90)
"""What is summed up, and what pages offer."""
LARGE = 2_000
"""Machines of a fleet that is summed up in the background."""
EVERY = timedelta(hours=1)
FRESH = timedelta(hours=6)
"""What is older, as after the node was off, is not shown."""
AT_ONCE = 1_000
LONGEST_MAX = 50


@dataclass(frozen=True, slots=True)
class FleetShares:
    """Of all managed machines in the days before `at`, and those that were longest in the states of a choice."""

    at: datetime
    whole: Shares
    longest: list[tuple[Machine, Shares]]


def shares_of_days(days: int, now: datetime, choice: str = "") -> FleetShares:
    """As summed up last, or else now. choice: of CHOICES; empty: nobody is asked for."""
    summary = _summary(days, now)
    if summary is not None:
        return FleetShares(summary.at, Shares(summary.seconds, summary.all_s), _longest(summary, choice))
    begin = now - timedelta(days=days)
    longest = longest_in(choice, begin, now, LONGEST_MAX) if choice else []
    return FleetShares(now, shares_of_fleet(begin, now), longest)


def _summary(days: int, now: datetime) -> StateSummary | None:
    if current_regions() is not None:
        return None
    found: StateSummary | None = StateSummary.objects.filter(days=days, at__gt=now - FRESH, at__lte=now).first()
    return found


def _longest(summary: StateSummary, choice: str) -> list[tuple[Machine, Shares]]:
    rows = summary.longest.get(choice, [])
    machines = Machine.objects.filter(managed=True).select_related("device").in_bulk([row[0] for row in rows])
    return [(machines[key], Shares(seconds, all_s)) for key, all_s, seconds in rows if key in machines]


@dataclass(slots=True)
class Summing:
    """A round over all machines of the current tenant, that ends with the summaries of all stretches of days."""

    at: datetime
    _after: int = 0
    _sums: dict[int, _Sum] = field(default_factory=lambda: {days: _Sum() for days in DAYS})

    def step(self, limit: int = AT_ONCE) -> bool:
        """The next machines. Returns: whether that were the last, and the summaries are kept."""
        machines = Machine.objects.filter(managed=True, found_at__lt=self.at, pk__gt=self._after).order_by("pk")
        ids = list(machines.values_list("pk", flat=True)[:limit])
        for days, each in self._sums.items():
            each.add(shares_by_key(self.at - timedelta(days=days), self.at, ids).items())
        if len(ids) == limit:
            self._after = ids[-1]
            return False
        for days, each in self._sums.items():
            values = {"at": self.at, "seconds": each.seconds, "all_s": each.all_s, "longest": each.longest}
            StateSummary.objects.update_or_create(days=days, defaults=values)
        return True


@dataclass(slots=True)
class _Sum:
    """Of a stretch of days, of the machines so far."""

    seconds: dict[str, float] = field(default_factory=dict)
    all_s: float = 0.0
    longest: dict[str, list[tuple[int, float, dict[str, float]]]] = field(default_factory=dict)

    def add(self, found: Iterable[tuple[int, Shares]]) -> None:
        some = list(found)
        for _, shares in some:
            self.all_s += shares.all_s
            for state, length in shares.seconds.items():
                self.seconds[state] = self.seconds.get(state, 0.0) + length
        for choice, states in CHOICES.items():
            rows = [*self.longest.get(choice, []), *_in_it(some, states)]
            self.longest[choice] = nlargest(LONGEST_MAX, rows, key=lambda row: (_length(row[2], states), -row[0]))


def _in_it(
    found: Iterable[tuple[int, Shares]], states: tuple[str, ...]
) -> Iterator[tuple[int, float, dict[str, float]]]:
    return ((key, each.all_s, dict(each.seconds)) for key, each in found if _length(each.seconds, states) > 0)


def _length(seconds: Mapping[str, float], states: tuple[str, ...]) -> float:
    return sum(seconds.get(state, 0.0) for state in states)


def is_large() -> bool:
    """Whether the current tenant's fleet is one that is summed up in the background."""
    return len(Machine.objects.values_list("pk", flat=True)[: LARGE + 1]) > LARGE
