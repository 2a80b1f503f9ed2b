"""The documents that the demonstration prints: made here, page by page, so that everybody may have them."""

from __future__ import annotations

import io

import pikepdf

A4_PT = (595.28, 841.89)
_BLUE, _INK, _SAND = "0.12 0.35 0.62", "0.13 0.13 0.16", "0.95 0.93 0.88"
_FONT = {"Type": "/Font", "Subtype": "/Type1", "BaseFont": "/Helvetica", "Encoding": "/WinAnsiEncoding"}


def report(title: str, pages: int, *, color: bool) -> bytes:
    """A PDF of A4 pages with a heading, some lines and a bar chart; in colour on every page, or on none."""
    with pikepdf.new() as document:
        font = document.make_indirect(pikepdf.Dictionary({f"/{key}": _name(value) for key, value in _FONT.items()}))
        for number in range(1, pages + 1):
            page = document.add_blank_page(page_size=A4_PT)
            page.obj.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
            page.obj.Contents = document.make_stream(_page(title, number, pages, color=color))
        document.docinfo["/Title"] = title
        stream = io.BytesIO()
        document.save(stream)
        return stream.getvalue()


def _name(value: str) -> pikepdf.Name:
    return pikepdf.Name(value if value.startswith("/") else f"/{value}")


def _page(title: str, number: int, pages: int, *, color: bool) -> bytes:
    accent, paper = (f"{_BLUE} rg", f"{_SAND} rg") if color else ("0.35 g", "0.94 g")
    ink = f"{_INK} rg" if color else "0.1 g"
    parts = [
        f"{paper} 0 0 {A4_PT[0]} {A4_PT[1]} re f",
        f"{accent} 56 742 483 4 re f",
        f"BT {ink} /F1 24 Tf 56 760 Td ({_text(title)}) Tj ET",
        f"BT {ink} /F1 10 Tf 56 40 Td (Page {number} of {pages}) Tj ET",
    ]
    for bar in range(6):
        height = 40 + (bar * 53 + number * 37) % 180
        parts.append(f"{accent} {80 + bar * 76} 420 44 {height} re f")
    for line in range(18):
        width = 483 if line % 6 != 5 else 240
        parts.append(f"{'0.75 0.75 0.72 rg' if color else '0.72 g'} 56 {380 - line * 17} {width} 5 re f")
    return "\n".join(parts).encode("latin-1")


def _text(text: str) -> str:
    return text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")


def letter(pages: int) -> bytes:
    """A PostScript document of black pages that follows the document structuring conventions."""
    body = "\n".join(
        f"%%Page: {number} {number}\n/Times-Roman findfont 14 scalefont setfont\n"
        f"72 740 moveto (Dear reader, this is page {number}.) show\nshowpage"
        for number in range(1, pages + 1)
    )
    head = f"%!PS-Adobe-3.0\n%%Title: Letter\n%%Pages: {pages}\n%%DocumentMedia: A4 595 842 80 () ()\n%%EndComments\n"
    return f"{head}{body}\n%%Trailer\n%%EOF\n".encode()


def note() -> bytes:
    """A page of plain text."""
    lines = ["Shopping list", "", *(f"{number}. Something from the stationery cupboard" for number in range(1, 20))]
    return "\r\n".join(lines).encode() + b"\r\n\f"
