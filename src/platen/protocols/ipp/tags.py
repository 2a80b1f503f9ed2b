"""Delimiter and value tags: the one octet that says what follows (RFC 8010 sections 3.5.1 and 3.5.2)."""

from __future__ import annotations

from enum import IntEnum

EXTENSION_TAG = 0x7F
"""A value with this tag begins with a four-octet tag of its own (RFC 8010 section 3.5.2)."""


class GroupTag(IntEnum):
    """Delimiter tags: each begins an attribute group, and END_OF_ATTRIBUTES ends the last (RFC 8010 table 1)."""

    OPERATION_ATTRIBUTES = 0x01
    JOB_ATTRIBUTES = 0x02
    END_OF_ATTRIBUTES = 0x03
    PRINTER_ATTRIBUTES = 0x04
    UNSUPPORTED_ATTRIBUTES = 0x05
    SUBSCRIPTION_ATTRIBUTES = 0x06  # RFC 3995
    EVENT_NOTIFICATION_ATTRIBUTES = 0x07  # RFC 3995
    RESOURCE_ATTRIBUTES = 0x08  # PWG 5100.22
    DOCUMENT_ATTRIBUTES = 0x09  # PWG 5100.5
    SYSTEM_ATTRIBUTES = 0x0A  # PWG 5100.22


class ValueTag(IntEnum):
    """The syntax of one value (RFC 8010 tables 2 to 5).

    0x10 to 0x1f carry no value, they say why there is none; 0x20 to 0x2f are integers of some kind, 0x30 to 0x3f
    octets with structure, 0x40 to 0x5f text.
    """

    UNSUPPORTED = 0x10
    DEFAULT = 0x11
    UNKNOWN = 0x12
    NO_VALUE = 0x13
    NOT_SETTABLE = 0x15  # RFC 3380
    DELETE_ATTRIBUTE = 0x16  # RFC 3380
    ADMIN_DEFINE = 0x17  # RFC 3380

    INTEGER = 0x21
    BOOLEAN = 0x22
    ENUM = 0x23

    OCTET_STRING = 0x30
    DATE_TIME = 0x31
    RESOLUTION = 0x32
    RANGE_OF_INTEGER = 0x33
    BEGIN_COLLECTION = 0x34
    TEXT_WITH_LANGUAGE = 0x35
    NAME_WITH_LANGUAGE = 0x36
    END_COLLECTION = 0x37

    TEXT = 0x41
    NAME = 0x42
    KEYWORD = 0x44
    URI = 0x45
    URI_SCHEME = 0x46
    CHARSET = 0x47
    NATURAL_LANGUAGE = 0x48
    MIME_MEDIA_TYPE = 0x49
    MEMBER_ATTR_NAME = 0x4A


OUT_OF_BAND_TAGS = frozenset(range(0x10, 0x20))

STRING_TAGS = frozenset(range(ValueTag.TEXT, ValueTag.MEMBER_ATTR_NAME + 1)) - {0x43}

OCTETS_MAX: dict[int, int] = {
    ValueTag.OCTET_STRING: 1023,
    ValueTag.TEXT: 1023,
    ValueTag.NAME: 255,
    ValueTag.KEYWORD: 255,
    ValueTag.URI: 1023,
    ValueTag.URI_SCHEME: 63,
    ValueTag.CHARSET: 63,
    ValueTag.NATURAL_LANGUAGE: 63,
    ValueTag.MIME_MEDIA_TYPE: 255,
    ValueTag.MEMBER_ATTR_NAME: 255,
    ValueTag.TEXT_WITH_LANGUAGE: 1023 + 63 + 4,
    ValueTag.NAME_WITH_LANGUAGE: 255 + 63 + 4,
}
"""The longest value of each syntax in octets (RFC 8011 section 5.1)."""
