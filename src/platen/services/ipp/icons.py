"""The picture of a queue (printer-icons, PWG 5100.13): drawn here, in the three sizes that the standard asks for."""

from __future__ import annotations

import io
from functools import lru_cache

SIZES = (48, 128, 512)
_OVERSAMPLING = 4
_GROUND, _BODY, _PAPER, _LINE, _LAMP = "#1f5f5b", "#f4f1ea", "#ffffff", "#9fb8b5", "#e0a030"


def icon_path(size: int) -> str:
    """Where the icon of a size is."""
    return f"/ipp/icon-{size}.png"


@lru_cache(maxsize=len(SIZES))
def icon(size: int) -> bytes:
    """A PNG of that many pixels a side: a printer with a sheet above and a sheet below."""
    from PIL import Image, ImageDraw  # few nodes are ever asked for it

    side = size * _OVERSAMPLING
    picture = Image.new("RGBA", (side, side), (0, 0, 0, 0))
    draw = ImageDraw.Draw(picture)

    def box(edges: tuple[float, float, float, float], radius: float, fill: str) -> None:
        """A rounded rectangle: left, top, right, bottom, and its corners' radius, in hundredths of the side."""
        corners = [round(each * side / 100) for each in edges]
        draw.rounded_rectangle(corners, radius=round(radius * side / 100), fill=fill)

    box((2, 2, 98, 98), 20, _GROUND)
    box((30, 14, 70, 50), 3, _PAPER)
    box((16, 36, 84, 72), 7, _BODY)
    box((24, 43, 58, 46), 1.5, _LINE)
    box((70, 42, 76, 48), 3, _LAMP)
    box((30, 58, 70, 86), 3, _PAPER)
    for top in (64, 70, 76):
        box((37, top, 63, top + 2), 1, _LINE)
    written = io.BytesIO()
    picture.resize((size, size), Image.Resampling.LANCZOS).save(written, "PNG", optimize=True)
    return written.getvalue()
