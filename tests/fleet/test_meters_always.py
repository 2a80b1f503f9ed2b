"""Meters of the past, whatever was read and whatever is forgotten: they are right, or said not to be exact."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from platen.fleet.known import Known, load_known
from platen.fleet.meters_at import MetersAt, meters_at
from platen.fleet.models import Machine, MeterReading, MonthMeters
from platen.fleet.store_meters import MeterBatch
from platen.policy.fleet.rollups import month_of
from platen.tenants.models import Tenant
from tests.fleet.machines import START, machine

NAMES = ("total", "copy", "print", "scan")
ZONES = ("UTC", "Pacific/Auckland", "America/Sao_Paulo")


@dataclass(frozen=True)
class Step:
    """A reading: so many hours after the one before, which meters it has, and how far each went since."""

    hours: int
    shown: frozenset[str]
    moves: tuple[int, ...]
    replaced: bool


STEPS = st.lists(
    st.builds(
        Step,
        hours=st.sampled_from((1, 1, 2, 2, 5, 24, 24 * 20, 24 * 500)),
        shown=st.frozensets(st.sampled_from(NAMES), min_size=1),
        moves=st.tuples(*[st.sampled_from((0, 0, 4, 30))] * len(NAMES)),
        replaced=st.sampled_from((False,) * 5 + (True,)),
    ),
    min_size=5,
    max_size=10,
)


@dataclass
class Lived:
    """A machine that is read, what it truly said, and when."""

    machine: Machine
    known: Known
    counters: dict[str, int] = field(default_factory=lambda: dict.fromkeys(NAMES, 500))
    said: dict[str, int] = field(default_factory=dict)
    past: list[tuple[datetime, dict[str, int]]] = field(default_factory=list)
    now: datetime = START

    def read(self, step: Step) -> None:
        """Copies and prints move the total as well, as they do in machines."""
        self.now += timedelta(hours=step.hours)
        if step.replaced:
            self.counters, self.said = dict.fromkeys(NAMES, 90), {}
        for name, move in zip(NAMES, step.moves, strict=True):
            self.counters[name] += move
        self.counters["total"] += step.moves[1] + step.moves[2]
        self.said = self.said | {name: self.counters[name] for name in NAMES if name in step.shown}
        batch = MeterBatch([])
        values = {name: self.counters[name] for name in step.shown}
        batch.take(self.known, values, self.now, replaced=step.replaced)
        batch.write()
        self.past.append((self.now, self.said))

    def until(self, moment: datetime) -> dict[str, int]:
        """What it had said when a moment began."""
        return next((said for at, said in reversed(self.past) if at < moment), {})

    def at(self, moment: datetime) -> MetersAt:
        """What is known now of a moment."""
        self.machine.meters, self.machine.counted_at = self.known.meters, self.known.counted_at
        return meters_at(self.machine, moment)


def check(lived: Lived) -> list[bool]:
    """Every moment at and between readings. Returns: which are exact."""
    exact = []
    for at, said in lived.past:
        for moment in (at, at + timedelta(minutes=40)):
            then = lived.at(moment)
            if then.exact:
                assert then.values == said
            elif then.known_at is not None:
                assert then.known_at <= moment
                assert then.values.items() <= lived.until(then.known_at).items()
            exact.append(then.exact)
    return exact


@pytest.mark.django_db
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps=STEPS,
    place=st.sampled_from(ZONES),
    cuts=st.tuples(*[st.integers(0, 9)] * 3),
)
def test_meters_are_right_or_said_not_to_be_exact(
    tenant: Tenant, steps: list[Step], place: str, cuts: tuple[int, int, int]
) -> None:
    """Meters appear, vanish and come back, machines are replaced, and readings, days and months are forgotten up to
    any moment: what is called exact is what was read, and all else is what was so when it says. EMC-COMM-20"""
    with transaction.atomic():
        found = machine(time_zone=place)
        lived = Lived(found, load_known([found.pk])[found.pk])
        for step in steps:
            lived.read(step)
        moved_or_new = list(MeterReading.objects.values_list("at", flat=True))
        exact = dict(zip([at for at, _ in lived.past], check(lived)[::2], strict=True))
        assert all(exact[at] for at in moved_or_new)
        readings, days, months = (lived.past[cut % len(lived.past)][0] + timedelta(seconds=1) for cut in cuts)
        MeterReading.objects.filter(at__lt=readings).delete()
        MonthMeters.objects.filter(day__lt=month_of(days.date())).update(days="")
        MonthMeters.objects.filter(day__lt=month_of(min(days, months).date())).delete()
        check(lived)
        transaction.set_rollback(True)
