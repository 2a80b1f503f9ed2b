"""When supplies will be out, and whether they were replaced."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platen.policy.fleet.forecast import Change, Level, change, forecast, order_by, since_replacement

MONDAY = date(2026, 6, 1)
LEVELS = st.lists(st.builds(Level, st.floats(0, 1000), st.integers(0, 100), st.none() | st.integers(0, 10**9)))


def used(
    *, days: int, per_day: list[int], yield_pages: int, step: int = 1, start: date = MONDAY - timedelta(days=28)
) -> tuple[list[Level], Level, dict[date, int], float]:
    """A cartridge in use: the moments when its level moved, its level at the end, pages by day, the true percent."""
    pages, shown, levels, by_day = 100_000, 100, [], {}
    for number in range(days):
        day = start + timedelta(days=number)
        by_day[day] = per_day[day.weekday()]
        for _ in range(per_day[day.weekday()]):
            pages += 1
            true = 100 - (pages - 100_000) * 100 / yield_pages
            says = int(-(-true // step) * step)
            if says != shown:
                shown = says
                levels.append(Level(number + 0.5, says, pages))
    return levels, Level(float(days), shown, pages), by_day, true


EVEN, OFFICE = [100] * 7, [200, 200, 200, 200, 200, 0, 0]


class TestForecast:
    def test_an_even_use(self) -> None:
        """28 days at 100 pages of 5,000: it is out in 22 days, and that is fairly sure."""
        levels, now, by_day, _ = used(days=28, per_day=EVEN, yield_pages=5_000)
        found = forecast(levels, today=MONDAY, now=now, pages_by_day=by_day)
        assert found is not None
        assert found.days_left == pytest.approx(22, abs=1)
        assert found.pages_left == pytest.approx(2_200, abs=60)
        assert found.confidence > 0.8

    def test_weekends_use_nothing(self) -> None:
        """An office that prints on weekdays only: on a Friday, five days' pages last until next Friday."""
        friday = date(2026, 6, 5)
        levels, now, by_day, true = used(days=56, per_day=OFFICE, yield_pages=9_000, start=friday - timedelta(days=56))
        found = forecast(levels, today=friday, now=now, pages_by_day=by_day)
        assert found is not None
        assert true * 90 == pytest.approx(1_000)
        # Friday, then Monday to Thursday: used up with the end of Thursday.
        assert found.days_left in (6, 7)

    @pytest.mark.parametrize("step", [5, 10])
    def test_coarse_levels(self, step: int) -> None:
        """A machine that says its levels in steps of 10 % is forecast to within a step."""
        levels, now, by_day, true = used(days=28, per_day=EVEN, yield_pages=5_000, step=step)
        found = forecast(levels, today=MONDAY, now=now, pages_by_day=by_day)
        assert found is not None
        assert found.days_left == pytest.approx(true * 50 / 100, abs=step * 0.5 + 1)

    def test_a_wrong_level_does_not_turn_it(self) -> None:
        """One level that was wrong among many changes little."""
        levels, now, by_day, _ = used(days=28, per_day=EVEN, yield_pages=5_000)
        levels[20] = Level(levels[20].day, max(0, levels[20].percent - 12), levels[20].pages)
        found = forecast(levels, today=MONDAY, now=now, pages_by_day=by_day)
        assert found is not None
        assert found.days_left == pytest.approx(22, abs=2)

    def test_only_the_supply_that_is_in_counts(self) -> None:
        """Levels of the cartridge before do not matter to the one that was put in."""
        old = [Level(number - 40, 50 - 10 * number, 60_000 + number) for number in range(5)]
        levels, now, by_day, _ = used(days=28, per_day=EVEN, yield_pages=5_000)
        assert forecast([*old, *levels], today=MONDAY, now=now, pages_by_day=by_day) == forecast(
            levels, today=MONDAY, now=now, pages_by_day=by_day
        )

    def test_without_pages_days_stand_in(self) -> None:
        """A machine whose pages are not known is forecast by the calendar, and less surely."""
        levels, now, by_day, _ = used(days=28, per_day=EVEN, yield_pages=5_000)
        blind = [Level(level.day, level.percent) for level in levels]
        found = forecast(blind, today=MONDAY, now=Level(now.day, now.percent))
        sure = forecast(levels, today=MONDAY, now=now, pages_by_day=by_day)
        assert found is not None
        assert sure is not None
        assert found.days_left == pytest.approx(22, abs=2)
        assert found.confidence < sure.confidence

    @pytest.mark.parametrize("falls", [True, False])
    @pytest.mark.parametrize("read_before", range(1, 28, 4))
    def test_a_meter_that_broke(self, read_before: int, falls: bool) -> None:
        """A meter that was reset or jumped while a supply was in does not move the day on which that is out."""
        levels, now, by_day, _ = used(days=28, per_day=EVEN, yield_pages=5_000)
        right = forecast(levels, today=MONDAY, now=now, pages_by_day=by_day)
        by = -99_000 if falls else 400_000
        later = [
            Level(each.day, each.percent, (each.pages or 0) + (by if each.day > read_before else 0))
            for each in [*levels, now]
        ]
        breaks = [] if falls else [read_before + 0.25]
        found = forecast(later[:-1], today=MONDAY, now=later[-1], pages_by_day=by_day, breaks=breaks)
        assert right is not None
        assert found is not None
        assert found.days_left == pytest.approx(right.days_left, abs=1)
        assert found.confidence == pytest.approx(right.confidence, abs=0.05)

    def test_too_little_history_says_nothing(self) -> None:
        """Two levels are no history."""
        levels = [Level(0, 100, 10), Level(3, 99, 30)]
        assert forecast(levels, today=MONDAY, now=levels[-1], pages_by_day={MONDAY - timedelta(days=1): 5}) is None

    def test_noise_makes_it_less_sure(self) -> None:
        """Levels that jump about lower the confidence."""
        levels, now, by_day, _ = used(days=28, per_day=EVEN, yield_pages=5_000)
        noise = random.Random(7)
        rough = [Level(each.day, each.percent + noise.randint(-7, 7), each.pages) for each in levels]
        found = forecast(rough, today=MONDAY, now=now, pages_by_day=by_day)
        calm = forecast(levels, today=MONDAY, now=now, pages_by_day=by_day)
        assert found is not None
        assert calm is not None
        assert found.confidence < calm.confidence

    @given(
        LEVELS,
        st.builds(Level, st.floats(0, 1000), st.integers(0, 100), st.none() | st.integers(0, 10**9)),
        st.lists(st.floats(0, 1000)),
    )
    def test_any_history_gives_a_sane_forecast(self, levels: list[Level], now: Level, breaks: list[float]) -> None:
        """Whatever a machine said, days are never negative and the confidence lies between 0 and 1."""
        by_day = {MONDAY - timedelta(days=number): 7 * number for number in range(1, 20)}
        found = forecast(levels, today=MONDAY, now=now, pages_by_day=by_day, breaks=breaks)
        assert found is None or (found.days_left >= 0 and 0 <= found.confidence <= 1)
        assert len(since_replacement(levels)) <= len(levels)


