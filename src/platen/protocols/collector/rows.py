"""Rows: what a collector saw, in the order in which it saw it.

As JSON a row is the list [sequence, kind, milliseconds since 1970, machine, content].
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

MACHINE_MAX = 64
SEQUENCE_MAX = 2**62


class Kind(StrEnum):
    """What a row tells."""

    READING = "reading"  # `parts` of a reading, all of them where `full` is true; `address`, `protocol`
    SILENT = "silent"  # a machine did not answer: `evidence`, a word of policy.fleet.power
    OFF = "off"  # the collector did not run: `from` and `to`, seconds since 1970
    DROPPED = "dropped"  # readings were thinned out or dropped for want of room: `rows`, `from`, `to`


class RowError(ValueError):
    """This is no row."""


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that a collector saw. machine: its token at the collector; empty where it is about none."""

    sequence: int
    kind: Kind
    at_ms: int
    machine: str = ""
    content: Mapping[str, Any] = field(default_factory=dict)

    def to_json(self) -> list[Any]:
        """As JSON values."""
        return [self.sequence, self.kind.value, self.at_ms, self.machine, dict(self.content)]


def row_from_json(stored: object) -> Row:
    """What `Row.to_json` gave. Raises: RowError."""
    if not isinstance(stored, list) or len(stored) < 5:
        raise RowError("A row is a list of five values.")
    sequence, kind, at_ms, machine, content = stored[:5]
    numbers = all(isinstance(each, int) and not isinstance(each, bool) for each in (sequence, at_ms))
    if not numbers or not 0 < sequence < SEQUENCE_MAX or not 0 <= at_ms < 2**53:
        raise RowError("A row's sequence number and time are positive whole numbers.")
    if not isinstance(machine, str) or len(machine) > MACHINE_MAX or not isinstance(content, dict):
        raise RowError("A row's machine is a short text and its content an object.")
    try:
        return Row(sequence, Kind(kind), at_ms, machine, content)
    except ValueError as error:
        raise RowError(f"A row of the kind {str(kind)[:40]!r} is not known here.") from error
