"""What the meters of a machine moved between two readings, and whether that can be believed.

Meters live in machines that lose their memory, get another board, or say 10**12 pages for an afternoon. So a reading
that cannot be is kept, marked and explained, and moves nothing. It is believed when the readings after it go on from
there; then it is the place to count from: what the machine did since is usage, and what lies between the last reading
before it and itself is not. If the next reading goes on from where the meters were before, it was a moment's error and
is forgotten.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from platen.policy.fleet.rollups import added

COUNT_MAX = 2**32 - 1
"""No meter goes beyond: at 300 pages a minute, day and night, that takes 27 years; and a Counter32 ends there."""
BEGIN_MAX = 10**9
"""No machine is met that has counted so far. The fastest that are fed with sheets mark 300 a minute and would take more
than six years of days and nights for it; a meter that is watched on its way may pass it."""
NO_COUNTS = frozenset({2**31 - 1, 2**32 - 1, 2**32 - 2, 2**32 - 3})
"""The largest INTEGER, and -1, -2 and -3 as a Counter32 has them: what machines say that do not know."""
PER_MINUTE_MAX = 200
"""Impressions a minute of a machine whose speed is not known: more than any office machine marks."""
SPEED_SLACK = 1.25
BURST = 200
"""A meter is often written late, when a job ends: it may rise by so much at once."""
NEAR_ZERO = 1_000
CONFIRMATIONS = 2
"""So many readings have to go on from a reading that was not believed."""
PARTS_SLACK = 100
METERS_MAX = 200
NAME_MAX = 60
PARTS_OF_TOTAL = ("print", "copy", "fax", "list")


class Verdict(StrEnum):
    """What a reading's meters are in the light of those before."""

    FIRST = "first"  # nothing to compare with
    NORMAL = "normal"
    SUSPICIOUS = "suspicious"  # moves nothing
    BELIEVED = "believed"  # was suspicious, is confirmed; counting goes on from here
    REPLACED = "replaced"  # another machine or board, as somebody knows; counting begins anew


class Oddity(StrEnum):
    """What is odd about one meter."""

    RESET = "reset"  # fell to nearly nothing
    FELL = "fell"
    JUMPED = "jumped"  # further than the machine can print in the time
    IMPOSSIBLE = "impossible"  # more than any machine counts, or less than nothing
    PARTS = "parts"  # what it is made of grew more than it did


@dataclass(frozen=True, slots=True)
class Doubt:
    """Readings that are not believed yet, each of which goes on from the one before.

    values, at_s: the last of them, seconds since 1970. confirmations: how many go on from the first. sentence: why
    that was doubted. odd: what was odd about which meter. moved: what they counted from the first on. before: readings
    that went on from one another, after which the first of these was the only one that did not.
    """

    values: Mapping[str, int]
    at_s: float
    confirmations: int = 0
    sentence: str = ""
    odd: Mapping[str, Oddity] = field(default_factory=dict)
    moved: Mapping[str, int] = field(default_factory=dict)
    before: Doubt | None = None

    def as_json(self) -> dict[str, Any]:
        """As it is stored."""
        said = {"values": dict(self.values), "at": self.at_s, "times": self.confirmations, "sentence": self.sentence}
        more = {"odd": dict(self.odd), "moved": dict(self.moved), "before": self.before and self.before.as_json()}
        return said | {name: value for name, value in more.items() if value}

    @classmethod
    def from_json(cls, stored: object) -> Doubt | None:
        """What is stored; None where there is none, or it is nothing that `as_json` wrote."""
        if not isinstance(stored, Mapping) or not isinstance(stored.get("values"), Mapping):
            return None
        at, times = stored.get("at"), stored.get("times")
        if not isinstance(at, int | float) or not isinstance(times, int):
            return None
        odd = stored.get("odd")
        pairs = odd.items() if isinstance(odd, Mapping) else ()
        known = {str(name): Oddity(what) for name, what in pairs if isinstance(what, str) and what in set(Oddity)}
        before = stored.get("before")
        only = {**before, "before": None} if isinstance(before, Mapping) else None  # never deeper than one
        sentence = str(stored.get("sentence", ""))
        values, moved = _numbers(stored["values"]), _numbers(stored.get("moved"))
        return cls(values, float(at), times, sentence, known, moved, cls.from_json(only))


def _numbers(stored: object) -> dict[str, int]:
    if not isinstance(stored, Mapping):
        return {}
    return {str(name): value for name, value in stored.items() if isinstance(value, int)}


