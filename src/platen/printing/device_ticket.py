"""What of a job's ticket takes effect at a device: what is asked of it there, and so what is charged.

channel                takes effect                                  because
socket, lpd            the copies                                    these carry a document's octets and no attributes
ipp, ipps              copies and what the device lists as supported nothing else is sent
ipp, ipps, not asked   everything                                    nobody knows better; the first delivery asks

Over IPP what a device does not support is left out rather than refused: a document asked for on both sides comes out
on one where the device knows no other way. The values come from the client that printed; the device's own defaults
fill the rest. Delivery sends `job_attributes` and notes them with `as_obeyed`; quotes and usage records are made from
`obeyed_ticket`, or from what was noted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from platen.policy.device_uri import Channel
from platen.protocols.ipp import Attribute, Attributes, Collection, IntRange, Value
from platen.protocols.ipp import attributes as a
from platen.protocols.ipp.media import find_size, size_of
from platen.protocols.ipp.tickets import from_json, to_json

DECIDES_ON_PAPER = ("copies", "media", "media-col", "number-up", "page-ranges", "print-color-mode", "sides")
"""Attributes of which a device's support is kept with it; the others change nothing that is counted."""

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


def obeyed_ticket(
    ticket: Mapping[str, Any], copies: int, channel: Channel | None, supported: Attributes | None
) -> dict[str, Any]:
    """The ticket as the device will obey it, with `copies` in it: as released, whatever the ticket says.

    channel None: no documents go there. supported: `…-supported` of an IPP device; None while nobody asked it.
    """
    if channel is None or not channel.is_ipp:
        return {"copies": copies}
    if supported is None:
        return {**ticket, "copies": copies}
    return as_obeyed(ticket, job_attributes(ticket, copies, supported))


def as_obeyed(ticket: Mapping[str, Any], sent: Iterable[Attribute]) -> dict[str, Any]:
    """Job attributes that were sent, as a ticket with `copies` in it."""
    attributes = Attributes(sent)
    obeyed = {"copies": 1, **to_json(attributes)}
    named, collection = ticket.get("media"), attributes.collection("media-col")
    if collection is not None and isinstance(named, str) and _is_same_medium(named, collection):
        obeyed["media"] = named  # in the collection's stead it was left out; it is the name that prices know
    return obeyed


def _is_same_medium(name: str, collection: Collection) -> bool:
    """Whether a media-col does not ask for another size than this."""
    asked, named = size_of(collection), find_size(name)
    return asked is None or (named is not None and named.is_close_to(*asked))


def job_attributes(ticket: Mapping[str, Any], copies: int, supported: Attributes) -> list[Attribute]:
    """The job attributes to send with a job over IPP. copies: as released, whatever the ticket says."""
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
