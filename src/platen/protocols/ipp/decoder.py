"""Octets to a Message, as they arrive (RFC 8010 section 3).

    version (2) | operation-id or status-code (2) | request-id (4) | group ... | end-of-attributes-tag (1) | data

    group:      begin-attribute-group-tag (1) | attribute ...
    attribute:  value-tag (1) | name-length (2) | name | value-length (2) | value      further values: name-length 0

The decoder keeps at most one incomplete attribute, refuses a length before waiting for the octets that it announces,
and gives the same result for every way in which a stream can be cut into pieces.
"""

from __future__ import annotations

from dataclasses import dataclass

from platen.protocols.ipp.errors import DecodeError, LimitExceeded, TruncatedMessage, Version
from platen.protocols.ipp.message import Group, Message
from platen.protocols.ipp.scalars import (
    FIXED_LENGTH,
    LENGTH_MAX,
    STRICT_READERS,
    TOLERANT_READERS,
    ValueFault,
    split_language,
)
from platen.protocols.ipp.status import Status
from platen.protocols.ipp.tags import GroupTag, ValueTag
from platen.protocols.ipp.values import Attribute, Collection, Value

_HEADER_OCTETS = 8
_NAME_MAX = 255

_GROUP_TAGS: list[int] = list(range(16))
for _group_tag in GroupTag:
    _GROUP_TAGS[_group_tag] = _group_tag
_VALUE_TAGS: list[int] = list(range(256))
for _value_tag in ValueTag:
    _VALUE_TAGS[_value_tag] = _value_tag

# What clients send is mostly what they sent before: whole fields, tag to value, that were read once, as the attribute
# of one value that they make. Only what was found right is here, so a field that is here needs no second look.
_known_fields: dict[bytes, Attribute] = {}
_KNOWN_FIELDS_MAX = 2048
_KNOWN_FIELD_OCTETS_MAX = 256

_TOO_LARGE = Status.CLIENT_ERROR_REQUEST_ENTITY_TOO_LARGE
_TOO_LONG = Status.CLIENT_ERROR_REQUEST_VALUE_TOO_LONG


@dataclass(frozen=True, slots=True)
class Limits:
    """What a message may cost before it is refused with client-error-request-entity-too-large.

    header_octets counts from the version to the end-of-attributes-tag; values counts every value and member of
    the message, groups each value of a set as one; collection_depth 1 is a collection without collections inside.
    """

    header_octets: int = 256 * 1024
    attributes: int = 4096
    values: int = 32768
    collection_depth: int = 8


SERVER_LIMITS = Limits()

CLIENT_LIMITS = Limits(header_octets=4 * 1024 * 1024, attributes=65536, values=524288)
"""For what printers answer: a media-col-database of some makers alone passes the limits for requests."""


class _Frame:
    """What is being read: the attributes of a group, or the members of a collection."""

    __slots__ = ("by_name", "name", "tag", "tags", "values", "whole")

    def __init__(self, tag: int) -> None:
        self.tag = tag  # the group's, or that of the collection value
        self.by_name: dict[str, Attribute] = {}
        self.name: str | None = None  # of the attribute that was begun
        self.tags: list[int] = []
        self.values: list[Value] = []
        self.whole: Attribute | None = None  # the one before, where it was not begun but taken

    def begin(self, name: str, *, strict: bool) -> None:
        """Start the attribute or member of that name, after finishing the one before."""
        self.finish(strict=strict)
        self.whole = None
        if strict and name in self.by_name:
            raise ValueFault(f"attribute {name} occurs twice in one group or collection")
        self.name = name

    def take(self, attribute: Attribute) -> None:
        """A whole attribute. Further values may follow it."""
        self.finish(strict=True)
        if attribute.name in self.by_name:
            raise ValueFault(f"attribute {attribute.name} occurs twice in one group or collection")
        self.by_name[attribute.name] = attribute
        self.whole = attribute

    def reopen(self) -> None:
        """The attribute that came last has further values."""
        attribute = self.whole
        if attribute is not None and self.name is None:
            del self.by_name[attribute.name]
            self.name, self.tags, self.values = attribute.name, list(attribute.tags), list(attribute.values)

    def add(self, tag: int, value: Value) -> None:
        """One value of the attribute that was begun."""
        self.tags.append(tag)
        self.values.append(value)

    def finish(self, *, strict: bool) -> None:
        """Store the attribute that was begun. A repeated attribute keeps the first set of values."""
        if self.name is None:
            return
        if self.values:
            self.by_name.setdefault(self.name, Attribute(self.name, tuple(self.tags), tuple(self.values)))
            self.tags = []
            self.values = []
        elif strict:
            raise ValueFault(f"member {self.name} of a collection has no value")
        self.name = None


