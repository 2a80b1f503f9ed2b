"""How a part of a machine is, as words (RFC 3805 PrtSubUnitStatusTC), with what its alerts say of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from platen.readings.facts import Alert, AlertSeverity

_AVAILABILITY = {
    0: "idle",
    1: "on-request",
    2: "standby",
    3: "broken",
    4: "active",
    6: "busy",
}
"""The three lowest bits; 5 is unknown."""
_FLAGS = ((8, "non-critical-alerts"), (16, "critical-alerts"), (32, "offline"), (64, "transitioning"))
_STATUS_MAX = 127
STATUS_WORDS = frozenset(_AVAILABILITY.values()) | {word for _, word in _FLAGS}
_PLACES = ("input-media-supply-", "input-media-tray-", "input-", "output-media-tray-", "output-", "subunit-")
_TELLING = frozenset({AlertSeverity.CRITICAL, AlertSeverity.WARNING, AlertSeverity.WARNING_BINARY})

Said = Mapping[int, tuple[str, ...]]
"""What alerts say, by the number of the part in its table."""


def status_words(status: int | None) -> tuple[str, ...]:
    """Of a sum of bits: what it does, then what is the matter. Nothing for what is no such sum or says "unknown"."""
    if status is None or not 0 <= status <= _STATUS_MAX:
        return ()
    does = _AVAILABILITY.get(status & 7)
    return (*((does,) if does else ()), *(word for bit, word in _FLAGS if status & bit))


def said_by_alerts(alerts: Iterable[Alert], groups: Collection[str]) -> Said:
    """What alerts of these groups say of each part: their codes, without what only repeats which part it is.

    output-media-tray-full becomes "full", subunit-missing "missing", stapler-empty stays as it is.
    """
    found: dict[int, tuple[str, ...]] = {}
    for alert in alerts:
        if alert.group in groups and alert.group_index is not None and alert.severity in _TELLING:
            word = _without_place(alert.code)
            known = found.get(alert.group_index, ())
            found[alert.group_index] = known if word in known else (*known, word)
    return found


def _without_place(code: str) -> str:
    head = next((head for head in _PLACES if code.startswith(head)), "")
    return code.removeprefix(head)
