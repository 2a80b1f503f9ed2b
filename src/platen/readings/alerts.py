"""What a machine reports (RFC 3805 prtAlertTable)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from platen.protocols.snmp import Oid, dotted
from platen.readings import objects as o
from platen.readings.enumerations import ALERT_CODES, ALERT_GROUPS, SEVERITIES, TRAININGS
from platen.readings.facts import Alert, AlertSeverity, Training
from platen.readings.tables import Tables

ALERTS_MAX = 128
"""Agents that never clear their table keep hundreds of events; the first are the ones that count."""
KEY_LENGTH_MAX = 112
_REMOVED = "alert-removal-of-binary-change-entry"
_ORDER = {AlertSeverity.CRITICAL: 0, AlertSeverity.WARNING_BINARY: 1, AlertSeverity.WARNING: 1, AlertSeverity.OTHER: 2}


def read_alerts(tables: Tables) -> tuple[Alert, ...]:
    """The table's rows, the most severe first. A note that some other row was removed is no alert."""
    found = (_alert(tables, index) for index in tables.rows(o.PRT_ALERT_CODE, o.PRT_ALERT_SEVERITY_LEVEL))
    kept = [alert for alert in found if alert.code != _REMOVED][:ALERTS_MAX]
    return with_keys(sorted(kept, key=lambda alert: _ORDER[alert.severity]))


def with_keys(alerts: Iterable[Alert]) -> tuple[Alert, ...]:
    """Each with a key of its own, of what stays the same as long as the alert stands."""
    seen: dict[str, int] = {}
    keyed: list[Alert] = []
    for alert in alerts:
        place = "" if alert.group_index is None else alert.group_index
        key = f"{alert.group}.{place}.{alert.code}.{alert.description}"[:KEY_LENGTH_MAX]
        seen[key] = seen.get(key, 0) + 1
        keyed.append(replace(alert, key=key if seen[key] == 1 else f"{key}#{seen[key]}"))
    return tuple(keyed)


def _alert(tables: Tables, index: Oid) -> Alert:
    code = tables.number(o.PRT_ALERT_CODE, index) or 2
    group = tables.number(o.PRT_ALERT_GROUP, index) or 2
    return Alert(
        key="",
        severity=SEVERITIES.get(tables.number(o.PRT_ALERT_SEVERITY_LEVEL, index) or 1, AlertSeverity.OTHER),
        code=ALERT_CODES.get(code, str(code)),
        training=TRAININGS.get(tables.number(o.PRT_ALERT_TRAINING_LEVEL, index) or 2, Training.UNKNOWN),
        group=ALERT_GROUPS.get(group, str(group)),
        group_index=_known(tables.number(o.PRT_ALERT_GROUP_INDEX, index)),
        location=_known(tables.number(o.PRT_ALERT_LOCATION, index)),
        description=tables.text(o.PRT_ALERT_DESCRIPTION, index),
        source=dotted((*o.PRT_ALERT_CODE, *index)),
    )


def _known(number: int | None) -> int | None:
    """Without -1 (other) and -2 (unknown)."""
    return number if number is not None and number >= 0 else None
