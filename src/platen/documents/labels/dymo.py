"""LabelWriter devices of Dymo: a label is what a form feed ends.

ESC ESC ... ESC @ or another command      ESC letter parameters      ESC E, ESC G: the label is fed
ESC D n: octets of a row      SYN: a row follows      ETB: a row in runs follows, up to its last dot
"""

from __future__ import annotations

from platen.documents.detect import UEL
from platen.documents.draft import Draft
from platen.documents.facts import PagesBasis
from platen.documents.garbage import next_exit
from platen.documents.limits import AnalysisOptions
from platen.documents.source import Data

_PARAMETERS = {**dict.fromkeys(b"BDqQ", 1), **dict.fromkeys(b"Lf", 2)}
_FEEDS = frozenset(b"EG")
_ESC, _ROW, _RUNS = 0x1B, 0x16, 0x17
_ROW_BYTES = 84  # of the widest device, where a job does not say


def read(data: Data, start: int, draft: Draft, options: AnalysisOptions) -> int:
    """Read labels from `start` to the universal exit or the end. Returns: where it stopped."""
    draft.pages_known = True
    position, length, row_bytes, is_drawn = start, len(data), _ROW_BYTES, False
    for _ in range(draft.limits.device_steps_max):
        if position >= length or data[position : position + len(UEL)] == UEL:
            break
        lead = data[position]
        if lead == _ESC:
            command = data[position + 1] if position + 1 < length else 0
            if command in _FEEDS and not draft.add_page(color=False, blank=not is_drawn):
                break
            is_drawn = is_drawn and command not in _FEEDS
            if command == ord("D") and position + 2 < length:
                row_bytes = max(1, data[position + 2])
            position += 1 if command == _ESC else 2 + _PARAMETERS.get(command, 0)
        elif lead == _ROW:
            is_drawn = is_drawn or bool(data[position + 1 : position + 1 + row_bytes].strip(b"\0"))
            position += 1 + row_bytes
        elif lead == _RUNS:
            position, has_dots = _behind_runs(data, position + 1, row_bytes * 8)
            is_drawn = is_drawn or has_dots
        elif lead in b"\0\r\n":
            position += 1
        else:
            draft.problem("Something that is no command stands in the label job; the labels before it were counted.")
            position = next_exit(data, position)
    else:
        draft.weaken(PagesBasis.ESTIMATED)
        draft.problem("The job holds too many commands; only its beginning was counted.")
    if is_drawn:
        draft.problem("The label job is cut off, or its last label is not fed.")
        draft.add_page(color=False, blank=False)
    return min(position, length)


def _behind_runs(data: Data, position: int, dots: int) -> tuple[int, bool]:
    """Runs: whether their dots are black in the highest bit, how many more than one there are in the others."""
    has_dots = False
    while dots > 0 and position < len(data):
        has_dots = has_dots or data[position] >= 0x80
        dots -= (data[position] & 0x7F) + 1
        position += 1
    return position, has_dots
