"""What a visit to a machine brought home: a reading, or why there is none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from platen.policy.fleet.power import Evidence
from platen.readings.facts import Reading


class Part(StrEnum):
    """A part of a reading. What was not asked is no statement: an empty list of supplies then means nothing."""

    IDENTITY = "identity"
    STATUS = "status"
    METERS = "meters"
    SUPPLIES = "supplies"
    TRAYS = "trays"
    ALERTS = "alerts"


EVERYTHING = frozenset(Part)


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A machine that answered.

    plan: what to ask the next time (readings.plan, encoded); None: as before. raw: of a survey, object to its value.
    due_at: the next visit; None: as it is. by_hand: this one was asked for by somebody.
    """

    machine_id: int
    at: datetime
    reading: Reading
    asked: frozenset[Part] = EVERYTHING
    survey: bool = False
    protocol: str = "snmp"
    credential_id: int | None = None  # what it answered to; None: as before
    response_ms: float | None = None
    plan: bytes | None = None
    raw: Mapping[str, str] | None = None
    due_at: datetime | None = None
    by_hand: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A machine that did not answer, or not with anything of use. reason: a sentence for a person."""

    machine_id: int
    at: datetime
    evidence: Evidence
    reason: str
    due_at: datetime | None = None
    by_hand: bool = False
