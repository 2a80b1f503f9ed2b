"""Answers: header, operation attributes with status-message, unsupported attributes, and what was asked for."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from platen.protocols.ipp import attributes as a
from platen.protocols.ipp.encoder import encode_attribute, encode_group, encode_header
from platen.protocols.ipp.errors import DecodeError, IppError, RequestRefused, Version
from platen.protocols.ipp.message import EncodedGroup, Group, Message
from platen.protocols.ipp.requests import Request, answer_version
from platen.protocols.ipp.status import Status
from platen.protocols.ipp.tags import GroupTag
from platen.protocols.ipp.values import Attribute

_END = bytes([GroupTag.END_OF_ATTRIBUTES])
_STATUS_MESSAGE_MAX = 255


def response(
    request: Request,
    status: Status = Status.SUCCESSFUL_OK,
    groups: Iterable[Group | EncodedGroup] = (),
    *,
    unsupported: tuple[Attribute, ...] = (),
    message: str = "",
) -> bytes:
    """The octets that answer a request, in its version and with its request-id (RFC 8011 section 4.1)."""
    return _answer(
        version=request.version,
        request_id=request.request_id,
        status=status,
        groups=groups,
        unsupported=unsupported,
        message=message,
    )


def refusal(error: IppError, message: Message | None = None) -> bytes:
    """The octets that answer a request which was not carried out.

    `message` is the request where it could be decoded; of another, a DecodeError tells version and request-id.
    """
    version: Version | None = None
    request_id: int | None = None
    if message is not None:
        version, request_id = message.version, message.request_id
    elif isinstance(error, DecodeError):
        version, request_id = error.version, error.request_id
    unsupported = error.unsupported if isinstance(error, RequestRefused) else ()
    return _answer(
        version=answer_version(version),
        request_id=request_id or 0,
        status=error.status,
        groups=(),
        unsupported=unsupported,
        message=error.message,
    )


def _answer(
    *,
    version: Version,
    request_id: int,
    status: Status,
    groups: Iterable[Group | EncodedGroup],
    unsupported: tuple[Attribute, ...],
    message: str,
) -> bytes:
    parts = [encode_header(version, status, request_id), _operation_attributes()]
    if message:
        parts.append(encode_attribute(a.text("status-message", a.clip(message, _STATUS_MESSAGE_MAX))))
    if unsupported:
        parts.append(encode_group(Group(GroupTag.UNSUPPORTED_ATTRIBUTES, unsupported)))
    parts.extend(encode_group(group) for group in groups)
    parts.append(_END)
    return b"".join(parts)


@lru_cache(maxsize=1)
def _operation_attributes() -> bytes:
    """Charset and language of what we write: utf-8, of which us-ascii is a part, and English."""
    return encode_group(
        Group(
            GroupTag.OPERATION_ATTRIBUTES,
            [a.charset("attributes-charset", "utf-8"), a.language("attributes-natural-language", "en")],
        )
    )
