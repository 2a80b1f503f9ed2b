"""What meters moved, and when a reading is not believed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platen.policy.fleet.meters import BEGIN_MAX, CONFIRMATIONS, COUNT_MAX, Doubt, Judgement, Verdict, judge

HOUR = 3600.0
METERS = st.dictionaries(
    st.sampled_from(["total", "total.color", "print", "copy", "fax", "scan", "print.mono"]),
    st.integers(-5, 10**13),
    min_size=1,
)


def read(
    before: dict[str, int], *readings: dict[str, int], every_s: float = HOUR, per_minute: int | None = None
) -> list[Judgement]:
    """One reading after the other, each judged with what was believed and doubted then."""
    judged: list[Judgement] = []
    believed, believed_at, doubt, now = before, 0.0, None, 0.0
    for reading in readings:
        now += every_s
        found = judge(believed, reading, before_s=believed_at, now_s=now, doubt=doubt, per_minute=per_minute)
        judged.append(found)
        doubt = found.doubt
        if found.verdict is not Verdict.SUSPICIOUS or not believed:
            believed, believed_at = dict(found.values), now
    return judged


def counted(judged: list[Judgement]) -> int:
    """All pages that were taken as usage."""
    return sum(each.moved.get("total", 0) for each in judged)


class TestNormal:
    def test_the_first_reading_is_no_usage(self) -> None:
        """What a machine had counted before it was known is nobody's usage."""
        (first,) = read({}, {"total": 125_000, "copy": 3})
        assert first.verdict is Verdict.FIRST
        assert first.moved == {}
        assert first.values == {"total": 125_000, "copy": 3}

    def test_only_what_moved_is_kept(self) -> None:
        """Meters that stand still take no room in the history."""
        (second,) = read({"total": 100, "copy": 7}, {"total": 130, "copy": 7})
        assert second.verdict is Verdict.NORMAL
        assert second.moved == {"total": 30}

    def test_a_meter_that_is_missing_stays(self) -> None:
        """A meter that a machine does not say this time keeps its value and is compared the next time."""
        without, again = read({"total": 100, "copy": 7}, {"total": 110}, {"total": 120, "copy": 9})
        assert without.values["copy"] == 7
        assert again.moved == {"total": 10, "copy": 2}

    def test_a_new_meter_begins_to_be_counted(self) -> None:
        """A meter that was not there before has a value and no move."""
        (second,) = read({"total": 100}, {"total": 101, "scan": 5_000})
        assert second.moved == {"total": 1}
        assert second.values["scan"] == 5_000


class TestSuspicious:
    def test_a_million_million_pages(self) -> None:
        """A machine that claims 10**12 pages is never believed, however often it says so."""
        for found in read({"total": 100}, *[{"total": 10**12}] * 6):
            assert found.verdict is Verdict.SUSPICIOUS
            assert found.moved == {}
            assert found.values == {"total": 100}
        assert "1,000,000,000,000" in found.sentence

    @pytest.mark.parametrize("filler", [2**32 - 1, 2**32 - 2, 2**31 - 1])
    def test_what_machines_say_that_do_not_know(self, filler: int) -> None:
        """A counter full of ones is no count, at a first reading as at any other; the other meters are believed."""
        (first,) = read({}, {"total": filler, "copy": 3})
        assert (first.verdict, dict(first.values)) == (Verdict.SUSPICIOUS, {"copy": 3})
        assert f"{filler:,}" in first.sentence
        assert all(
            found.verdict is Verdict.SUSPICIOUS for found in read({"total": filler - 9}, *[{"total": filler}] * 6)
        )

    def test_a_billion_pages_are_not_begun_with(self) -> None:
        """A meter may be watched on its way past 10**9, but no machine is met there; its other meters are believed."""
        begun = read({}, *[{"total": 3_567_587_328, "copy": 3}] * 5)
        assert {(each.verdict, each.values.get("total")) for each in begun} == {(Verdict.SUSPICIOUS, None)}
        assert begun[0].values == {"copy": 3}
        assert read({"total": 5_000}, *[{"total": 2 * 10**9}] * 5)[-1].values == {"total": 5_000}
        assert read({"total": BEGIN_MAX - 5}, {"total": BEGIN_MAX + 5})[0].moved == {"total": 10}

    def test_a_jump_beyond_the_engine(self) -> None:
        """More pages than the engine can mark in the time move nothing, and the sentence says how many."""
        (jump,) = read({"total": 1_000}, {"total": 9_000}, per_minute=50)
        assert jump.verdict is Verdict.SUSPICIOUS
        assert "8,000 in 60 min" in jump.sentence

    def test_as_fast_as_the_engine_is_no_jump(self) -> None:
        """A machine that printed all the time at its speed is believed."""
        (busy,) = read({"total": 1_000}, {"total": 1_000 + 60 * 50}, per_minute=50)
        assert busy.moved == {"total": 3_000}

    def test_a_long_absence_allows_a_large_move(self) -> None:
        """What is possible follows from the time since the meters were believed last."""
        (back,) = read({"total": 1_000}, {"total": 90_000}, every_s=30 * 24 * HOUR, per_minute=50)
        assert back.moved == {"total": 89_000}

    def test_parts_that_outgrow_the_total(self) -> None:
        """Print and copy cannot both grow by thousands while the total stands still."""
        (odd,) = read({"total": 100, "print": 60, "copy": 40}, {"total": 101, "print": 1_000, "copy": 900})
        assert odd.verdict is Verdict.SUSPICIOUS

    def test_sums_that_never_agreed_are_let_be(self) -> None:
        """A machine whose parts always were more than its total is read like any other."""
        (found,) = read({"total": 100, "print": 5_000}, {"total": 120, "print": 5_020})
        assert found.moved == {"total": 20, "print": 20}

    def test_a_moment_s_error_is_forgotten(self) -> None:
        """A wrong reading between two right ones costs no page and adds none."""
        wrong, right = read({"total": 5_000}, {"total": 0}, {"total": 5_040})
        assert wrong.verdict is Verdict.SUSPICIOUS
        assert right.verdict is Verdict.NORMAL
        assert right.moved == {"total": 40}
        assert right.doubt is None

    def test_one_meter_that_cannot_be_does_not_stop_the_others(self) -> None:
        """A machine whose scans always say nonsense is counted by its other meters, from the first reading or later."""
        nonsense = [{"total": 100 + 10 * n, "scan": 2**40} for n in range(6)]
        assert [each.moved for each in read({}, *nonsense)[1:]] == [{"total": 10}] * 5
        judged = read({"total": 90, "scan": 7}, *nonsense)
        assert [each.verdict for each in judged[:3]] == [Verdict.SUSPICIOUS, Verdict.SUSPICIOUS, Verdict.BELIEVED]
        assert sum(each.moved.get("total", 0) for each in judged) == 60
        assert "scan" not in judged[-1].values


