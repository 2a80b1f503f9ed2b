"""How long machines are known and when they did not answer: so that a period without pages is 0 where a machine was
read and printed nothing, and nothing where nobody knows."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Min, Q

from platen.fleet.models import Machine, MonthMeters, StateSpan
from platen.fleet.settings import fleet_settings
from platen.policy.fleet.periods import Period, Watched
from platen.policy.fleet.rollups import day_of, first_moment, zone
from platen.tenants.queries import current_policy

_AWAY = ("off", "silent", "unknown")
Stretch = tuple[datetime, datetime]


def watched(
    ids: Collection[int], periods: Sequence[Period], counted: Mapping[int, Iterable[date]]
) -> dict[int, Watched]:
    """Of the machines of which anything was ever counted. counted: the days or months of the periods of which something
    is kept.

    Of times whose states are kept no longer nobody knows who answered: they are not watched.
    """
    place = zone(current_policy().time_zone)
    firsts = dict(
        MonthMeters.objects.filter(machine_id__in=ids).order_by().values_list("machine_id").annotate(Min("day"))
    )
    read = Machine.objects.filter(pk__in=firsts, counted_at__isnull=False).values_list("pk", "counted_at")
    away = _away(list(firsts), first_moment(periods[0].first, place), first_moment(periods[-1].last, place))
    kept_since = periods[-1].last - timedelta(days=fleet_settings().keep_status_days)
    found = {}
    for key, at in read:
        since = firsts[key]
        if since >= periods[0].first.replace(day=1):  # its first day is one of these
            since = min(counted[key], default=since)
        days = [_whole_days(each, place) for each in away.get(key, ())]
        found[key] = Watched(max(since, kept_since), day_of(at, place), [each for each in days if each[0] <= each[1]])
    return found


def _away(ids: Sequence[int], begin: datetime, end: datetime) -> dict[int, list[Stretch]]:
    """When they did not answer; one time goes on where one state of these follows another."""
    spans = StateSpan.objects.filter(machine_id__in=ids, state__in=_AWAY, began_at__lt=end)
    spans = spans.filter(Q(ended_at__isnull=True) | Q(ended_at__gt=begin)).order_by("machine_id", "began_at", "id")
    found: dict[int, list[Stretch]] = {}
    for key, began, ended in spans.values_list("machine_id", "began_at", "ended_at"):
        own = found.setdefault(key, [])
        until = ended or end + timedelta(days=1)
        if own and began <= own[-1][1]:
            own[-1] = own[-1][0], max(own[-1][1], until)
        else:
            own.append((began, until))
    return found


def _whole_days(stretch: Stretch, place: ZoneInfo) -> tuple[date, date]:
    """The days of which nothing is outside, both included; the first after the last: none."""
    began, ended = stretch
    return day_of(began, place) + timedelta(days=1), day_of(ended, place) - timedelta(days=1)
