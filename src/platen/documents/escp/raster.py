"""Binary payloads of ESC/P: how long they are, and whether anything in them is marked.

    ESC K, L, Y, Z nL nH               one octet a column      ESC * m nL nH   1, 3 or 6 octets a column
    ESC ^ m nL nH                      two octets a column
    ESC . c v h m nL nH                c 0: plain, 1: run lengths, 2: TIFF commands up to EXIT
    ESC i r c b nL nH mL mH            n octets a row, m rows; c 0: plain, 1: run lengths

Run lengths: 0..127 are that many octets + 1 as they are, 128..255 the next octet 257 - n times. Other than in TIFF and
PCL, 128 is no exception: drivers write it.
"""

from __future__ import annotations

from dataclasses import dataclass

from platen.documents.source import Data

_CHUNK_BYTES = 1 << 20


@dataclass(slots=True)
class Budget:
    """Runs that may still be walked; shared by the whole document."""

    steps_left: int


def little_endian(data: Data, position: int, size_bytes: int = 2) -> int:
    """An unsigned number; what is cut off counts as zero."""
    return int.from_bytes(data[position : position + size_bytes], "little")


def is_marked(data: Data, start: int, stop: int) -> bool:
    """Whether any octet is not zero."""
    for position in range(start, min(stop, len(data)), _CHUNK_BYTES):
        if data[position : min(position + _CHUNK_BYTES, stop)].strip(b"\0"):
            return True
    return False


def walk_runs(data: Data, position: int, size_bytes: int, budget: Budget, looks: bool) -> tuple[int, bool]:
    """Walk run lengths up to `size_bytes` of picture. Returns: the offset behind them, and whether one is marked.

    Args: looks: False where it does not matter any more whether something is marked.
    """
    marked, left, steps = False, size_bytes, budget.steps_left
    try:
        while left > 0 and steps > 0:
            steps -= 1
            code = data[position]
            if code < 128:
                stop = position + code + 2
                left -= code + 1
            else:
                stop = position + 2
                left -= 257 - code
            if looks and data[position + 1 : stop].strip(b"\0"):
                marked, looks = True, False
            position = stop
    except IndexError:
        position = len(data)
    budget.steps_left = steps
    return min(position, len(data)), marked


@dataclass(slots=True)
class TiffWalk:
    """What the commands of one ESC . 2 said."""

    stop: int
    marked: bool = False
    colored: bool = False
    down: int = 0  # rows moved


def walk_tiff(data: Data, position: int, budget: Budget, color: int) -> TiffWalk:
    """Walk TIFF commands (ESC/P2 reference, "ESC . 2") from `position` to EXIT or the first octet that is none.

    Args: color: the ink in use, 0 for black; COLR changes it.
    """
    walk = TiffWalk(position)
    size = len(data)
    while position < size and budget.steps_left > 0:
        budget.steps_left -= 1
        code = data[position]
        kind, low = code >> 4, code & 15
        position += 1
        count = low
        if kind in (3, 5, 7) and low in (1, 2):  # the number stands in the next one or two octets
            count = little_endian(data, position, low)
            position += low
        if kind in (2, 3):
            if data[position : position + count].strip(b"\0\x81"):
                walk.marked = True
                walk.colored = walk.colored or color != 0
            position += count
        elif kind in (6, 7):
            walk.down += count
        elif kind == 8:
            color = low
        elif code == 0xE3:  # EXIT
            break
        elif kind not in (4, 5) and code not in (0xE1, 0xE2, 0xE4, 0xE5):
            position -= 1
            break
    walk.stop = min(position, size)
    return walk