class TestBelieved:
    def test_a_reset_is_believed_when_it_goes_on(self) -> None:
        """A counter that was reset is counted from its new value, with what it printed while in doubt; the way there is
        no usage."""
        judged = read({"total": 50_000}, {"total": 3}, {"total": 9}, {"total": 20}, {"total": 25})
        assert [each.verdict for each in judged] == [
            *[Verdict.SUSPICIOUS] * CONFIRMATIONS,
            Verdict.BELIEVED,
            Verdict.NORMAL,
        ]
        assert "reset" in judged[2].sentence
        assert "(17 since)" in judged[2].sentence
        assert judged[2].moved == {"total": 17}
        assert judged[2].rebased == {"total"}
        assert judged[3].moved == {"total": 5}

    def test_what_is_printed_until_a_reset_is_believed_counts(self) -> None:
        """Read daily, a counter that goes on from 5 after a reset has counted 200 by the reading that believes it."""
        daily = [{"total": total, "scan": 7} for total in (*range(1_100, 2_300, 100), 5, 105, 205)]
        judged = read({"total": 1_000, "scan": 7}, *daily, every_s=24 * HOUR)
        assert [each.moved for each in judged[-3:]] == [{}, {}, {"total": 200}]
        assert "from 2,200 back to 5" in judged[-1].sentence
        assert counted(judged) == 1_400

    def test_a_jump_counts_what_came_after_it(self) -> None:
        """Pages beyond what the engine can print are never usage, however long the machine goes on from there."""
        jumped = [{"total": total} for total in (9_000, 9_030, 9_100, 9_105)]
        judged = read({"total": 1_000}, *jumped, per_minute=50)
        assert [each.verdict for each in judged[1:3]] == [Verdict.SUSPICIOUS, Verdict.BELIEVED]
        assert [each.moved for each in judged] == [{}, {}, {"total": 100}, {"total": 5}]
        assert "8,000 in 60 min" in judged[2].sentence

    def test_time_does_not_make_a_jump_possible(self) -> None:
        """A machine cannot have printed within a day what it can within two, whatever it says on the second."""
        judged = read({"total": 1_000}, {"total": 401_000}, {"total": 401_010}, {"total": 401_030}, every_s=24 * HOUR)
        assert counted(judged) == 30

    def test_a_jump_of_a_moment_is_forgotten(self) -> None:
        """A reading too high between two right ones costs no page and adds none."""
        judged = read({"total": 1_000}, {"total": 900_000}, {"total": 1_040}, {"total": 1_050})
        assert [each.moved for each in judged] == [{}, {"total": 40}, {"total": 10}]

    def test_a_moment_s_error_after_a_reset_is_forgotten(self) -> None:
        """A wrong reading among those that go on from a reset neither adds pages nor keeps it from being believed."""
        for wrong in (0, 40, 9 * 10**8, 10**12):
            judged = read({"total": 5_000}, *[{"total": total} for total in (5, 105, wrong, 205)])
            assert (judged[-1].verdict, judged[-1].moved) == (Verdict.BELIEVED, {"total": 200})

    def test_each_meter_counts_from_its_own_beginning(self) -> None:
        """Where a reset takes all meters along, one that is soon beyond where it was counts from the reset as well."""
        judged = read(
            {"total": 900, "copy": 3}, *[{"total": total, "copy": copy} for total, copy in ((5, 0), (9, 2), (20, 8))]
        )
        assert judged[-1].moved == {"total": 15, "copy": 8}

    def test_meters_beside_the_one_that_was_reset_lose_nothing(self) -> None:
        """What other meters counted while one was in doubt is usage once the reading is believed."""
        scans = [{"total": 100 + 10 * n, "scan": 0 + n} for n in range(1, 4)]
        believed = read({"total": 100, "scan": 9_000}, *scans)[-1]
        assert believed.verdict is Verdict.BELIEVED
        assert believed.moved == {"total": 30, "scan": 2}

    def test_readings_that_do_not_agree_confirm_nothing(self) -> None:
        """A machine that says another nonsense each time is not believed."""
        nonsense = [{"total": value} for value in (90_000, 12, 70_000, 5, 800_000)]
        assert {each.verdict for each in read({"total": 50_000}, *nonsense, per_minute=30)} == {Verdict.SUSPICIOUS}

    def test_replaced_begins_anew(self) -> None:
        """Where somebody knows that the machine was replaced, its meters are a new beginning."""
        found = judge({"total": 50_000}, {"total": 12}, before_s=0, now_s=60, replaced=True)
        assert found.verdict is Verdict.REPLACED
        assert found.moved == {}
        assert found.values == {"total": 12}


