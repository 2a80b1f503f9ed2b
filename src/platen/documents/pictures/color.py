"""Whether the pixels of a picture are coloured."""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator

from PIL import Image, ImageChops

# Of 255: what chroma subsampling and rounding put between the channels of a grey picture.
_JPEG_TOLERANCE = 24
_DECODED_PIXELS_MAX = 40_000_000
_CHUNK_BYTES = 1 << 18


def jpeg_has_color(octets: bytes) -> bool | None:
    """Decode a JPEG at an eighth of its size and compare its channels. None: it cannot be decoded."""
    try:
        with Image.open(io.BytesIO(octets), formats=("JPEG",)) as picture:
            if picture.mode == "L":
                return False
            if picture.mode not in ("RGB", "CMYK") or picture.width * picture.height > _DECODED_PIXELS_MAX:
                return None
            picture.draft(picture.mode, (max(1, picture.width // 8), max(1, picture.height // 8)))
            bands = picture.split()[:3]
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        return None  # the ways in which the decoder reports damage
    return any(
        int(ImageChops.difference(bands[0], other).getextrema()[1]) > _JPEG_TOLERANCE  # type: ignore[arg-type]  # one band
        for other in bands[1:]
    )


def samples_have_color(chunks: Iterator[bytes], channels: int) -> bool:
    """Whether the first three of `channels` 8-bit channels ever differ. Each chunk holds whole pixels."""
    for chunk in chunks:
        first = chunk[0::channels]
        if first != chunk[1::channels] or first != chunk[2::channels]:
            return True
    return False


def inflated(raw: bytes, pixel_bytes: int, bytes_max: int) -> Iterator[bytes]:
    """Inflate in chunks of whole pixels, so that the reader can stop at the first coloured one."""
    inflater = zlib.decompressobj()
    rest, pending, total = b"", raw, 0
    while total < bytes_max:
        try:
            piece = inflater.decompress(pending, _CHUNK_BYTES)
        except zlib.error:
            return
        pending = inflater.unconsumed_tail
        total += len(piece)
        if not piece:
            return
        piece = rest + piece
        whole = len(piece) - len(piece) % pixel_bytes
        rest = piece[whole:]
        yield piece[:whole]