@dataclass(frozen=True, slots=True)
class Judgement:
    """What becomes of a reading's meters.

    moved: how far each went, only those above zero, never anything that is in doubt.
    values: every meter as it is believed from now on.
    rebased: the meters that are counted from another value, whose way there is no usage.
    """

    verdict: Verdict
    values: Mapping[str, int]
    moved: Mapping[str, int] = field(default_factory=dict)
    doubt: Doubt | None = None
    sentence: str = ""
    rebased: frozenset[str] = frozenset()


def judge(
    before: Mapping[str, int],
    now: Mapping[str, int],
    *,
    before_s: float,
    now_s: float,
    doubt: Doubt | None = None,
    replaced: bool = False,
    per_minute: int | None = None,
) -> Judgement:
    """The meters of a reading, after those that were believed last (empty: none yet).

    before_s and now_s: when they were read, seconds since 1970. per_minute: impressions that the engine marks at most.
    A meter that is not read this time stays as it is; one that is new begins to be counted. One that never was believed
    and cannot be is left out, so that the others are counted all the same; where it is the total, nothing is.
    """
    now = _bounded(now)
    if not before or replaced:
        return _begun(now, replaced=replaced)
    now = {name: value for name, value in now.items() if _can_begin(value) or name in before or name == "total"}
    odd = _oddities(before, now, now_s - before_s, per_minute)
    line = _followed(doubt, odd, now, now_s, per_minute)
    if line is not None:
        # Time makes a jump possible that was none when it was read, and it was made by then.
        jumps = {name: what for name, what in line.odd.items() if what is Oddity.JUMPED and name in now}
        odd = jumps | odd
    if not odd:
        moved = {name: value - before[name] for name, value in now.items() if value > before.get(name, value)}
        return Judgement(Verdict.NORMAL, {**before, **now}, moved)
    sentence = _sentence(before, now, odd, now_s - before_s)
    if line is None:
        line = Doubt(now, now_s, 0, sentence, odd, before=_kept_line(doubt))
    if line.confirmations < CONFIRMATIONS or odd.get("total") is Oddity.IMPOSSIBLE:
        return Judgement(Verdict.SUSPICIOUS, before, doubt=line, sentence=sentence)
    return _believed(before, now, odd, line)


def _believed(before: Mapping[str, int], now: Mapping[str, int], odd: Mapping[str, Oddity], line: Doubt) -> Judgement:
    """Meters that were odd moved as far as from the first doubted reading on, all others from the last believed on."""
    cannot = {name for name, what in odd.items() if what is Oddity.IMPOSSIBLE}
    odd = {**line.odd, **odd}
    values = {name: value for name, value in {**before, **now}.items() if name not in cannot and _can_be(value)}
    all_odd = Oddity.PARTS in odd.values()
    moved = {
        name: line.moved.get(name, 0) if all_odd or name in odd else now[name] - before.get(name, now[name])
        for name in now
        if name in values
    }
    moved = {name: move for name, move in moved.items() if move > 0}
    first = _named(odd)
    since = f" ({moved[first]:,} since)" if first in moved else ""
    agreed = f"The readings after it agree, so it is counted from there{since}; the difference is not usage."
    return Judgement(Verdict.BELIEVED, values, moved, sentence=f"{line.sentence} {agreed}", rebased=frozenset(odd))


def unchanged(before: Mapping[str, int], now: Iterable[tuple[str, int]]) -> bool:
    """Whether every meter is as it was: the quick way for a machine that rests."""
    return all(before.get(name) == value for name, value in now)


def _begun(now: dict[str, int], *, replaced: bool) -> Judgement:
    impossible = [name for name, value in now.items() if not _can_begin(value)]
    values = {name: value for name, value in now.items() if name not in impossible}
    sentence = "; ".join(f"{name} says {now[name]:,}, which no machine has counted" for name in impossible[:3])
    if replaced:
        text = "The machine or its memory was replaced; counting begins anew."
        return Judgement(Verdict.REPLACED, values, sentence=text, rebased=frozenset(values))
    if impossible:
        return Judgement(Verdict.SUSPICIOUS, values, sentence=f"{sentence}.")
    return Judgement(Verdict.FIRST, values)


def _bounded(now: Mapping[str, int]) -> dict[str, int]:
    return {name: value for name, value in list(now.items())[:METERS_MAX] if len(name) <= NAME_MAX}