LIVES = st.lists(st.lists(st.integers(0, 300), min_size=1, max_size=5), min_size=1, max_size=8)
"""How much is printed before each reading, from one reset to the next."""


class TestResets:
    @given(LIVES, st.sampled_from([HOUR, 24 * HOUR]))
    def test_no_page_is_lost_between_resets_that_show(self, lives: list[list[int]], every_s: float) -> None:
        """However often a counter is reset, what it counted from reading to reading is usage, no page less or more."""
        lives = [*lives, [0] * (CONFIRMATIONS + 1)]
        totals = [
            10_000 * (len(lives) - number) + sum(steps[: place + 1])  # each life lies below the one before
            for number, steps in enumerate(lives)
            for place in range(len(steps))
        ]
        judged = read({"total": totals[0]}, *[{"total": total} for total in totals[1:]], every_s=every_s)
        assert counted(judged) == sum(sum(steps[1:]) for steps in lives)

    @given(LIVES, st.sampled_from([HOUR, 24 * HOUR]))
    def test_no_page_is_made_up_at_any_reset(self, lives: list[list[int]], every_s: float) -> None:
        """A counter that begins at nothing at each reset, seen or not, never gives more than was printed."""
        totals = [sum(steps[: place + 1]) for steps in lives for place in range(len(steps))]
        printed = sum(map(sum, lives)) - lives[0][0]
        judged = read({"total": totals[0]}, *[{"total": total} for total in totals[1:]], every_s=every_s)
        assert counted(judged) <= printed


class TestAnyReading:
    @given(st.lists(METERS, min_size=2, max_size=8))
    def test_usage_is_never_negative_and_never_more_than_possible(self, readings: list[dict[str, int]]) -> None:
        """Whatever a machine says, no meter moves back, and none further than a machine can print."""
        for found in read(readings[0], *readings[1:]):
            assert all(0 < move <= 200 * 60 * 1.25 * 8 + 200 for move in found.moved.values())

    @given(METERS, st.lists(METERS, min_size=1, max_size=6))
    def test_nothing_impossible_is_ever_believed(self, first: dict[str, int], readings: list[dict[str, int]]) -> None:
        """No value above what a counter can hold, or below zero, becomes a machine's meter."""
        started = judge({}, first, before_s=0, now_s=0)
        for found in read(dict(started.values), *readings):
            assert all(0 <= value <= COUNT_MAX for value in found.values.values())

    @given(METERS, st.floats(0, 2e9), st.integers(0, 9))
    def test_doubts_are_stored_and_read_again(self, values: dict[str, int], at: float, times: int) -> None:
        """A doubt comes back from the database as it was."""
        doubt = Doubt(values, at, times, "why")
        assert Doubt.from_json(doubt.as_json()) == doubt

    @given(st.recursive(st.none() | st.integers() | st.text(), lambda inner: st.dictionaries(st.text(), inner)))
    def test_anything_else_stored_is_no_doubt(self, stored: object) -> None:
        """What is not a doubt is read as none."""
        assert Doubt.from_json(stored) is None or isinstance(stored, dict)
