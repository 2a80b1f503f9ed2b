"""First pages of documents for whoever may see them, rendered in a bounded process when somebody looks."""

from __future__ import annotations

import asyncio
import concurrent.futures
from collections.abc import Awaitable, Callable
from typing import NamedTuple

import structlog

from platen.printing.deliveries import stored_document
from platen.printing.models import Job
from platen.printing.spool import DocumentDamaged, Stored

log = structlog.get_logger("platen.previews")

BOX_PX = (480, 640)
"""The picture fits into this: readable at a glance, not as a copy."""
WAIT_MAX_S = 8.0

_EMPTY_SHEET = (
    b'<svg xmlns="http://www.w3.org/2000/svg" width="480" height="640" viewBox="0 0 480 640">'
    b'<path d="M40 40h400v560H40zM150 320h180" fill="none" stroke="#8a8f98" stroke-width="2" stroke-dasharray="10 8"/>'
    b"</svg>"
)


class Picture(NamedTuple):
    """What a browser is shown."""

    octets: bytes
    media_type: str


NO_PICTURE = Picture(_EMPTY_SHEET, "image/svg+xml")

# The document, and the media type that its client named.
Render = Callable[[Stored, str], Awaitable[bytes | None]]


class PreviewDesk:
    """Where a thread that answers a browser asks the node's event loop for a first page."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._render: Render | None = None

    def open(self, render: Render) -> None:
        """From now on `render` answers, in the running event loop."""
        self._loop, self._render = asyncio.get_running_loop(), render

    def close(self) -> None:
        """Nobody answers any more."""
        self._loop = self._render = None

    def first_page_of(self, job: Job) -> Picture:
        """A PNG; an empty sheet where there is no document any more, it cannot be rendered, or no node runs here."""
        png = self._png_of(job)
        return NO_PICTURE if png is None else Picture(png, "image/png")

    def _png_of(self, job: Job) -> bytes | None:
        loop, render = self._loop, self._render
        if loop is None or render is None or not job.has_document:
            return None
        asked = asyncio.run_coroutine_threadsafe(_awaited(render, job), loop)
        try:
            return asked.result(WAIT_MAX_S)
        except (TimeoutError, concurrent.futures.CancelledError):
            asked.cancel()
        except (DocumentDamaged, OSError) as error:  # most often it was printed or deleted meanwhile
            log.info("first_page_not_read", job_id=job.id, error=str(error))
        return None


async def _awaited(render: Render, job: Job) -> bytes | None:
    return await render(stored_document(job), job.document_format)


node_previews = PreviewDesk()
"""The one of this process."""
