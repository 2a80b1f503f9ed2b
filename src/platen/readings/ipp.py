"""A reading from what a printer answers to Get-Printer-Attributes (RFC 8011 section 4.2.5).

    reading = read_printer(decode_response(octets).printer)

Attributes: RFC 8011, PWG 5100.9 (printer-alert), PWG 5100.13 (printer-supply, printer-*-tray, printer-firmware-*),
PWG 5100.7 and 5100.22 (what was completed), and marker-* of CUPS. Nothing here raises on what stands in them.
"""

from __future__ import annotations

from collections.abc import Iterable

from platen.protocols.ipp.values import Attributes
from platen.readings.alerts import ALERTS_MAX, with_keys
from platen.readings.corrections import corrected
from platen.readings.device_id import parse_device_id
from platen.readings.facts import (
    Activity,
    Alert,
    AlertSeverity,
    Identity,
    Meter,
    Reading,
    Status,
    Training,
    Tray,
)
from platen.readings.identity import plausible_serial
from platen.readings.ipp_supplies import read_supplies
from platen.readings.ipp_values import keyword, number, plain, records_of, texts_of, unit_of
from platen.readings.maker_names import maker_named, without_maker
from platen.readings.makers import maker_table, makers
from platen.readings.meters import with_color
from platen.readings.supplies import amount_of

_ACTIVITIES = {3: Activity.IDLE, 4: Activity.PRINTING, 5: Activity.STOPPED}
_UPTIME_MAX_S = 20 * 366 * 86_400
"""A printer-up-time above is a moment since 1970, which some give in its place."""
_NO_FIRMWARE = frozenset(
    {"ipp", "ipps", "jpeg", "jpg", "pdf", "urf", "pwg", "pwg raster", "pcl", "pclm", "postscript", "png"}
)
"""Names of printer-firmware-name that are those of a protocol or a format, whose version comes with them."""
_FIRMWARE_KEYS = ("FWVER", "FW")
_NO_TRAYS = frozenset({"auto"})
_IMPRESSIONS = {
    "mono": ("monochrome", "monochrome-two-sided"),
    "full-color": ("full-color", "full-color-two-sided"),
    "two-color": ("highlight-color", "highlight-color-two-sided"),
}
"""Colours of meters, and the members of printer-impressions-completed-col that belong to each."""


def read_printer(attributes: Attributes) -> Reading:
    """The reading of a printer with these attributes; of an empty group an empty one."""
    reading = Reading(
        identity=_identity(attributes),
        status=_status(attributes),
        meters=_meters(attributes),
        supplies=read_supplies(attributes),
        trays=(
            *_trays(attributes, "printer-input-tray", "level", output=False),
            *_trays(attributes, "printer-output-tray", "remaining", output=True),
        ),
        alerts=_alerts(attributes),
    )
    return corrected(reading, {})


def _identity(attributes: Attributes) -> Identity:
    device_id = parse_device_id(_text(attributes, "printer-device-id"))
    named = _text(attributes, "printer-make-and-model").replace("(R)", "")
    table = maker_table((), named) if named else None
    maker = _maker(device_id.get("MFG", ""), named, device_id.get("MDL", ""), device_id.get("DES", ""))
    maker = maker or (table.brand if table else "")
    model = makers().described(table, named).get("model", named) if table else named
    sides = attributes.get("sides-supported")
    color = attributes.first("color-supported")
    return Identity(
        maker=maker,
        model=without_maker(" ".join(model.split()) or device_id.get("MDL", ""), maker),
        serial=plausible_serial(_text(attributes, "printer-serial-number") or device_id.get("SN", "")),
        firmware=_firmware(attributes) or next(filter(None, map(device_id.get, _FIRMWARE_KEYS)), "") or "",
        uuid=_text(attributes, "printer-uuid").lower().removeprefix("urn:uuid:"),
        location=_text(attributes, "printer-location"),
        color=color if isinstance(color, bool) else None,
        duplex=any(side.startswith("two-sided") for side in attributes.texts("sides-supported")) if sides else None,
        functions=frozenset({"print"}) if len(attributes) else frozenset(),
    )


def _maker(*names: str) -> str:
    """By the first name that begins with a maker's."""
    return next(filter(None, map(maker_named, names)), "")


def _firmware(attributes: Attributes) -> str:
    """Of several versions the machine's own."""
    names = texts_of(attributes, "printer-firmware-name")
    versions = texts_of(attributes, "printer-firmware-string-version")
    for place, version in enumerate(versions):
        name = names[place].casefold() if place < len(names) else ""
        if version and name not in _NO_FIRMWARE:
            return version
    return ""


def _status(attributes: Attributes) -> Status:
    reasons = frozenset(attributes.texts("printer-state-reasons")) - {"none", ""}
    uptime = attributes.integer("printer-up-time")
    message = _text(attributes, "printer-state-message")
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
    by_color = attributes.collection("printer-impressions-completed-col")
    if by_color is None:
        return tuple(found)
    for color, members in _IMPRESSIONS.items():
        counts = [count for member in members if (count := by_color.integer(member)) is not None and count >= 0]
        if counts:
            found.append(Meter(f"total.{color}", sum(counts), f"printer-impressions-completed-col/{members[0]}"))
    return with_color(tuple(found))


def _trays(attributes: Attributes, name: str, amount: str, *, output: bool) -> Iterable[Tray]:
    """Without the choice "auto", which is no place."""
    for place, record in enumerate(records_of(attributes, name), 1):
        if not record or record.get("name", "").casefold() in _NO_TRAYS:
            continue
        level, capacity = number(record.get(amount)), number(record.get("maxcapacity"))
        state, percent = amount_of(level, capacity, unit_of(record.get("unit")))
        yield Tray(
            key=f"ipp.{'out' if output else 'in'}.{place}",
            name=record.get("name") or record.get("description", ""),
            media=record.get("medianame", ""),
            output=output,
            level=level if level is not None and level >= 0 else None,
            capacity=capacity if capacity is not None and capacity > 0 else None,
            state=state,
            percent=percent,
            source=name,
        )


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


def _text(attributes: Attributes, name: str) -> str:
    return plain(attributes.first(name))
