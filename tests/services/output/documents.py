"""Small documents of a known number of pages."""

from __future__ import annotations

import io

import pikepdf


def pdf(pages: int = 1, padding_bytes: int = 0) -> bytes:
    """A PDF of empty pages; padding makes it as large as wanted."""
    file = pikepdf.new()
    for _ in range(pages):
        file.add_blank_page(page_size=(595, 842))
    out = io.BytesIO()
    file.save(out, deterministic_id=True)
    return out.getvalue() + b"%" + b"x" * padding_bytes + b"\n" if padding_bytes else out.getvalue()


def text(pages: int) -> bytes:
    """Plain text with a form feed between pages."""
    return b"\f".join(b"page %d\r\n" % page for page in range(1, pages + 1))
