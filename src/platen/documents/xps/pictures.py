"""Whether the pictures of a package are coloured: JPEG, PNG and TIFF; JPEG XR cannot be decoded here."""

from __future__ import annotations

import io

from PIL import Image, ImageChops

from platen.documents.near_gray import NEAR_GRAY
from platen.documents.xps.package import Package

_PIXELS_MAX = 40_000_000
_TOLERANCE = 6
_NEUTRAL_MODES = frozenset({"1", "L", "LA", "I", "I;16", "F"})


class Pictures:
    """Remembers what it found: one picture may stand on every page."""

    def __init__(self, package: Package, bytes_max: int) -> None:
        self._package = package
        self._left = bytes_max
        self._known: dict[str, bool | None] = {}

    def has_color(self, part: str) -> bool | None:
        """None: it cannot be decoded, or a bound was reached. A missing picture shows nothing."""
        if part not in self._package:
            return False
        if part not in self._known:
            self._known[part] = self._look(self._package.read(part))
        return self._known[part]

    def _look(self, octets: bytes) -> bool | None:
        try:
            with Image.open(io.BytesIO(octets), formats=("JPEG", "PNG", "TIFF")) as picture:
                return self._of_picture(picture)
        # The ways in which decoders report damage.
        except (
            OSError,
            SyntaxError,
            ValueError,
            EOFError,
            Image.DecompressionBombError,
            Image.DecompressionBombWarning,
        ):
            return None

    def _of_picture(self, picture: Image.Image) -> bool | None:
        if picture.mode in _NEUTRAL_MODES:
            return False
        is_jpeg = picture.format == "JPEG"
        if is_jpeg:
            picture.draft(picture.mode, (max(1, picture.width // 8), max(1, picture.height // 8)))
        pixels = picture.width * picture.height
        if pixels > _PIXELS_MAX or pixels * 4 > self._left:
            return None
        self._left -= pixels * 4
        shown = picture.convert("RGB") if picture.mode not in ("RGB", "RGBA", "CMYK") else picture
        bands = shown.split()[:3]
        tolerance = NEAR_GRAY if is_jpeg else _TOLERANCE
        return any(
            int(ImageChops.difference(bands[0], other).getextrema()[1]) > tolerance  # type: ignore[arg-type]  # one band
            for other in bands[1:]
        )
