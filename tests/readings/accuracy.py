"""How right readings of recorded answers are: `python -m tests.readings.accuracy` prints the table of the page on it.

With --differences, every difference as a line.
"""

from __future__ import annotations

import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from platen.protocols.ipp.decoder import decode_response
from platen.readings.facts import AlertSeverity, Reading, Supply, SupplyState
from platen.readings.ipp import read_printer
from platen.readings.reading import read
from tests.readings.told import IPP, SOME, UNKNOWN, Told, ipp_facts, of_ipp, of_walk
from tests.walks import contexts_of, main_walks, values_of, walk_of

COLUMNS = (
    "maker",
    "answers",
    "maker right",
    "model",
    "serial",
    "firmware",
    "meters",
    "supplies",
    "colours",
    "abilities",
    "state",
    "alerts",
)
CELLS = ("maker", "model", "serial", "firmware", "meters", "supplies", "colours", "abilities", "state", "alerts")
_MEASURED = frozenset({SupplyState.LEVEL, SupplyState.EMPTY})
_TOLERANCE = 1  # percent: others cut off what we round
_ALIKE = {"ink-cartridge": "ink", "toner-cartridge": "toner"}


@dataclass(slots=True)
class Score:
    """Of one maker: what was compared, and what of it was right."""

    answers: int = 0
    told: Counter[str] = field(default_factory=Counter)
    right: Counter[str] = field(default_factory=Counter)

    def cell(self, what: str) -> str:
        return f"{self.right[what]} of {self.told[what]}" if self.told[what] else "–"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was compared."""

    what: str
    which: str
    told: object
    ours: object
    right: bool


def readings() -> Iterator[tuple[str, Told, Reading]]:
    """Every recorded answer with what others say and what we read: `snmp/...` and `ipp/...`."""
    for name in main_walks():
        values = values_of(walk_of(name))
        for context in contexts_of(name).values():
            values = values_of(context) | values
        yield f"snmp/{name}", of_walk(name), read(values)
    for name in sorted(ipp_facts()):
        message = decode_response((IPP / name).read_bytes())
        yield f"ipp/{name}", of_ipp(name), read_printer(message.printer)


def checks(told: Told, reading: Reading) -> Iterator[Check]:
    """Everything that somebody says, beside what we say."""
    yield from _identity(told, reading)
    for name, value in told.meters.items():
        ours = reading.meter(name)
        yield Check("meters", name, value, ours, value == ours)
    yield from _supplies(told, reading)
    for ability, said, ours_is in (
        ("colour", told.color, reading.identity.color),
        ("duplex", told.duplex, reading.identity.duplex),
    ):
        if said is not None:
            yield Check("abilities", ability, said, ours_is, said == ours_is)
    if told.display is not None:
        shown = " ".join(reading.status.console)
        yield Check("state", "display", told.display, shown, told.display.casefold() == shown.casefold())
    if told.reasons is not None:
        ours_now = reading.status.reasons if isinstance(told.reasons, frozenset) else len(reading.status.reasons)
        yield Check("state", "reasons", told.reasons, ours_now, told.reasons == ours_now)
    if told.alert_words is not None:
        words = sorted(alert.description for alert in reading.alerts)
        yield Check("alerts", "words", told.alert_words, words, told.alert_words == words)
    if told.alert_severities is not None:
        trouble = sorted(alert.severity.value for alert in reading.alerts if alert.severity is not AlertSeverity.OTHER)
        yield Check("alerts", "severities", told.alert_severities, trouble, told.alert_severities == trouble)


def _identity(told: Told, reading: Reading) -> Iterator[Check]:
    who = reading.identity
    if told.maker is not None:
        yield Check("maker", "maker", told.maker, who.maker, told.maker == who.maker)
    if told.model is not None:
        yield Check(
            "model", "model", told.model, who.model, _plain(told.model, who.maker) == _plain(who.model, who.maker)
        )
    if told.serial is not None:
        yield Check("serial", "serial", told.serial, who.serial, told.serial == who.serial)
    if told.firmware:
        yield Check("firmware", "firmware", told.firmware, who.firmware, who.firmware in told.firmware)


def _supplies(told: Told, reading: Reading) -> Iterator[Check]:
    if told.count is not None:
        ours = sum(not supply.key.startswith("maker.") for supply in reading.supplies)
        yield Check("supplies", "rows", told.count, ours, told.count == ours)
    for key, left in told.supplies.items():
        supply = _supply(reading, key)
        said = _said(supply)
        # A measure where the standard objects have none comes from private ones: more than was told.
        is_right = said == left or (left in {SOME, UNKNOWN} and isinstance(said, int)) or _near(said, left)
        yield Check("supplies", key, left, said, is_right)
    for key, pages in told.pages_left.items():
        supply = _supply(reading, key)
        yield Check(
            "supplies", f"{key} pages", pages, supply and supply.pages_left, bool(supply) and supply.pages_left == pages
        )
    for key, color in told.colors.items():
        supply = _supply(reading, key)
        yield Check("colours", key, color, supply and supply.color, bool(supply) and supply.color == color)


def _supply(reading: Reading, key: str) -> Supply | None:
    """By its key, or "kind colour" of one that a private object tells of."""
    for supply in reading.supplies:
        if key in {supply.key, f"{_ALIKE.get(supply.kind, supply.kind)} {supply.color}".strip()}:
            return supply
    return None


def _said(supply: Supply | None) -> int | str:
    if supply is None:
        return "missing"
    return supply.percent if supply.state in _MEASURED and supply.percent is not None else supply.state.value


def _near(said: int | str, left: int | str) -> bool:
    return isinstance(said, int) and isinstance(left, int) and abs(said - left) <= _TOLERANCE


def _plain(model: str, maker: str) -> str:
    """Without the maker, "series" and punctuation."""
    words = re.sub(r"\(r\)|series|printer$", "", model.casefold())
    return re.sub(r"[^a-z0-9]", "", words.replace(maker.casefold(), "").removeprefix("cn"))


def compared() -> tuple[dict[str, Score], list[tuple[str, Check]]]:
    """The scores by maker, and every difference with the answer's name."""
    scores: dict[str, Score] = defaultdict(Score)
    differences: list[tuple[str, Check]] = []
    for name, told, reading in readings():
        score = scores[told.maker or "others"]
        score.answers += 1
        for check in checks(told, reading):
            score.told[check.what] += 1
            score.right[check.what] += check.right
            if not check.right:
                differences.append((name, check))
    return dict(sorted(scores.items())), differences


def row_of(maker: str, score: Score) -> str:
    """One line of the table."""
    return f"| {maker} | {score.answers} | {' | '.join(map(score.cell, CELLS))} |"


def total(scores: dict[str, Score]) -> Score:
    """All makers in one."""
    whole = Score()
    for score in scores.values():
        whole.answers += score.answers
        whole.told += score.told
        whole.right += score.right
    return whole


def main() -> None:
    """Print the table."""
    scores, differences = compared()
    if "--differences" in sys.argv:
        for name, check in differences:
            print(f"{name}: {check.what} {check.which}: ours {check.ours!r}, others {check.told!r}")
    print(f"| {' | '.join(COLUMNS)} |")
    print("|---" * len(COLUMNS) + "|")
    for maker, score in scores.items():
        print(row_of(maker, score))
    print(row_of("all", total(scores)))


if __name__ == "__main__":
    main()
