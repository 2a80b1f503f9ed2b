"""PCL3GUI, what HP ink-jet devices take from drivers: PCL in which nothing but raster data prints.

Configure Raster Data (ESC *g#W): format 2, number of components, then for each of them the resolutions across and
along (16 bits) and the number of levels (16 bits). A row is sent as planes: of each component its bits, lowest first.
"""

from __future__ import annotations

from platen.documents.draft import Draft
from platen.documents.limits import AnalysisOptions
from platen.documents.pcl.device import PclDevice
from platen.documents.pcl.palette import Look, Palette
from platen.documents.pcl.pcl5 import read_pcl
from platen.documents.source import Data

_PLANES_MAX = 8
_COMPONENT_BYTES = 6
_PLANES, _PIXELS = 2, 6  # formats


def read(data: Data, start: int, draft: Draft, options: AnalysisOptions) -> int:
    """Read PCL3GUI from `start` to the universal exit or the end. Returns: the offset of where it stopped."""
    return read_pcl(data, start, draft, _InkDevice(draft, options))


class _InkDevice(PclDevice):
    """A device that prints raster data alone."""

    is_gui = True

    def take_payload(self, name: str, data: Data, start: int, stop: int, payload_bytes: int) -> None:
        if name == "*gW":
            payload = bytes(data[start : min(stop, start + 256)])
            self.inks.set_palette(_palette(payload))
            if len(payload) >= 2 + _COMPONENT_BYTES and payload[0] == _PLANES:
                across, along = int.from_bytes(payload[2:4], "big"), int.from_bytes(payload[4:6], "big")
                if across and along and self.draft.resolution_dpi is None:
                    self.draft.resolution_dpi = (across, along)
        else:
            super().take_payload(name, data, start, stop, payload_bytes)


def _palette(payload: bytes) -> Palette:
    """What the planes of a row stand for. A coding that is not read here can hold colour, and nobody can tell."""
    levels = [
        int.from_bytes(payload[at + 4 : at + 6], "big")
        for at in range(2, len(payload) - _COMPONENT_BYTES + 1, _COMPONENT_BYTES)
    ]
    components = payload[1] if len(payload) > 1 else 0
    planes = [max(1, (level - 1).bit_length()) for level in levels[:components]]
    is_known = payload[:1] == bytes([_PLANES]) and len(planes) == components and components in (1, 3, 4)
    if not is_known or sum(planes) > _PLANES_MAX:
        return Palette([Look.WHITE, Look.COLOR], bits=_PLANES_MAX + 1)
    looks = [_look(index, planes) for index in range(1 << sum(planes))]
    return Palette(looks, space=1, bits=sum(planes), is_fixed=True)


def _look(index: int, planes: list[int]) -> Look:
    """Of the amounts of black (where there is any), cyan, magenta and yellow that an index stands for."""
    amounts = []
    for bits in planes:
        amounts.append(index & (1 << bits) - 1)
        index >>= bits
    inks = amounts[-3:] if len(amounts) >= 3 else []
    if inks and not inks[0] == inks[1] == inks[2]:
        return Look.COLOR
    return Look.GRAY if any(amounts) else Look.WHITE
