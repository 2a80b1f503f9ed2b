"""A reading from what a printer answers to Get-Printer-Attributes (RFC 8011 section 4.2.5).

    reading = read_printer(decode_response(octets).printer)

Attributes: RFC 8011, PWG 5100.9 (printer-alert), PWG 5100.13 (printer-supply, printer-*-tray, printer-firmware-*),
PWG 5100.1 (printer-finisher*), PWG 5100.7 and 5100.22 (what was completed), and marker-* of CUPS. Nothing here raises
on what stands in them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from platen.protocols.ipp.values import Attributes
from platen.readings.alerts import ALERTS_MAX, with_keys
from platen.readings.corrections import corrected
from platen.readings.facts import (
    Activity,
    Alert,
    AlertSeverity,
    Meter,
    Reading,
    Status,
    Training,
)
from platen.readings.finisher_supplies import told_once
from platen.readings.ipp_finishers import read_finishers
from platen.readings.ipp_finishers import read_supplies as finisher_supplies
from platen.readings.ipp_identity import read_identity
from platen.readings.ipp_supplies import read_supplies
from platen.readings.ipp_trays import read_trays
from platen.readings.ipp_values import keyword, number, records_of, text_of, texts_of
from platen.readings.meters import with_color
from platen.readings.supplies import SUPPLIES_MAX

_ACTIVITIES = {3: Activity.IDLE, 4: Activity.PRINTING, 5: Activity.STOPPED}
_UPTIME_MAX_S = 20 * 366 * 86_400
"""A printer-up-time above is a moment since 1970, which some give in its place."""
_IMPRESSIONS_COL, _SHEETS_COL = "printer-impressions-completed-col", "printer-media-sheets-completed-col"
_IMPRESSIONS = {
    "total.mono": ("monochrome", "monochrome-two-sided"),
    "total.full-color": ("full-color", "full-color-two-sided"),
    "total.two-color": ("highlight-color", "highlight-color-two-sided"),
}
_SHEETS = {
    "duplex": ("monochrome-two-sided", "full-color-two-sided", "highlight-color-two-sided"),
}
"""Meters, and the members of a collection that belong to each."""


def read_printer(attributes: Attributes) -> Reading:
    """The reading of a printer with these attributes; of an empty group an empty one."""
    reading = Reading(
        identity=read_identity(attributes),
        status=_status(attributes),
        meters=_meters(attributes),
        supplies=told_once((*read_supplies(attributes), *finisher_supplies(attributes))[:SUPPLIES_MAX]),
        trays=read_trays(attributes),
        alerts=_alerts(attributes),
        finishers=read_finishers(attributes),
    )
    return corrected(reading, {})


def _status(attributes: Attributes) -> Status:
    reasons = frozenset(attributes.texts("printer-state-reasons")) - {"none", ""}
    uptime = attributes.integer("printer-up-time")
    message = text_of(attributes, "printer-state-message")
    return Status(
        activity=_ACTIVITIES.get(attributes.integer("printer-state") or 0, Activity.UNKNOWN),
        reasons=reasons,
        console=(message,) if message else (),
        uptime_s=uptime if uptime is not None and 0 <= uptime <= _UPTIME_MAX_S else None,
    )


def _meters(attributes: Attributes) -> tuple[Meter, ...]:
    """Impressions by colour, and sheets. Pages are not counted: they are a document's, not the machine's."""
    found: list[Meter] = []
    for name, attribute, unit in (
        ("total", "printer-impressions-completed", "impressions"),
        ("sheets", "printer-media-sheets-completed", "sheets"),
    ):
        value = attributes.integer(attribute)
        if value is not None and value >= 0:
            found.append(Meter(name, value, attribute, unit))
    found += _members(attributes, _IMPRESSIONS_COL, _IMPRESSIONS, "impressions")
    found += _members(attributes, _SHEETS_COL, _SHEETS, "sheets")
    return with_color(tuple(found))


def _members(
    attributes: Attributes, attribute: str, members_of: Mapping[str, tuple[str, ...]], unit: str
) -> Iterable[Meter]:
    """Of a collection of counts (PWG 5100.22) each meter as the sum of its members, where it has any of them."""
    collection = attributes.collection(attribute)
    if collection is None:
        return
    for name, members in members_of.items():
        counts = {member: count for member in members if (count := collection.integer(member)) is not None}
        if counts and min(counts.values()) >= 0:
            yield Meter(name, sum(counts.values()), f"{attribute}/{'+'.join(counts)}", unit)


def _alerts(attributes: Attributes) -> tuple[Alert, ...]:
    words = texts_of(attributes, "printer-alert-description")
    found = [
        _alert(record, words[place] if place < len(words) else "")
        for place, record in enumerate(records_of(attributes, "printer-alert"))
        if record
    ]
    return with_keys(found[:ALERTS_MAX])


def _alert(record: dict[str, str], words: str) -> Alert:
    """words: may begin with the attribute's name, as the record may."""
    place, group_index = number(record.get("location")), number(record.get("groupindex"))
    return Alert(
        key="",
        severity=_severity(record.get("severity", "")),
        code=keyword(record.get("code", "unknown")),
        training=_training(record.get("training", "")),
        group=keyword(record.get("group", "")),
        group_index=group_index if group_index is not None and group_index >= 0 else None,
        location=place if place is not None and place >= 0 else None,
        description=_without_head(words),
        source="printer-alert",
    )


def _severity(label: str) -> AlertSeverity:
    """The label, or the one that a label begins with that lost its end: "otherother"."""
    word = keyword(label)
    known = sorted(AlertSeverity, key=len, reverse=True)
    return next((severity for severity in known if word.startswith(severity)), AlertSeverity.OTHER)


def _training(label: str) -> Training:
    word = keyword(label)
    return next((training for training in Training if training == word), Training.UNKNOWN)


def _without_head(words: str) -> str:
    head, equals, rest = words.partition("] = ")
    return rest.strip("'") if equals and head.startswith("printer-alert-description[") else words
