"""How much ink a page takes: the mean amount of cyan, magenta, yellow and black over its whole area.

Coverage is percent x 100: 0 where no ink lies, 10000 where the whole page is full of it; 2.5 % is 250. The mean runs
over every pixel of the page, its white ones included, and counts amounts: half of the page in a 50 % tint is 2500.

A pixel in inks counts as it stands. One in red, green and blue becomes inks with full black generation and full
undercolour removal (ISO 32000-1 section 10.3.4): black is what all three lack, the inks are what is still missing.

    k = 255 - max(r, g, b)        c, m, y = max(r, g, b) - r, g, b

So grey takes black alone, and white takes nothing. What a device really uses depends on its own colour conversion;
this is the measure that is the same for all. PDF pages are rendered in red, green and blue, and inks in them by
1 - min(1, ink + black) (section 10.3.5), from which the rule finds back to them; but what three inks share counts as
black there, and no more than a full ink of each. PostScript pages are measured by Ghostscript by the same two rules.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from platen.documents.facts import COVERAGE_MAX, Coverage

# Samples of 8 bits, 0..255. The last axis holds the channels of a pixel, except for grey, which has no such axis.
Samples = NDArray[np.uint8]

_FULL = 255


class InkMeter:
    """Adds up the ink of one page from pieces of it, so that a page is never held whole.

    Every method takes the number of times that the piece occurs: a raster's line that repeats is added once.
    """

    __slots__ = ("_pixels", "_sums")

    def __init__(self) -> None:
        self._pixels = 0
        self._sums = [0, 0, 0, 0]

    def add_rgb(self, samples: Samples, times: int = 1) -> None:
        """Add pixels of red, green, blue (255 is light); further channels, such as alpha, are passed over."""
        red, green, blue = samples[..., 0], samples[..., 1], samples[..., 2]
        lightest = _sum(np.maximum(np.maximum(red, green), blue))
        pixels = red.size
        self._add(
            (
                lightest - _sum(red),
                lightest - _sum(green),
                lightest - _sum(blue),
                _FULL * pixels - lightest,
            ),
            pixels,
            times,
        )

    def add_gray(self, samples: Samples, times: int = 1) -> None:
        """Add grey pixels of any shape, 0 black, 255 white."""
        self._add((0, 0, 0, _FULL * samples.size - _sum(samples)), samples.size, times)

    def add_black(self, samples: Samples, times: int = 1) -> None:
        """Add pixels of one ink, black: 255 full, 0 none."""
        self._add((0, 0, 0, _sum(samples)), samples.size, times)

    def add_cmyk(self, samples: Samples, times: int = 1) -> None:
        """Add pixels of cyan, magenta, yellow and black: 255 full, 0 none."""
        sums = tuple(_sum(samples[..., channel]) for channel in range(4))
        self._add(sums, samples[..., 0].size, times)

    def add_white(self, pixels: int) -> None:
        """Add pixels without ink."""
        self._pixels += pixels

    def _add(self, sums: tuple[int, ...], pixels: int, times: int) -> None:
        self._pixels += pixels * times
        for ink, amount in enumerate(sums):
            self._sums[ink] += amount * times

    def coverage(self) -> Coverage:
        """The coverage of what was added; no ink where nothing was."""
        area = _FULL * self._pixels
        if not area:
            return (0, 0, 0, 0)
        # Half up, in whole numbers.
        cyan, magenta, yellow, black = ((2 * COVERAGE_MAX * amount + area) // (2 * area) for amount in self._sums)
        return (cyan, magenta, yellow, black)


def coverage_of_rgb(samples: Samples) -> Coverage:
    """Coverage of a page given as pixels of red, green, blue: shape (..., 3), or with alpha (..., 4), of uint8."""
    meter = InkMeter()
    meter.add_rgb(samples)
    return meter.coverage()


def coverage_of_gray(samples: Samples) -> Coverage:
    """Coverage of a page given as grey pixels of any shape, of uint8: 0 black, 255 white."""
    meter = InkMeter()
    meter.add_gray(samples)
    return meter.coverage()


def coverage_of_cmyk(samples: Samples) -> Coverage:
    """Coverage of a page given in its inks: shape (..., 4) of uint8, 255 full."""
    meter = InkMeter()
    meter.add_cmyk(samples)
    return meter.coverage()


def samples_of(octets: bytes | bytearray | memoryview, channels: int) -> Samples:
    """Octets as pixels of so many channels, without a copy; octets of a last part pixel are left out."""
    whole: NDArray[Any] = np.frombuffer(octets, np.uint8, len(octets) - len(octets) % channels)
    return whole.reshape(-1, channels) if channels > 1 else whole


def _sum(samples: NDArray[Any]) -> int:
    return int(samples.sum(dtype=np.uint64))
