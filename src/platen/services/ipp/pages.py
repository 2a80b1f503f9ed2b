"""What a browser gets at a queue's address: a small page and the queue's picture."""

from __future__ import annotations

from html import escape

from platen.asgi import Send
from platen.printing.arrivals import QueueFacts
from platen.services.ipp.icons import SIZES, icon, icon_path

_ICONS = {icon_path(size): size for size in SIZES}

_PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{name}</title>
<link rel="icon" href="{icon}">
<p><img src="{icon}" width="48" height="48" alt="">
<h1>{name}</h1>
<p>{what}
<p>Add this printer on your computer by its address:
<p><code>{uri}</code>
<p><a href="/">Platen</a>
</html>
"""


def icon_at(path: str) -> bytes | None:
    """The PNG at a path, or None where there is none."""
    size = _ICONS.get(path)
    return None if size is None else icon(size)


def queue_page(queue: QueueFacts, uri: str) -> str:
    """The page of a queue, for a person who opens its address in a browser."""
    what = (
        "Documents that you print here wait for you until you release them at a printer."
        if queue.is_pull
        else "Documents that you print here go straight to the printer."
    )
    return _PAGE.format(name=escape(queue.name), icon=icon_path(SIZES[0]), what=what, uri=escape(uri))


async def send_file(send: Send, status: int, content_type: str, content: bytes, *, head_only: bool) -> None:
    """A whole answer that a browser may keep for an hour, and that can do nothing but be looked at."""
    headers = [
        (b"content-type", content_type.encode()),
        (b"content-length", str(len(content)).encode()),
        (b"cache-control", b"public, max-age=3600" if status == 200 else b"no-store"),
        (b"content-security-policy", b"default-src 'none'; img-src 'self'"),
        (b"x-content-type-options", b"nosniff"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if head_only else content})
