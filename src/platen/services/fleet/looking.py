"""A look at a machine between two readings: whether anything is other than it was, in one small packet.

Asked are the time since its start, its state and how many alerts there were. If one of them says that something came or
went, the machine is read; if not, what was read last still holds.
"""

from __future__ import annotations

from functools import lru_cache

from platen.protocols.snmp import Oid, Prepared
from platen.readings import objects as o
from platen.readings.facts import Reading
from platen.readings.plan import Plan
from platen.readings.update import has_restarted, update, values_of
from platen.services.collect.reader import Visit
from platen.services.collect.snmp_client import SnmpClient
from platen.services.collect.snmp_targets import Credentials, Patience, Target

_STATE = (o.HR_PRINTER_STATUS, o.HR_PRINTER_DETECTED_ERROR_STATE, o.HR_DEVICE_STATUS)
_LOOKED_AT = (o.SYS_UP_TIME, *_STATE, o.PRT_ALERT_ALL_EVENTS)
PLANS_MAX = 2_000


async def look_at(
    client: SnmpClient, target: Target, credentials: Credentials, plan: Plan, last: Reading, *, patience: Patience
) -> Visit | None:
    """A visit that says the machine's state; None where it has to be read: something changed, or a look cannot tell.

    Raises: SnmpFailed.
    """
    prepared = _question(plan)
    if prepared is None:
        return None
    answer = await client.get(target, credentials, prepared, patience)
    raw = values_of(answer.varbinds)
    if answer.missing or has_restarted(last, raw):
        return None
    reading = update(plan, last, raw, alerts_known=False)
    now, before = reading.status, last.status
    if now.reasons != before.reasons or now.alert_events != before.alert_events:
        return None
    return Visit(reading, raw, plan, answer.traffic, answer.notes, surveyed=False, round_trip_s=answer.round_trip_s)


def _question(plan: Plan) -> Prepared | None:
    return _question_of(tuple(sorted(cell for cell in plan.cells if _is_looked_at(cell))), plan.watches_alerts)


@lru_cache(PLANS_MAX)
def _question_of(cells: tuple[Oid, ...], watches_alerts: bool) -> Prepared | None:
    """None where alerts may come and go without a count of them, or the machine says nothing of its state."""
    counts = any(cell[: len(o.PRT_ALERT_ALL_EVENTS)] == o.PRT_ALERT_ALL_EVENTS for cell in cells)
    states = any(cell[: len(column)] == column for cell in cells for column in _STATE)
    return Prepared.get(list(cells)) if states and (counts or not watches_alerts) else None


def _is_looked_at(cell: Oid) -> bool:
    return any(cell[: len(column)] == column for column in _LOOKED_AT)
