"""What the first page of a document looks like, small enough for a list of jobs."""

from __future__ import annotations

import io
from collections.abc import Sequence

from PIL import Image

from platen.documents import detect as formats
from platen.documents.detect import detect
from platen.documents.draft import Draft
from platen.documents.limits import AnalysisOptions
from platen.documents.source import GZIP_MAGIC, Data, Source, data_of, unpack_gzip

_BOX_PX = (320, 320)
_BOX_PX_MAX = 2048
_PICTURES = frozenset({formats.JPEG, formats.PNG, formats.GIF, formats.TIFF})
_PDF = frozenset({formats.PDF, formats.PCLM})
_NESTING_MAX = 4  # PJL in PJL


def first_page_preview(
    source: Source,
    declared: str | None = None,
    box_px: tuple[int, int] = _BOX_PX,
    options: AnalysisOptions | None = None,
) -> bytes | None:
    """The first page as a PNG no larger than `box_px`, width and height.

    Returns: None where the format cannot be rendered here (PostScript needs Ghostscript, PCL its device), the
    document is damaged or locked, or rendering it is more work than a preview may be. Bad content never raises.
    Raises: OSError where the source itself cannot be read.
    """
    options = options or AnalysisOptions()
    box_px = (max(1, min(box_px[0], _BOX_PX_MAX)), max(1, min(box_px[1], _BOX_PX_MAX)))
    data, _ = data_of(source, options.limits.read_bytes_max)
    if data[:3] == GZIP_MAGIC:
        data, _ = unpack_gzip(data, options.limits.unpacked_bytes_max)
    if len(data) == 0:
        return None
    try:
        start, media_type = _document_in(data, options, detect(data, 0, declared))
        page = _first_page(data, start, media_type, box_px, options)
    except (MemoryError, RecursionError):
        return None
    except Exception:  # noqa: BLE001  # what a reader did not foresee costs the picture, not the caller
        return None
    return None if page is None else _png(page)


def first_document(data: Data, declared: str | None = None) -> tuple[int, str]:
    """Where the first document begins, within PJL where there is some, and its format. Bad content never raises."""
    return _document_in(data, AnalysisOptions(), detect(data, 0, declared))


def _document_in(data: Data, options: AnalysisOptions, media_type: str) -> tuple[int, str]:
    from platen.documents import pjl

    start = 0
    for _ in range(_NESTING_MAX):
        if media_type != formats.PJL:
            break
        found: list[tuple[int, str]] = []

        def note(inner: Data, at: int, kinds: Sequence[str], found: list[tuple[int, str]] = found) -> int:
            found.append((at, kinds[0]))
            return len(inner)

        pjl.read(data, start, Draft(options.limits), note)
        if not found:
            break
        start, media_type = found[0]
    return start, media_type


def _first_page(
    data: Data, start: int, media_type: str, box_px: tuple[int, int], options: AnalysisOptions
) -> Image.Image | None:
    if media_type in _PDF:
        from platen.documents.render.pdf_page import first_pdf_page

        return first_pdf_page(data, start, box_px, options)
    if media_type in _PICTURES:
        from platen.documents.render.pictures import first_picture

        return first_picture(data, start, box_px)
    if media_type == formats.TEXT:
        from platen.documents.render.text_page import first_text_page

        return first_text_page(data, start, box_px, options)
    return _first_raster_page(data, start, media_type, box_px)


def _first_raster_page(data: Data, start: int, media_type: str, box_px: tuple[int, int]) -> Image.Image | None:
    from platen.documents.raster.cups import FORMATS
    from platen.documents.raster.pwg import PWG
    from platen.documents.raster.urf import URF
    from platen.documents.render.raster_page import first_raster_page

    form = {formats.PWG_RASTER: PWG, formats.URF: URF}.get(media_type)
    if media_type == formats.CUPS_RASTER:
        form = FORMATS.get(bytes(data[start : start + 4]))
    return None if form is None else first_raster_page(data, start, form, box_px)


def _png(page: Image.Image) -> bytes:
    stream = io.BytesIO()
    page.save(stream, "PNG", optimize=False)
    return stream.getvalue()
