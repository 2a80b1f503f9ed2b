"""Scaling a page down while its lines come in, in the memory of the small picture."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


class Shrinker:
    """Averages the samples of each channel over the area that becomes one small pixel. Nothing is made larger."""

    def __init__(self, width: int, lines: int, channels: int, box_px: tuple[int, int], aspect: float = 1.0) -> None:
        """Args: aspect: height of a pixel of the page by its width."""
        scale = min(1.0, box_px[0] / width, box_px[1] / (lines * aspect))
        self.width = min(width, max(1, round(width * scale)))
        self.lines = min(lines, max(1, round(lines * aspect * scale)))
        self._page_width, self._page_lines = width, lines
        self._edges = np.linspace(0, width, self.width + 1).astype(np.intp)
        self._sums: NDArray[Any] = np.zeros((self.lines, self.width, channels), np.float64)
        self._counts: NDArray[Any] = np.zeros((self.lines, 1, 1), np.float64)
        self._line = 0  # of the page, the next to come

    def wants(self, repeat: int) -> bool:
        """Whether the next line, which occurs so often, is one to be looked at: a few for each small line suffice."""
        step = max(1, self._page_lines // (self.lines * _LOOKS_PER_LINE))
        return self._line % step == 0 or self._line // step != (self._line + repeat) // step

    def skip(self, repeat: int) -> None:
        """Pass over a line that occurs so often."""
        self._line += repeat

    def add(self, channels: list[NDArray[np.uint8]], repeat: int) -> None:
        """Add a line of the page, one array for each channel, that occurs so often."""
        first, last = (self._row(self._line), self._row(self._line + repeat - 1))
        self._line += repeat
        small = np.empty((self.width, len(channels)), np.float64)
        for index, samples in enumerate(channels):
            if samples.size < self._page_width:
                return
            sums = np.add.reduceat(samples[: self._page_width], self._edges[:-1], dtype=np.uint32)
            small[:, index] = sums / np.diff(self._edges)
        self._sums[first : last + 1] += small
        self._counts[first : last + 1] += 1

    def _row(self, line: int) -> int:
        return min(self.lines - 1, line * self.lines // self._page_lines)

    def samples(self, absent: tuple[int, ...]) -> NDArray[np.uint8]:
        """The small page, shape (lines, width, channels); `absent` is what stands where no line came."""
        counts = np.maximum(self._counts, 1)
        page = np.where(self._counts > 0, self._sums / counts, np.array(absent, np.float64))
        return page.round().astype(np.uint8)


_LOOKS_PER_LINE = 3
