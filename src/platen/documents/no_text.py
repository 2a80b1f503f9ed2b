"""Octets that could pass for text and are none: files of known kinds that nothing here reads, and pixels.

No control octet at the beginning is not enough: a white picture is one octet 255 after the other. Text may be in any
code page, so octets above 127 say nothing by themselves.
"""

from __future__ import annotations

import re

from platen.documents import other_languages
from platen.documents.source import Data

# Width, height, for all but a bitmap the greatest value, and octets that no text holds.
_NETPBM = (
    rb"(?:P4%b\d{1,9}%b\d{1,9}|P[56]%b\d{1,9}%b\d{1,9}%b\d{1,5})\s.{0,4000}?[\0-\x06\x0e-\x1a\x1c-\x1f\xff]"
    rb"|P[1-3]%b\d{1,9}%b\d{1,9}(?:\s+\d{1,5})?[\s\d]{60}|P7\s*\n|P7 332\n"
) % ((rb"(?:\s|#[^\n]*\n)+",) * 7)
_KINDS: tuple[tuple[re.Pattern[bytes], str], ...] = (
    (re.compile(_NETPBM, re.DOTALL), "a Netpbm picture"),
    (re.compile(rb"BM.{4}(?:\0{4}|.{4}[\x0a-\x36]\0\0\0)", re.DOTALL), "a bitmap of Windows"),
    (re.compile(rb"RIFF.{4}WEBP", re.DOTALL), "a WebP picture"),
    (re.compile(rb"RIFF.{4}[A-Z][A-Za-z]{2}[A-Za-z ]", re.DOTALL), "a recording"),
    (re.compile(rb"MZ[^\t\r\n -~]"), "a program of Windows"),
    (re.compile(rb"\x7fELF"), "a program"),
    (re.compile(rb"!<arch>\n|7z\xbc\xaf|Rar!\x1a|BZh[1-9]1AY|\xfd7zXZ|\x28\xb5\x2f\xfd"), "an archive"),
    (re.compile(rb"ID3[\2-\4]|OggS|fLaC|.{4}ftyp", re.DOTALL), "a recording"),
    (re.compile(rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), "a document of an office program, which was sent unprinted"),
    (re.compile(rb"8BPS\x00\x01"), "a Photoshop picture"),
    (re.compile(rb"\0\0\0\x0cjP  |\xff\x4f\xff\x51"), "a JPEG 2000 picture"),
    (re.compile(rb"\x1b\x01@EJL"), "a print job for an Epson printer in a language of that printer alone"),
)
_WINDOW_BYTES = 4096
_WINDOWS = 8
_CONTROL_SHARE_MAX = 0.05  # one in thirteen of any octets whatever is such a control
_CONTROLS_ALLOWED = 4
_STRAY_BEFORE_BYTES = 4  # of text, where a stray control may stand in front
_GLYPH_SHARE_MAX = 0.08  # of a page that is drawn with the signs that code page 437 has there
_NUL_SHARE_MAX = 0.01
_WRITTEN_SHARE_MIN = 0.7
# No page of text has these one after the other; rules and shades of old code pages lie between the first two.
_PIXELS = re.compile(rb"\xff{4}|([\x80-\x9f\xfe])\1{7}|([\x80-\xff]{1,4}?)\2{149}", re.DOTALL)
_CONTROLS = bytes({*range(0x20), 0x7F} - set(b"\a\b\t\n\v\f\r\x1b\x0e\x0f\x12\x14\x04\x1a\0"))
_SIGNS = bytes((*range(0x20, 0x7F), *range(0xB0, 0xE0), *b"\t\r\n\f"))  # of ASCII, and to draw boxes with
_WORD = re.compile(rb"[A-Za-z]{3}|[\xb0-\xdf]{3}")
_ESCAPED_NUL = re.compile(rb"\x1b.\0|\0+\Z", re.DOTALL)


def kind_of(head: bytes) -> str | None:
    """What a file is that begins so, for a person; None: nothing known."""
    return next((kind for pattern, kind in _KINDS if pattern.match(head)), None) or other_languages.name_of(head)


def is_written(head: bytes) -> bool:
    """Whether the beginning of a document is text with controls in it that no printer of text knows: a stray octet, or
    the arrows and faces of code page 437.
    """
    octets = head[1:] if head[0] < 0x20 else head
    controls = len(octets) - len(octets.translate(None, _CONTROLS + b"\0"))
    if controls == 0:
        return len(octets) >= _STRAY_BEFORE_BYTES
    if controls > max(_CONTROLS_ALLOWED, len(octets) * _GLYPH_SHARE_MAX) or not _WORD.search(octets):
        return False
    written = len(octets) - len(octets.translate(None, _SIGNS))
    return octets.count(0) <= max(1, len(octets) * _NUL_SHARE_MAX) and written >= len(octets) * _WRITTEN_SHARE_MIN


def is_pixels(data: Data, start: int, stop: int) -> bool:
    """Whether what stands between the offsets, looked at here and there, is no text whatever its code page."""
    length = stop - start
    step = max(_WINDOW_BYTES, length // _WINDOWS)
    controls = looked_at = 0
    for position in range(start, stop, step):
        window = _ESCAPED_NUL.sub(b"", bytes(data[position : min(position + _WINDOW_BYTES, stop)]))
        if _PIXELS.search(window):
            return True
        controls += len(window) - len(window.translate(None, _CONTROLS + b"\0"))
        looked_at += len(window)
    return controls > max(_CONTROLS_ALLOWED, looked_at * _CONTROL_SHARE_MAX)
