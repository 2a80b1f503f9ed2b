"""The answers of a periodic reading, put into what was known of the machine before."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from platen.protocols.snmp import Oid, Prepared, Tag, Value, VarBind, parse_oid
from platen.readings import objects as o
from platen.readings.enumerations import ALERT_CODES
from platen.readings.facts import Activity, Meter, Reading, Status, Supply, Tray
from platen.readings.makers import table_of_identity
from platen.readings.mark import says_the_same
from platen.readings.meters import with_color
from platen.readings.plan import Plan
from platen.readings.reading import Answers, read_changing, spoken
from platen.readings.tables import Tables
from platen.readings.trays import with_alerts

_One = TypeVar("_One")
_FEW_LEFT = 0.6
_NUMBERS = re.compile(r"\d+")
_REMOVED = "alert-removal-of-binary-change-entry"


def update(plan: Plan, last: Reading, raw: Mapping[Oid, Value], *, alerts_known: bool = True) -> Reading:
    """The reading after the answers `raw` to a plan's requests, and to the table of alerts where it was asked for.

    What was not asked or not answered stays as it was last. alerts_known: no codes in `raw` mean that there is no
    alert; False where the answer did not come so far. Never raises.
    """
    whole = {**plan.constants, **raw}
    tables = Tables(whole)
    tables.charset, tables.language = spoken(tables)
    table = plan.private(table_of_identity(last.identity))
    # Where there are no alerts and were none, the table needs no look, nor do supplies that they could be about.
    has_alerts = alerts_known and (_is_whole(raw) if _codes(raw) else bool(last.alerts))
    now = read_changing(Answers(whole, tables, table), last, asked_for_alerts=has_alerts)
    return Reading(
        identity=now.identity,
        status=_status(last.status, now.status, raw),
        meters=with_color(_merged(last.meters, now.meters, _name_of_meter)),
        supplies=_merged(last.supplies, now.supplies, _key_of_supply),
        trays=with_alerts(_merged(last.trays, now.trays, _key_of_tray), now.alerts),
        alerts=now.alerts,
        notes=_notes(last.notes, now.notes),
        finishers=now.finishers,
        ports=now.ports,
    )


def alerts_changed(plan: Plan, last: Reading, raw: Mapping[Oid, Value]) -> bool:
    """Whether alerts came or went since the last reading: then the table has to be asked for whole.

    The plan asks for the first codes of the table. Where those take up all of its rows there may be more: then the
    machine's count of all alerts tells whether one came, and where it keeps no count the answer is yes. That none is
    left needs no asking.
    """
    codes = {oid: ALERT_CODES.get(code, str(code)) for oid, code in _codes(raw).items() if isinstance(code, int)}
    if not plan.watches_alerts or not codes:
        return False
    known = {parse_oid(alert.source): alert.code for alert in last.alerts if alert.source[:1].isdigit()}
    if len(codes) >= _rows_watched(plan):
        end = max(codes)
        known = {oid: code for oid, code in known.items() if oid <= end}
        events = [raw[oid] for oid in raw if oid[: len(o.PRT_ALERT_ALL_EVENTS)] == o.PRT_ALERT_ALL_EVENTS]
        if not events or last.status.alert_events not in events:
            return True
    return {oid: code for oid, code in codes.items() if code != _REMOVED} != known


def alert_rows(plan: Plan, raw: Mapping[Oid, Value]) -> int | None:
    """How many alerts there are by the answer to a plan; None if there may be more than it showed."""
    shown = len(_codes(raw))
    return shown if shown < _rows_watched(plan) else None


def _rows_watched(plan: Plan) -> int:
    return max((request.rows for request in plan.requests if o.PRT_ALERT_CODE in request.places), default=0)


def missing_cells(plan: Plan, raw: Mapping[Oid, Value]) -> list[Oid]:
    """What the plan expected and did not get: the machine is not what it was, or an answer was cut off."""
    return sorted(cell for cell in plan.cells if raw.get(cell) is None)


def seems_asleep(plan: Plan, missing: Sequence[Oid]) -> bool:
    """Whether a machine answers hardly anything of what it has: in deep sleep only its network interface is awake.

    That no more than a part is gone may be so; a machine that lost everything but its uptime would be a new one.
    """
    return len(missing) >= _FEW_LEFT * len(plan.cells) and len(missing) < len(plan.cells)


def asleep(reading: Reading) -> Reading:
    """The same machine asleep."""
    return replace(reading, status=replace(reading.status, activity=Activity.ASLEEP))


def has_restarted(last: Reading, raw: Mapping[Oid, Value]) -> bool:
    """Whether the agent began anew since: then anything may have changed, its firmware too.

    sysUpTime also falls when it wraps after 497 days; the survey that follows does no harm.
    """
    uptime, before = raw.get(o.SYS_UP_TIME), last.status.uptime_s
    return isinstance(uptime, int) and before is not None and uptime // 100 < before


def is_another(plan: Plan, last: Reading, raw: Mapping[Oid, Value]) -> bool:
    """Whether the machine says by its mark that it is not the one that was read last."""
    value = None if plan.mark is None else raw.get(plan.mark)
    if plan.mark is None or value is None:
        return False
    return not says_the_same(plan.mark, value, last.identity, plan.private(table_of_identity(last.identity)))


def values_of(varbinds: Iterable[VarBind]) -> dict[Oid, Value]:
    """Of an answer, what has a value."""
    return {varbind.oid: varbind.value for varbind in varbinds if not varbind.missing and varbind.value is not None}


def values_by_rows(plan: Plan, prepared: Prepared, varbinds: Sequence[VarBind]) -> tuple[dict[Oid, Value], bool]:
    """Of an answer to a plan's GETBULK what the plan asks for, and whether it has all rows of every place.

    What GETBULK gives beyond is of no use. Names have to rise from the place that was asked: an agent that gives back
    what it was asked, or goes in a circle, puts values to names that they do not belong to; nothing of that counts.
    """
    found: dict[Oid, Value] = {}
    count, places = prepared.non_repeaters, len(prepared.oids) - prepared.non_repeaters
    whole = _has_all_rows(prepared, varbinds)
    for number, place in enumerate(prepared.oids):
        rows = varbinds[number : number + 1] if number < count else varbinds[number :: places or 1]
        last = place
        for varbind in rows:
            if varbind.missing:
                break
            if varbind.oid <= last:
                whole = False
                break
            last = varbind.oid
            if varbind.value is not None and (last in plan.cells or last[:10] == o.ALERT_ENTRY):
                found[last] = varbind.value
    return found, whole


def _has_all_rows(prepared: Prepared, varbinds: Sequence[VarBind]) -> bool:
    """Whether an answer to a GETBULK has every row of every place, or went on to the end of what there is."""
    places = len(prepared.oids) - prepared.non_repeaters
    expected = prepared.non_repeaters + places * prepared.max_repetitions
    if len(varbinds) >= expected:
        return True
    # Agents may stop once nothing follows in any column (RFC 3416 section 4.2.3).
    last_row = varbinds[-places:] if places and len(varbinds) >= prepared.non_repeaters + places else []
    return bool(last_row) and all(varbind.tag == Tag.END_OF_MIB_VIEW for varbind in last_row)


def _codes(raw: Mapping[Oid, Value]) -> dict[Oid, Value]:
    return {oid: value for oid, value in raw.items() if oid[: len(o.PRT_ALERT_CODE)] == o.PRT_ALERT_CODE}


def _is_whole(raw: Mapping[Oid, Value]) -> bool:
    """Whether the rows of alerts have more than their codes."""
    column = o.PRT_ALERT_SEVERITY_LEVEL
    return any(oid[: len(column)] == column for oid in raw)


def _status(last: Status, now: Status, raw: Mapping[Oid, Value]) -> Status:
    """What was not answered of it, as it was."""
    columns = {oid[:11] for oid in raw}
    asked = o.HR_PRINTER_STATUS in columns or o.HR_DEVICE_STATUS in columns
    return Status(
        activity=now.activity if asked or now.activity is not Activity.UNKNOWN else last.activity,
        uptime_s=now.uptime_s if now.uptime_s is not None else last.uptime_s,
        reasons=now.reasons if o.HR_PRINTER_DETECTED_ERROR_STATE in columns else last.reasons,
        console=now.console if now.console or o.PRT_CONSOLE_DISPLAY_BUFFER_TEXT in columns else last.console,
        alert_events=now.alert_events if now.alert_events is not None else last.alert_events,
        lights=now.lights if o.PRT_CONSOLE_ON_TIME in columns else last.lights,
    )


def _notes(last: tuple[str, ...], now: tuple[str, ...]) -> tuple[str, ...]:
    """Of notes that differ in their numbers only, the newest: they are about the same thing at another level."""
    if not now:
        return last
    return tuple({_NUMBERS.sub("#", note): note for note in (*last, *now)}.values())


def _merged(last: tuple[_One, ...], now: tuple[_One, ...], key: Callable[[_One], str]) -> tuple[_One, ...]:
    """The last ones in their order with what is new of them, then those that are new altogether."""
    found = {key(one): one for one in now}
    kept = [found.pop(key(one), one) for one in last]
    return (*kept, *found.values())


def _name_of_meter(meter: Meter) -> str:
    return meter.name


def _key_of_supply(supply: Supply) -> str:
    return supply.key


def _key_of_tray(tray: Tray) -> str:
    return tray.key
