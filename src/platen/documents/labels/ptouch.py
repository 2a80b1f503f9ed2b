"""Raster mode of Brother's P-touch and QL devices: a label is what a print command ends.

ESC i letter parameters     M n: 2, rows are in runs     G size:16 row, g ink size row, w ink size row, Z an empty row
FF: print, more follows     SUB: print, the last one     ESC i z: [2] width, [3] length of the label in mm
"""

from __future__ import annotations

from platen.documents.detect import UEL
from platen.documents.draft import Draft
from platen.documents.facts import PagesBasis
from platen.documents.garbage import next_exit
from platen.documents.limits import AnalysisOptions
from platen.documents.pcl.compression import packbits
from platen.documents.source import Data

_PARAMETERS = {**dict.fromkeys(b"RMKaAUL!", 1), ord("d"): 2, ord("c"): 5, ord("z"): 10}
_ROW_BYTES_MAX = 4096
_SECOND_INK = 2


def read(data: Data, start: int, draft: Draft, options: AnalysisOptions) -> int:
    """Read labels from `start` to the universal exit or the end. Returns: where it stopped."""
    draft.pages_known = True
    job = _Job(data, draft, tells_color=options.color)
    position = start
    for _ in range(draft.limits.device_steps_max):
        if position >= len(data) or job.is_over or data[position : position + len(UEL)] == UEL:
            break
        if (after := job.take(position)) is None:
            draft.problem("Something that is no command stands in the label job; the labels before it were counted.")
            after = next_exit(data, position + 1)
        position = after
    else:
        draft.weaken(PagesBasis.ESTIMATED)
        draft.problem("The job holds too many commands; only its beginning was counted.")
    job.finish(cut=position > len(data))
    return min(position, len(data))


class _Job:
    def __init__(self, data: Data, draft: Draft, *, tells_color: bool) -> None:
        self._data = data
        self._draft = draft
        self._tells_color = tells_color
        self._size_mm: tuple[float, float] | None = None
        self._is_compressed = self._is_drawn = self._is_colored = False
        self.is_over = False

    def take(self, position: int) -> int | None:
        """The command at `position`. Returns: the offset behind it; None: it is none."""
        data, lead = self._data, self._data[position : position + 1]
        if lead == b"G":
            return self._row(position + 3, int.from_bytes(data[position + 1 : position + 3], "little"))
        if lead in (b"g", b"w"):
            header = bytes(data[position + 1 : position + 3]).ljust(2, b"\0")
            return self._row(position + 3, header[1], is_second=lead == b"w" and header[0] == _SECOND_INK)
        if lead == b"M":
            self._is_compressed = data[position + 1 : position + 2] == b"\2"
            return position + 2
        if lead in (b"\f", b"\x1a"):
            self._print()
            return position + 1
        if lead == b"\x1b":
            return self._escape(position)
        return position + 1 if lead in (b"Z", b"\0") else None

    def _escape(self, position: int) -> int:
        data = self._data
        if data[position + 1 : position + 2] != b"i":
            return position + 2
        letter = data[position + 2] if position + 2 < len(data) else 0
        begin = position + 3
        if letter == ord("z"):
            width, length = bytes(data[begin + 2 : begin + 4]).ljust(2, b"\0")
            self._size_mm = (float(width), float(length)) if width and length else None
        return begin + _PARAMETERS.get(letter, 0)

    def _row(self, begin: int, size_bytes: int, *, is_second: bool = False) -> int:
        row = bytes(self._data[begin : begin + size_bytes])
        if (packbits(row, _ROW_BYTES_MAX) if self._is_compressed else row).strip(b"\0"):
            self._is_drawn = True
            self._is_colored = self._is_colored or is_second
        return begin + size_bytes

    def _print(self) -> None:
        color = self._is_colored if self._tells_color else None
        self.is_over = not self._draft.add_page(size_mm=self._size_mm, color=color, blank=not self._is_drawn)
        self._is_drawn = self._is_colored = False

    def finish(self, *, cut: bool) -> None:
        if cut or self._is_drawn:
            self._draft.problem("The label job is cut off, or its last label is not printed.")
        if self._is_drawn:
            self._print()
