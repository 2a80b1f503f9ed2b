"""What waits: in order, within its room, and nothing of it twice or lost."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from platen.collector.configuration import MASKS
from platen.collector.database import Database, InUse
from platen.collector.machines import Machines
from platen.collector.masking import Masks
from platen.collector.numbering import go_on_after_home
from platen.collector.outbox import Outbox
from platen.collector.visits import Brought, Silent
from platen.policy.fleet.power import Evidence
from platen.protocols.collector.rows import Kind
from platen.readings.facts import Identity, Meter, Reading, Supply
from platen.readings.parts import reading_of

DAY_S = 86_400
MASK = Masks(MASKS, b"k")


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """A collector's file."""
    made = Database(tmp_path / "data")
    yield made
    made.close()


def brought(pages: int, at_s: float, *, serial: str = "S1", address: str = "10.0.0.5", **more: Any) -> Brought:
    """A reading."""
    reading = Reading(identity=Identity(serial=serial, maker="Halden"), meters=(Meter("total", pages, "1.3"),))
    values = {"machine": None, "port": 161, "plan": None, "surveyed": True} | more
    return Brought(address=address, at_s=at_s, reading=reading, **values)


def later(machines: Machines, pages: int, at_s: float) -> None:
    """The machine that is known, read by its plan."""
    machines.all_due(0.0, at_s)
    (machine,) = machines.due(1.0, 10)
    machines.record([brought(pages, at_s, machine=machine, surveyed=False)], MASK, 3600)


def test_an_envelope_says_what_waits_behind_it(database: Database) -> None:
    """Counted by numbers, not by looking through weeks of rows."""
    outbox = Outbox(database)
    numbers = [outbox.put(Kind.OFF, 1000.0 + number) for number in range(3)]
    assert [outbox.behind(number) for number in numbers] == [2, 1, 0]
    outbox.delivered(numbers[-1])
    assert outbox.behind(numbers[-1]) == 0


def test_a_row_is_queued_with_the_reading(database: Database) -> None:
    """The first reading goes whole, the next with what changed, and with nothing where nothing did."""
    outbox = Outbox(database)
    machines = Machines(database, outbox)
    machines.record([brought(10, 1000.0)], MASK, 3600)
    later(machines, 11, 2000.0)
    later(machines, 11, 3000.0)
    first, second, third = outbox.batch()
    assert (first.kind, first.content["full"], first.content["address"]) == (Kind.READING, True, "10.0.0.5")
    assert list(second.content["parts"]) == ["meters"]
    assert (third.content["parts"], third.content["full"]) == ({}, False)
    assert first.machine == third.machine != ""
    machines.want_whole([first.machine])
    later(machines, 12, 4000.0)
    assert outbox.batch()[3].content["full"]


def test_numbers_are_never_used_again(database: Database) -> None:
    """Also not after everything was delivered and the collector started anew."""
    outbox = Outbox(database)
    last = [outbox.put(Kind.OFF, 1.0) for _ in range(3)][-1]
    outbox.delivered(last)
    again = Database(database.folder)
    assert Outbox(again).put(Kind.OFF, 2.0) == last + 1
    assert Outbox(again).home_last == last
    again.close()