class MessageDecoder:
    """One message out of a stream: `feed` until it returns the Message, then read on at `remainder`.

    strict (for what clients send) refuses whatever RFC 8010 forbids. With strict=False (for what printers answer)
    known mistakes are read as they were meant: collections whose members carry their names like attributes, values
    with language that lack their outer length, wrong lengths, broken UTF-8, repeated attributes.
    """

    def __init__(self, *, limits: Limits = SERVER_LIMITS, strict: bool = True) -> None:
        self.limits = limits
        self.strict = strict
        self.version: Version | None = None
        self.request_id: int | None = None
        self.message: Message | None = None
        self.remainder = b""
        self._readers = STRICT_READERS if strict else TOLERANT_READERS
        self._pending = bytearray()  # an incomplete field
        self._needed = _HEADER_OCTETS  # octets that _pending must have before it is worth another look
        self._offset = 0  # of the first octet of _pending, from the message's start
        self._header: tuple[Version, int, int] = ((0, 0), 0, 0)
        self._groups: list[Group] = []
        self._frames: list[_Frame] = []
        self._attribute_count = 0
        self._value_count = 0
        self._error: DecodeError | None = None

    def feed(self, data: bytes) -> Message | None:
        """The next octets. Returns the message once its end-of-attributes-tag was seen, before that None.

        What follows that tag (the document's beginning) is then in `remainder`; do not feed again.
        Raises: DecodeError, whose status is the answer; LimitExceeded. After an error every feed raises it again.
        """
        if self.message is not None:
            raise RuntimeError("the message is complete; octets after it belong to the document, not to the decoder")
        if self._error is not None:
            raise self._error
        if self._pending:
            self._pending += data
            if len(self._pending) < self._needed:
                return None
            buffer = bytes(self._pending)
        else:
            buffer = bytes(data)
        try:
            at = self._parse(buffer)
        except ValueFault as fault:
            # _parse left _offset at the field that is wrong.
            self._error = self._failure(fault.message, fault.status)
            raise self._error from None
        if self.message is not None:
            self.remainder = buffer[at:]
            self._pending = bytearray()
        else:
            self._pending = bytearray(buffer[at:])
        return self.message

    def finish(self) -> Message:
        """The peer sends no more. Raises: TruncatedMessage where the message is not complete."""
        if self._error is not None:
            raise self._error
        if self.message is None:
            raise TruncatedMessage(
                "the message ends before its end-of-attributes-tag; the sender stopped in the middle, send it again",
                version=self.version,
                request_id=self.request_id,
                offset=self._offset,
            )
        return self.message

    def _failure(self, message: str, status: Status) -> DecodeError:
        kind = LimitExceeded if status is _TOO_LARGE else DecodeError
        where = f"octet {self._offset} of the message: {message}"
        return kind(where, status=status, version=self.version, request_id=self.request_id, offset=self._offset)

    def _parse(self, buffer: bytes) -> int:
        """Read every complete field of `buffer`. Returns: octets consumed; the rest is an incomplete field."""
        base = self._offset
        end = len(buffer)
        at = 0
        if self.version is None:
            if end < _HEADER_OCTETS:
                self._needed = _HEADER_OCTETS
                return 0
            self.version = (buffer[0], buffer[1])
            self.request_id = int.from_bytes(buffer[4:8], "big", signed=True)
            self._header = (self.version, buffer[2] << 8 | buffer[3], self.request_id)
            at = _HEADER_OCTETS
        octets_left = self.limits.header_octets - base  # where in `buffer` the allowed header ends
        while at < end:
            self._offset = base + at
            tag = buffer[at]
            if tag < 0x10:
                if at >= octets_left:
                    raise ValueFault("the attributes are larger than this server accepts", _TOO_LARGE)
                at += 1
                if self._delimiter(tag):
                    break
                continue
            field_end = self._known_field(buffer, at, min(end, octets_left))
            if field_end:
                at = field_end
                continue
            field_end = self._measure(buffer, at, end, octets_left)
            if field_end == 0:
                break
            name_end = at + 3 + (buffer[at + 1] << 8 | buffer[at + 2])
            value_at = name_end + 2
            if field_end - value_at != (buffer[name_end] << 8 | buffer[name_end + 1]):
                value_at = name_end  # the missing outer length (see _language_field_end)
            self._value(tag, buffer[at + 3 : name_end], buffer[value_at:field_end])
            if name_end > at + 3:
                self._remember(buffer[at:field_end])
            at = field_end
        self._offset = base + at
        return at

    def _known_field(self, buffer: bytes, at: int, end: int) -> int:
        """Take a field that was read before. Returns: where it ends; 0 where it is to be read."""
        if len(self._frames) != 1 or not self.strict:
            return 0
        value_at = at + 5 + (buffer[at + 1] << 8 | buffer[at + 2]) if at + 5 <= end else end + 1
        if value_at > end:
            return 0
        field_end = value_at + (buffer[value_at - 2] << 8 | buffer[value_at - 1])
        attribute = _known_fields.get(buffer[at:field_end]) if field_end <= end else None
        if attribute is None:
            return 0
        self._count_value()
        self._count_attribute()
        self._frames[0].take(attribute)
        return field_end

    def _remember(self, octets: bytes) -> None:
        """A field with a name was read; a collection is more than one."""
        frame = self._frames[0]
        if len(self._frames) > 1 or not self.strict or len(octets) > _KNOWN_FIELD_OCTETS_MAX:
            return
        if frame.name is None or len(frame.values) != 1:
            return
        if len(_known_fields) >= _KNOWN_FIELDS_MAX:
            _known_fields.clear()
        _known_fields[octets] = Attribute(frame.name, tuple(frame.tags), tuple(frame.values))

    def _measure(self, buffer: bytes, at: int, end: int, octets_left: int) -> int:
        """Where the field that begins at `at` ends; 0 where it is incomplete. Refuses lengths before their octets."""
        tag = buffer[at]
        name_end = at + 3
        if name_end <= end:
            name_length = buffer[at + 1] << 8 | buffer[at + 2]
            if name_length > _NAME_MAX:
                raise ValueFault(f"an attribute name of {name_length} octets; 255 are allowed", _TOO_LONG)
            name_end += name_length
        value_at = name_end + 2
        field_end = value_at
        if value_at <= end:
            value_length = buffer[name_end] << 8 | buffer[name_end + 1]
            if self.strict:
                self._check_length(tag, value_length)
            field_end += value_length
            if not self.strict and tag in (ValueTag.TEXT_WITH_LANGUAGE, ValueTag.NAME_WITH_LANGUAGE):
                field_end = self._language_field_end(buffer, value_at, field_end, end)
        if field_end > octets_left:
            raise ValueFault("the attributes are larger than this server accepts", _TOO_LARGE)
        if field_end > end or value_at > end:
            self._needed = field_end - at
            return 0
        return field_end

    @staticmethod
    def _check_length(tag: int, length: int) -> None:
        fixed = FIXED_LENGTH[tag]
        if fixed >= 0 and length != fixed:
            raise ValueFault(f"a value with tag {tag:#04x} has {length} octets where its syntax has {fixed}")
        if length > LENGTH_MAX[tag]:
            raise ValueFault(
                f"a value with tag {tag:#04x} has {length} octets; its syntax allows {LENGTH_MAX[tag]}",
                _TOO_LONG if length <= 0x7FFF else Status.CLIENT_ERROR_BAD_REQUEST,
            )

    @staticmethod
    def _language_field_end(buffer: bytes, value_at: int, field_end: int, end: int) -> int:
        """Some printers leave out the outer length: what stands there is the language's, and the text follows.

        Seen in Get-Job-Attributes answers of a colour LaserJet of the IPP/1.1 era.
        """
        if field_end > end or split_language(buffer[value_at:field_end]) is not None:
            return field_end
        text_at = field_end + 2
        return text_at + int.from_bytes(buffer[field_end:text_at], "big") if text_at <= end else text_at

    def _delimiter(self, tag: int) -> bool:
        """A group begins, or (True) the attributes end."""
        if len(self._frames) > 1:
            raise ValueFault("a collection is not closed before its group ends")
        if self._frames:
            frame = self._frames.pop()
            frame.finish(strict=self.strict)
            group = Group(frame.tag)
            group.by_name = frame.by_name
            self._groups.append(group)
        if tag == GroupTag.END_OF_ATTRIBUTES:
            self.message = Message(*self._header, tuple(self._groups))
            return True
        if tag == 0:
            raise ValueFault("delimiter tag 0 is reserved")
        if self.strict and not self._groups and tag != GroupTag.OPERATION_ATTRIBUTES:
            raise ValueFault("the first attribute group is not operation-attributes")
        self._count_attribute()
        self._frames.append(_Frame(_GROUP_TAGS[tag]))
        return False

    def _value(self, tag: int, name: bytes, octets: bytes) -> None:
        if not self._frames:
            raise ValueFault("a value stands before the first attribute group")
        self._count_value()
        frame = self._frames[-1]
        if name:
            if self.strict and len(self._frames) > 1:
                raise ValueFault("a member of a collection has a name of its own in place of memberAttrName")
            self._begin(frame, name)
        elif len(self._frames) == 1:
            frame.reopen()
        if tag == ValueTag.MEMBER_ATTR_NAME:
            self._member_name(frame, octets)
        elif tag == ValueTag.END_COLLECTION:
            self._end_collection(frame, octets)
        elif frame.name is None:
            raise ValueFault("a value without a name has no attribute before it")
        elif tag == ValueTag.BEGIN_COLLECTION:
            self._begin_collection(octets)
        else:
            frame.add(_VALUE_TAGS[tag], self._read(tag, octets))

    def _read(self, tag: int, octets: bytes) -> Value:
        try:
            return self._readers[tag](octets)
        except UnicodeDecodeError:
            raise ValueFault("a string is not UTF-8; send text in the charset that the request declares") from None

    def _begin(self, frame: _Frame, name: bytes) -> None:
        self._count_attribute()
        try:
            text = name.decode("ascii", "strict" if self.strict else "replace")
        except UnicodeDecodeError:
            raise ValueFault("an attribute name is not ASCII") from None
        if self.strict and not text.isprintable():
            raise ValueFault("an attribute name holds a control character")
        frame.begin(text, strict=self.strict)

    def _count_value(self) -> None:
        self._value_count += 1
        if self._value_count > self.limits.values:
            raise ValueFault(f"more than {self.limits.values} values", _TOO_LARGE)

    def _count_attribute(self) -> None:
        self._attribute_count += 1
        if self._attribute_count > self.limits.attributes:
            raise ValueFault(f"more than {self.limits.attributes} attributes", _TOO_LARGE)

    def _member_name(self, frame: _Frame, octets: bytes) -> None:
        if len(self._frames) == 1:
            raise ValueFault("a memberAttrName stands outside a collection")
        if not octets:
            raise ValueFault("a memberAttrName is empty")
        self._begin(frame, octets)

    def _begin_collection(self, octets: bytes) -> None:
        if octets and self.strict:
            raise ValueFault("a begCollection has a value")
        # The group is a frame as well.
        if len(self._frames) > self.limits.collection_depth:
            raise ValueFault(f"collections are nested deeper than {self.limits.collection_depth}", _TOO_LARGE)
        self._frames.append(_Frame(ValueTag.BEGIN_COLLECTION))

    def _end_collection(self, frame: _Frame, octets: bytes) -> None:
        if len(self._frames) == 1:
            raise ValueFault("an endCollection without a begCollection")
        if octets and self.strict:
            raise ValueFault("an endCollection has a value")
        frame.finish(strict=self.strict)
        collection = Collection()
        collection.by_name = frame.by_name
        self._frames.pop()
        self._frames[-1].add(ValueTag.BEGIN_COLLECTION, collection)


def decode(data: bytes, *, limits: Limits = SERVER_LIMITS, strict: bool = True) -> tuple[Message, bytes]:
    """A message that is there as a whole. Returns: the message and the octets after it. Raises: DecodeError."""
    decoder = MessageDecoder(limits=limits, strict=strict)
    decoder.feed(data)
    return decoder.finish(), decoder.remainder


def decode_response(data: bytes) -> Message:
    """What a printer answered, read tolerantly (see MessageDecoder). Raises: DecodeError."""
    return decode(data, limits=CLIENT_LIMITS, strict=False)[0]
