"""Which machines are to be read now, and what a visit needs to know of them."""

from __future__ import annotations

import math
import zlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from django.db import connection

from platen.fleet.batch_sql import Update, as_moment, by_keys, from_json, from_moment
from platen.fleet.intervals import read_intervals
from platen.fleet.models import FleetSettings, Machine
from platen.fleet.settings import fleet_settings
from platen.policy.fleet.jitter import phase
from platen.policy.fleet.power import State
from platen.policy.fleet.rollups import zone
from platen.policy.fleet.windows import WindowError, Windows, parse_windows
from platen.readings.facts import Reading
from platen.readings.kept import reading_from_json
from platen.tenants.context import current_tenant_id
from platen.tenants.queries import current_policy

BY_HAND = datetime(2000, 1, 1, tzinfo=UTC)
"""What is due since then was asked for by somebody: it comes first, and at any time of the day (EMC-COMM-17)."""
CLOSED_S = 3600
"""Where nothing is to be read for now, it is looked at again after so long."""


def is_read_now(machine: Machine, now: datetime) -> bool:
    """Whether this node is about to read a machine: its turn has come, or somebody asked for it."""
    return machine.managed and not machine.collector and machine.due_at is not None and machine.due_at <= now


class Depth(StrEnum):
    """How much of a machine a visit asks."""

    STATUS = "status"
    FULL = "full"  # everything that changes: the plan
    SURVEY = "survey"  # everything


@dataclass(frozen=True, slots=True, kw_only=True)
class DueMachine:
    """A machine to be visited. last: the reading to go on from, with the plan's key; None: a survey."""

    id: int
    tenant_id: int
    address: str
    port: int
    credential_id: int | None
    protocol: str
    uri: str  # where documents go
    takes_documents: bool
    depth: Depth
    by_hand: bool
    plan_id: int | None
    last: Reading | None
    power: State
    failures: int
    every_s: int
    timeout_s: float
    retries: int


_DUE = (
    "SELECT device_id, tenant_id FROM fleet_machine WHERE managed AND collector = '' AND due_at <= %s "
    "ORDER BY due_at LIMIT %s"
)
_NEEDED = (
    "SELECT m.device_id, m.address, m.port, m.credential_id, m.protocol, m.plan_id, m.power, m.failures, "
    "m.latest, m.due_at, m.counted_at, m.surveyed_at, m.time_zone, d.uri, s.reading, d.takes_documents "
    "FROM fleet_machine m JOIN devices_device d ON d.id = m.device_id "
    "LEFT JOIN fleet_survey s ON s.machine_id = m.device_id WHERE m.tenant_id = %s AND m.collector = '' "
    "AND m.device_id IN ({keys})"
)
_DEFER = Update(Machine, "due_at")


def due_ids(now: datetime, limit: int) -> list[tuple[int, int]]:
    """Machines of all tenants that this node is to read, each with its tenant's key; longest due first."""
    with connection.cursor() as cursor:
        cursor.execute(_DUE, (as_moment(now), limit))
        return [(int(machine_id), int(tenant_id)) for machine_id, tenant_id in cursor.fetchall()]


def next_due_at() -> datetime | None:
    """When the first machine of any tenant is due; None: there is none."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT MIN(due_at) FROM fleet_machine WHERE managed AND collector = '' AND due_at IS NOT NULL")
        found = cursor.fetchone()[0]
    if isinstance(found, str):  # an aggregate has no type in SQLite
        found = datetime.fromisoformat(found)
    return from_moment(found)


def load_due(ids: Collection[int], now: datetime, *, by_hand: bool = False) -> list[DueMachine]:
    """The current tenant's machines of these, as far as they may be read now; the others are put off.

    by_hand: somebody asked for it, so that windows and intervals do not matter.
    """
    settings = fleet_settings()
    windows, tenant_zone = _windows(settings), current_policy().time_zone
    intervals = read_intervals(ids, settings.status_every_s)
    ready: list[DueMachine] = []
    put_off: list[tuple[str | None, int]] = []
    for row in by_keys(_NEEDED, ids, current_tenant_id()):
        wanted = by_hand or (from_moment(row[9]) or now) <= BY_HAND
        place = zone(row[12] or tenant_zone, tenant_zone)
        if not row[1]:
            put_off.append((None, row[0]))
        elif not wanted and not settings.collecting:
            put_off.append((as_moment(now + timedelta(seconds=CLOSED_S)), row[0]))
        elif not wanted and not windows.contains(now, place):
            opens = windows.opens(now, place) or now + timedelta(days=1)
            put_off.append((as_moment(opens + _spread(row[0], settings)), row[0]))
        else:
            ready.append(_due(row, settings, intervals[row[0]], now, by_hand=wanted))
    _DEFER.write(put_off)
    return ready


def _due(row: Any, settings: FleetSettings, every_s: int, now: datetime, *, by_hand: bool) -> DueMachine:
    last = _last(row[14], row[8])
    depth = Depth.SURVEY
    if last is not None and row[5] is not None:
        depth = _depth(row[0], settings, counted_s=_age(row[10], now), surveyed_s=_age(row[11], now))
    if by_hand and depth is Depth.STATUS:
        depth = Depth.FULL
    return DueMachine(
        id=row[0],
        tenant_id=current_tenant_id(),
        address=row[1],
        port=row[2],
        credential_id=row[3],
        protocol=row[4],
        plan_id=row[5],
        power=State(row[6]),
        failures=row[7],
        uri=row[13],
        takes_documents=bool(row[15]),
        depth=depth,
        by_hand=by_hand,
        last=None if depth is Depth.SURVEY else last,
        every_s=every_s,
        timeout_s=settings.timeout_s,
        retries=settings.retries,
    )


def _depth(machine_id: int, settings: FleetSettings, *, counted_s: float, surveyed_s: float) -> Depth:
    """What is due of a machine that has a plan, by the seconds since its meters were read and since it was surveyed.

    Machines that were found together would for ever be surveyed together, so each has its own share of a quarter more
    or less; of meters, which people expect at their interval, a little less.
    """
    share = phase(machine_id, 1)
    if surveyed_s >= settings.survey_every_s * (0.75 + share / 2):
        return Depth.SURVEY
    # A visit a little early counts: the next one would be a whole interval late.
    slack = settings.status_every_s / 2
    return Depth.FULL if counted_s >= settings.counters_every_s * (0.85 + 0.15 * share) - slack else Depth.STATUS


def _age(stored: Any, now: datetime) -> float:
    """Seconds since a moment; without one, for ever."""
    moment = from_moment(stored)
    return math.inf if moment is None else (now - moment).total_seconds()


def _last(survey: Any, latest: Any) -> Reading | None:
    """The reading to go on from: what was surveyed, with the status and alerts of the last visit."""
    if survey is None:
        return None
    try:
        stored = from_json(zlib.decompress(bytes(survey)))
        if latest is not None:
            status, alerts = from_json(latest)
            stored[1], stored[5] = status, alerts
        return reading_from_json(stored)
    except (ValueError, zlib.error):  # of another version: it is surveyed anew
        return None


def _windows(settings: FleetSettings) -> Windows:
    try:
        return parse_windows(settings.windows)
    except WindowError:
        return Windows()


def _spread(machine_id: int, settings: FleetSettings) -> timedelta:
    """All that waited for a window do not begin in its first second."""
    return timedelta(seconds=machine_id * 7919 % max(1, min(settings.status_every_s, 600)))