def test_weeks_without_home(database: Database) -> None:
    """Without room the oldest readings are thinned to one a day, today's last, and it is said; meters stay right."""
    outbox = Outbox(database)
    machines = Machines(database, outbox)
    now_s = time.time() // DAY_S * DAY_S + 100
    machines.record([brought(0, now_s - 20 * DAY_S)], MASK, 3600)
    for hour in range(1, 20 * 24):
        later(machines, hour // 7, now_s - 20 * DAY_S + hour * 3600)
    before = outbox.waiting()
    outbox.octets_max = before.octets // 4
    gone = outbox.make_room()
    rows = [row for row in outbox.batch(1000) if row.kind is Kind.READING]
    assert gone > 200
    assert outbox.waiting().octets <= outbox.octets_max
    assert 19 <= len(rows) <= 80
    days = [row.at_ms // (DAY_S * 1000) for row in rows]
    assert len(set(days)) >= 19
    # Put together they say at each moment what the machine said then.
    said: dict[str, Any] = {}
    for row in rows:
        said |= row.content["parts"]
        hour = round((row.at_ms / 1000 - (now_s - 20 * DAY_S)) / 3600)
        assert said["meters"][0][1] == hour // 7
    (told,) = [row for row in outbox.batch(1000) if row.kind is Kind.DROPPED][-1:]
    assert told.content["rows"] > 0


def test_no_room_at_all(database: Database) -> None:
    """Where thinning does not do, the oldest go; what follows still says what it should."""
    outbox = Outbox(database)
    machines = Machines(database, outbox)
    for number in range(700):
        machines.record(
            [brought(number, 1000.0 + number, serial=f"S{number}", address=f"10.0.{number // 250}.{number % 250 + 1}")],
            MASK,
            3600,
        )
    outbox.octets_max = outbox.waiting().octets // 3
    assert outbox.make_room() >= 500
    assert outbox.waiting().octets <= outbox.octets_max
    assert outbox.batch()[0].sequence > 500
    whole = database.rows("SELECT COUNT(*) FROM machine WHERE whole = 1")[0][0]
    assert whole >= 500  # of those that lost their only row everything is sent again


def test_silent_machines_are_asked_less(database: Database) -> None:
    """Each failure is told; from the second on the machine is asked less and less often."""
    outbox = Outbox(database)
    machines = Machines(database, outbox)
    machines.record([brought(1, 1000.0)], MASK, 600)
    gaps = []
    for _ in range(5):
        at_s = machines.next_due() or 0.0
        (machine,) = machines.due(at_s, 10)
        machines.record([Silent(machine, at_s, Evidence.TIMEOUT, "no")], MASK, 600)
        gaps.append((machines.next_due() or 0.0) - at_s)
    assert gaps[-1] > 5 * gaps[0]
    assert [row.content for row in outbox.batch()[1:]] == [{"evidence": "timeout"}] * 5


def test_a_machine_that_moved(database: Database) -> None:
    """It keeps its name towards home; another one at its old address is another one."""
    outbox = Outbox(database)
    machines = Machines(database, outbox)
    machines.record([brought(1, 1000.0)], MASK, 600)
    machines.record([brought(2, 2000.0, address="10.0.0.9")], MASK, 600)
    machines.record([brought(3, 3000.0, serial="S2", address="10.0.0.9")], MASK, 600)
    first, second, third = outbox.batch()
    assert first.machine == second.machine != third.machine
    assert machines.count() == 2
    assert machines.of_token(first.machine) == ""
    assert machines.of_token(third.machine) == "10.0.0.9"


def test_one_collector_a_directory(database: Database) -> None:
    """Two with the same data would tell everything twice: the second is refused."""
    database.hold()
    other = Database(database.folder)
    assert other.is_held()
    with pytest.raises(InUse, match="runs already"):
        other.hold()
    other.close()


def test_a_machine_that_says_too_much(database: Database) -> None:
    """Whatever a machine answers, its row fits an envelope, and says who it is."""
    outbox = Outbox(database)
    noise = [secrets.token_hex(4_000) for _ in range(900)]
    reading = Reading(
        identity=Identity(serial="S1", description=noise[0]),
        supplies=tuple(Supply(str(number), "toner", description=text) for number, text in enumerate(noise)),
        notes=tuple(noise),
    )
    visit = replace(brought(1, 1000.0), reading=reading)
    Machines(database, outbox).record([visit], MASK, 3600)
    (row,) = outbox.batch()
    assert len(json.dumps(row.to_json())) < 300_000
    assert row.content["parts"]["identity"][2] == "S1"
    assert len(reading_of(row.content["parts"]).identity.description) == 1_000


def test_machines_that_speak_ipp_only(database: Database) -> None:
    """An answer to IPP is always everything; what changed goes home, and once a day all of it."""
    outbox = Outbox(database)
    machines = Machines(database, outbox)
    machines.record([brought(10, 1000.0, protocol="ipp")], MASK, 3600)
    machines.all_due(0.0, 2000.0)
    (machine,) = machines.due(1.0, 10)
    assert machine.protocol == "ipp"
    machines.record([brought(11, 2000.0, machine=machine, surveyed=False, protocol="ipp")], MASK, 3600)
    # Another machine has its address now.
    other = brought(5, 3000.0, machine=machine, surveyed=False, protocol="ipp", serial="S2")
    machines.record([other], MASK, 3600)
    first, second, third = outbox.batch()
    assert [row.content["full"] for row in (first, second, third)] == [True, False, True]
    assert first.machine == second.machine != third.machine
    assert second.content["protocol"] == "ipp"


def test_an_older_copy_goes_on_after_what_home_has(database: Database) -> None:
    """What home has from before is not sent again; what was read since gets numbers that home does not know."""
    outbox = Outbox(database)
    for number in range(1, 4):
        outbox.put(Kind.OFF, 1000.0 + number)
    outbox.delivered(1)
    said = {"stream": database.fact("stream"), "last": 3, "last_at_ms": 1_003_000}
    assert not go_on_after_home(said, database)
    assert not go_on_after_home({**said, "last": 9, "stream": "another"}, database)
    outbox.put(Kind.OFF, 2000.0)
    assert go_on_after_home({**said, "last": 9, "last_at_ms": 1_009_000}, database)
    assert [(row.sequence, row.at_ms) for row in outbox.batch()] == [(10, 2_000_000)]
    assert (outbox.home_last, outbox.highest, outbox.put(Kind.OFF, 2001.0)) == (9, 10, 11)


def test_an_older_copy_whose_numbers_overtook_home(database: Database) -> None:
    """It read on for long while home was away: the row that home has under its last number is another."""
    outbox = Outbox(database)
    for number in range(1, 6):
        outbox.put(Kind.OFF, 1000.0 + number)
    said = {"stream": database.fact("stream"), "last": 3, "last_at_ms": 50_000}
    assert not go_on_after_home({**said, "last_at_ms": 500_000}, database)
    assert not go_on_after_home(said, database, clock_is_right=False)
    assert go_on_after_home(said, database)
    assert [row.sequence for row in outbox.batch()] == [6, 7, 8, 9, 10]
    assert outbox.put(Kind.OFF, 2000.0) == 11
