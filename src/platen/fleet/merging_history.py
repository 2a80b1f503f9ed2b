"""What was of two records of one machine, as that of one: meters, readings, supplies, alerts, states."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import F, Q
from django.utils import timezone

from platen.fleet.meters_at import moves_of, place_of
from platen.fleet.models import Alert, FleetDay, Machine, MeterReading, MonthMeters, StateSpan, Supply, SupplyEvent
from platen.policy.fleet.merging import Span, merge_days, merge_spans
from platen.policy.fleet.month_days import GAP_MAX, MonthDays
from platen.policy.fleet.rollups import day_of, month_of
from platen.tenants.context import current_tenant_id

SAME_CHANGE = timedelta(days=1)
"""Two records tell of one change of a supply when their readings are no further apart."""


def counted_at_once(kept: Machine, gone: Machine) -> bool:
    """Whether both were read at the same time, and not one after the other."""
    first, second = sorted((kept, gone), key=lambda machine: machine.found_at)
    return first.counted_at is not None and second.counted_at is not None and second.found_at < first.counted_at


def merge_months(kept: Machine, gone: Machine) -> None:
    """Months with their days; what both had counted is taken out of the fleet's sums once."""
    at_once = counted_at_once(kept, gone)
    there = {month.day: month for month in MonthMeters.objects.filter(machine=kept)}
    for other in MonthMeters.objects.filter(machine=gone):
        month = there.get(other.day)
        if month is None:
            MonthMeters.objects.filter(pk=other.pk).update(machine=kept)
        else:
            _merge_month(month, other, at_once=at_once)
    current = month_of(day_of(timezone.now(), place_of(kept)))
    newest = MonthMeters.objects.filter(machine=kept).order_by("-day").first()
    if newest is not None and newest.day == current:
        kept.pages_month = newest.pages


def _merge_month(month: MonthMeters, other: MonthMeters, *, at_once: bool) -> None:
    days = [list(MonthDays(each.days).of(each.day)) for each in (month, other)]
    merged = merge_days(*days, at_once=at_once)
    moves = [moves_of(each) for each in (month, other)]
    names = {name for each in moves for name in each}
    # Days are forgotten earlier than months: then the months themselves are merged in the same way.
    one = max if at_once else sum
    of_months = {name: one([each.get(name, 0) for each in moves]) for name in names}
    moved = dict(merged.moved) if all(days) else of_months
    month.days, month.pages, month.color = merged.text, moved.pop("total", 0), moved.pop("total.color", 0)
    month.moved, month.at_end = moved, month.at_end or other.at_end
    month.gap = " ".join(dict.fromkeys(each for each in (month.gap, other.gap) if each))[:GAP_MAX]
    month.save()
    for number, (pages, color) in merged.twice.items():
        sums = FleetDay.objects.filter(day=month.day.replace(day=number))
        sums.update(pages=F("pages") - pages, color=F("color") - color)


def move_readings(kept: Machine, gone: Machine) -> None:
    """Those of the time in which the record that stays was not read itself: the others say the same again."""
    readings = MeterReading.objects.filter(machine=gone)
    if counted_at_once(kept, gone):
        readings.filter(at__gte=kept.found_at, at__lte=kept.counted_at, suspicion="").delete()
    MeterReading.objects.filter(machine=gone).update(machine=kept)


def merge_supplies(kept: Machine, gone: Machine, *, newer: Machine) -> None:
    """Each place once, as the record read last says it; each replacement once."""
    older = gone if newer.pk == kept.pk else kept
    keys = Supply.objects.filter(machine=newer).values_list("key", flat=True)
    Supply.objects.filter(machine=older, key__in=list(keys)).delete()
    Supply.objects.filter(machine=gone).update(machine=kept)
    changes = list(SupplyEvent.objects.filter(machine=kept).exclude(kind="level").values_list("key", "kind", "at"))
    for event in SupplyEvent.objects.filter(machine=gone).exclude(kind="level"):
        if any(
            (key, kind) == (event.key, event.kind) and abs(at - event.at) < SAME_CHANGE for key, kind, at in changes
        ):
            event.delete()
    SupplyEvent.objects.filter(machine=gone).update(machine=kept)


def merge_alerts(kept: Machine, gone: Machine) -> None:
    """An alert that both reported is one, from its first beginning to its last end; open for one, it is open."""
    known = list(Alert.objects.filter(machine=kept))
    for alert in Alert.objects.filter(machine=gone).order_by("began_at"):
        same = [each for each in known if each.key == alert.key and _overlap(each, alert)]
        ends = [each.cleared_at for each in (*same, alert)]
        alert.machine, alert.began_at = kept, min(each.began_at for each in (*same, alert))
        alert.cleared_at = None if None in ends else max(end for end in ends if end is not None)
        Alert.objects.filter(pk__in=[each.pk for each in same]).delete()
        alert.save(update_fields=["machine", "began_at", "cleared_at"])
        known = [each for each in known if each not in same] + [alert]


def _overlap(one: Alert, other: Alert) -> bool:
    ends_before = one.cleared_at is not None and one.cleared_at < other.began_at
    begins_after = other.cleared_at is not None and other.cleared_at < one.began_at
    return not ends_before and not begins_after


def merge_states(kept: Machine, gone: Machine, now: datetime, *, newer: Machine) -> None:
    """States of the time that both were watched are those of who saw the machine; of two that saw it, of who was read
    last, so that the last state is that of the machine."""
    older = gone if newer.pk == kept.pk else kept
    spans = StateSpan.objects.filter(Q(machine=kept) | Q(machine=gone)).order_by("began_at")
    ours, theirs = (
        [Span(each.state, each.began_at, each.ended_at) for each in spans if each.machine_id == machine.pk]
        for machine in (newer, older)
    )
    merged = merge_spans(ours, theirs, now)
    spans.delete()
    StateSpan.objects.bulk_create(
        [
            StateSpan(
                tenant_id=current_tenant_id(), machine=kept, state=each.state, began_at=each.begin, ended_at=each.end
            )
            for each in merged
        ],
        batch_size=500,
    )
