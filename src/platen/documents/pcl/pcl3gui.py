"""PCL3GUI, what HP ink-jet devices take from drivers: PCL in which nothing but raster data prints."""

from __future__ import annotations

from platen.documents.draft import Draft
from platen.documents.limits import AnalysisOptions
from platen.documents.pcl.device import PclDevice
from platen.documents.pcl.pcl5 import read_pcl
from platen.documents.source import Data


def read(data: Data, start: int, draft: Draft, options: AnalysisOptions) -> int:
    """Read PCL3GUI from `start` to the universal exit or the end. Returns: the offset of where it stopped."""
    return read_pcl(data, start, draft, _InkDevice(draft, options))


class _InkDevice(PclDevice):
    """A device that prints raster data alone."""

    is_gui = True
