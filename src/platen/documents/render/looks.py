"""What a rendered page shows: whether a person sees colour on it, or nothing at all."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

# Pixels of four octets, the first three of which are channels of light, in any order; 255 is light. Shape (..., 4).
Pixels = NDArray[np.uint8]

# Of 255, between the lightest and the darkest channel of a pixel: what chroma subsampling, colour conversion and
# rounding leave in grey, and what nobody sees as colour.
COLOR_TOLERANCE = 24


def chroma_of(pixels: Pixels) -> int | None:
    """The largest difference between two channels of one pixel, 0..255; None where every pixel is white."""
    words: NDArray[np.uint32] = pixels.view(np.uint32).reshape(-1)
    marked = words[(words & _WHITE_WORD) != _WHITE_WORD]  # mostly a small part of the page
    if not marked.size:
        return None
    channels: NDArray[Any] = marked.view(np.uint8).reshape(-1, 4)
    first, second, third = channels[:, 0], channels[:, 1], channels[:, 2]
    lightest = np.maximum(np.maximum(first, second), third)
    darkest = np.minimum(np.minimum(first, second), third)
    return int((lightest - darkest).max())


def _white_word() -> np.uint32:
    """White as the machine's octet order has it, without the fourth octet."""
    return np.array([255, 255, 255, 0], np.uint8).view(np.uint32)[0]  # type: ignore[no-any-return]  # one element


_WHITE_WORD = _white_word()
