"""PCL 5 and PCL 3 (HP PCL 5 Printer Language Technical Reference Manual): escape sequences walked with their payloads.

    ESC x                   two-character command, x in 0..~     (ESC E resets the printer)
    ESC x y # z # Z         parameterized: x in !../, group y in `..~, values #, small z joins the next, capital Z ends
    ESC (s #W, ESC *b #W    # octets of binary data follow, in which an ESC means nothing

A page ends at a form feed, or without one where a command forces it out and something stands on it. Text that flows
over the foot of a page is not laid out here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from platen.documents.detect import UEL
from platen.documents.draft import Draft
from platen.documents.facts import Sides
from platen.documents.limits import AnalysisOptions
from platen.documents.media import size_of_media
from platen.documents.source import Data

PAGE_SIZES: dict[int, str] = {
    1: "na_executive_7.25x10.5in",
    2: "na_letter_8.5x11in",
    3: "na_legal_8.5x14in",
    6: "na_ledger_11x17in",
    10: "na_invoice_5.5x8.5in",
    15: "na_invoice_5.5x8.5in",
    24: "iso_a6_105x148mm",
    25: "iso_a5_148x210mm",
    26: "iso_a4_210x297mm",
    27: "iso_a3_297x420mm",
    45: "jis_b5_182x257mm",
    46: "jis_b4_257x364mm",
    71: "jpn_hagaki_100x148mm",
    72: "jpn_oufuku_148x200mm",
    80: "na_monarch_3.875x7.5in",
    81: "na_number-10_4.125x9.5in",
    90: "iso_dl_110x220mm",
    91: "iso_c5_162x229mm",
    100: "iso_b5_176x250mm",
}
_SIDES = {0: Sides.ONE_SIDED, 1: Sides.TWO_SIDED_LONG_EDGE, 2: Sides.TWO_SIDED_SHORT_EDGE}

_FIELD = re.compile(rb"([+-]?\d{0,9}(?:\.\d{0,6})?)([@-^`-~])")
_INVISIBLE = bytes(range(33)) + b"\x7f"
_HPGL_DRAWS = re.compile(rb"P[DE]|LB|E[APRW]|R[AR]|FP|CI|A[AR]|WG|BZ|PR|PA", re.IGNORECASE)
_EJECTING = frozenset({"&lA", "&lP", "&lO", "&lH", "&lS", "&aG", "&lT"})


@dataclass(slots=True)
class _Macro:
    marks: bool = False
    form_feeds: int = 0


@dataclass(slots=True)
class _State:
    """The printer's state as far as pages depend on it."""

    draft: Draft
    marked: bool = False  # something stands on the current page
    in_hpgl: bool = False
    media: str | None = None
    landscape: bool = False
    copies: int = 1
    planes: int = 1  # last simple colour, ESC *r#U
    image_data_configured: bool = False  # ESC *v#W: a palette or direct colour of any kind
    palette_has_color: bool = False
    components: dict[str, float] = field(default_factory=dict)
    page_color: bool | None = False
    macros: dict[int, _Macro] = field(default_factory=dict)
    macro_id: int = 0
    recording: _Macro | None = None
    stopped: bool = False

    def mark(self) -> None:
        if self.recording is not None:
            self.recording.marks = True
        else:
            self.marked = True

    def form_feed(self) -> None:
        if self.recording is not None:
            self.recording.form_feeds += 1
        else:
            self._eject()

    def force_out(self) -> None:
        """What a reset or a change of paper does: only a page with something on it comes out."""
        if self.marked and self.recording is None:
            self._eject()

    def _eject(self) -> None:
        size_mm = size_of_media(self.media) if self.media else None
        if size_mm and self.landscape:
            size_mm = size_mm[1], size_mm[0]
        draft = self.draft
        if draft.pages == 0 or draft.page_copies == 1:
            draft.page_copies = self.copies
        elif draft.page_copies != self.copies:
            draft.problem("The number of copies changes within the file; the first number was used.")
        added = draft.add_page(
            size_mm=size_mm, media=self.media, color=self.page_color, blank=None if self.marked else True
        )
        self.stopped = not added
        self.marked, self.page_color = False, False

    def reset(self) -> None:
        """ESC E: ejects, and returns to the defaults."""
        self.force_out()
        self.in_hpgl = False
        if self.recording is None:
            self.planes, self.image_data_configured, self.palette_has_color = 1, False, False
            self.copies = 1


