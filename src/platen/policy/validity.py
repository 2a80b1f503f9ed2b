"""How long a temporary ID code or card is valid, and when to warn before it ends.

Periods are of a person's calendar, so they need a time zone; what comes out are aware times in UTC. An ID is valid from
`starts_at` on and no longer at `ends_at`: "until Sunday midnight" is the moment at which Monday begins.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum

MONTHS_OF_GENERATED_CODES = 6
WARNING_DAYS_DEFAULT = (21, 14, 7)


class Period(StrEnum):
    """A period that begins now."""

    TODAY = "today"
    TODAY_AND_TOMORROW = "today-and-tomorrow"
    THIS_WEEK = "this-week"  # up to the coming Sunday midnight
    THIS_MONTH = "this-month"  # up to midnight of the month's last day


@dataclass(frozen=True, slots=True)
class Validity:
    """From and until when; None leaves that side open. Raises: ValueError unless both are aware and in order."""

    starts_at: datetime | None = None
    ends_at: datetime | None = None

    def __post_init__(self) -> None:
        for moment in (self.starts_at, self.ends_at):
            if moment is not None and moment.utcoffset() is None:
                raise ValueError(f"{moment} has no time zone.")
        if self.starts_at is not None and self.ends_at is not None and self.starts_at >= self.ends_at:
            raise ValueError("The end must come after the start. Choose a later end.")

    def is_valid(self, now: datetime) -> bool:
        """Whether the ID may be used at `now`."""
        return (self.starts_at is None or self.starts_at <= now) and not self.is_expired(now)

    def is_expired(self, now: datetime) -> bool:
        """Whether the ID is to be removed: its end has come."""
        return self.ends_at is not None and now >= self.ends_at

    @property
    def is_temporary(self) -> bool:
        """Whether the ID ends by itself."""
        return self.ends_at is not None


PERMANENT = Validity()


def validity_of(period: Period, now: datetime, zone: tzinfo) -> Validity:
    """From now to the end of the period, by the calendar of `zone`.

    Raises: ValueError if `now` is not aware.
    """
    return Validity(_aware(now).astimezone(UTC), _midnight(_day_after(period, now.astimezone(zone).date()), zone))


def _day_after(period: Period, today: date) -> date:
    match period:
        case Period.TODAY:
            return today + timedelta(days=1)
        case Period.TODAY_AND_TOMORROW:
            return today + timedelta(days=2)
        case Period.THIS_WEEK:
            return today + timedelta(days=7 - today.weekday())
        case Period.THIS_MONTH:
            return today.replace(day=1) + timedelta(days=monthrange(today.year, today.month)[1])


def _midnight(day: date, zone: tzinfo) -> datetime:
    """The first moment of a day, in UTC. Where clocks skip midnight, that is the moment of the skip."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def _aware(now: datetime) -> datetime:
    if now.utcoffset() is None:
        raise ValueError(f"{now} has no time zone.")
    return now


def validity_of_generated_code(now: datetime, zone: tzinfo, months: int = MONTHS_OF_GENERATED_CODES) -> Validity:
    """For a code that a person generated: to the same day `months` later, or that month's last if it is shorter."""
    start = _aware(now).astimezone(zone)
    years, month = divmod(start.month - 1 + months, 12)
    year = start.year + years
    day = min(start.day, monthrange(year, month + 1)[1])
    end = start.replace(year=year, month=month + 1, day=day)
    return Validity(start.astimezone(UTC), end.astimezone(UTC))


@dataclass(frozen=True, slots=True)
class SelfRegistrationRule:
    """User-registered ID number `from_number` and beyond expires by the end of `period`."""

    from_number: int = 2
    period: Period = Period.TODAY

    def __post_init__(self) -> None:
        if self.from_number < 1:
            raise ValueError("IDs are counted from 1.")

    def validity(self, ids_before: int, now: datetime, zone: tzinfo) -> Validity:
        """For an ID that a person registers who has `ids_before` of them already; the others are permanent."""
        return validity_of(self.period, now, zone) if ids_before + 1 >= self.from_number else PERMANENT


def warning_due(
    ends_at: datetime,
    now: datetime,
    *,
    last_sent_days: int | None = None,
    warning_days: tuple[int, ...] = WARNING_DAYS_DEFAULT,
) -> int | None:
    """Which warning is to be sent now, as its number of days before the end; None when there is none.

    Each is sent once: `last_sent_days` is the one sent last. After an interruption only the latest one is sent, not
    all that were missed, and nothing more once the ID has expired.
    """
    if now >= ends_at:
        return None
    due = [days for days in warning_days if now >= ends_at - timedelta(days=days)]
    nearest = min(due, default=None)
    if nearest is None or (last_sent_days is not None and last_sent_days <= nearest):
        return None
    return nearest
