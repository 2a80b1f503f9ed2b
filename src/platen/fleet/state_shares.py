"""Shares of time that machines were in a state, over the whole fleet (EMC-REPT-09), from the spans that are kept.

A machine counts from when it was found. What nobody saw of that time is `unknown`. Asleep is ready: it wakes for a job.
Everything is summed up where the spans are, since a large fleet has millions of them in a season.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, Func, Q, QuerySet, Sum, Value
from django.db.models.fields import DateTimeField, FloatField
from django.db.models.functions import Coalesce, Greatest, Least

from platen.fleet.models import Machine, StateSpan

STATES = ("ready", "warning", "error", "service", "off", "silent", "unknown")
CHOICES: Mapping[str, tuple[str, ...]] = {
    "service": ("service",),
    "error": ("error", "service"),
    "warning": ("warning", "error", "service"),
    "off": ("off", "silent"),
    "silent": ("silent",),
}
"""What machines are ranked by: the first is part of the ones that follow it."""
_CHUNK = 500


class _Epoch(Func):
    """Seconds of a moment, at the database's own speed."""

    output_field = FloatField()

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        """Moments are texts there."""
        return self.as_sql(compiler, connection, template="(julianday(%(expressions)s) * 86400.0)", **extra)

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        """Moments are moments there."""
        return self.as_sql(compiler, connection, template="EXTRACT(EPOCH FROM %(expressions)s)::float8", **extra)


@dataclass(frozen=True, slots=True)
class Shares:
    """Of one machine or of many. seconds: by state; all_s: how long it was counted."""

    seconds: Mapping[str, float]
    all_s: float

    def of(self, *states: str) -> float:
        """The share of these states, from 0 to 1."""
        total = sum(self.seconds.get(state, 0.0) for state in states)
        return min(1.0, total / self.all_s) if self.all_s > 0 else 0.0


def shares_of_fleet(begin: datetime, end: datetime) -> Shares:
    """Of all managed machines together."""
    spans = _spans(begin, end).filter(machine__managed=True)
    rows = spans.values_list("state").annotate(seconds=_length(begin, end)).order_by()
    counted = Machine.objects.filter(managed=True, found_at__lt=end)
    all_s = counted.aggregate(seconds=Sum(_epoch(end) - _Epoch(Greatest(F("found_at"), _moment(begin)))))["seconds"]
    return _shares(dict(rows), all_s or 0.0)


def longest_in(choice: str, begin: datetime, end: datetime, limit: int) -> list[tuple[Machine, Shares]]:
    """The managed machines that were longest in the states of a choice, with all of their shares."""
    spans = _spans(begin, end).filter(machine__managed=True, state__in=CHOICES[choice])
    rows = spans.values_list("machine_id").annotate(seconds=_length(begin, end)).order_by("-seconds", "machine_id")
    ids = [key for key, seconds in rows[:limit] if seconds > 0]
    return list(shares_of_machines(begin, end, ids))


def shares_of_machines(begin: datetime, end: datetime, ids: Collection[int]) -> Iterator[tuple[Machine, Shares]]:
    """Of each of these machines, in the order given."""
    ordered = list(ids)
    for start in range(0, len(ordered), _CHUNK):
        some = ordered[start : start + _CHUNK]
        found = shares_by_key(begin, end, some)
        machines = Machine.objects.select_related("device").in_bulk(some)
        yield from ((machines[key], found[key]) for key in some if key in machines)


def shares_by_key(begin: datetime, end: datetime, ids: Collection[int]) -> dict[int, Shares]:
    """Of each of some machines, by their keys."""
    seconds: dict[int, dict[str, float]] = {}
    spans = _spans(begin, end).filter(machine_id__in=ids)
    for key, state, length in spans.values_list("machine_id", "state").annotate(seconds=_length(begin, end)).order_by():
        seconds.setdefault(key, {})[state] = length
    found = Machine.objects.filter(pk__in=ids).values_list("pk", "found_at")
    return {
        key: _shares(seconds.get(key, {}), max(0.0, (end - max(begin, found_at)).total_seconds()))
        for key, found_at in found
    }


def _shares(seconds: Mapping[str, float], all_s: float) -> Shares:
    seen = {state: max(0.0, length) for state, length in seconds.items()}
    unseen = all_s - sum(seen.values())
    # Rounding of moments, and a machine that was seen before it was found, leave a little over.
    return Shares({**seen, "unknown": seen.get("unknown", 0.0) + max(0.0, unseen)}, max(all_s, sum(seen.values())))


def _spans(begin: datetime, end: datetime) -> QuerySet[StateSpan]:
    found: QuerySet[StateSpan] = StateSpan.objects.filter(began_at__lt=end)
    return found.filter(Q(ended_at__isnull=True) | Q(ended_at__gt=begin))


def _length(begin: datetime, end: datetime) -> Sum:
    last = Least(Coalesce(F("ended_at"), _moment(end)), _moment(end))
    return Sum(_Epoch(last) - _Epoch(Greatest(F("began_at"), _moment(begin))), output_field=FloatField())


def _moment(moment: datetime) -> Value:
    return Value(moment, output_field=DateTimeField())


def _epoch(moment: datetime) -> _Epoch:
    return _Epoch(_moment(moment))
