"""Reports of what devices have and had: supplies, alerts, shares of time in states."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import islice

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop

from platen.fleet.alert_words import alert_words
from platen.fleet.models import Alert, Machine, Supply
from platen.fleet.notice_words import HELPERS
from platen.fleet.reports.columns import Column, Report, who
from platen.fleet.reports.scopes import alerts_since, with_names
from platen.fleet.reports.tables import SEVERITIES
from platen.fleet.reports.usage import title_of
from platen.fleet.reports.wishes import Wish
from platen.fleet.state_shares import CHOICES, STATES, Shares, shares_by_key
from platen.fleet.supply_kinds import of_supply_kind
from platen.policy.fleet.periods import Period, periods_until
from platen.policy.fleet.rollups import first_moment, zone
from platen.tenants.queries import current_policy

AT_ONCE = 500
STATE_WORDS: Mapping[str, str] = {
    "ready": noop("Ready"),
    "warning": noop("Warning"),
    "error": noop("Error"),
    "service": noop("Service call"),
    "off": noop("Off"),
    "silent": noop("Not answering"),
    "unknown": noop("Not seen"),
}
TimeLine = tuple[Machine, list[Shares]]


def supplies(wish: Wish, machines: QuerySet[Machine]) -> Report:
    """What is left of each, and how long it lasts."""
    columns = [
        *who(lambda supply: supply.machine),
        Column("supply", _("Supply"), lambda supply: supply.description or supply.kind, fixed=True),
        Column("kind", _("Kind"), lambda supply: supply.kind, more=True),
        Column("color", _("Colour"), lambda supply: supply.color),
        Column("part", _("Part"), lambda supply: supply.part_number),
        Column("supply_serial", _("Serial number of the supply"), lambda supply: supply.serial, more=True),
        Column("percent", _("Percent"), lambda supply: supply.percent),
        Column("pages_left", _("Pages left"), lambda supply: supply.pages_left, more=True),
        Column("days_left", _("Days left"), lambda supply: supply.days_left),
        Column("empty_on", _("Out on"), lambda supply: supply.empty_on, more=True),
        Column("order_by", _("Order by"), lambda supply: supply.order_by, more=True),
        Column("installed", _("Put in"), lambda supply: supply.installed_at, more=True),
    ]
    return Report(columns, _supplies(wish, machines), lambda supply: supply.machine)


def alerts(wish: Wish, machines: QuerySet[Machine], now: datetime) -> Report:
    """What they reported, and for how long, as far as it was so in the days of the wish."""
    columns = [
        *who(lambda alert: alert.machine),
        Column("alert", _("Alert"), lambda alert: alert_words(alert.code, alert.description), fixed=True),
        Column("severity", _("Severity"), lambda alert: _(SEVERITIES[alert.severity])),
        Column(
            "helper", _("Who can help"), lambda alert: _(HELPERS[alert.training]) if alert.training in HELPERS else ""
        ),
        Column("code", _("Code"), lambda alert: alert.code, more=True),
        Column("began", _("Began"), lambda alert: alert.began_at),
        Column("over", _("Over"), lambda alert: alert.cleared_at),
        Column("hours", _("Hours"), lambda alert: _hours(alert, now)),
    ]
    return Report(columns, _alerts(wish, machines, now), lambda alert: alert.machine)


def shares(wish: Wish, machines: QuerySet[Machine], now: datetime, today: date) -> Report:
    """Of the days of the wish, the share of time in each state; or of each period, that in the states of a choice."""
    columns = who(lambda line: line[0])
    if not wish.interval:
        spans = [(now - timedelta(days=wish.days), now)]
        columns += [Column(state, _percent_title(state), _share(0, (state,)), fixed=True) for state in STATES]
    else:
        periods = periods_until(today, wish.every, wish.periods)
        spans = [_span(each, now) for each in periods]
        columns += [
            Column(f"p{place}", title_of(each, wish.every), _share(place, CHOICES[wish.of]), fixed=True)
            for place, each in enumerate(periods)
        ]
    return Report(columns, _shares(machines, spans), lambda line: line[0])


def _hours(alert: Alert, now: datetime) -> float:
    return round(((alert.cleared_at or now) - alert.began_at).total_seconds() / 3600, 1)


def _percent_title(state: str) -> str:
    return _("%(state)s, %% of time") % {"state": _(STATE_WORDS[state])}


def _share(place: int, states: Sequence[str]) -> Callable[[TimeLine], object]:
    return lambda line: round(100 * line[1][place].of(*states), 2) if line[1][place].all_s else None


def _span(period: Period, now: datetime) -> tuple[datetime, datetime]:
    place = zone(current_policy().time_zone)
    return first_moment(period.first, place), min(first_moment(period.last + timedelta(days=1), place), now)


def _shares(machines: QuerySet[Machine], spans: Sequence[tuple[datetime, datetime]]) -> Iterator[TimeLine]:
    every = with_names(machines).iterator(chunk_size=AT_ONCE)
    while some := list(islice(every, AT_ONCE)):
        ids = [machine.pk for machine in some]
        found = [shares_by_key(begin, end, ids) for begin, end in spans]
        yield from ((machine, [each.get(machine.pk, Shares({}, 0)) for each in found]) for machine in some)


def _supplies(wish: Wish, machines: QuerySet[Machine]) -> Iterator[Supply]:
    every = with_names(machines).iterator(chunk_size=AT_ONCE)
    while some := list(islice(every, AT_ONCE)):
        of = {machine.pk: machine for machine in some}
        own: dict[int, list[Supply]] = {key: [] for key in of}
        for supply in Supply.objects.filter(of_supply_kind(wish.supply), machine_id__in=of).order_by("key"):
            supply.machine = of[supply.machine_id]
            own[supply.machine_id].append(supply)
        for key in of:
            yield from own[key]


def _alerts(wish: Wish, machines: QuerySet[Machine], now: datetime) -> Iterator[Alert]:
    every = with_names(machines).iterator(chunk_size=AT_ONCE)
    while some := list(islice(every, AT_ONCE)):
        of = {machine.pk: machine for machine in some}
        own: dict[int, list[Alert]] = {key: [] for key in of}
        for alert in alerts_since(wish, now).filter(machine_id__in=of).order_by("-began_at", "-id"):
            alert.machine = of[alert.machine_id]
            own[alert.machine_id].append(alert)
        for key in of:
            yield from own[key]
