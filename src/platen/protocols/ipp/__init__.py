"""IPP, sans-I/O: the codec of RFC 8010 and the semantics of an IPP Everywhere Printer (RFC 8011, PWG 5100.14).

Octets come in through MessageDecoder and leave through encode; nothing here opens a socket or reads a clock.
"""

from platen.protocols.ipp.decoder import (
    CLIENT_LIMITS,
    SERVER_LIMITS,
    Limits,
    MessageDecoder,
    decode,
    decode_response,
)
from platen.protocols.ipp.encoder import encode, encode_attribute, encode_group, encode_header
from platen.protocols.ipp.errors import (
    DecodeError,
    EncodeError,
    IppError,
    LimitExceeded,
    RequestRefused,
    TruncatedMessage,
    Version,
)
from platen.protocols.ipp.message import EncodedGroup, Group, Message
from platen.protocols.ipp.operations import JOB_CREATION, ON_JOBS, WITH_DOCUMENT, Operation
from platen.protocols.ipp.status import Status
from platen.protocols.ipp.tags import GroupTag, ValueTag
from platen.protocols.ipp.values import (
    Attribute,
    Attributes,
    Collection,
    DateTime,
    IntRange,
    NameWithLanguage,
    OutOfBand,
    Resolution,
    ResolutionUnits,
    TextWithLanguage,
    Value,
)

__all__ = [
    "CLIENT_LIMITS",
    "JOB_CREATION",
    "ON_JOBS",
    "SERVER_LIMITS",
    "WITH_DOCUMENT",
    "Attribute",
    "Attributes",
    "Collection",
    "DateTime",
    "DecodeError",
    "EncodeError",
    "EncodedGroup",
    "Group",
    "GroupTag",
    "IntRange",
    "IppError",
    "LimitExceeded",
    "Limits",
    "Message",
    "MessageDecoder",
    "NameWithLanguage",
    "Operation",
    "OutOfBand",
    "RequestRefused",
    "Resolution",
    "ResolutionUnits",
    "Status",
    "TextWithLanguage",
    "TruncatedMessage",
    "Value",
    "ValueTag",
    "Version",
    "decode",
    "decode_response",
    "encode",
    "encode_attribute",
    "encode_group",
    "encode_header",
]
