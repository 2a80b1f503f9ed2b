"""What the meters of a machine moved between two readings, and whether that can be believed.

Meters live in machines that lose their memory, get another board, or say 10**12 pages for an afternoon. So a reading
that cannot be is kept, marked and explained, and moves nothing. It is believed when the readings after it go on from
there; then it becomes the new place to count from, and what lies between is no usage. If the next reading goes on from
where the meters were before, it was a moment's error and is forgotten.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

COUNT_MAX = 2**32 - 1
"""No meter goes beyond: at 300 pages a minute, day and night, that takes 27 years; and a Counter32 ends there."""
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
    """A reading that is not believed yet: what it said, how many readings have gone on from it, why."""

    values: Mapping[str, int]
    at_s: float  # seconds since 1970
    confirmations: int = 0
    sentence: str = ""

    def as_json(self) -> dict[str, Any]:
        """As it is stored."""
        return {"values": dict(self.values), "at": self.at_s, "times": self.confirmations, "sentence": self.sentence}

    @classmethod
    def from_json(cls, stored: object) -> Doubt | None:
        """What is stored; None where there is none, or it is nothing that `as_json` wrote."""
        if not isinstance(stored, Mapping) or not isinstance(stored.get("values"), Mapping):
            return None
        values = {str(name): value for name, value in stored["values"].items() if isinstance(value, int)}
        at, times = stored.get("at"), stored.get("times")
        if not isinstance(at, int | float) or not isinstance(times, int):
            return None
        return cls(values, float(at), times, str(stored.get("sentence", "")))


@dataclass(frozen=True, slots=True)
class Judgement:
    """What becomes of a reading's meters.

    moved: how far each went, only those above zero, never anything that is in doubt.
    values: every meter as it is believed from now on.
    rebased: the meters that are counted from a new value, whose way there is no usage.
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
    now = {name: value for name, value in now.items() if _can_be(value) or name in before or name == "total"}
    odd = _oddities(before, now, now_s - before_s, per_minute)
    if not odd:
        moved = {name: value - before[name] for name, value in now.items() if value > before.get(name, value)}
        return Judgement(Verdict.NORMAL, {**before, **now}, moved)
    confirmed = _confirmed(doubt, odd.keys(), now, now_s, per_minute=per_minute)
    sentence = _sentence(before, now, odd, now_s - before_s)
    if confirmed < CONFIRMATIONS or odd.get("total") is Oddity.IMPOSSIBLE:
        kept = Doubt(now, now_s, confirmed, sentence)
        return Judgement(Verdict.SUSPICIOUS, before, doubt=kept, sentence=sentence)
    moved = {
        name: value - before[name]
        for name, value in now.items()
        if name not in odd and value > before.get(name, value) and Oddity.PARTS not in odd.values()
    }
    believed = f"{sentence} The readings after it agree, so it is counted from there; the difference is not usage."
    values = {name: value for name, value in {**before, **now}.items() if _can_be(value)}
    return Judgement(Verdict.BELIEVED, values, moved, sentence=believed, rebased=frozenset(odd))


def unchanged(before: Mapping[str, int], now: Iterable[tuple[str, int]]) -> bool:
    """Whether every meter is as it was: the quick way for a machine that rests."""
    return all(before.get(name) == value for name, value in now)


def _begun(now: dict[str, int], *, replaced: bool) -> Judgement:
    impossible = [name for name, value in now.items() if not _can_be(value)]
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
        if not _can_be(value):
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


def _confirmed(
    doubt: Doubt | None, odd: Set[str], now: Mapping[str, int], now_s: float, *, per_minute: int | None
) -> int:
    """How many readings have gone on from the doubted one, this one included; 0: this one does not."""
    if doubt is None:
        return 0
    # A single meter that cannot be is left out in the end; it does not keep the others from being believed.
    doubted = {name: value for name, value in doubt.values.items() if _can_be(value)}
    said = {name: value for name, value in now.items() if _can_be(value)}
    if not odd & said.keys() <= doubted.keys() or _oddities(doubted, said, now_s - doubt.at_s, per_minute):
        return 0
    return doubt.confirmations + 1


def _can_be(value: int) -> bool:
    return 0 <= value <= COUNT_MAX and value not in NO_COUNTS


def _sentence(before: Mapping[str, int], now: Mapping[str, int], odd: Mapping[str, Oddity], elapsed_s: float) -> str:
    name = "total" if "total" in odd else min(odd)
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
