"""PDF files made for one test each."""

from __future__ import annotations

import io
from collections.abc import Callable

import pikepdf
from pikepdf import Array, Dictionary, Name

PAGE_PT = (200.0, 200.0)


def pdf_with(
    content: bytes,
    resources: Callable[[pikepdf.Pdf], dict[str, object]] | None = None,
    **page_entries: object,
) -> bytes:
    """One page of 200 by 200 points with this content; `resources` makes what it names."""
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page(page_size=PAGE_PT)
        made = resources(pdf) if resources else {}
        font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
        page.obj.Resources = Dictionary({"/Font": Dictionary(F=font), **made})
        page.obj.Contents = pdf.make_stream(content)
        for key, value in page_entries.items():
            page.obj[f"/{key}"] = value(pdf) if callable(value) else value
        return saved(pdf)


def saved(pdf: pikepdf.Pdf, **how: object) -> bytes:
    stream = io.BytesIO()
    pdf.save(stream, **how)
    return stream.getvalue()


def form(pdf: pikepdf.Pdf, content: bytes, **entries: object) -> pikepdf.Object:
    """A form XObject over the whole page."""
    stream = pdf.make_stream(content, Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 200, 200]))
    for key, value in entries.items():
        stream[f"/{key}"] = value
    return stream


def image(pdf: pikepdf.Pdf, samples: bytes, space: object, width: int, **entries: object) -> pikepdf.Object:
    """A picture of one line with 8 bits a component."""
    stream = pdf.make_stream(
        samples, Type=Name.XObject, Subtype=Name.Image, Width=width, Height=1, BitsPerComponent=8, ColorSpace=space
    )
    for key, value in entries.items():
        stream[f"/{key}"] = value
    return stream