def read(data: Data, start: int, draft: Draft, options: AnalysisOptions) -> int:
    """Read PCL from `start` to the universal exit or the end. Returns: the offset of where it stopped."""
    state = _State(draft)
    draft.pages_known = True
    position, commands = start, 0
    while not state.stopped:
        escape = data.find(b"\x1b", position)
        end = escape if escape >= 0 else len(data)
        if end > position:
            _text(state, bytes(data[position:end]))
        commands += 1
        if commands > options.limits.pcl_commands_max:
            draft.problem("The PCL file is too long; only its beginning was counted.")
            break
        if escape < 0 or data[escape : escape + len(UEL)] == UEL or escape + 1 >= len(data):
            position = end
            break
        position = _command(state, data, escape + 1)
    state.force_out()
    return position if not state.stopped else len(data)


def _text(state: _State, text: bytes) -> None:
    if state.in_hpgl:
        if not state.marked and _HPGL_DRAWS.search(text):
            state.mark()
        return
    *pages, rest = text.split(b"\f")
    for page in pages:
        if page.translate(None, _INVISIBLE):
            state.mark()
        state.form_feed()
    if rest.translate(None, _INVISIBLE):
        state.mark()


def _command(state: _State, data: Data, position: int) -> int:
    """Take one escape sequence whose second octet is at `position`. Returns: the offset behind it and its payload."""
    first = data[position]
    if not 0x21 <= first <= 0x2F:
        if first == ord("E"):
            state.reset()
        return position + 1
    prefix = chr(first)
    position += 1
    if position < len(data) and 0x60 <= data[position] <= 0x7E:
        prefix += chr(data[position])
        position += 1
    while match := _FIELD.match(data, position):
        position = match.end()
        value = _value(match[1])
        ends = match[2]
        name = prefix + ends.decode("ascii").upper()
        if name[-1] == "W" or name in ("*bV", "&pX"):
            payload_bytes = max(0, int(value))
            _payload(state, name, data, position, payload_bytes)
            position += payload_bytes
        else:
            _obey(state, name, value)
        if not 0x60 <= ends[0] <= 0x7E:
            break
    return position


def _value(digits: bytes) -> float:
    try:
        return float(digits or b"0")
    except ValueError:  # a sign or a point alone stands for zero
        return 0.0


def _payload(state: _State, name: str, data: Data, position: int, payload_bytes: int) -> None:
    if name in ("*bW", "*bV"):
        if payload_bytes == 0:
            return
        state.mark()
        if abs(state.planes) in (3, 4):
            state.page_color = True
        elif state.image_data_configured and not state.page_color:
            state.page_color = None
    elif name == "&pX":
        state.mark()
    elif name == "*vW" and payload_bytes >= 2:
        # Colour space, then how pixels are coded: one bit an index with an untouched palette is black and white.
        bits = data[position + 2] if position + 2 < len(data) and payload_bytes > 2 else 1
        state.image_data_configured = bits > 1


def _obey(state: _State, name: str, value: float) -> None:
    number = int(value)
    if name in _EJECTING:
        state.force_out()
    if name == "&lA":
        state.media = PAGE_SIZES.get(number, state.media)
    elif name == "&lO":
        state.landscape = number in (1, 3)
    elif name == "&lX":
        state.copies = max(1, number)
    elif name == "&lS":
        state.draft.sides = _SIDES.get(number, state.draft.sides)
    elif name in ("%A", "%B"):
        state.in_hpgl = name == "%B"
    elif name == "*cP":
        state.mark()
    elif name.startswith("&f"):
        _macro(state, name, number)
    else:
        _color(state, name, value)


def _macro(state: _State, name: str, number: int) -> None:
    if name == "&fY":
        state.macro_id = number
    elif name == "&fX" and number == 0:
        state.recording = state.macros[state.macro_id] = _Macro()
    elif name == "&fX" and number == 1:
        state.recording = None
    elif name == "&fX" and number in (2, 3) and (macro := state.macros.get(state.macro_id)) is not None:
        for _ in range(min(macro.form_feeds, 1000)):
            state.form_feed()
        if macro.marks:
            state.mark()


def _color(state: _State, name: str, value: float) -> None:
    if name == "*rU":
        state.planes = int(value)
    elif name in ("*vA", "*vB", "*vC"):
        state.components[name[-1]] = value
    elif name == "*vI":
        values = [state.components.get(part, 0.0) for part in "ABC"]
        state.palette_has_color = state.palette_has_color or len(set(values)) > 1
        state.components.clear()
    elif name == "*vS" and int(value) > 0:
        # Of the palette of eight that simple colour brings, index 7 is black.
        simple = abs(state.planes) in (3, 4) and int(value) != 7
        state.page_color = state.page_color or state.palette_has_color or simple
