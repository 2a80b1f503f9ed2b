"""Builders for attributes of one syntax: `keyword("sides", "one-sided")`, `integer("copies", 2)`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from platen.protocols.ipp.tags import ValueTag
from platen.protocols.ipp.values import (
    TAG_OF_VALUE,
    Attribute,
    Collection,
    DateTime,
    IntRange,
    OutOfBand,
    Resolution,
    Value,
)


def _one(name: str, tag: int, values: tuple[Value, ...]) -> Attribute:
    if not values:
        raise ValueError(f"attribute {name} needs at least one value; use out_of_band() to say that there is none")
    return Attribute(name, (tag,) * len(values), values)


def text(name: str, *values: str) -> Attribute:
    """textWithoutLanguage."""
    return _one(name, ValueTag.TEXT, values)


def name_(name: str, *values: str) -> Attribute:
    """nameWithoutLanguage."""
    return _one(name, ValueTag.NAME, values)


def keyword(name: str, *values: str) -> Attribute:
    """keyword."""
    return _one(name, ValueTag.KEYWORD, values)


def uri(name: str, *values: str) -> Attribute:
    """uri."""
    return _one(name, ValueTag.URI, values)


def uri_scheme(name: str, *values: str) -> Attribute:
    """uriScheme."""
    return _one(name, ValueTag.URI_SCHEME, values)


def charset(name: str, *values: str) -> Attribute:
    """charset."""
    return _one(name, ValueTag.CHARSET, values)


def language(name: str, *values: str) -> Attribute:
    """naturalLanguage."""
    return _one(name, ValueTag.NATURAL_LANGUAGE, values)


def mime_type(name: str, *values: str) -> Attribute:
    """mimeMediaType."""
    return _one(name, ValueTag.MIME_MEDIA_TYPE, values)


def integer(name: str, *values: int) -> Attribute:
    """integer."""
    return _one(name, ValueTag.INTEGER, values)


def enum(name: str, *values: int) -> Attribute:
    """enum."""
    return _one(name, ValueTag.ENUM, values)


def boolean(name: str, value: bool) -> Attribute:
    """boolean."""
    return Attribute(name, (ValueTag.BOOLEAN,), (value,))


def octets(name: str, *values: bytes) -> Attribute:
    """octetString."""
    return _one(name, ValueTag.OCTET_STRING, values)


def resolution(name: str, *values: Resolution) -> Attribute:
    """resolution."""
    return _one(name, ValueTag.RESOLUTION, values)


def int_range(name: str, *values: IntRange) -> Attribute:
    """rangeOfInteger."""
    return _one(name, ValueTag.RANGE_OF_INTEGER, values)


def date_time(name: str, moment: datetime) -> Attribute:
    """dateTime, from an aware datetime."""
    return Attribute(name, (ValueTag.DATE_TIME,), (DateTime.of(moment),))


def collection(name: str, *values: Collection | Iterable[Attribute]) -> Attribute:
    """collection, each value given as a Collection or as its member attributes."""
    made = tuple(value if isinstance(value, Collection) else Collection(value) for value in values)
    return _one(name, ValueTag.BEGIN_COLLECTION, made)


def out_of_band(name: str, value: OutOfBand) -> Attribute:
    """An attribute that has no value, and why."""
    return Attribute(name, (value,), (value,))


def typed(name: str, *values: Value) -> Attribute:
    """Values whose Python type implies their syntax (ranges, resolutions, dates, texts with language, collections)."""
    if not values:
        raise ValueError(f"attribute {name} needs at least one value; use out_of_band() to say that there is none")
    return Attribute(name, tuple(TAG_OF_VALUE[type(value)] for value in values), values)


def clip(text: str, octets_max: int) -> str:
    """As much of a text as fits: the standards count octets, and a character is never cut in two."""
    octets = text.encode()
    return text if len(octets) <= octets_max else octets[:octets_max].decode(errors="ignore")
