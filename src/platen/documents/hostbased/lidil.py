"""LIDIL, the host-based language of some HP ink-jet devices, in packets.

"$"  length:16  device:8  command:16  number:16  ...  "$"
0 job begins or ends    1 load a page: [15] width:32 and height:32 in 1/2400 inch    2 eject it    3 print a sweep
4 data of a sweep: size:16, then as many octets behind the packet

Octets of nothing may stand between packets.
"""

from __future__ import annotations

import re

from platen.documents.detect import UEL
from platen.documents.draft import Draft
from platen.documents.limits import AnalysisOptions
from platen.documents.media import MM_PER_INCH
from platen.documents.source import Data

_MARK = ord("$")
_PACKET_BYTES_MIN = 10
_UNITS_PER_INCH = 2400
_SIZE_AT, _LOAD_BYTES = 15, 23
_PADDING = re.compile(rb"\0+(?=\$)")
_LOAD, _EJECT, _PRINT, _SWEEP_DATA = 1, 2, 3, 4


def read(data: Data, start: int, draft: Draft, options: AnalysisOptions) -> int:
    """Read the packets at `start`. Returns: the offset behind them."""
    position = data.find(b"$", start, start + 65_536)
    if position < 0:
        draft.problem("The LIDIL stream holds no packet; its pages were not counted.")
        return len(data)
    draft.pages_known = True
    length, is_loaded, has_sweeps, may_go_on = len(data), False, False, True
    size_mm: tuple[float, float] | None = None
    while may_go_on and position + _PACKET_BYTES_MIN <= length and data[position] == _MARK:
        packet_bytes = int.from_bytes(data[position + 1 : position + 3], "big")
        if packet_bytes < _PACKET_BYTES_MIN or data[position + packet_bytes - 1 : position + packet_bytes] != b"$":
            break
        command = int.from_bytes(data[position + 4 : position + 6], "big")
        if command == _EJECT or (command == _LOAD and is_loaded and has_sweeps):
            may_go_on = draft.add_page(size_mm=size_mm, blank=not has_sweeps)
            has_sweeps = False
        if command == _LOAD:
            size_mm = _size_mm(bytes(data[position : position + packet_bytes]))
        is_loaded = command == _LOAD or (is_loaded and command != _EJECT)
        has_sweeps = has_sweeps or command == _PRINT
        swath_bytes = int.from_bytes(data[position + 8 : position + 10], "big") if command == _SWEEP_DATA else 0
        position += packet_bytes + swath_bytes
        if padding := _PADDING.match(data, position):
            position = padding.end()
    if has_sweeps and may_go_on:  # a stream that was cut off
        draft.add_page(size_mm=size_mm)
    rest = bytes(data[position : position + 64]).strip(b"\0\r\n")
    if rest and not rest.startswith(UEL) and position < length:
        draft.problem("The LIDIL stream holds something that is no packet; the pages before it were counted.")
        return length
    return min(position, length)


def _size_mm(load: bytes) -> tuple[float, float] | None:
    """The sheet that a packet asks for."""
    if len(load) <= _LOAD_BYTES:
        return None
    width, height = (int.from_bytes(load[at : at + 4], "big") for at in (_SIZE_AT, _SIZE_AT + 4))
    if not 1 <= min(width, height) / _UNITS_PER_INCH <= max(width, height) / _UNITS_PER_INCH <= 100:
        return None
    return width / _UNITS_PER_INCH * MM_PER_INCH, height / _UNITS_PER_INCH * MM_PER_INCH
