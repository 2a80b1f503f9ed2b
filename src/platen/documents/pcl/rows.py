"""Raster rows of PCL: passed over in C where nobody asks what is in them, else unpacked and looked at."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from platen.documents.pcl.compression import adaptive_rows, unpacked_row
from platen.documents.pcl.palette import Coding, Look, Palette, look_of
from platen.documents.source import Data

# Rows with payloads up to this length are passed over by one pattern; a longer one costs one step of its own.
_PASSED_BYTES_MAX = 999
_SHORT_BYTES_MAX = 255
_STATES_BYTES_MAX = 16 * 1024 * 1024
_PAYLOAD_WEIGHT = 4  # what an octet to unpack costs beside one that was unpacked
_PASSED_ROWS_MAX = 4000  # at once: the matcher keeps a frame for each


def _lengths(most: int, unit: str) -> str:
    """A pattern for a decimal length from 1 to `most` and as many octets, as a tree of digits."""

    def branch(prefix: str) -> str:
        ways = [f"{unit}.{{{prefix}}}"] if prefix else []
        ways += [
            digit + branch(prefix + digit)
            for digit in "0123456789"
            if (prefix or digit != "0") and int(prefix + digit) <= most
        ]
        return f"(?:{'|'.join(ways)})"

    return branch("")


# Written without possessive repeats, which Python 3.11 has wrong.
@functools.cache
def passing_pattern() -> re.Pattern[bytes]:
    """Rows that follow each other: data, vertical moves, compression methods (groups 1 and 2)."""
    data = _lengths(_PASSED_BYTES_MAX, "[VW]")
    row = rf"{data}|[0-9]{{1,5}}Y|0?[VW]|([0-9]{{1,4}})M|([0-9]{{1,4}})m(?:{data}|0?[VW])"
    return re.compile(rf"(?:\x1b\*b(?:{row})){{1,{_PASSED_ROWS_MAX}}}".encode("ascii"), re.DOTALL)


@functools.cache
def short_rows() -> Callable[[Data, int, int], int]:
    """Where short rows end, with moves and methods between them, from where the first begins; -1: there is none.

    RE2 reads each octet once, where the pattern above steps from row to row: that is faster for rows of a few octets.
    """
    import re2

    options = re2.Options()
    options.encoding = re2.Options.Encoding.LATIN1
    options.dot_nl = True
    options.longest_match = True
    options.max_mem = _STATES_BYTES_MAX
    data = b"%d[VW]." % _SHORT_BYTES_MAX
    for count in range(_SHORT_BYTES_MAX - 1, 0, -1):  # longer rows share the octets of shorter ones
        data = b"(?:%b|%d[VW])." % (data, count)
    item = rb"(?:[0-9]{1,4}m)?(?:%b|0?[VW])|[0-9]{1,5}Y|[0-9]{1,4}M" % data
    rows = re2.compile(rb"(?:\x1b\*b(?:%b))+" % item, options)
    match, at_start = rows._regexp.Match, re2._Anchor.ANCHOR_START  # without the binding's match objects

    def end(octets: Data, start: int, stop: int) -> int:
        ((_, behind),) = match(at_start, octets, start, stop)
        return int(behind)

    return end


@functools.cache
def chain_pattern() -> re.Pattern[bytes]:
    """The same within one sequence, where each item is joined to the next."""
    row = rf"{_lengths(_PASSED_BYTES_MAX, '[vw]')}|[0-9]{{1,5}}y|0?[vw]|([0-9]{{1,4}})m"
    return re.compile(rf"(?:{row}){{1,{_PASSED_ROWS_MAX}}}".encode("ascii"), re.DOTALL)


# One row of any length: its method, its octets.
LONG_ROW = re.compile(rb"\x1b\*b(?:([0-9]{1,4})m)?([0-9]{1,9})[VW]")
_FIRST_DATA = re.compile(rb"[1-9][0-9]{0,9}[VWvw]")


def has_data(data: Data, start: int, stop: int) -> bool:
    """Whether a row of data is among what was passed over. In front of the first one there is nothing but commands."""
    return _FIRST_DATA.search(data, start, stop) is not None


def last_method(match: re.Match[bytes]) -> int | None:
    """The compression method in force behind a match of one of the patterns; None: it did not change."""
    at, group = max((match.start(group), group) for group in range(1, (match.re.groups or 0) + 1))
    return int(match[group]) if at >= 0 else None


@dataclass(slots=True)
class RasterRows:
    """The rows of one raster graphic: seeds and the planes that make the row under way."""

    method: int = 0
    width: int | None = None  # source raster width in pixels, ESC *r#S
    bytes_left: int = 0  # of unpacked rows that may still be looked at
    _seeds: list[bytes] = field(default_factory=list)
    _planes: list[bytes] = field(default_factory=list)

    def start(self) -> None:
        """Raster begins, or moves down: the seeds are empty."""
        self._seeds.clear()
        self._planes.clear()

    def look(self, payload: bytes, palette: Palette, *, is_last_plane: bool) -> Look | None:
        """Take one plane. Returns: what the finished row looks like, WHITE before that; None: it cannot be told."""
        if self.method == 5:
            rows = adaptive_rows(payload, self._seed(0))
            self._planes.clear()
            self._set_seed(0, rows[-1] if rows else b"")
            self.bytes_left -= sum(map(len, rows))
            if self.bytes_left < 0:
                return None
            return max((_look([row], palette, self.width) for row in rows), default=Look.WHITE)
        plane = len(self._planes)
        row = unpacked_row(self.method, payload, self._seed(plane))
        if row is None or self.bytes_left < len(row) or plane > 8:
            return None
        self.bytes_left -= len(row) + _PAYLOAD_WEIGHT * len(payload)
        self._set_seed(plane, row)
        self._planes.append(row)
        if not is_last_plane:
            return Look.WHITE
        look = _look(self._planes, palette, self.width)
        self._planes.clear()
        return look

    def _seed(self, plane: int) -> bytes:
        return self._seeds[plane] if plane < len(self._seeds) else b""

    def _set_seed(self, plane: int, row: bytes) -> None:
        while len(self._seeds) <= plane:
            self._seeds.append(b"")
        self._seeds[plane] = row


def _look(planes: list[bytes], palette: Palette, width: int | None) -> Look:
    """The most striking pixel of a row."""
    if palette.coding is Coding.DIRECT_BY_PIXEL:
        return pixels_look(planes[0] + bytes(-len(planes[0]) % 3), white=palette.white)
    if palette.coding is Coding.INDEX_BY_PIXEL:
        return indexes_look(planes[0], palette.looks, palette.bits)
    looks = palette.looks
    if palette.coding is Coding.DIRECT_BY_PLANE:
        ends = (Look.WHITE, Look.GRAY) if palette.white == 0 else (Look.GRAY, Look.WHITE)
        looks = [ends[0], *[Look.COLOR] * 6, ends[1]]
    return _planes_look(planes, looks, width)


def _planes_look(planes: list[bytes], looks: list[Look], width: int | None) -> Look:
    """Planes of one bit a pixel, the first the lowest bit of the index."""
    length = max(map(len, planes), default=0)
    if width is not None:
        length = min(max(length, (width + 7) // 8), 1 << 17) if length else 0
    if length == 0:
        return looks[0] if width else Look.WHITE
    pixels = length * 8 if width is None else min(width, length * 8)
    if pixels == 0:
        return Look.WHITE
    whole = (1 << pixels) - 1
    bits = [int.from_bytes(plane[:length].ljust(length, b"\0"), "big") >> (length * 8 - pixels) for plane in planes]
    found = Look.WHITE
    for index, look in enumerate(looks[: 1 << len(bits)]):
        if look <= found:
            continue
        at = whole
        for plane, bit in enumerate(bits):
            at &= bit if index >> plane & 1 else whole ^ bit
            if not at:
                break
        if at:
            found = look
            if found is Look.COLOR:
                break
    return found


def pixels_look(row: bytes, *, white: float) -> Look:
    """Pixels of three octets."""
    whole = len(row) - len(row) % 3
    first, second, third = row[0:whole:3], row[1:whole:3], row[2:whole:3]
    if first == second == third:
        return Look.GRAY if first.strip(b"\xff" if white else b"\0") else Look.WHITE
    # Few different colours stand in a row as a rule; each is judged once.
    found = Look.WHITE
    for one, other, another in set(zip(first, second, third, strict=True)):
        found = max(found, look_of(one / 255, other / 255, another / 255, white=white))
        if found is Look.COLOR:
            break
    return found


def indexes_look(row: bytes, looks: list[Look], bits: int) -> Look:
    """Indexes of 1, 2, 4 or 8 bits, packed from the highest bit."""
    key = tuple(looks)
    if row.translate(None, _octets_below(key, bits, Look.COLOR)):
        return Look.COLOR
    return Look.GRAY if row.translate(None, _octets_below(key, bits, Look.GRAY)) else Look.WHITE


@functools.lru_cache(maxsize=64)
def _octets_below(looks: tuple[Look, ...], bits: int, least: Look) -> bytes:
    """The octets in which no index looks like `least` or more."""
    bits = 1 if bits <= 1 else 2 if bits == 2 else 4 if bits <= 4 else 8
    mask = (1 << bits) - 1
    count = max(1, len(looks))
    below = [index for index in range(mask + 1) if looks[index % count] < least] if looks else []
    kept = set(below)
    return bytes(octet for octet in range(256) if all(octet >> shift & mask in kept for shift in range(0, 8, bits)))
