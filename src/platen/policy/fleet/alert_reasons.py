"""Alerts (PrtAlertCodeTC, RFC 3805) as printer-state-reasons (RFC 8011 section 5.4.12, mapped by PWG 5100.9)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from platen.policy.fleet.alert_codes import as_usual
from platen.policy.fleet.severity import Severity

_REASONS: Mapping[str, str] = {
    "cover-open": "cover-open",
    "door-open": "door-open",
    "interlock-open": "interlock-open",
    "jam": "media-jam",
    "input-media-tray-missing": "input-tray-missing",
    "input-media-size-change": "input-media-size-change",
    "input-media-supply-low": "media-low",
    "input-media-supply-empty": "media-empty",
    "input-media-change-request": "media-needed",
    "input-manual-input-request": "input-manual-input-request",
    "output-media-tray-missing": "output-tray-missing",
    "output-media-tray-almost-full": "output-area-almost-full",
    "output-media-tray-full": "output-area-full",
    "marker-fuser-under-temperature": "fuser-under-temp",
    "marker-fuser-over-temperature": "fuser-over-temp",
    "marker-toner-empty": "toner-empty",
    "marker-toner-almost-empty": "toner-low",
    "marker-ink-empty": "marker-supply-empty",
    "marker-ink-almost-empty": "marker-supply-low",
    "marker-print-ribbon-empty": "marker-supply-empty",
    "marker-print-ribbon-almost-empty": "marker-supply-low",
    "marker-supply-empty": "marker-supply-empty",
    "marker-supply-almost-empty": "marker-supply-low",
    "marker-toner-cartridge-missing": "marker-supply-missing",
    "marker-waste-toner-receptacle-full": "marker-waste-full",
    "marker-waste-toner-receptacle-almost-full": "marker-waste-almost-full",
    "marker-waste-ink-receptacle-full": "marker-waste-full",
    "marker-waste-ink-receptacle-almost-full": "marker-waste-almost-full",
    "marker-waste-full": "marker-waste-full",
    "marker-waste-almost-full": "marker-waste-almost-full",
    "marker-opc-life-over": "opc-life-over",
    "marker-opc-life-almost-over": "opc-near-eol",
    "marker-developer-empty": "developer-empty",
    "marker-developer-almost-empty": "developer-low",
}


def reasons_of(alerts: Iterable[tuple[str, int]]) -> list[str]:
    """The reasons that alerts, each as (code, severity), stand for, each once, in their order.

    An error stops the machine (-error), a warning does not yet (-warning); what only informs is no reason. A code that
    has no reason of its own is `other`.
    """
    found: dict[str, None] = {}
    for code, severity in alerts:
        if severity > Severity.NONE:
            word = "warning" if severity == Severity.WARNING else "error"
            found[f"{_REASONS.get(as_usual(code), 'other')}-{word}"] = None
    return list(found)