def _oddities(
    before: Mapping[str, int], now: Mapping[str, int], elapsed_s: float, per_minute: int | None
) -> dict[str, Oddity]:
    most = _possible(elapsed_s, per_minute)
    odd = {}
    for name, value in now.items():
        was = before.get(name)
        if not _can_be(value) or (value > BEGIN_MAX and (was is None or value - was > most)):
            odd[name] = Oddity.IMPOSSIBLE
        elif was is not None and value < was:
            odd[name] = Oddity.RESET if value <= min(NEAR_ZERO, was // 2) else Oddity.FELL
        elif was is not None and value - was > most:
            odd[name] = Oddity.JUMPED
    if not odd and _parts_outgrow(before, now):
        odd["total"] = Oddity.PARTS
    return odd


def _possible(elapsed_s: float, per_minute: int | None) -> int:
    """Impressions that can have been made in the time; a clock that went back leaves the burst."""
    speed = per_minute if per_minute and per_minute > 0 else PER_MINUTE_MAX
    return int(max(0.0, elapsed_s) / 60 * speed * SPEED_SLACK) + BURST


def _parts_outgrow(before: Mapping[str, int], now: Mapping[str, int]) -> bool:
    """Whether print, copy, fax and lists grew by more than twice what the total did.

    Twice: some count a large sheet as two in one place and as one in the other. How the sums stood before does not
    matter: many machines never made them agree.
    """
    if "total" not in now or "total" not in before:
        return False
    grown = sum(now[name] - before[name] for name in PARTS_OF_TOTAL if name in now and name in before)
    return grown > 2 * (now["total"] - before["total"]) + PARTS_SLACK


def _followed(
    doubt: Doubt | None, odd: Mapping[str, Oddity], now: Mapping[str, int], now_s: float, per_minute: int | None
) -> Doubt | None:
    """The doubted readings that this one goes on from, with it; None: there are none.

    What went on before comes first, as it does with what is believed: one reading beside it was a moment's error.
    """
    if doubt is None or odd.get("total") is Oddity.IMPOSSIBLE:
        return None
    for line in (doubt.before, doubt):
        if line is None:
            continue
        # A single meter that cannot be is left out in the end; it does not keep the others from being believed.
        doubted = {name: value for name, value in line.values.items() if _can_be(value)}
        said = {name: value for name, value in now.items() if _can_be(value)}
        if odd.keys() & said.keys() <= doubted.keys() and not _oddities(doubted, said, now_s - line.at_s, per_minute):
            steps = {name: value - doubted[name] for name, value in said.items() if value > doubted.get(name, value)}
            return _confirmed(line, steps, {**doubted, **said}, now_s)
    return None


def _confirmed(line: Doubt, steps: Mapping[str, int], now: Mapping[str, int], now_s: float) -> Doubt:
    """A line with one reading more. What the machine counted between two resets counts, however short that was."""
    moved = added(line.moved, steps)
    odd = line.odd
    if line.before is not None:
        moved, odd = added(line.before.moved, moved), {**line.before.odd, **odd}
    return replace(
        line, values=now, at_s=now_s, confirmations=line.confirmations + 1, odd=odd, moved=moved, before=None
    )


def _kept_line(doubt: Doubt | None) -> Doubt | None:
    """What stays of doubted readings when one comes that does not go on from them."""
    if doubt is None:
        return None
    return doubt if doubt.confirmations else doubt.before


def _can_be(value: int) -> bool:
    return 0 <= value <= COUNT_MAX and value not in NO_COUNTS


def _can_begin(value: int) -> bool:
    return 0 <= value <= BEGIN_MAX


def _named(odd: Iterable[str]) -> str:
    """The meter that a sentence speaks of."""
    return "total" if "total" in odd else min(odd)


def _sentence(before: Mapping[str, int], now: Mapping[str, int], odd: Mapping[str, Oddity], elapsed_s: float) -> str:
    name = _named(odd)
    was, value, oddity = before.get(name, 0), now[name], odd[name]
    others = f" (and {len(odd) - 1} more)" if len(odd) > 1 else ""
    if oddity is Oddity.IMPOSSIBLE:
        return f"The meter {name} says {value:,}, which no machine has counted{others}."
    if oddity is Oddity.RESET:
        return f"The meter {name} went from {was:,} back to {value:,}, as after a reset{others}."
    if oddity is Oddity.FELL:
        return f"The meter {name} fell from {was:,} to {value:,}{others}."
    if oddity is Oddity.JUMPED:
        minutes = max(1, round(elapsed_s / 60))
        return f"The meter {name} rose by {value - was:,} in {minutes:,} min, more than the machine can print{others}."
    return f"Print, copy, fax and lists grew by more than the total, which rose by {value - was:,}."
