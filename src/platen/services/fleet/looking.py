"""A look at a machine between two readings: whether anything is other than it was, in one small packet.

Asked are who it is, the time since its start, its state, and the first codes of its table of alerts. If one of them
says that something came or went, the machine is read; if not, what was read last still holds.
"""

from __future__ import annotations

from functools import lru_cache

from platen.protocols.snmp import Oid, Prepared, Version
from platen.readings import objects as o
from platen.readings.facts import Reading
from platen.readings.plan import Plan
from platen.readings.update import alerts_changed, has_restarted, is_another, update, values_by_rows
from platen.services.collect.reader import Visit
from platen.services.collect.snmp_client import SnmpClient
from platen.services.collect.snmp_targets import Community, Credentials, Patience, Target

_STATE = (o.HR_PRINTER_STATUS, o.HR_PRINTER_DETECTED_ERROR_STATE, o.HR_DEVICE_STATUS)
_LOOKED_AT = (o.SYS_UP_TIME, *_STATE, o.PRT_ALERT_ALL_EVENTS)
PLANS_MAX = 2_000


async def look_at(
    client: SnmpClient, target: Target, credentials: Credentials, plan: Plan, last: Reading, *, patience: Patience
) -> Visit | None:
    """A visit that says the machine's state; None where it has to be read: something changed, or a look cannot tell.

    Raises: SnmpFailed.
    """
    cells = looked_at(plan)
    prepared = _question(cells, _rows(plan))
    if prepared is None or (isinstance(credentials, Community) and credentials.version is Version.V1):
        return None
    answer = await client.get_bulk(target, credentials, prepared, patience)
    raw, whole = values_by_rows(plan, prepared, answer.varbinds)
    if not whole or any(cell not in raw for cell in cells) or has_restarted(last, raw) or is_another(plan, last, raw):
        return None
    codes = any(oid[: len(o.PRT_ALERT_CODE)] == o.PRT_ALERT_CODE for oid in raw)
    if plan.watches_alerts and (alerts_changed(plan, last, raw) or (last.alerts and not codes)):
        return None
    reading = update(plan, last, raw, alerts_known=False)
    if reading.status.reasons != last.status.reasons or reading.status.alert_events != last.status.alert_events:
        return None
    return Visit(reading, raw, plan, answer.traffic, answer.notes, surveyed=False, round_trip_s=answer.round_trip_s)


def looked_at(plan: Plan) -> tuple[Oid, ...]:
    """The objects of a plan that tell a machine's state, and whose it is."""
    state = (cell for cell in plan.cells if any(cell[: len(column)] == column for column in _LOOKED_AT))
    return tuple(sorted({*state, *([] if plan.mark is None else [plan.mark])}))


def _rows(plan: Plan) -> int:
    """As many codes of alerts as the plan asks for: they are compared alike."""
    return max((request.rows for request in plan.requests if o.PRT_ALERT_CODE in request.places), default=0)


@lru_cache(PLANS_MAX)
def _question(cells: tuple[Oid, ...], rows: int) -> Prepared | None:
    """None where the machine says nothing of its state."""
    if not any(cell[: len(column)] == column for cell in cells for column in _STATE):
        return None
    return Prepared.get_bulk([_before(cell) for cell in cells], [o.PRT_ALERT_CODE] if rows else [], rows)


def _before(cell: Oid) -> Oid:
    """A name that a cell follows."""
    return (*cell[:-1], cell[-1] - 1) if cell[-1] else cell[:-1]
