"""One value's octets to its Python value, by tag (RFC 8010 section 3.9).

The strict readers refuse what the RFC forbids. The tolerant ones, for answers of machines in the field, keep
whatever can be kept: unreadable values stay octets, so that one bad value never costs the other hundred attributes.
"""

from __future__ import annotations

import struct
from collections.abc import Callable

from platen.protocols.ipp.status import Status
from platen.protocols.ipp.tags import OCTETS_MAX, OUT_OF_BAND_TAGS, STRING_TAGS, ValueTag
from platen.protocols.ipp.values import (
    DateTime,
    IntRange,
    NameWithLanguage,
    OutOfBand,
    Resolution,
    TextWithLanguage,
    Value,
)

Reader = Callable[[bytes], Value]

_int = struct.Struct(">i").unpack
_range = struct.Struct(">ii").unpack
_resolution = struct.Struct(">iib").unpack
_OUT_OF_BAND = {tag.value: tag for tag in OutOfBand}


class ValueFault(Exception):
    """The octets are not a value of their tag. Becomes a DecodeError, which knows where in the message it was."""

    def __init__(self, message: str, status: Status = Status.CLIENT_ERROR_BAD_REQUEST) -> None:
        super().__init__(message)
        self.message = message
        self.status = status


def split_language(octets: bytes) -> tuple[bytes, bytes] | None:
    """(language, text) of a textWithLanguage or nameWithLanguage; None where the inner lengths do not add up."""
    if len(octets) < 4:
        return None
    language_end = 2 + int.from_bytes(octets[:2], "big")
    text_at = language_end + 2
    if text_at > len(octets) or text_at + int.from_bytes(octets[language_end:text_at], "big") != len(octets):
        return None
    return octets[2:language_end], octets[text_at:]


def _read_integer(octets: bytes) -> Value:
    number: int = _int(octets)[0]
    return number


def _read_boolean(octets: bytes) -> Value:
    if octets == b"\1":
        return True
    if octets == b"\0":
        return False
    raise ValueFault("a boolean is one octet, 0 or 1")


def _read_resolution(octets: bytes) -> Value:
    return Resolution(*_resolution(octets))


def _read_range(octets: bytes) -> Value:
    return IntRange(*_range(octets))


def _read_string(octets: bytes) -> Value:
    string = octets.decode()
    # A NUL passes for UTF-8 but neither databases nor C programs keep it; no client means to send one.
    if "\0" in string:
        raise ValueFault("a string holds a NUL character")
    return string


def _read_string_tolerant(octets: bytes) -> Value:
    return octets.decode(errors="replace").rstrip("\0").replace("\0", "\ufffd")


def _with_language(
    kind: type[TextWithLanguage] | type[NameWithLanguage], read_string: Reader, octets: bytes, text_max: int
) -> Value:
    parts = split_language(octets)
    if parts is None:
        raise ValueFault("the lengths inside a value with language do not add up to its length")
    language, text = parts
    if len(text) > text_max or len(language) > 63:
        raise ValueFault(
            "a text or language is longer than its syntax allows", Status.CLIENT_ERROR_REQUEST_VALUE_TOO_LONG
        )
    return kind(str(read_string(text)), str(read_string(language)))


def _out_of_band(tag: int) -> Reader:
    def read(octets: bytes) -> Value:
        if octets:
            raise ValueFault("an out-of-band value has octets")
        return _OUT_OF_BAND[tag]

    return read


_FIXED: dict[int, tuple[int, Reader]] = {
    ValueTag.INTEGER: (4, _read_integer),
    ValueTag.ENUM: (4, _read_integer),
    ValueTag.BOOLEAN: (1, _read_boolean),
    ValueTag.DATE_TIME: (11, DateTime),
    ValueTag.RESOLUTION: (9, _read_resolution),
    ValueTag.RANGE_OF_INTEGER: (8, _read_range),
}


def _strict_readers() -> list[Reader]:
    readers: list[Reader] = [bytes] * 256
    for tag in STRING_TAGS:
        readers[tag] = _read_string
    for tag in _OUT_OF_BAND:
        readers[tag] = _out_of_band(tag)
    for tag, (_, reader) in _FIXED.items():
        readers[tag] = reader
    readers[ValueTag.TEXT_WITH_LANGUAGE] = lambda o: _with_language(TextWithLanguage, _read_string, o, 1023)
    readers[ValueTag.NAME_WITH_LANGUAGE] = lambda o: _with_language(NameWithLanguage, _read_string, o, 255)
    return readers


def _tolerant(reader: Reader, length: int) -> Reader:
    def read(octets: bytes) -> Value:
        return reader(octets) if len(octets) == length else octets

    return read


def _tolerant_readers() -> list[Reader]:
    readers = _strict_readers()
    for tag in STRING_TAGS:
        readers[tag] = _read_string_tolerant
    for tag in OUT_OF_BAND_TAGS & _OUT_OF_BAND.keys():
        readers[tag] = lambda _, value=_OUT_OF_BAND[tag]: value  # type: ignore[misc]  # binds the loop's value
    for tag, (length, reader) in _FIXED.items():
        readers[tag] = _tolerant(reader, length)
    readers[ValueTag.BOOLEAN] = any
    for tag, kind in ((ValueTag.TEXT_WITH_LANGUAGE, TextWithLanguage), (ValueTag.NAME_WITH_LANGUAGE, NameWithLanguage)):
        readers[tag] = lambda o, kind=kind: (  # type: ignore[misc]  # binds the loop's value
            _with_language(kind, _read_string_tolerant, o, 0xFFFF) if split_language(o) else o
        )
    return readers


STRICT_READERS = _strict_readers()
TOLERANT_READERS = _tolerant_readers()

FIXED_LENGTH: list[int] = [_FIXED[tag][0] if tag in _FIXED else -1 for tag in range(256)]
"""Octets that a value of this tag has, -1 where its length varies."""

LENGTH_MAX: list[int] = [OCTETS_MAX.get(tag, 0x7FFF) for tag in range(256)]
"""The most octets that a value of this tag may have."""
