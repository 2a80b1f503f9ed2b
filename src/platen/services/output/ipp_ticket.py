"""A job's ticket as job attributes that a device says it supports.

What it does not support is left out rather than refused: a document asked for on both sides comes out on one where the
device knows no other way. The values come from the client that printed; the device's own defaults fill the rest.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from platen.documents.detect import UNKNOWN, detect
from platen.protocols.ipp import Attribute, Attributes, Collection, IntRange, Value
from platen.protocols.ipp import attributes as a
from platen.protocols.ipp.tickets import from_json

_BY_VALUE = frozenset(
    {
        "finishings",
        "media",
        "multiple-document-handling",
        "number-up",
        "orientation-requested",
        "output-bin",
        "print-color-mode",
        "print-content-optimize",
        "print-quality",
        "print-rendering-intent",
        "print-scaling",
        "printer-resolution",
        "sides",
    }
)
"""Attributes whose `-supported` lists the values (RFC 8011 section 5.2, PWG 5100.7, PWG 5100.13)."""


def job_attributes(ticket: Mapping[str, Any], copies: int, supported: Attributes) -> list[Attribute]:
    """The job attributes to send with a job. copies: as released, whatever the ticket says."""
    found = _copies(copies, supported)
    for attribute in from_json(dict(ticket)):
        if attribute.name in _BY_VALUE:
            kept = _supported_values(attribute, supported)
        elif attribute.name == "page-ranges":
            kept = attribute if supported.boolean("page-ranges-supported") else None
        elif attribute.name == "media-col":
            kept = _media_col(attribute, supported)
        else:
            kept = None
        if kept is not None:
            found.append(kept)
    names = {attribute.name for attribute in found}
    # A request must not name a medium in both ways (PWG 5100.7 section 6.3); the collection says more.
    return [attribute for attribute in found if attribute.name != "media" or "media-col" not in names]


def copies_supported(copies: int, supported: Attributes) -> int:
    """How many of the copies the device makes by itself in one job."""
    ranges = supported.ranges("copies-supported")
    return copies if any(copies in span for span in ranges) else max((span.upper for span in ranges), default=1)


def _copies(copies: int, supported: Attributes) -> list[Attribute]:
    possible = min(copies, copies_supported(copies, supported))
    return [a.integer("copies", possible)] if possible > 1 else []


def _supported_values(attribute: Attribute, supported: Attributes) -> Attribute | None:
    choices = supported.get(f"{attribute.name}-supported")
    if choices is None:
        return None
    pairs = [
        (tag, value)
        for tag, value in zip(attribute.tags, attribute.values, strict=True)
        if any(_matches(value, choice) for choice in choices.values)
    ]
    if not pairs:
        return None
    return Attribute(attribute.name, tuple(tag for tag, _ in pairs), tuple(value for _, value in pairs))


def _matches(value: Value, choice: Value) -> bool:
    return value in choice if isinstance(choice, IntRange) else value == choice


def _media_col(attribute: Attribute, supported: Attributes) -> Attribute | None:
    members = supported.texts("media-col-supported")
    value = attribute.value
    if not members or not isinstance(value, Collection):
        return None
    kept = [member for member in value if member.name in members]
    return a.collection("media-col", Collection(kept)) if kept else None


def document_format_for(declared: str, head: bytes, formats: tuple[str, ...]) -> str | None:
    """What to call a document towards a device that lists `formats` (lower case). Returns: None if it takes no such.

    The declared format where the device knows it, else what the content says, else octet-stream, which leaves it to
    the device.
    """
    if not formats:
        return declared
    for name in (declared, detect(head, declared=declared), UNKNOWN):
        known = name.partition(";")[0].strip().casefold()
        if known in formats:
            return known
    return None
