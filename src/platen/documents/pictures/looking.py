"""What is seen on a picture: decoded with bounds, made small where little is lost, and compared by channels."""

from __future__ import annotations

import io
import math
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from PIL import Image, ImageChops, ImageFile

from platen.documents.facts import Coverage
from platen.documents.matrices import Box
from platen.documents.near_gray import NEAR_GRAY
from platen.documents.source import Data

FILE_BYTES_MAX = 256 * 1024 * 1024  # read into memory to be decoded
PIXELS_MAX = 64_000_000  # decoded whole; A3 at 600 dpi has 70 million, A4 35
_JPEG_PIXELS_MAX = 400_000_000  # a baseline JPEG is decoded at an eighth of its size
_JPEG_WHITE = 253  # an eighth of a JPEG's white, with its rounding
_BITS_PER_SAMPLE = 258
_EDGE = 0.02  # of a picture: a window that leaves less than this out shows all of it
_LAB_NEAR_GRAY = 8  # of a* and b*, about what NEAR_GRAY is in red, green and blue
_DAMAGE = (OSError, SyntaxError, ValueError, KeyError, TypeError, EOFError, OverflowError, IndexError, AttributeError)


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureLook:
    """What was seen. None: it could not be decoded, or was not asked for."""

    color: bool | None = None
    blank: bool | None = None
    coverage: Coverage | None = None
    damaged: bool = False  # what could be decoded of it was looked at
    too_large: bool = False
    octets: int = 0  # of decoded samples


@contextmanager
def opened(data: Data, start: int, form: str) -> Iterator[Image.Image]:
    """The picture at `start`, opened but not decoded. Raises: one of the decoders' exceptions (`_DAMAGE`)."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # decoders warn of odd metadata; sizes are tested here
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        with Image.open(io.BytesIO(data[start:]), formats=(form,)) as picture:
            yield picture


def look_at(
    data: Data, start: int, form: str, *, frame: int = 0, coverage: bool = False, window: Box | None = None
) -> PictureLook:
    """Decode a frame of the picture at `start`, in a format as Pillow names it, and look at it. Never raises.

    `window`: what is looked at of it, in 1/96 inch from its upper left corner at the picture's resolution (96 dpi where
    it has none).
    """
    if len(data) - start > FILE_BYTES_MAX:
        return PictureLook(too_large=True)
    for lenient in (False, True):
        try:
            with opened(data, start, form) as picture, _truncated_allowed(lenient):
                if frame:
                    picture.seek(frame)
                return _look(picture, coverage=coverage, damaged=lenient, window=window)
        except (Image.DecompressionBombError, Image.DecompressionBombWarning, MemoryError):
            return PictureLook(too_large=True)
        except _DAMAGE:
            continue
    return PictureLook(damaged=True)


@contextmanager
def _truncated_allowed(allowed: bool) -> Iterator[None]:
    """Pillow decodes what is there of a cut-off picture only by this switch of the whole process."""
    before = ImageFile.LOAD_TRUNCATED_IMAGES
    ImageFile.LOAD_TRUNCATED_IMAGES = allowed
    try:
        yield
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = before


def _look(picture: Image.Image, *, coverage: bool, damaged: bool, window: Box | None) -> PictureLook:
    pixels = picture.width * picture.height
    shares = window and _shares(picture, window)
    white = 255
    if picture.format == "JPEG" and not picture.info.get("progressive"):
        if pixels > _JPEG_PIXELS_MAX:
            return PictureLook(too_large=True)
        picture.draft(None, (max(1, picture.width // 8), max(1, picture.height // 8)))
        white = _JPEG_WHITE
    elif pixels > PIXELS_MAX:
        return PictureLook(too_large=True)
    picture.load()
    octets = picture.width * picture.height * len(picture.getbands())
    if shares:
        picture = _inside(picture, shares)
    color, blank = _seen(picture, white)
    return PictureLook(
        color=color,
        blank=blank,
        coverage=_coverage(picture) if coverage else None,
        damaged=damaged,
        octets=octets,
    )


def _shares(picture: Image.Image, window: Box) -> Box | None:
    """The window in shares of the picture's width and height; None where it shows all of it."""
    dpi = tuple(float(value) for value in picture.info.get("dpi", ()))
    across, along = dpi if len(dpi) == 2 and min(dpi) >= 1 else (96.0, 96.0)
    width, height = picture.width / across * 96, picture.height / along * 96
    left, top, right, bottom = window[0] / width, window[1] / height, window[2] / width, window[3] / height
    if left < _EDGE and top < _EDGE and right > 1 - _EDGE and bottom > 1 - _EDGE:
        return None
    return max(0.0, left), max(0.0, top), min(1.0, right), min(1.0, bottom)


