"""Ink coverage of raster pages, line by line."""

from __future__ import annotations

import numpy as np

from platen.documents.facts import Coverage
from platen.documents.raster.page import StoredPage
from platen.documents.raster.pixels import Pixels
from platen.documents.raster.spaces import rgb_of
from platen.documents.render.coverage import InkMeter, Samples


def coverage_of_page(page: StoredPage, pixels: Pixels) -> Coverage:
    """Coverage of the lines that are there; those beyond the end of the data take no ink."""
    meter, left, width = InkMeter(), page.layout.lines, page.layout.width
    for octets, repeat in page.lines():
        _add(meter, [np.frombuffer(channel, np.uint8) for channel in pixels.channels(octets)], pixels.space, repeat)
        left -= repeat
    meter.add_white(width * max(0, left))
    return meter.coverage()


def _add(meter: InkMeter, channels: list[Samples], space: str, times: int) -> None:
    if space == "W":
        meter.add_gray(channels[0], times)
    elif space == "K":
        meter.add_black(channels[0], times)
    elif space == "RGB":
        meter.add_rgb(np.stack(channels, axis=-1), times)
    elif set(space) <= set("CMYK"):
        none = np.zeros_like(channels[0])
        inks = [channels[space.index(ink)] if ink in space else none for ink in "CMYK"]
        meter.add_cmyk(np.stack(inks, axis=-1), times)
    else:
        unlike, counts = np.unique(np.stack(channels, axis=-1), axis=0, return_counts=True)
        for values, count in zip(unlike.tolist(), counts.tolist(), strict=True):
            meter.add_rgb(np.array([rgb_of(space, tuple(values))], np.uint8), times * count)
