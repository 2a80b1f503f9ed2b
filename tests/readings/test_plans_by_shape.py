"""Plans that are made once for machines of one shape."""

from __future__ import annotations

import random
from collections.abc import Mapping

import pytest

from platen.protocols.snmp import Oid, Value
from platen.readings import objects as o
from platen.readings.plan import Plan, make_plan
from platen.readings.plans_by_shape import plan_of, shape_of
from platen.readings.reading import read
from tests.readings.replay import Replay, alert, printer, surveyed, text
from tests.testdata import needs_testdata
from tests.walks import main_walks, values_of, walk_of


def changed(raw: Mapping[Oid, Value], oid: Oid, chance: random.Random) -> dict[Oid, Value]:
    """One object says something else, or nothing."""
    value = raw[oid]
    if isinstance(value, int):
        return dict(raw) | {oid: chance.choice([value + 1, 0, 3, 100])}
    if isinstance(value, bytes):
        return dict(raw) | {oid: chance.choice([b"", b"toner", value + b"x" * 40, b"1"])}
    return dict(raw) | {oid: None}


def planned(raw: Mapping[Oid, Value]) -> Plan:
    """As a survey has it made."""
    return plan_of(raw, read(raw).identity)


def check(raw: Mapping[Oid, Value]) -> None:
    """What is remembered is what would be made."""
    assert planned(raw).key == make_plan(raw).key


def test_it_is_the_plan_that_would_be_made() -> None:
    """After a machine, one of which any single object says something else."""
    raw, chance = surveyed(Replay(printer(supplies=6, alerts=((2, 8),)))), random.Random(3)
    for oid in raw:
        for _ in range(3):
            check(raw)
            check(changed(raw, oid, chance))
        check({each: value for each, value in raw.items() if each != oid})


@needs_testdata
@pytest.mark.parametrize("name", main_walks())
def test_plans_of_real_machines(name: str) -> None:
    """The same for recorded machines, with private objects of their makers; some of their objects."""
    raw, chance = values_of(walk_of(name)), random.Random(name)
    check(raw)
    for oid in chance.sample(sorted(raw), min(len(raw), 25)):
        check(changed(raw, oid, chance))


def test_machines_alike_share_one() -> None:
    """What was counted, names, numbers and alerts make no other plan; the very same one is given again."""
    raw = surveyed(Replay(printer()))
    other = surveyed(Replay(dict(sorted((printer(total=77, alerts=((3, 8),)) | {o.SYS_NAME: text("b")}).items()))))
    assert planned(raw) is planned(dict(raw) | {(*o.PRT_MARKER_LIFE_COUNT, 1, 1): 987_654})
    assert planned(raw).key == planned(other).key
    trays = surveyed(Replay(printer(trays=3)))
    assert shape_of(raw, read(raw).identity) != shape_of(trays, read(trays).identity)


def test_alerts_alone_are_watched() -> None:
    """A machine of which nothing but alerts is known is no machine without a Printer MIB."""
    alerts = {oid: held.value for oid, held in alert(1, 8).items()}
    check({})
    check(alerts)
    assert planned(alerts).watches_alerts
    assert not planned({}).watches_alerts
