"""Long answers that are made while they are sent: exports of any length in constant memory."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, StreamingHttpResponse

_TYPES = {"csv": "text/csv", "xml": "application/xml"}


def text_response(request: HttpRequest, pieces: Iterator[str], filename: str) -> StreamingHttpResponse:
    """Pieces of a text as a file to save, whose name ends with csv or xml."""
    body = _drawn(pieces) if isinstance(request, ASGIRequest) else pieces
    content_type = _TYPES[filename.rpartition(".")[2]]
    response = StreamingHttpResponse(body, content_type=f"{content_type}; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response


async def _drawn(pieces: Iterator[str]) -> AsyncIterator[str]:
    """Each piece in the thread that may ask the database, when the client has taken the one before."""
    draw = sync_to_async(lambda: next(pieces, None))
    while (piece := await draw()) is not None:
        yield piece
