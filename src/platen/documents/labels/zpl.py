"""ZPL II (Zebra Programming Guide): labels between ^XA and ^XZ.

    ^XA  fields and settings  ^XZ      a format; it prints if it holds a field, else it only sets things
    ^PQ4                               so many of this label
    ^DF name ... ^XZ                   the format is stored and does not print; ^XF name prints it
    ~DG, ~DY, ^GF                      pictures; only those that state a binary form hold octets that must be skipped

Commands begin with ^ (format) or ~ (control), which ^CC, ~CC, ^CT and ~CT change.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from platen.documents.detect import UEL
from platen.documents.draft import Draft
from platen.documents.labels.size import DOTS_PER_MM, size_of_dots
from platen.documents.limits import AnalysisOptions
from platen.documents.media import MM_PER_INCH
from platen.documents.source import Data

_EXIT = re.escape(UEL)
_PARAMETER_BYTES = 256
_STORED_MAX = 10_000
_COPIES_MAX = 99_999_999  # the largest ^PQ
_DRAWS = frozenset({b"GB", b"GC", b"GD", b"GE", b"GF", b"GS", b"IM", b"IL", b"XG"})
_HAS_DATA = frozenset({b"FD", b"FV", b"SN", b"FP"})
_BINARY_FORMS = frozenset({b"B", b"C"})


@dataclass(slots=True)
class _Format:
    """What stands between one ^XA and its ^XZ."""

    has_field: bool = False
    draws: bool = False
    copies: int = 1
    stored_as: bytes | None = None
    prints: bool = True  # ^IS may keep a label from being printed


@dataclass(slots=True)
class _Labels:
    """The state of the printer: what outlives a format."""

    draft: Draft
    caret: bytes = b"^"
    tilde: bytes = b"~"
    delimiter: bytes = b","
    width: float = 0
    length: float = 0
    halved: bool = False  # ^JMB: half as many dots to the millimetre
    unit: bytes = b"D"
    base_dpi: float = 0
    stored: dict[bytes, _Format] = field(default_factory=dict)
    format: _Format | None = None
    stopped: bool = False

    def pattern(self) -> re.Pattern[bytes]:
        prefix = re.escape(self.caret) + re.escape(self.tilde)
        command = rb"([%b])([A-Za-z0-9@]{2})((?:(?!%b)[^%b]){0,%d})" % (prefix, _EXIT, prefix, _PARAMETER_BYTES)
        return re.compile(command + rb"|" + _EXIT)


def read(data: Data, start: int, draft: Draft, options: AnalysisOptions) -> int:
    """Read labels from `start` to the universal exit or the end. Returns: where it stopped."""
    draft.pages_known = True
    state = _Labels(draft)
    pattern, position, stop = state.pattern(), start, len(data)
    while not state.stopped and (match := pattern.search(data, position)):
        if match[1] is None:  # the universal exit
            stop = match.start()
            break
        name, text = match[2].upper(), match[3]
        if name in (b"CC", b"CT", b"CD"):
            changed = match.end(2)
            _change(state, name, bytes(data[changed : changed + 1]))
            pattern, position = state.pattern(), changed + 1
            continue
        position = match.end() + _octets_to_skip(data, state, name, match)
        if position > len(data):
            draft.problem("The label file is cut off within a picture.")
        _obey(state, match[1] == state.tilde, name, text)
    if state.format is not None:
        draft.problem("The last label is not finished (there is no ^XZ), so it does not print.")
    return stop


def _change(state: _Labels, name: bytes, octet: bytes) -> None:
    if not octet or octet.isalnum():
        return
    if name == b"CC":
        state.caret = octet
    elif name == b"CT":
        state.tilde = octet
    else:
        state.delimiter = octet


def _octets_to_skip(data: Data, state: _Labels, name: bytes, match: re.Match[bytes]) -> int:
    """How far behind the matched parameters a binary payload reaches; 0 for everything that is text."""
    comma = state.delimiter
    parts: list[bytes] = []
    if name == b"GF":  # form, octets that follow, octets of the picture, octets of a row, data
        parts = match[3].split(comma, 4)
        form, count, fields = parts[0].strip().upper(), parts[1:2], 5
    elif name == b"DY":  # name, form, extension, octets, octets of a row, data
        parts = match[3].split(comma, 5)
        form, count, fields = b"".join(parts[1:2]).strip().upper(), parts[3:4], 6
    if len(parts) == 0 or len(parts) < fields:
        return 0
    begin = match.end() - len(parts[-1])
    is_raw_png = form == b"P" and bytes(data[begin : begin + 4]) == b"\x89PNG"
    # Coded text (:B64:, :Z64:) may stand where octets are announced.
    if parts[-1][:1] == b":" or not (form in _BINARY_FORMS or is_raw_png):
        return 0
    return max(0, begin + _integer(b"".join(count)) - match.end())


def _obey(state: _Labels, is_control: bool, name: bytes, text: bytes) -> None:
    if is_control:
        if name == b"WC":  # a label that shows how the printer is set
            state.stopped = not state.draft.add_page(color=False, blank=False)
        return
    if name == b"XA":
        state.format = state.format or _Format()
    elif name == b"XZ":
        _end_format(state)
    elif name in (b"PW", b"LL", b"JM", b"MU"):
        _measure(state, name, text)
    elif state.format is not None:
        _fill(state, state.format, name, text)


def _fill(state: _Labels, label: _Format, name: bytes, text: bytes) -> None:
    """A command inside a format."""
    if name in _DRAWS:
        label.has_field = label.draws = True
    elif name in _HAS_DATA:
        label.has_field = True
        label.draws = label.draws or bool(text.strip())
    elif name == b"PQ":
        label.copies = min(_COPIES_MAX, max(1, _integer(text.split(state.delimiter)[0]) or 1))
    elif name == b"DF":
        label.stored_as = text.strip()
    elif name == b"XF":
        recalled = state.stored.get(text.strip())
        # What is not stored in this file may lie in the printer.
        label.has_field = True
        label.draws = label.draws or recalled is None or recalled.draws
    elif name == b"IS":
        label.prints = text.split(state.delimiter)[1:2] not in ([b"N"], [b"n"])


def _end_format(state: _Labels) -> None:
    label, state.format = state.format, None
    if label is None:
        return
    if label.stored_as is not None:
        if len(state.stored) < _STORED_MAX:
            state.stored[label.stored_as] = label
    elif label.has_field and label.prints:
        size_mm = size_of_dots(state.draft, state.width, state.length, DOTS_PER_MM / (2 if state.halved else 1))
        added = state.draft.add_page(size_mm=size_mm, color=False, blank=not label.draws, copies=label.copies)
        state.stopped = not added


def _measure(state: _Labels, name: bytes, text: bytes) -> None:
    first = text.split(state.delimiter)[0].strip().upper()
    if name == b"JM":
        state.halved = first == b"B"
    elif name == b"MU":
        state.unit = first[:1] or b"D"
        base = text.split(state.delimiter)[1:2]
        state.base_dpi = float(min(2400, _integer(base[0]))) if base else state.base_dpi
    else:
        dots_per_mm = DOTS_PER_MM / (2 if state.halved else 1)
        value = _decimal(first)
        if state.unit == b"I":
            value *= MM_PER_INCH * dots_per_mm
        elif state.unit == b"M":
            value *= dots_per_mm
        elif state.base_dpi:  # dots of another resolution, which the printer converts
            value *= MM_PER_INCH * dots_per_mm / state.base_dpi
        if name == b"PW":
            state.width = value
        else:
            state.length = value


def _integer(text: bytes) -> int:
    digits = re.match(rb"\s*(\d{1,10})", text)
    return int(digits[1]) if digits else 0


def _decimal(text: bytes) -> float:
    digits = re.match(rb"\d{1,8}(?:\.\d{0,6})?", text)
    return float(digits[0]) if digits else 0.0
