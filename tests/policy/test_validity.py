"""Validity of temporary IDs."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platen.policy.validity import (
    PERMANENT,
    Period,
    SelfRegistrationRule,
    Validity,
    validity_of,
    validity_of_generated_code,
    warning_due,
)

COPENHAGEN = ZoneInfo("Europe/Copenhagen")
NOW = datetime(2024, 2, 28, 23, 30, tzinfo=COPENHAGEN)  # a Wednesday
MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - bounds are naive


class TestPeriods:
    @pytest.mark.parametrize(
        ("period", "end"),
        [
            (Period.TODAY, datetime(2024, 2, 29, tzinfo=COPENHAGEN)),
            (Period.TODAY_AND_TOMORROW, datetime(2024, 3, 1, tzinfo=COPENHAGEN)),
            (Period.THIS_WEEK, datetime(2024, 3, 4, tzinfo=COPENHAGEN)),
            (Period.THIS_MONTH, datetime(2024, 3, 1, tzinfo=COPENHAGEN)),
        ],
    )
    def test_ends(self, period: Period, end: datetime) -> None:
        """Each period ends at a midnight of the place: of today, tomorrow, Sunday, the month's last day.

        SC-AUTH-13, SC-IDCODE-16
        """
        validity = validity_of(period, NOW, COPENHAGEN)
        assert validity.ends_at == end
        assert validity.starts_at == NOW
        assert validity.is_valid(end - timedelta(seconds=1))
        assert validity.is_expired(end)

    def test_sunday_ends_this_week(self) -> None:
        """On a Sunday this week ends the same midnight. SC-AUTH-13"""
        sunday = datetime(2024, 3, 3, 12, tzinfo=COPENHAGEN)
        assert validity_of(Period.THIS_WEEK, sunday, COPENHAGEN).ends_at == datetime(2024, 3, 4, tzinfo=COPENHAGEN)

    def test_the_zone_decides_what_today_is(self) -> None:
        """Half past midnight in Copenhagen is still yesterday in New York. SC-AUTH-13"""
        now = datetime(2024, 5, 2, 0, 30, tzinfo=COPENHAGEN)
        new_york = ZoneInfo("America/New_York")
        assert validity_of(Period.TODAY, now, new_york).ends_at == datetime(2024, 5, 2, tzinfo=new_york)

    def test_a_day_of_twenty_five_hours(self) -> None:
        """The day on which clocks go back ends at its own midnight. SC-AUTH-13"""
        start = datetime(2024, 10, 27, tzinfo=COPENHAGEN)
        end = validity_of(Period.TODAY, start, COPENHAGEN).ends_at
        assert end is not None
        assert end - start.astimezone(UTC) == timedelta(hours=25)

    @given(MOMENTS, st.sampled_from(Period), st.sampled_from(["Asia/Beirut", "America/Sao_Paulo", "Pacific/Apia"]))
    def test_never_already_over(self, now: datetime, period: Period, zone: str) -> None:
        """A period that begins now is valid now and ends within a month, wherever clocks skip midnight. SC-IDCODE-16"""
        validity = validity_of(period, now, ZoneInfo(zone))
        assert validity.is_valid(now)
        assert validity.ends_at is not None
        assert validity.ends_at <= now + timedelta(days=32)

    def test_start_and_end_given(self) -> None:
        """With a start and an end date an ID is valid in between only. SC-AUTH-13, SC-IDCODE-16"""
        validity = Validity(NOW, NOW + timedelta(days=3))
        assert not validity.is_valid(NOW - timedelta(seconds=1))
        assert validity.is_valid(NOW)
        assert not validity.is_valid(NOW + timedelta(days=3))

    def test_refused(self) -> None:
        """An end before the start and times without a zone are refused. SC-AUTH-13"""
        with pytest.raises(ValueError, match="later end"):
            Validity(NOW, NOW)
        with pytest.raises(ValueError, match="no time zone"):
            Validity(None, NOW.replace(tzinfo=None))
        with pytest.raises(ValueError, match="no time zone"):
            validity_of(Period.TODAY, NOW.replace(tzinfo=None), COPENHAGEN)


class TestSelfRegistered:
    def test_the_second_card_is_temporary(self) -> None:
        """From the second self-registered ID on they end with the period, the first does not. SC-AUTH-12, SC-UPOL-13"""
        rule = SelfRegistrationRule(from_number=2, period=Period.TODAY)
        assert rule.validity(0, NOW, COPENHAGEN) == PERMANENT
        for ids_before in (1, 2):
            assert rule.validity(ids_before, NOW, COPENHAGEN).ends_at == datetime(2024, 2, 29, tzinfo=COPENHAGEN)

    @pytest.mark.parametrize(
        ("now", "end"),
        [
            (datetime(2024, 1, 15, 9, tzinfo=UTC), datetime(2024, 7, 15, 9, tzinfo=UTC)),
            (datetime(2023, 8, 31, 9, tzinfo=UTC), datetime(2024, 2, 29, 9, tzinfo=UTC)),
            (datetime(2024, 12, 1, 0, tzinfo=UTC), datetime(2025, 6, 1, 0, tzinfo=UTC)),
        ],
    )
    def test_generated_codes_last_six_months(self, now: datetime, end: datetime) -> None:
        """A code that a person generated expires after six months. SC-IDCODE-06"""
        assert validity_of_generated_code(now, timezone.utc).ends_at == end  # noqa: UP017 - any tzinfo will do


class TestWarnings:
    END = datetime(2024, 6, 30, 12, tzinfo=UTC)

    @pytest.mark.parametrize(("days_before", "due"), [(22, None), (21, 21), (15, 21), (14, 14), (7, 7), (0, None)])
    def test_which_is_due(self, days_before: int, due: int | None) -> None:
        """Warnings fall due 21, 14 and 7 days before the end, and none after it."""
        assert warning_due(self.END, self.END - timedelta(days=days_before)) == due

    def test_three_mails_in_all(self) -> None:
        """Asked every hour, exactly three warnings are sent, in order."""
        sent: list[int] = []
        now = self.END - timedelta(days=30)
        while now < self.END + timedelta(days=1):
            days = warning_due(self.END, now, last_sent_days=sent[-1] if sent else None)
            if days is not None:
                sent.append(days)
            now += timedelta(hours=1)
        assert sent == [21, 14, 7]

    def test_configured_days(self) -> None:
        """The days are a setting."""
        assert warning_due(self.END, self.END - timedelta(days=2), warning_days=(30, 2)) == 2
