"""What makers get wrong, put right: rows of data with evidence (`corrections.toml`), never a branch for a maker.

Each correction leaves a sentence in the reading's notes, so that nobody wonders why a figure differs from the device's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any, TypeVar

from platen.protocols.snmp import Oid, Value
from platen.readings.corrections_rows import KINDS, RATIO, Correction, LevelIs, Subject, read_corrections
from platen.readings.facts import Alert, Identity, Meter, Reading, Supply, SupplyState
from platen.readings.text import decoded

__all__ = ["add_file", "corrected", "corrections", "objects_looked_at"]

NOTES_MAX = 64
_One = TypeVar("_One", Supply, Meter, Alert, Identity)
_STATES = {
    LevelIs.FULL: (SupplyState.LEVEL, 100),
    LevelIs.SOME: (SupplyState.SOME, None),
    LevelIs.LOW: (SupplyState.LOW, None),
    LevelIs.EMPTY: (SupplyState.EMPTY, 0),
    LevelIs.UNKNOWN: (SupplyState.UNKNOWN, None),
}


def corrected(reading: Reading, raw: Mapping[Oid, Value]) -> Reading:
    """The reading as it should have been, with a note for each correction; the same one if there was nothing."""
    rows = _rows_for(reading.identity.maker, reading.identity.model)
    reasons = " ".join(sorted(reading.status.reasons))
    words = {"maker": reading.identity.maker, "model": reading.identity.model}
    notes: list[str] = []

    def right(kind: str, subject: _One) -> _One | None:
        for row in rows[kind]:
            if row.reasons(reasons) and _fits(row, subject, raw):
                note = row.note.safe_substitute(words, **_words_of(subject))
                if note not in notes:
                    notes.append(note)
                return _changed(row, subject)
        return subject

    identity = right("identity", reading.identity) or reading.identity
    meters = tuple(meter for old in reading.meters if (meter := right("meter", old)) is not None)
    supplies = tuple(supply for old in reading.supplies if (supply := right("supply", old)) is not None)
    alerts = tuple(alert for old in reading.alerts if (alert := right("alert", old)) is not None)
    if not notes:
        return reading
    notes[:0] = reading.notes
    return replace(
        reading, identity=identity, meters=meters, supplies=supplies, alerts=alerts, notes=tuple(notes[:NOTES_MAX])
    )


def _fits(row: Correction, subject: Subject, raw: Mapping[Oid, Value]) -> bool:
    for field, test in row.tests:
        if not test(_ratio(subject) if field == RATIO else getattr(subject, field)):
            return False
    return all(test(_plain(raw.get(oid))) for oid, test in row.objects)


def _ratio(subject: Subject) -> int | None:
    """Level in percent of the capacity, rounded up, so that anything over the capacity is over a hundred."""
    if not isinstance(subject, Supply) or subject.level is None or not subject.capacity:
        return None
    return -(-100 * subject.level // subject.capacity)


def _plain(value: Value) -> Any:
    return decoded(value) if isinstance(value, bytes) else value


def _changed(row: Correction, subject: _One) -> _One | None:
    if row.drop:
        return None
    if isinstance(subject, Supply) and row.level_is is not None:
        return _leveled(subject, row.level_is)
    if isinstance(subject, Meter) and row.scale is not None:
        return replace(subject, value=subject.value * row.scale[0] // row.scale[1])
    if row.unhex:
        changes: dict[str, Any] = {row.unhex: _from_hex(getattr(subject, row.unhex))}
        return replace(subject, **changes)
    return replace(subject, **row.set)


def _from_hex(text: str) -> str:
    """The letters whose codes these are; the text itself if it is not hexadecimal."""
    try:
        return bytes.fromhex(text).decode("ascii")
    except ValueError:
        return text


def _leveled(supply: Supply, level_is: LevelIs) -> Supply:
    if level_is in _STATES:
        state, percent = _STATES[level_is]
        return replace(supply, state=state, percent=percent)
    if supply.level is None or not 0 <= supply.level <= 100:
        return replace(supply, state=SupplyState.UNKNOWN, percent=None)
    left = supply.level if level_is is LevelIs.PERCENT else 100 - supply.level
    return replace(supply, state=SupplyState.LEVEL if left else SupplyState.EMPTY, percent=left)


def _words_of(subject: Subject) -> dict[str, str]:
    """What a note may speak of: every field by its name, and `what` for the subject itself."""
    if isinstance(subject, Supply):
        what = subject.description or " ".join(filter(None, (subject.color, subject.kind)))
        return {"what": what, "level": str(subject.level), "capacity": str(subject.capacity)}
    if isinstance(subject, Meter):
        return {"what": subject.name, "value": str(subject.value), "unit": subject.unit}
    if isinstance(subject, Alert):
        return {"what": subject.description or subject.code, "severity": subject.severity}
    return {"what": subject.model, "serial": subject.serial, "firmware": subject.firmware}


@lru_cache(maxsize=4096)
def _rows_for(maker: str, model: str) -> Mapping[str, tuple[Correction, ...]]:
    fitting = [row for row in corrections() if row.maker(maker) and row.model(model)]
    return {kind: tuple(row for row in fitting if row.kind == kind) for kind in KINDS}


_files: list[Path] = []


@lru_cache(maxsize=1)
def corrections() -> tuple[Correction, ...]:
    """All of them: those of added files come before the packaged ones, so that they can say otherwise."""
    packaged = resources.files("platen.readings").joinpath("corrections.toml").read_text(encoding="utf-8")
    added = [row for path in reversed(_files) for row in read_corrections(path.name, path.read_text(encoding="utf-8"))]
    return (*added, *read_corrections("corrections.toml", packaged))


@lru_cache(maxsize=1)
def objects_looked_at() -> frozenset[Oid]:
    """Whose values say whether a correction fits."""
    return frozenset(oid for row in corrections() for oid, _ in row.objects)


def add_file(path: Path) -> None:
    """Take a file's rows as well, from now on. Raises: MakerError, OSError; then nothing changes."""
    read_corrections(path.name, path.read_text(encoding="utf-8"))
    _files.append(path)
    corrections.cache_clear()
    objects_looked_at.cache_clear()
    _rows_for.cache_clear()
