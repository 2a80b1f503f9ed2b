"""What a rendered page shows: whether a person sees colour on it, or nothing at all."""

from __future__ import annotations

import sys
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from platen.documents.near_gray import NEAR_GRAY

# Pixels of four octets, the first three of which are channels of light, in any order; 255 is light. Shape (..., 4).
Pixels = NDArray[np.uint8]

PIXELS_ENOUGH = 16  # coloured ones, after which a page is one beyond doubt

# Parts of a page this long are looked at one by one: their copies stay small, and a coloured page is soon told.
_PART_PX = 8192
_IS_LITTLE = sys.byteorder == "little"
_UNUSED = np.uint32(0xFF00_0000 if _IS_LITTLE else 0xFF)  # the fourth octet of a pixel read as a number
_WHITE = np.uint32(0xFFFF_FFFF)
_UNEQUAL = np.uint32(0xFFFF if _IS_LITTLE else 0xFF_FF00)  # where x ^ x >> 8 compares the three channels
_OCTET = np.uint32(8)


class Chroma(NamedTuple):
    """How coloured a page is."""

    largest: int  # difference between two channels of one pixel, 0..255
    pixels: int  # that are coloured: whose difference is more than NEAR_GRAY


def chroma_of(pixels: Pixels) -> Chroma | None:
    """The colour of a page; None where every pixel is white.

    Once PIXELS_ENOUGH are coloured the rest of the page is not looked at.
    """
    words: NDArray[np.uint32] = pixels.view(np.uint32).reshape(-1)
    is_marked, largest, count = False, 0, 0
    for start in range(0, words.size, _PART_PX):
        part = words[start : start + _PART_PX]
        is_marked = is_marked or bool(((part | _UNUSED) != _WHITE).any())
        if not is_marked:
            continue
        unequal = part[((part ^ (part >> _OCTET)) & _UNEQUAL) != 0]
        if unequal.size:
            differences = _differences(unequal.view(np.uint8).reshape(-1, 4))
            largest = max(largest, int(differences.max()))
            count += int((differences > NEAR_GRAY).sum())
            if count >= PIXELS_ENOUGH:
                break
    return Chroma(largest, count) if is_marked else None


def _differences(pixels: NDArray[Any]) -> NDArray[Any]:
    """Between the lightest and the darkest channel of each pixel."""
    first, second, third = pixels[:, 0], pixels[:, 1], pixels[:, 2]
    lightest = np.maximum(np.maximum(first, second), third)
    darkest = np.minimum(np.minimum(first, second), third)
    found: NDArray[Any] = lightest - darkest
    return found
