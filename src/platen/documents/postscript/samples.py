"""How the samples of an image look."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from platen.documents.near_gray import NEAR_GRAY
from platen.documents.postscript.colors import CmykSpace, GraySpace, RgbSpace, Space, ink_in
from platen.documents.postscript.machine import Machine
from platen.documents.postscript.page import COLOR, GREY, UNCLEAR, WHITE

# Of 255: what chroma subsampling and rounding put between the channels of a grey picture.
_PAPER = 250
_DISTINCT_MAX = 2000  # colours looked up one by one
_PIXELS_AT_ONCE = 1 << 20


@dataclass(slots=True)
class Samples:
    """`data` holds one piece with all components of a sample behind each other, or a piece for each component."""

    width: int
    height: int
    bits: int
    data: list[bytes]
    decode: list[float]


def mask_paints(octets: bytes, width: int, height: int, *, inverted: bool) -> bool:
    """Whether a mask has a bit that paints: 0, or 1 where its Decode is inverted. Bits behind a row's end are none."""
    row_bytes = (width + 7) // 8
    if not octets or not row_bytes or not height:
        return False
    idle = b"\0" if inverted else b"\xff"
    if not octets.strip(idle):
        return False
    last = 0xFF << (row_bytes * 8 - width) & 0xFF
    if last == 0xFF:
        return True
    for start in range(0, len(octets), row_bytes):
        row = octets[start : start + row_bytes]
        tail = row[-1] & last if inverted else ~row[-1] & last
        if row[:-1].strip(idle) or tail:
            return True
    return False


def image_ink(machine: Machine, space: Space, samples: Samples) -> int:
    """What the samples look like together."""
    if not any(samples.data) or not samples.width or not samples.height:
        return WHITE
    try:
        if isinstance(space, GraySpace) and samples.bits <= 8 and len(samples.data) == 1:
            return _gray_ink(samples)
        return _ink(machine, space, samples)
    except (ValueError, IndexError, TypeError):
        return UNCLEAR


def _gray_ink(samples: Samples) -> int:
    white = b"\xff" if samples.decode[0] < samples.decode[1] else b"\0"
    octets = samples.data[0]
    if samples.bits == 8:
        light = bytes(range(_PAPER, 256)) if white == b"\xff" else bytes(range(256 - _PAPER))
        return GREY if octets.translate(None, light) else WHITE
    if samples.bits == 1:
        paints = mask_paints(octets, samples.width, samples.height, inverted=white == b"\0")
        return GREY if paints else WHITE
    return GREY if octets.strip(white) else WHITE


def _ink(machine: Machine, space: Space, samples: Samples) -> int:
    """Look at pixels, some at a time, until one is coloured."""
    inks = WHITE
    table = _pixels(samples, space.count)
    for start in range(0, len(table), _PIXELS_AT_ONCE):
        inks |= _ink_of_pixels(machine, space, samples, table[start : start + _PIXELS_AT_ONCE])
        if inks & COLOR:
            break
    return inks


def _pixels(samples: Samples, count: int) -> Any:
    """Samples as an array with a row for each pixel and a column for each component."""
    import numpy as np

    if len(samples.data) > 1:
        planes = [_unpacked(piece, samples.width, samples.bits) for piece in samples.data]
        shortest = min(map(len, planes))
        return np.stack([plane[:shortest] for plane in planes], axis=1)
    flat = _unpacked(samples.data[0], samples.width * count, samples.bits)
    return flat[: len(flat) // count * count].reshape(-1, count)


def _unpacked(octets: bytes, per_row: int, bits: int) -> Any:
    """Samples of 1 to 16 bits as one flat array; rows begin on an octet."""
    import numpy as np

    row_bytes = (per_row * bits + 7) // 8
    table = np.frombuffer(octets, dtype=np.uint8, count=len(octets) // row_bytes * row_bytes)
    if bits == 8:
        return table
    if bits == 16:
        return table[::2]
    fields = np.unpackbits(table).reshape(-1, row_bytes * 8)[:, : per_row * bits].reshape(-1, bits)
    if bits == 12:
        return fields[:, :8] @ (1 << np.arange(7, -1, -1))
    return fields @ (1 << np.arange(bits - 1, -1, -1))


def _ink_of_pixels(machine: Machine, space: Space, samples: Samples, pixels: Any) -> int:
    import numpy as np

    bits = min(8, samples.bits)
    usual = samples.decode == [0.0, 1.0] * space.count
    if isinstance(space, RgbSpace | CmykSpace | GraySpace):
        scaled = pixels.astype(np.int32) * 255 // ((1 << bits) - 1)
        if not usual:
            low, high = np.array(samples.decode[::2]), np.array(samples.decode[1::2])
            scaled = np.clip((low + scaled / 255 * (high - low)) * 255, 0, 255).astype(np.int32)
        if isinstance(space, CmykSpace):
            scaled = np.clip(255 - scaled[:, :3] - scaled[:, 3:4], 0, 255)
        return _ink_of_rgb(scaled)
    return _ink_of_distinct(machine, space, samples, pixels, bits)


def _ink_of_rgb(table: Any) -> int:
    low, high = table.min(axis=1), table.max(axis=1)
    if (high - low > NEAR_GRAY).any():
        return COLOR
    return GREY if (low < _PAPER).any() else WHITE


def _ink_of_distinct(machine: Machine, space: Space, samples: Samples, pixels: Any, bits: int) -> int:
    """Each colour that occurs, through the space; of very many, some."""
    import numpy as np

    distinct = np.unique(pixels, axis=0)
    if len(distinct) > _DISTINCT_MAX:
        distinct = distinct[:: len(distinct) // _DISTINCT_MAX + 1]
    highest = (1 << bits) - 1
    inks = WHITE
    pairs = list(zip(samples.decode[::2], samples.decode[1::2], strict=True))
    for pixel in distinct.tolist():
        machine.take_steps(2)
        color = [low + sample / highest * (high - low) for sample, (low, high) in zip(pixel, pairs, strict=False)]
        inks |= ink_in(machine, space, color)
        if inks & COLOR:
            break
    return inks
