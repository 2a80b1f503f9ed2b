"""The first page of plain text as a device would print it: 80 columns and 60 lines of one width on portrait A4."""

from __future__ import annotations

from PIL import Image, ImageDraw, ImageFont

from platen.documents.limits import AnalysisOptions
from platen.documents.source import Data

_A4_MM = (210, 297)
_MARGIN = 0.06  # of the page's width
_SEARCHED_BYTES = 64 * 1024
_LINE_PX, _COLUMN_PX = 11, 6  # of the font that comes with the library; it has Latin-1 alone


def first_text_page(data: Data, start: int, box_px: tuple[int, int], options: AnalysisOptions) -> Image.Image:
    """The first page, within the box."""
    text = bytes(data[start : start + _SEARCHED_BYTES]).decode("utf-8", "replace").lstrip("\ufeff")
    lines = _wrapped(text.split("\f", 1)[0], options.text_columns)[: options.text_lines_per_page]
    width = round(options.text_columns * _COLUMN_PX / (1 - 2 * _MARGIN))
    page = Image.new("L", (width, round(width * _A4_MM[1] / _A4_MM[0])), 255)
    draw, font = ImageDraw.Draw(page), ImageFont.load_default_imagefont()
    margin = round(width * _MARGIN)
    for row, line in enumerate(lines):
        draw.text((margin, margin + row * _LINE_PX), line.encode("latin-1", "replace"), fill=0, font=font)
    page.thumbnail(box_px)
    return page


def _wrapped(text: str, columns: int) -> list[str]:
    lines: list[str] = []
    for line in text.splitlines():
        full = line.expandtabs(8)
        lines += [full[at : at + columns] for at in range(0, max(1, len(full)), columns)]
    return lines