def _inside(picture: Image.Image, shares: Box) -> Image.Image:
    """What a window shows, to the whole pixel around it; at least one."""
    width, height = picture.size
    left, top = min(int(shares[0] * width), width - 1), min(int(shares[1] * height), height - 1)
    right, bottom = math.ceil(shares[2] * width), math.ceil(shares[3] * height)
    return picture.crop((left, top, max(left + 1, right), max(top + 1, bottom)))


def _seen(picture: Image.Image, white: int) -> tuple[bool, bool]:
    if picture.mode == "LAB":
        return _seen_in_lab(picture)
    light = on_white(picture)
    if light.mode == "L":
        return False, _lowest(light) >= white
    red, green, blue = light.split()
    darkest = ImageChops.darker(ImageChops.darker(red, green), blue)
    lightest = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    color = _highest(ImageChops.subtract(lightest, darkest)) > NEAR_GRAY
    return color, not color and _lowest(darkest) >= white


def _seen_in_lab(picture: Image.Image) -> tuple[bool, bool]:
    lightness, *chroma = picture.split()
    color = any(_highest(band) > 128 + _LAB_NEAR_GRAY or _lowest(band) < 128 - _LAB_NEAR_GRAY for band in chroma)
    return color, not color and _lowest(lightness) == 255


def on_white(picture: Image.Image) -> Image.Image:
    """The picture in grey (mode L) or in red, green and blue, as it looks on white paper."""
    mode = picture.mode
    if mode in ("1", "L"):
        return picture.convert("L")
    if mode.startswith("I") or mode == "F":
        return _from_deep_gray(picture)
    if picture.has_transparency_data:
        own = picture.convert("RGBA")
        paper = Image.new("RGB", own.size, "white")
        paper.paste(own, mask=own.getchannel("A"))
        return paper
    return picture.convert("RGB")


def _from_deep_gray(picture: Image.Image) -> Image.Image:
    """12 and 16 bits, or floating: a TIFF says how many bits there are, else the lightest that occurs tells."""
    deep = picture.convert("F")
    highest = _highest(deep)
    bits = getattr(picture, "tag_v2", {}).get(_BITS_PER_SAMPLE, (16,))[0]
    full = float((1 << min(int(bits), 32)) - 1) if picture.mode != "F" else 1.0 if highest <= 1 else 255.0
    full = max(full, highest)
    return deep.point(lambda value: value * (255 / full) + 0).convert("L")


def _coverage(picture: Image.Image) -> Coverage:
    import numpy as np

    from platen.documents.render.coverage import coverage_of_cmyk, coverage_of_gray, coverage_of_rgb

    if picture.mode == "CMYK":
        return coverage_of_cmyk(np.asarray(picture))
    if picture.mode == "LAB":
        return coverage_of_gray(np.asarray(picture.getchannel(0)))
    light = on_white(picture)
    return coverage_of_gray(np.asarray(light)) if light.mode == "L" else coverage_of_rgb(np.asarray(light))


def _highest(band: Image.Image) -> float:
    return float(band.getextrema()[1])  # type: ignore[arg-type]  # of one band a pair


def _lowest(band: Image.Image) -> float:
    return float(band.getextrema()[0])  # type: ignore[arg-type]  # of one band a pair
