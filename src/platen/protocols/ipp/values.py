"""Values and attributes, typed (RFC 8010 section 3.9, RFC 8011 section 5.1).

What a tag becomes in Python:

    integer, enum           int                 dateTime          DateTime
    boolean                 bool                resolution        Resolution
    octetString, unknown    bytes               rangeOfInteger    IntRange
    text, name, keyword,    str                 collection        Collection
    uri, charset, ...                           out-of-band       OutOfBand
    textWithLanguage        TextWithLanguage    nameWithLanguage  NameWithLanguage
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from enum import IntEnum
from typing import TypeAlias

from platen.protocols.ipp.tags import ValueTag

_DATE_TIME = struct.Struct(">HBBBBBBcBB")


class OutOfBand(IntEnum):
    """Why an attribute has no value (RFC 8011 section 5.1.1, RFC 3380 section 8); the number is the value tag."""

    UNSUPPORTED = 0x10
    DEFAULT = 0x11
    UNKNOWN = 0x12
    NO_VALUE = 0x13
    NOT_SETTABLE = 0x15
    DELETE_ATTRIBUTE = 0x16
    ADMIN_DEFINE = 0x17


class ResolutionUnits(IntEnum):
    """RFC 8011 section 5.1.16."""

    DOTS_PER_INCH = 3
    DOTS_PER_CM = 4


@dataclass(frozen=True, slots=True)
class Resolution:
    """Dots per unit across and along the feed direction; `units` is a ResolutionUnits; others occur on the wire."""

    cross_feed: int
    feed: int
    units: int = ResolutionUnits.DOTS_PER_INCH

    def __str__(self) -> str:
        size = f"{self.cross_feed}" if self.cross_feed == self.feed else f"{self.cross_feed}x{self.feed}"
        return size + ("dpcm" if self.units == ResolutionUnits.DOTS_PER_CM else "dpi")


@dataclass(frozen=True, slots=True)
class IntRange:
    """rangeOfInteger, both ends included."""

    lower: int
    upper: int

    def __contains__(self, number: object) -> bool:
        return isinstance(number, int) and self.lower <= number <= self.upper

    def __str__(self) -> str:
        return f"{self.lower}-{self.upper}"


@dataclass(frozen=True, slots=True)
class TextWithLanguage:
    """A text in another language than the message's attributes-natural-language."""

    text: str
    language: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class NameWithLanguage:
    """A name in another language than the message's attributes-natural-language."""

    text: str
    language: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class DateTime:
    """dateTime: the eleven octets of DateAndTime (RFC 2579 section 2), kept as they came.

    Machines without a clock send zeros or a month of 0, which no datetime can hold; so the octets are the value.
    """

    octets: bytes

    @classmethod
    def of(cls, moment: datetime) -> DateTime:
        """From an aware datetime, to a tenth of a second. Raises: ValueError for a naive one."""
        offset = moment.utcoffset()
        if offset is None:
            raise ValueError("an IPP dateTime needs a time zone; give an aware datetime, for example in UTC")
        minutes = int(offset.total_seconds()) // 60
        sign = b"-" if minutes < 0 else b"+"
        hours, minutes = divmod(abs(minutes), 60)
        date = (moment.year, moment.month, moment.day, moment.hour, moment.minute, moment.second)
        return cls(_DATE_TIME.pack(*date, moment.microsecond // 100_000, sign, hours, minutes))

    def to_datetime(self) -> datetime | None:
        """As an aware datetime; None where the octets are no moment in time. A leap second is the second before."""
        year, month, day, hour, minute, second, tenths, sign, east_h, east_min = _DATE_TIME.unpack(self.octets)
        if tenths > 9 or sign not in b"+-" or east_h > 23 or east_min > 59:
            return None
        east = timedelta(hours=east_h, minutes=east_min)
        zone = timezone(-east if sign == b"-" else east)
        try:
            return datetime(year, month, day, hour, minute, min(second, 59), tenths * 100_000, tzinfo=zone)
        except ValueError:
            return None

    def __str__(self) -> str:
        moment = self.to_datetime()
        return moment.isoformat() if moment else self.octets.hex()


@dataclass(frozen=True, slots=True)
class Attribute:
    """A name with one or more values, each with its own tag: 1setOf (keyword | name) mixes them.

    `tags` and `values` have the same length, at least one.
    """

    name: str
    tags: tuple[int, ...]
    values: tuple[Value, ...]

    @property
    def tag(self) -> int:
        """The first value's tag, which for nearly every attribute is the tag of them all."""
        return self.tags[0]

    @property
    def value(self) -> Value:
        """The first value."""
        return self.values[0]

    def __str__(self) -> str:
        return f"{self.name}={','.join(map(str, self.values))}"


class Attributes:
    """Attributes by name, in the order they were sent, with typed lookups that never raise.

    A lookup returns its default where the attribute is absent, has an out-of-band value or another syntax.
    """

    __slots__ = ("by_name",)

    def __init__(self, attributes: Iterable[Attribute] = ()) -> None:
        self.by_name: dict[str, Attribute] = {attribute.name: attribute for attribute in attributes}

    def __iter__(self) -> Iterator[Attribute]:
        return iter(self.by_name.values())

    def __len__(self) -> int:
        return len(self.by_name)

    def __contains__(self, name: object) -> bool:
        return name in self.by_name

    def __getitem__(self, name: str) -> Attribute:
        return self.by_name[name]

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and list(self) == list(other)

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(map(str, self))})"

    def get(self, name: str) -> Attribute | None:
        """The attribute of that name, or None."""
        return self.by_name.get(name)

    def first(self, name: str) -> Value | None:
        """The first value of that attribute, of whatever syntax, or None where it is absent."""
        attribute = self.by_name.get(name)
        return attribute.values[0] if attribute else None

    def text(self, name: str, default: str | None = None) -> str | None:
        """The first value as a string: text, name, keyword, uri, charset, language or media type."""
        value = self.first(name)
        if isinstance(value, str):
            return value
        return value.text if isinstance(value, TextWithLanguage | NameWithLanguage) else default

    def texts(self, name: str) -> tuple[str, ...]:
        """Every value that is a string (see `text`)."""
        attribute = self.by_name.get(name)
        if attribute is None:
            return ()
        strings = (v.text if isinstance(v, TextWithLanguage | NameWithLanguage) else v for v in attribute.values)
        return tuple(value for value in strings if isinstance(value, str))

    def integer(self, name: str, default: int | None = None) -> int | None:
        """The first value of an integer or enum attribute."""
        value = self.first(name)
        return value if type(value) is int else default

    def integers(self, name: str) -> tuple[int, ...]:
        """Every integer or enum value."""
        attribute = self.by_name.get(name)
        return tuple(value for value in attribute.values if type(value) is int) if attribute else ()

    def boolean(self, name: str, default: bool = False) -> bool:
        """The first value of a boolean attribute."""
        value = self.first(name)
        return value if isinstance(value, bool) else default

    def octets(self, name: str) -> bytes | None:
        """The first value of an octetString attribute."""
        value = self.first(name)
        return value if isinstance(value, bytes) else None

    def resolution(self, name: str) -> Resolution | None:
        """The first value of a resolution attribute."""
        value = self.first(name)
        return value if isinstance(value, Resolution) else None

    def ranges(self, name: str) -> tuple[IntRange, ...]:
        """Every value as a range; a plain integer counts as a range of one, as `1setOf (integer | rangeOfInteger)`."""
        attribute = self.by_name.get(name)
        if attribute is None:
            return ()
        spans = (IntRange(v, v) if type(v) is int else v for v in attribute.values)
        return tuple(span for span in spans if isinstance(span, IntRange))

    def date_time(self, name: str) -> datetime | None:
        """The first value of a dateTime attribute as an aware datetime."""
        value = self.first(name)
        return value.to_datetime() if isinstance(value, DateTime) else None

    def collection(self, name: str) -> Collection | None:
        """The first value of a collection attribute."""
        value = self.first(name)
        return value if isinstance(value, Collection) else None

    def collections(self, name: str) -> tuple[Collection, ...]:
        """Every collection value."""
        attribute = self.by_name.get(name)
        return tuple(value for value in attribute.values if isinstance(value, Collection)) if attribute else ()


class Collection(Attributes):
    """A collection value: its member attributes, which may be collections again (RFC 8010 section 3.1.6)."""

    __slots__ = ()


Value: TypeAlias = (
    int
    | bool
    | str
    | bytes
    | DateTime
    | Resolution
    | IntRange
    | TextWithLanguage
    | NameWithLanguage
    | Collection
    | OutOfBand
)

TAG_OF_VALUE: dict[type, ValueTag] = {
    DateTime: ValueTag.DATE_TIME,
    Resolution: ValueTag.RESOLUTION,
    IntRange: ValueTag.RANGE_OF_INTEGER,
    TextWithLanguage: ValueTag.TEXT_WITH_LANGUAGE,
    NameWithLanguage: ValueTag.NAME_WITH_LANGUAGE,
    Collection: ValueTag.BEGIN_COLLECTION,
}
"""Value types that have exactly one syntax, so that building an attribute need not name it."""