class TestOrder:
    def test_an_order_comes_before_it_is_out(self) -> None:
        """The day to order is the lead time before the day on which it is out."""
        out = MONDAY + timedelta(days=30)
        assert order_by(out, MONDAY, lead_days=7, confidence=1) == out - timedelta(days=7)

    def test_an_unsure_forecast_is_ordered_earlier(self) -> None:
        """The less sure, the earlier; never before today."""
        out = MONDAY + timedelta(days=30)
        assert order_by(out, MONDAY, lead_days=7, confidence=0.2) == out - timedelta(days=7 + 12)
        assert order_by(MONDAY + timedelta(days=2), MONDAY, lead_days=7, confidence=1) == MONDAY


class TestChange:
    def test_a_rise_is_a_new_supply(self) -> None:
        """From nearly empty to full, it was replaced."""
        assert change(4, 100, early_percent=15) is Change.REPLACED

    def test_removed_early(self) -> None:
        """A cartridge that still had use left was taken out early."""
        assert change(40, 100, early_percent=15) is Change.EARLY
        assert change(40, 100, early_percent=15, receptacle=True) is Change.REPLACED

    def test_another_serial_number_is_another_supply(self) -> None:
        """Even at the same level, another serial number is another cartridge."""
        assert change(90, 90, serial_before="A1", serial_after="B2", early_percent=15) is Change.EARLY
        assert change(3, 2, serial_before="A1", serial_after="B2", early_percent=15) is Change.REPLACED

    def test_a_shaken_cartridge_is_no_new_one(self) -> None:
        """A small rise is the same supply."""
        assert change(20, 30, early_percent=15) is Change.LEVEL

    def test_nothing_moved(self) -> None:
        """The same level and serial number are no change, and an unknown level is none either."""
        assert change(20, 20, serial_before="A", serial_after="A", early_percent=15) is Change.NONE
        assert change(None, None, early_percent=15) is Change.NONE
