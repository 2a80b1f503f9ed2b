"""EPL2 (EPL2 Programmer's Manual): one command a line.

N                  the picture is empty        q812  width    Q1218,24  length and gap, in dots
A, B, LO, X, ...   something comes into it     GWx,y,w,h,<w x h octets>
Pm[,n]             prints m labels, n of each  FS"name" ... FE stores lines, FR"name" gives them back
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from platen.documents.draft import Draft
from platen.documents.labels.lines import finish, numbers, walk
from platen.documents.labels.size import DOTS_PER_MM, size_of_dots
from platen.documents.limits import AnalysisOptions
from platen.documents.source import Data

_GRAPHIC = re.compile(rb"GW(\d{1,5}),(\d{1,5}),(\d{1,4}),(\d{1,5})(?:,|(?=[\r\n])|$)")
_STORE_GRAPHIC = re.compile(rb'GM"[^"]{0,16}"(\d{1,8})')
_DRAWS = (b"A", b"B", b"b", b"L", b"X", b"GW", b"GG")
_FORM = re.compile(rb'F([SR])"?([^"]{0,16})"?')
_LABELS_MAX = 65_535
_FORMS_MAX = 1000


@dataclass(slots=True)
class _Form:
    draws: bool = False
    prints: bool = False  # PA: as soon as its variables are there


@dataclass(slots=True)
class _Printer:
    draft: Draft
    width: float = 0
    length: float = 0
    drawn: bool = False
    unprinted: bool = False  # something was drawn since the last label
    forms: dict[bytes, _Form] = field(default_factory=dict)
    storing: _Form | None = None

    def take(self, line: bytes) -> bool:
        line = line.lstrip()
        if self.storing is not None:
            self._store(self.storing, line)
            return True
        if line[:1] == b"P":
            return self._print(line)
        if line[:1] == b"N" and not line[1:].strip():
            self.drawn = self.unprinted = False
        elif line[:1] in (b"q", b"Q"):
            self._measure(line)
        elif form := _FORM.match(line):
            return self._form(form[1], form[2])
        elif line.startswith(_DRAWS):
            self.drawn = self.unprinted = True
        return True

    def _measure(self, line: bytes) -> None:
        for value in numbers(line, 1):
            if line[:1] == b"q":
                self.width = value
            else:
                self.length = value

    def _store(self, form: _Form, line: bytes) -> None:
        if line.startswith(b"FE"):
            self.storing = None
        elif line.startswith(b"PA"):
            form.prints = True
        elif line.startswith(_DRAWS):
            form.draws = True
        elif line[:1] in (b"q", b"Q"):
            self._measure(line)

    def _form(self, what: bytes, name: bytes) -> bool:
        if what == b"S":
            self.storing = _Form()
            if len(self.forms) < _FORMS_MAX:
                self.forms[name] = self.storing
            return True
        form = self.forms.get(name)
        self.drawn = self.drawn or form is None or form.draws
        return self._print(b"P1") if form is not None and form.prints else True

    def _print(self, line: bytes) -> bool:
        self.unprinted = False
        counts = [min(_LABELS_MAX, max(1, int(value))) for value in numbers(line, 2)] or [1]
        size_mm = size_of_dots(self.draft, self.width, self.length, DOTS_PER_MM)
        copies = counts[0] * (counts[1] if len(counts) > 1 else 1)
        return self.draft.add_page(size_mm=size_mm, color=False, blank=not self.drawn, copies=copies)


def read(data: Data, start: int, draft: Draft, options: AnalysisOptions) -> int:
    """Read labels from `start` to the universal exit or the end. Returns: where it stopped."""
    draft.pages_known = True
    printer = _Printer(draft)
    stop = walk(data, start, _payload, printer.take)
    return finish(data, stop, draft, unprinted=printer.unprinted)


def _payload(line: bytes) -> tuple[int, int] | None:
    if graphic := _GRAPHIC.match(line):
        return int(graphic[3]) * int(graphic[4]), graphic.end()
    if stored := _STORE_GRAPHIC.match(line):
        return int(stored[1]) + 2, stored.end()  # behind the line's end
    return None
