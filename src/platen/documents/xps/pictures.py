"""What pictures of a package show: JPEG, PNG, TIFF; of JPEG XR, which is not decoded here, only the kind of pixels."""

from __future__ import annotations

import struct

from platen.documents.matrices import Box
from platen.documents.pictures.looking import PictureLook, look_at
from platen.documents.xps.colors import BLACK, RED, UNKNOWN, WHITE, Color
from platen.documents.xps.package import Package

_FORMS = ((b"\xff\xd8", "JPEG"), (b"\x89PNG", "PNG"), (b"II*\0", "TIFF"), (b"MM\0*", "TIFF"))
_JPEG_XR = b"II\xbc"
_PIXEL_FORMAT = 0xBC01  # ITU-T T.832 annex A: the directory's tag for an identifier of 16 octets
_PIXEL_FORMATS = bytes.fromhex("24c3dd6f034efe4bb1853d77768dc9")  # all but the last octet of those identifiers
_GRAY_FORMATS = frozenset({0x05, 0x08, 0x0B, 0x11, 0x13, 0x3E, 0x3F})  # black and white, and grey of every depth
_DIRECTORY_MAX = 256


class Pictures:
    """Remembers what it found: one picture may stand on every page."""

    def __init__(self, package: Package, *, looks_for_color: bool, bytes_max: int) -> None:
        self._package = package
        self._looks_for_color = looks_for_color
        self._left = bytes_max
        self._known: dict[tuple[str, Box | None], Color | None] = {}
        self.has_missed = False  # a picture is not in the package

    def color(self, part: str, window: Box | None) -> Color | None:
        """A colour that stands for what is seen through the window (1/96 inch at the picture's resolution).

        Returns: None where the picture is missing, and shows nothing.
        """
        if part not in self._package:
            self.has_missed = True
            return None
        if not self._looks_for_color:
            return UNKNOWN
        whole = self._seen(part, None)
        return self._seen(part, window) if window and whole is RED else whole

    def _seen(self, part: str, window: Box | None) -> Color | None:
        key = part, window
        if key not in self._known and self._left > 0:
            self._known[key] = self._look(self._package.read(part), window)
        return self._known.get(key, UNKNOWN)

    def _look(self, octets: bytes, window: Box | None) -> Color | None:
        form = next((form for magic, form in _FORMS if octets.startswith(magic)), None)
        if form is None:
            return BLACK if _is_gray_jpeg_xr(octets) else UNKNOWN
        look = look_at(octets, 0, form, window=window)
        self._left -= max(look.octets, len(octets), 1024)
        return _color_of(look)


def _color_of(look: PictureLook) -> Color:
    if look.blank:
        return UNKNOWN if look.damaged else WHITE
    if look.color is None:
        return UNKNOWN
    return RED if look.color else UNKNOWN if look.damaged else BLACK


def _is_gray_jpeg_xr(octets: bytes) -> bool:
    if not octets.startswith(_JPEG_XR) or len(octets) < 8:
        return False
    (at,) = struct.unpack_from("<I", octets, 4)
    if at + 2 > len(octets):
        return False
    (count,) = struct.unpack_from("<H", octets, at)
    for entry in range(at + 2, at + 2 + 12 * min(count, _DIRECTORY_MAX), 12):
        if entry + 12 > len(octets):
            return False
        tag, _, _, place = struct.unpack_from("<HHII", octets, entry)
        if tag == _PIXEL_FORMAT:
            kind = octets[place : place + 16]
            return len(kind) == 16 and kind[:15] == _PIXEL_FORMATS and kind[15] in _GRAY_FORMATS
    return False
