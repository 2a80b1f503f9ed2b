"""What waits to go home, in the order in which it was seen.

A row is here before anything of it is sent, and until home has it. Where there is no more room, the oldest readings are
thinned to one a day and machine first, each with what the ones before it said; then the oldest rows go. Both is said.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import structlog

from platen.collector.database import Database
from platen.protocols.collector.rows import Kind, Row

log = structlog.get_logger("platen.collector")

BATCH_ROWS = 500
BATCH_OCTETS = 1_500_000
"""Of rows before they are compressed; a tenth or so of that goes over the line."""
MARK = "masked"
"""In the content of a reading that waits: with what treatments it was masked (Masks.mark). It does not go out."""
_THIN_ROWS = 20_000
_DAY_MS = 86_400_000


@dataclass(frozen=True, slots=True)
class Waiting:
    """How much there is. oldest_ms: when the first row was seen; None: there is none."""

    rows: int
    octets: int
    oldest_ms: int | None


class Outbox:
    """Rows that home does not have yet."""

    def __init__(self, database: Database, octets_max: int = 500 * 1_048_576) -> None:
        self._database = database
        self.octets_max = octets_max

    def put(self, kind: Kind, at_s: float, machine: str = "", content: Mapping[str, Any] | None = None) -> int:
        """Queue a row. Returns: its number, which no other row ever has."""
        text = _text(content or {})
        return self._database.execute(
            "INSERT INTO outbox (at_ms, kind, machine, octets, content) VALUES (?, ?, ?, ?, ?)",
            int(at_s * 1000),
            kind.value,
            machine,
            len(text.encode()),
            text,
        )

    @property
    def is_empty(self) -> bool:
        """Whether home has everything."""
        return not self._database.rows("SELECT 1 FROM outbox LIMIT 1")

    def batch(self, rows_max: int = BATCH_ROWS) -> list[Row]:
        """The first rows, as many as go in one envelope."""
        found: list[Row] = []
        octets = 0
        for row, size in self._rows("", rows_max):
            octets += size
            if found and octets > BATCH_OCTETS:
                break
            found.append(row)
        return found

    def behind(self, sequence: int) -> int:
        """At most so many rows come after one; without counting them, since weeks may wait."""
        newest = self._database.rows("SELECT MAX(sequence) FROM outbox")[0][0]
        return max(0, (newest or 0) - sequence)

    def delivered(self, last: int) -> None:
        """Home has everything up to here."""
        with self._database.transaction():
            self._database.execute("DELETE FROM outbox WHERE sequence <= ?", last)
            self._database.note(home_last=max(last, self.home_last), delivered_at=time.time(), went_back=False)

    @property
    def highest(self) -> int:
        """The last number that was given to a row; 0: none was."""
        found = self._database.rows("SELECT seq FROM sqlite_sequence WHERE name = 'outbox'")
        return int(found[0][0]) if found else 0

    def seen_ms(self, sequence: int) -> int | None:
        """When a row that waits was seen; None: there is none of this number."""
        found = self._database.rows("SELECT at_ms FROM outbox WHERE sequence = ?", sequence)
        return int(found[0][0]) if found else None

    def go_on_after(self, last: int, last_ms: int | None) -> None:
        """Number what waits, and all that follows, after a row that home has under a number that is not of here.

        last_ms: when that row was seen. What was seen until then came home before the copy was put back.
        """
        with self._database.transaction():
            if last_ms is not None:
                self._database.execute("DELETE FROM outbox WHERE at_ms <= ?", last_ms)
            least = self._database.rows("SELECT MIN(sequence) FROM outbox")[0][0]
            highest = max(last, self.highest)  # so that no number is free and taken at once
            if least is not None:
                self._database.execute("UPDATE outbox SET sequence = sequence + ?", highest - least + 1)
            newest = self._database.rows("SELECT MAX(sequence) FROM outbox")[0][0] or highest
            self._database.execute("DELETE FROM sqlite_sequence WHERE name = 'outbox'")
            self._database.execute("INSERT INTO sqlite_sequence (name, seq) VALUES ('outbox', ?)", newest)
            self._database.note(home_last=highest, went_back=True)

    @property
    def home_last(self) -> int:
        """The last row that home is known to have."""
        return int(self._database.fact("home_last", 0))

    def waiting(self) -> Waiting:
        """How much there is."""
        rows, octets, oldest = self._database.rows("SELECT COUNT(*), SUM(octets), MIN(at_ms) FROM outbox")[0]
        return Waiting(rows, octets or 0, oldest)

    def make_room(self) -> int:
        """Keep within `octets_max`. Returns: how many rows had to go."""
        gone = 0
        while (waiting := self.waiting()).octets > self.octets_max and waiting.rows > 1:
            with self._database.transaction():
                some, began_ms, ended_ms = self._thin() or self._drop()
                if not some:
                    break
                content = {"rows": some, "from": began_ms / 1000, "to": ended_ms / 1000}
                self.put(Kind.DROPPED, time.time(), "", content)
            gone += some
            log.warning("queue_thinned", rows=some, since=_day(began_ms), until=_day(ended_ms))
        return gone

    def _thin(self) -> tuple[int, int, int] | None:
        """One row a day and machine of the oldest; None where there is nothing left to thin."""
        kept: dict[tuple[str, int], Row] = {}
        gone: list[Row] = []
        now_ms = time.time() * 1000
        for row, _ in self._rows("WHERE kind IN ('reading', 'silent')", _THIN_ROWS):
            if row.at_ms > now_ms - _DAY_MS and gone:
                break  # today's come last
            place = (row.machine, row.at_ms // _DAY_MS)
            if place in kept:
                gone.append(kept[place])
            kept[place] = _joined(kept[place], row) if place in kept else row
        if not gone:
            return None
        for row in kept.values():
            self._replace(row)
        return self._remove(gone)

    def _drop(self) -> tuple[int, int, int]:
        """The oldest rows. What they said is put on the next row of each machine, so that nothing is misread."""
        gone = [row for row, _ in self._rows("", 500)]
        last_of: dict[str, Row] = {}
        for row in gone:
            if row.kind is Kind.READING:
                last_of[row.machine] = _joined(last_of[row.machine], row) if row.machine in last_of else row
        if gone:
            for machine, row in last_of.items():
                self._hand_on(machine, row, gone[-1].sequence)
        return self._remove(gone)

    def _hand_on(self, machine: str, row: Row, after: int) -> None:
        clause = f"WHERE kind = 'reading' AND machine = ? AND sequence > {after}"
        following = next((each for each, _ in self._rows(clause, 1, machine)), None)
        if following is None:
            self._database.execute("UPDATE machine SET whole = 1 WHERE token = ?", machine)
        else:
            self._replace(_joined(row, following))

    def _replace(self, row: Row) -> None:
        text = _text(row.content)
        self._database.execute(
            "UPDATE outbox SET content = ?, octets = ?, kind = ?, at_ms = ? WHERE sequence = ?",
            text,
            len(text.encode()),
            row.kind.value,
            row.at_ms,
            row.sequence,
        )

    def _remove(self, gone: list[Row]) -> tuple[int, int, int]:
        for row in gone:
            self._database.execute("DELETE FROM outbox WHERE sequence = ?", row.sequence)
        times = [row.at_ms for row in gone]
        return len(gone), min(times, default=0), max(times, default=0)

    def _rows(self, clause: str, limit: int, *values: Any) -> Iterator[tuple[Row, int]]:
        """Rows in order, each with the octets of its content."""
        statement = (
            f"SELECT sequence, kind, at_ms, machine, octets, content FROM outbox {clause} ORDER BY sequence LIMIT ?"  # noqa: S608  # of constants
        )
        for sequence, kind, at_ms, machine, octets, content in self._database.rows(statement, *values, limit):
            yield Row(sequence, Kind(kind), at_ms, machine, json.loads(content)), octets


def _text(content: Mapping[str, Any]) -> str:
    return json.dumps(dict(content), separators=(",", ":"), ensure_ascii=False)


def _joined(before: Row, row: Row) -> Row:
    """A row that says what both said: each part is whole, so the newer one counts."""
    if row.kind is not Kind.READING or before.kind is not Kind.READING:
        reading = row if row.kind is Kind.READING else before
        # A machine that fell silent later that day: its last reading is worth more.
        return Row(row.sequence, reading.kind, reading.at_ms, reading.machine, reading.content)
    parts = {**before.content["parts"], **row.content["parts"]}
    full = bool(before.content["full"] or row.content["full"])
    content = {**row.content, "parts": parts, "full": full}
    if MARK in content:  # of each value, what surely was done with it in both
        content[MARK] = "".join(map(min, before.content.get(MARK, content[MARK]), content[MARK]))
    return Row(row.sequence, row.kind, row.at_ms, row.machine, content)


def _day(at_ms: int) -> str:
    return datetime.fromtimestamp(at_ms / 1000, UTC).isoformat(timespec="minutes")
