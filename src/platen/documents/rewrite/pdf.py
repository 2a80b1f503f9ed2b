"""PDF: pages left out, fitted to other paper, or made grey.

Grey is painted, not computed: on a white ground, under the page, and with a fill on top of it that blends by the mode
Saturation (ISO 32000-1 section 11.3.5.3), which takes the colour out of whatever lies below and keeps its lightness.
It holds for every colour space, picture and shading, and every renderer that knows transparency.
"""

from __future__ import annotations

import tempfile
from collections.abc import Generator
from typing import BinaryIO

import pikepdf

from platen.documents.media import MM_PER_POINT, size_of_media
from platen.documents.pdf.objects import decoded
from platen.documents.pdf.objects_by_qpdf import DAMAGE, open_by_qpdf, save
from platen.documents.rewrite.changes import CannotRewrite, Changes
from platen.documents.rewrite.pieces import PIECE_BYTES
from platen.documents.source import Data

# Readers of earlier versions, and some of later ones for files that name an earlier one, would paint the fill itself.
_TRANSPARENCY_VERSION = "1.4"
_CONTENT_BYTES_MAX = 64 * 1024 * 1024  # of one page
_Box = tuple[float, float, float, float]  # left, bottom, right, top in units of the page
_LETTER_PT: _Box = (0.0, 0.0, 612.0, 792.0)


def rewritten(data: Data, start: int, stop: int, changes: Changes) -> Generator[bytes, None, None]:
    """A PDF document with the changes. Raises: CannotRewrite."""
    with tempfile.TemporaryFile() as kept:  # qpdf writes back and forth
        _save(data, start, stop, changes, kept)
        kept.seek(0)
        while piece := kept.read(PIECE_BYTES):
            yield piece


def _save(data: Data, start: int, stop: int, changes: Changes, out: BinaryIO) -> None:
    try:
        with open_by_qpdf(data, start, stop, None) as pdf:
            if changes.page_ranges:
                _keep_pages(pdf, changes.page_ranges)
            if changes.monochrome or changes.media is not None:
                pdf.flatten_annotations("print")  # they become part of what the page draws
            for page in pdf.pages:
                if changes.monochrome:
                    _make_gray(pdf, page)
                if changes.media is not None:
                    _fit(pdf, page, changes.media)
            save(pdf, out, min_version=_TRANSPARENCY_VERSION if changes.monochrome else "")
    except pikepdf.PasswordError as error:
        raise CannotRewrite("The PDF file can only be opened with a password, so it was not changed.") from error
    except DAMAGE as error:
        raise CannotRewrite("The PDF file is damaged, so it was not changed.") from error


def _keep_pages(pdf: pikepdf.Pdf, ranges: tuple[tuple[int, int], ...]) -> None:
    count = len(pdf.pages)
    kept = {page for first, last in ranges for page in range(first, min(last, count) + 1)}
    if not kept:
        raise CannotRewrite(f"The document has {count} pages; none of those asked for is among them.")
    for number in range(count, 0, -1):
        if number not in kept:
            del pdf.pages[number - 1]


def _box(page: pikepdf.Page) -> _Box:
    """What of the page comes out on paper."""
    return _within(_corners(page.cropbox), _corners(page.mediabox))


def _within(box: _Box, bounds: _Box) -> _Box:
    """The part of a box that is inside another; all of the other where there is none."""
    left, bottom = max(box[0], bounds[0]), max(box[1], bounds[1])
    right, top = min(box[2], bounds[2]), min(box[3], bounds[3])
    return (left, bottom, right, top) if left < right and bottom < top else bounds


def _corners(box: object) -> _Box:
    if not isinstance(box, pikepdf.Array) or len(box) != 4:
        return _LETTER_PT
    x1, y1, x2, y2 = (float(number) for number in box.as_list())
    return min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)


def _content(page: pikepdf.Page) -> bytes:
    """What the page draws. Raises: CannotRewrite where that is more than is kept in memory."""
    contents = page.obj.get("/Contents")
    streams = contents.as_list() if isinstance(contents, pikepdf.Array) else [contents]
    parts, left = [], _CONTENT_BYTES_MAX
    for stream in streams:
        octets = decoded(stream, left) if isinstance(stream, pikepdf.Stream) else b""
        if octets is None:
            raise CannotRewrite("A page of the PDF file is too large to be changed.")
        parts.append(octets)
        left -= len(octets)
    return b"\n".join(parts)


def _as_form(pdf: pikepdf.Pdf, page: pikepdf.Page) -> pikepdf.Object:
    """All that the page draws, as one object: whatever its content leaves behind does not reach what follows."""
    form = page.as_form_xobject(handle_transformations=False)
    # Read now: qpdf would read the page's content when the file is written, and find ours. The colour that a page
    # begins with is said, as some interpreters have none in a form.
    form.write(b"0 g 0 G\n" + _content(page))
    form.BBox = pikepdf.Array(list(_box(page)))
    return pdf.make_indirect(form)


def _make_gray(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
    form = _as_form(pdf, page)
    left, bottom, right, top = _box(page)
    box = f"{left:.4f} {bottom:.4f} {right - left:.4f} {top - bottom:.4f} re f"
    page.obj.Resources = pikepdf.Dictionary(
        XObject=pikepdf.Dictionary(Page=form),
        ExtGState=pikepdf.Dictionary(Gray=pikepdf.Dictionary(Type=pikepdf.Name.ExtGState, BM=pikepdf.Name.Saturation)),
    )
    page.obj.Contents = pdf.make_stream(f"q 1 g {box} Q\nq /Page Do Q\nq /Gray gs 0.5 g {box} Q\n".encode())
    page.obj.Group = pikepdf.Dictionary(
        Type=pikepdf.Name.Group, S=pikepdf.Name.Transparency, CS=pikepdf.Name.DeviceRGB, I=True
    )


def _fit(pdf: pikepdf.Pdf, page: pikepdf.Page, media: str) -> None:
    """Scale the page to the paper, in the page's own orientation, centred."""
    size_mm = size_of_media(media)
    if size_mm is None:
        raise CannotRewrite(f"{media} is no name of a paper size.")
    left, bottom, right, top = _box(page)
    width, height = right - left, top - bottom
    if width <= 0 or height <= 0:
        raise CannotRewrite("A page of the PDF file has no size, so it was not changed.")
    short, long = sorted(mm / MM_PER_POINT for mm in size_mm)
    new_width, new_height = (long, short) if width > height else (short, long)
    scale = min(new_width / width, new_height / height)
    x = (new_width - width * scale) / 2 - left * scale
    y = (new_height - height * scale) / 2 - bottom * scale
    form, group = _as_form(pdf, page), page.obj.get("/Group")
    page.obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Page=form))
    matrix = " ".join(f"{number:.6f}" for number in (scale, 0, 0, scale, x, y))
    page.obj.Contents = pdf.make_stream(f"q {matrix} cm /Page Do Q\n".encode())
    page.obj.MediaBox = pikepdf.Array([0, 0, new_width, new_height])
    if group is not None:
        page.obj.Group = group
    for key in ("/CropBox", "/TrimBox", "/BleedBox", "/ArtBox", "/UserUnit", "/Annots"):
        if key in page.obj:
            del page.obj[key]
