"""Times of the week: when machines may be read (EMC-COMM-15, -16), and when nobody wants to be told anything.

Standard times hold for every day; a weekday that has times of its own has those instead. A time that ends before it
begins goes over midnight and is taken apart: until 24:00 and from 0:00 of the next day.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAY_MINUTES = 24 * 60
SPANS_MAX = 24
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class WindowError(ValueError):
    """Times that cannot be used; the sentence says why and how to write them."""


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """From a minute of the day up to another, which is not part of it; 1440 is the end of the day."""

    begin: int
    end: int


@dataclass(frozen=True, slots=True)
class Windows:
    """Spans of every day, and those of weekdays (0 Monday to 6 Sunday) that are otherwise. Nothing at all: always."""

    standard: tuple[Span, ...] = ()
    by_weekday: Mapping[int, tuple[Span, ...]] = field(default_factory=dict)

    @property
    def always(self) -> bool:
        """Whether nothing is said, so that every moment is inside."""
        return not self.standard and not self.by_weekday

    def of(self, day: date) -> tuple[Span, ...]:
        """The spans of a day. Where only some weekdays have times, the others are open all day."""
        if not self.standard and day.weekday() not in self.by_weekday:
            return (Span(0, DAY_MINUTES),)
        return self.by_weekday.get(day.weekday(), self.standard)

    def contains(self, moment: datetime, place: ZoneInfo) -> bool:
        """Whether a moment is inside, by the clock of the place."""
        if self.always:
            return True
        local = moment.astimezone(place)
        minute = local.hour * 60 + local.minute
        return any(span.begin <= minute < span.end for span in self.of(local.date()))

    def closes(self, moment: datetime, place: ZoneInfo) -> datetime | None:
        """The first moment from this one on that is outside, in UTC; None where the whole week is inside."""
        moment = moment.astimezone(UTC)
        for _ in range(8 * SPANS_MAX):
            local = moment.astimezone(place)
            minute = local.hour * 60 + local.minute
            ends = [span.end for span in self.of(local.date()) if span.begin <= minute < span.end]
            if not ends:
                return moment
            day, end = (local.date(), max(ends)) if max(ends) < DAY_MINUTES else (local.date() + timedelta(days=1), 0)
            moment = _moment(day, end, place)
        return None

    def opens(self, moment: datetime, place: ZoneInfo) -> datetime | None:
        """The first moment from this one on that is inside, in UTC; None where no day of the week has any."""
        if self.contains(moment, place):
            return moment.astimezone(UTC)
        local = moment.astimezone(place)
        for days in range(8):
            day = local.date() + timedelta(days=days)
            for span in sorted(self.of(day)):
                begin = _moment(day, span.begin, place)
                if begin > moment and self.contains(begin, place):
                    return begin
        return None


def parse_windows(stored: object) -> Windows:
    """What is stored or came from a form: {"standard": ["08:00-18:00", …], "sunday": [], "friday": ["08:00-14:00"]}.

    A weekday with an empty list is closed. A list instead of the whole: the standard times. Raises: WindowError.
    """
    if isinstance(stored, list | tuple):
        stored = {"standard": stored}
    if not isinstance(stored, Mapping):
        raise WindowError("Times are written as 08:00-18:00, several in a list.")
    unknown = set(stored) - {"standard", *DAYS}
    if unknown:
        raise WindowError(f"There is no weekday {', '.join(sorted(map(str, unknown)))}. Write {', '.join(DAYS)}.")
    spans: dict[int, list[Span]] = {}
    standard, over = _parsed(stored.get("standard") or ())
    for number, name in enumerate(DAYS):
        if name in stored:
            today, tomorrow = _parsed(stored[name])
            spans.setdefault(number, []).extend(today)
            # What goes over midnight belongs to the next day, which keeps its own times as well.
            if tomorrow:
                following = (number + 1) % 7
                own = [] if DAYS[following] in stored else [*standard, *over]
                spans.setdefault(following, []).extend([*own, *tomorrow])
    return Windows(_joined([*standard, *over]), {number: _joined(some) for number, some in spans.items()})


def _parsed(texts: object) -> tuple[list[Span], list[Span]]:
    """The spans of a day, and what of them lies on the next."""
    if not isinstance(texts, list | tuple) or len(texts) > SPANS_MAX:
        raise WindowError(f"Times are a list of at most {SPANS_MAX}, each written as 08:00-18:00.")
    today, tomorrow = [], []
    for text in texts:
        begin, dash, end = str(text).partition("-")
        if not dash:
            raise WindowError(f"“{text}” is no time from and to. Write for example 08:00-18:00.")
        first, last = _minute(begin), _minute(end)
        if first < last:
            today.append(Span(first, last))
        elif first > last:
            today.append(Span(first, DAY_MINUTES))
            if last:
                tomorrow.append(Span(0, last))
        else:
            raise WindowError(f"“{text}” begins when it ends. The whole day is 00:00-24:00.")
    return [span for span in today if span.begin < span.end], tomorrow


def _minute(text: str) -> int:
    hours, colon, minutes = text.strip().partition(":")
    numbers = (hours, minutes) if colon else (hours, "0")
    if not all(number.isascii() and number.isdigit() and len(number) <= 2 for number in numbers):
        raise WindowError(f"“{text.strip()}” is no time of day. Write for example 18:00.")
    minute = int(numbers[0]) * 60 + int(numbers[1])
    if int(numbers[1]) > 59 or minute > DAY_MINUTES:
        raise WindowError(f"“{text.strip()}” is no time of day: from 00:00 to 24:00.")
    return minute


def _joined(spans: Sequence[Span]) -> tuple[Span, ...]:
    """In order, those that touch as one."""
    joined: list[Span] = []
    for span in sorted(spans):
        if joined and span.begin <= joined[-1].end:
            joined[-1] = Span(joined[-1].begin, max(joined[-1].end, span.end))
        else:
            joined.append(span)
    return tuple(joined)


def _moment(day: date, minute: int, place: ZoneInfo) -> datetime:
    if minute == DAY_MINUTES:
        day, minute = day + timedelta(days=1), 0
    return datetime.combine(day, time(minute // 60, minute % 60), place).astimezone(UTC)
