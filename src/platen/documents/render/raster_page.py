"""The first page of a raster document as a small picture, scaled down while its lines are decoded."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from platen.documents.raster.header import PageHeader, RasterFormat
from platen.documents.raster.layout import RasterLayout
from platen.documents.raster.page import StoredPage
from platen.documents.raster.pixels import Pixels, pixels_of
from platen.documents.raster.spaces import rgb_of, white_of
from platen.documents.render.shrink import Shrinker
from platen.documents.source import Data

_PAGE_PX_MAX = 1 << 32  # taller or wider pages are damage
_SOUGHT_BYTES = 1 << 16  # in front of the magic
_LINE_BYTES_MAX = 1 << 20


def first_raster_page(data: Data, start: int, form: RasterFormat, box_px: tuple[int, int]) -> Image.Image | None:
    """The first page behind `start`, within the box; None where there is none, or none of known colours."""
    begin = data.find(form.sync, start, start + _SOUGHT_BYTES)
    first = begin + form.preamble_bytes
    header = form.decode(bytes(data[first : first + form.header_bytes])) if begin >= 0 else None
    pixels = pixels_of(header.layout) if header is not None else None
    if header is None or pixels is None or not 0 < header.layout.width * header.layout.lines <= _PAGE_PX_MAX:
        return None
    if header.layout.line_bytes > _LINE_BYTES_MAX:
        return None
    page = StoredPage(data=data, begin=first + form.header_bytes, layout=header.layout, compressed=form.compressed)
    return Image.fromarray(_shrunk(page, pixels, box_px, _aspect(header)))


def _aspect(header: PageHeader) -> float:
    """The height of a pixel by its width."""
    return header.dpi[0] / header.dpi[1] if header.dpi else 1.0


def _shrunk(page: StoredPage, pixels: Pixels, box_px: tuple[int, int], aspect: float) -> NDArray[np.uint8]:
    layout, space = page.layout, pixels.space
    shrinker = Shrinker(layout.width, layout.lines, len(space), box_px, aspect)
    bilevel = _is_bilevel(layout)
    for octets, repeat in page.lines():
        if not shrinker.wants(repeat):
            shrinker.skip(repeat)
            continue
        channels = [_bits(octets)] if bilevel else [np.frombuffer(part, np.uint8) for part in pixels.channels(octets)]
        shrinker.add(channels, repeat)
    return _as_rgb(shrinker.samples(white_of(space)), space)


def _is_bilevel(layout: RasterLayout) -> bool:
    return layout.bits_per_pixel == 1 and layout.space in ("W", "K")


def _bits(octets: bytes) -> NDArray[np.uint8]:
    """An octet, 0 or 255, for each bit."""
    return np.unpackbits(np.frombuffer(octets, np.uint8)) * np.uint8(255)


def _as_rgb(samples: NDArray[np.uint8], space: str) -> NDArray[np.uint8]:
    if space == "RGB":
        return samples
    if space in ("W", "K"):
        gray = samples if space == "W" else 255 - samples
        return np.repeat(gray, 3, axis=-1)
    unlike, places = np.unique(samples.reshape(-1, samples.shape[-1]), axis=0, return_inverse=True)
    colors: NDArray[Any] = np.array([rgb_of(space, tuple(values)) for values in unlike.tolist()], np.uint8)
    return colors[places.reshape(-1)].reshape(*samples.shape[:2], 3)
