"""A Message to octets (RFC 8010 section 3), and single attributes for groups that are encoded once and sent often."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable

from platen.protocols.ipp.errors import EncodeError, Version
from platen.protocols.ipp.message import EncodedGroup, Group, Message
from platen.protocols.ipp.tags import OUT_OF_BAND_TAGS, STRING_TAGS, GroupTag, ValueTag
from platen.protocols.ipp.values import Attribute, Collection, DateTime, IntRange, Resolution, Value

Writer = Callable[[Value], bytes]

_LENGTH_MAX = 0x7FFF

_pack_header = struct.Struct(">BBHi").pack
_pack_length = struct.Struct(">H").pack
_pack_int = struct.Struct(">i").pack
_pack_range = struct.Struct(">ii").pack
_pack_resolution = struct.Struct(">iib").pack

_END = bytes([GroupTag.END_OF_ATTRIBUTES])
_END_COLLECTION = b"\x37\0\0\0\0"


def encode(message: Message, groups: Iterable[Group | EncodedGroup] | None = None) -> bytes:
    """The message as it goes on the wire, ready to be followed by document data.

    `groups`, where given, stand in place of the message's own: a response mixes fresh groups with encoded ones.
    Raises: EncodeError where a value does not fit its tag.
    """
    parts = [encode_header(message.version, message.code, message.request_id)]
    for group in message.groups if groups is None else groups:
        parts.append(encode_group(group))
    parts.append(_END)
    return b"".join(parts)


def encode_header(version: Version, code: int, request_id: int) -> bytes:
    """The eight octets before the first group."""
    return _pack_header(version[0], version[1], code, request_id)


def encode_group(group: Group | EncodedGroup) -> bytes:
    """The delimiter tag and the attributes."""
    if isinstance(group, EncodedGroup):
        return bytes((group.tag,)) + group.octets
    return bytes((group.tag,)) + b"".join([encode_attribute(attribute) for attribute in group.by_name.values()])


def encode_attribute(attribute: Attribute) -> bytes:
    """One attribute with all its values."""
    name = attribute.name.encode("ascii")
    if not 0 < len(name) <= 255:
        raise EncodeError(f"attribute name {attribute.name!r} has {len(name)} octets; 1 to 255 are allowed")
    return _encode_values(_pack_length(len(name)) + name, attribute)


def _encode_values(name: bytes, attribute: Attribute) -> bytes:
    """Each value as tag, name, value; only the first is named."""
    if len(attribute.tags) != len(attribute.values) or not attribute.values:
        raise EncodeError(f"attribute {attribute.name} has {len(attribute.tags)} tags, {len(attribute.values)} values")
    parts: list[bytes] = []
    for tag, value in zip(attribute.tags, attribute.values, strict=True):
        parts.append(_TAG[tag])
        parts.append(name)
        name = b"\0\0"
        try:
            octets = _WRITERS[tag](value)
        except (struct.error, AttributeError, TypeError, UnicodeEncodeError) as error:
            raise EncodeError(f"{attribute.name}: {value!r} is no value for tag {tag:#04x}: {error}") from error
        if tag == ValueTag.BEGIN_COLLECTION:
            parts.append(octets)
            continue
        if len(octets) > _LENGTH_MAX:
            raise EncodeError(f"{attribute.name}: a value of {len(octets)} octets; {_LENGTH_MAX} fit")
        parts.append(_pack_length(len(octets)))
        parts.append(octets)
    return b"".join(parts)


def _write_collection(value: Value) -> bytes:
    """An empty value, the members, and the end (RFC 8010 section 3.1.6)."""
    if not isinstance(value, Collection):
        raise TypeError("a collection is built with Collection")
    parts = [b"\0\0"]
    for member in value.by_name.values():
        name = member.name.encode("ascii")
        parts.append(b"\x4a\0\0" + _pack_length(len(name)) + name)
        parts.append(_encode_values(b"\0\0", member))
    parts.append(_END_COLLECTION)
    return b"".join(parts)


def _write_with_language(value: Value) -> bytes:
    language = value.language.encode()  # type: ignore[union-attr]  # AttributeError becomes EncodeError
    text = value.text.encode()  # type: ignore[union-attr]  # as above
    return _pack_length(len(language)) + language + _pack_length(len(text)) + text


def _write_resolution(value: Value) -> bytes:
    if not isinstance(value, Resolution):
        raise TypeError("a resolution is built with Resolution")
    return _pack_resolution(value.cross_feed, value.feed, value.units)


def _write_range(value: Value) -> bytes:
    if not isinstance(value, IntRange):
        raise TypeError("a range is built with IntRange")
    return _pack_range(value.lower, value.upper)


def _write_date_time(value: Value) -> bytes:
    if not isinstance(value, DateTime):
        raise TypeError("a dateTime is built with DateTime.of")
    return value.octets


def _write_octets(value: Value) -> bytes:
    if not isinstance(value, bytes):
        raise TypeError("octets are expected")
    return value


def _writers() -> list[Writer]:
    # A tolerant decoder keeps unreadable values as octets under their tag; those are written back as they came.
    writers: list[Writer] = [_write_octets] * 256
    for tag in STRING_TAGS:
        writers[tag] = str.encode  # type: ignore[assignment]  # a value that is no str raises TypeError
    for tag in OUT_OF_BAND_TAGS:
        writers[tag] = lambda _: b""
    writers[ValueTag.INTEGER] = writers[ValueTag.ENUM] = _pack_int
    writers[ValueTag.BOOLEAN] = lambda value: b"\1" if value else b"\0"
    writers[ValueTag.DATE_TIME] = _write_date_time
    writers[ValueTag.RESOLUTION] = _write_resolution
    writers[ValueTag.RANGE_OF_INTEGER] = _write_range
    writers[ValueTag.TEXT_WITH_LANGUAGE] = writers[ValueTag.NAME_WITH_LANGUAGE] = _write_with_language
    writers[ValueTag.BEGIN_COLLECTION] = _write_collection
    return writers


_WRITERS = _writers()
_TAG = [bytes((tag,)) for tag in range(256)]
