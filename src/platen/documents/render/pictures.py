"""The first page of a picture file, scaled down."""

from __future__ import annotations

import io
import warnings

from PIL import Image

from platen.documents.source import Data

_FORMATS = ("JPEG", "PNG", "GIF", "TIFF")
_PIXELS_MAX = 64_000_000  # decoded whole, but for JPEG
_FILE_BYTES_MAX = 256 * 1024 * 1024
_DEPTH_16 = frozenset({"I", "I;16", "I;16B", "I;16L", "F"})


def first_picture(data: Data, start: int, box_px: tuple[int, int]) -> Image.Image | None:
    """The first picture of the file, on white, within the box; None where it cannot be decoded within the bounds."""
    if len(data) - start > _FILE_BYTES_MAX:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of damage that the decoder gets over
            return _first(data[start:], box_px)
    except (OSError, SyntaxError, ValueError, KeyError, TypeError, EOFError, OverflowError, MemoryError):
        return None  # the ways in which the decoders report damage
    except Image.DecompressionBombError:
        return None


def _first(octets: bytes, box_px: tuple[int, int]) -> Image.Image | None:
    with Image.open(io.BytesIO(octets), formats=_FORMATS) as picture:
        picture.draft("RGB", box_px)  # JPEG is decoded small
        if picture.width * picture.height > _PIXELS_MAX:
            return None
        picture.load()
        small = _eight_bits(picture)
        small.thumbnail(box_px)
        return _on_white(small)


def _eight_bits(picture: Image.Image) -> Image.Image:
    if picture.mode in _DEPTH_16:
        return picture.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    return picture.convert("RGBA" if picture.has_transparency_data else "RGB")


def _on_white(picture: Image.Image) -> Image.Image:
    if picture.mode != "RGBA":
        return picture.convert("RGB")
    paper = Image.new("RGB", picture.size, "white")
    paper.paste(picture, mask=picture.getchannel("A"))
    return paper
