"""Taking the document of a request in: small ones in memory, larger ones encrypted on the disk as they come."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from platen.identifiers import uuid7
from platen.printing.spool import SpoolFull, Stored
from platen.printing.spool.store import SMALL_BYTES_MAX
from platen.protocols.ipp import SERVER_LIMITS, RequestRefused, Status
from platen.services.head import HEAD_BYTES_MAX
from platen.services.incoming import DocumentTooLarge, IncomingDocument
from platen.services.ipp.body import Body, InflatedBody
from platen.services.ipp.call import Call
from platen.services.ipp.inflate import Inflater


@dataclass(frozen=True, slots=True)
class Document:
    """A whole document. `head` is its first octets, `size_bytes` its length without compression."""

    uuid: uuid.UUID
    content: bytes | Stored
    head: bytes
    size_bytes: int


async def receive_document(call: Call, compression: str, name: uuid.UUID | None = None) -> Document:
    """Read the request's document to its end. name: the job's, where it exists already.

    Raises: RequestRefused (too large, broken compression, no room on the disk), ClientGone, BodyTimeout; nothing of
    the document is kept then.
    """
    first, body = call.first, call.body
    bytes_max = call.services.settings.document_bytes_max
    if compression == "none":
        if body.ended and len(first) <= min(SMALL_BYTES_MAX, bytes_max):
            return Document(name or uuid7(), first, first[:HEAD_BYTES_MAX], len(first))
        _check_announced(call, bytes_max)
    else:
        body, first = InflatedBody(body, first, Inflater(compression)), b""
    incoming = IncomingDocument(call.services.spool, bytes_max)
    if name is not None:
        incoming.uuid = name
    try:
        return await _receive(incoming, first, body)
    except DocumentTooLarge as error:
        await incoming.abort()
        raise _too_large(bytes_max) from error
    except OSError as error:
        await incoming.abort()
        raise no_room() from error
    except BaseException:
        await incoming.abort()
        raise


async def _receive(incoming: IncomingDocument, first: bytes, body: Body) -> Document:
    if first:
        await incoming.write(first)
    while data := await body.read():
        await incoming.write(data)
    content = await incoming.finish()
    return Document(incoming.uuid, content, incoming.head, incoming.size_bytes)


def _check_announced(call: Call, bytes_max: int) -> None:
    """Refuse by the announced length what could only fail later."""
    if call.content_length is None or call.body.ended:
        return
    if call.content_length > bytes_max + SERVER_LIMITS.header_octets:
        raise _too_large(bytes_max)
    try:
        call.services.spool.check_room(call.content_length)
    except SpoolFull as error:
        raise no_room() from error


def _too_large(bytes_max: int) -> RequestRefused:
    return RequestRefused(
        Status.CLIENT_ERROR_REQUEST_ENTITY_TOO_LARGE,
        f"the document is larger than the {bytes_max} octets that this server takes; print it in parts",
    )


def no_room() -> RequestRefused:
    """The answer while the disk is full."""
    return RequestRefused(
        Status.SERVER_ERROR_TEMPORARY_ERROR, "the print server's disk is full; nothing was kept, try again later"
    )
