"""HP-GL/2 within PCL (PCL 5 TRM, part II): whether its commands mark the page, and in which colours.

XX p,p;     two letters, parameters, an optional terminator; LB text up to a label terminator; PE coded; CO "text"
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from platen.documents.pcl.palette import Look, Palette, look_of

_COMMAND = re.compile(rb"([A-Za-z])[\s\x00]*([A-Za-z])")
_PARAMETERS = re.compile(rb"[^A-Za-z;]*;?")
_NUMBER = re.compile(rb"[+-]?(?:\d{1,9}(?:\.\d{0,9})?|\.\d{1,9})")
_COMMENT = re.compile(rb'\s*"[^"]*"')
# Draw whatever the pen does: arcs, circles, edged and filled shapes, labels of other kinds.
_DRAWING = frozenset({b"CI", b"EA", b"ER", b"EW", b"RA", b"RR", b"WG", b"FP", b"EP"})
_MOVING = frozenset({b"PA", b"PR", b"AA", b"AR", b"AT", b"RT", b"BZ", b"BR"})
_LABEL_END = 3
_NUMBERS_MAX = 8


@dataclass(slots=True)
class Plotter:
    """The pens and modes that decide on marks; they last from one HP-GL/2 stretch to the next."""

    is_down: bool = False
    pen: int = 1
    in_polygon: bool = False
    label_end: int = _LABEL_END
    symbol_mode: bool = False

    def initialise(self) -> None:
        """IN, or a reset of the device."""
        self.is_down, self.pen, self.in_polygon, self.label_end, self.symbol_mode = False, 1, False, _LABEL_END, False

    def look(self, program: bytes, palette: Palette) -> tuple[Look | None, int]:
        """Run a stretch. Returns: the most striking mark, or None where nothing is drawn; the steps that it took."""
        found: Look | None = None
        at, steps = 0, 0
        while command := _COMMAND.search(program, at):
            steps += 2
            name = (command[1] + command[2]).upper()
            at = command.end()
            if name == b"LB":
                end = program.find(bytes([self.label_end]), at)
                end = end if end >= 0 else len(program)
                draws = end - at > 0 and not program[at:end].isspace()
                at = end + 1
            elif name == b"PE":
                end = program.find(b";", at)
                end = end if end >= 0 else len(program)
                draws = self._encoded(program[at:end])
                at = end + 1
            elif name == b"DT":
                at = self._define_label_end(program, at)
                continue
            elif name == b"CO":
                comment = _COMMENT.match(program, at)
                at = comment.end() if comment else at
                continue
            else:
                parameters = _PARAMETERS.match(program, at)
                end = parameters.end() if parameters else at
                draws = self._obey(name, program, at, end, palette)
                at = end
            if draws and not (self.in_polygon and name in (b"PA", b"PR", b"PE", b"PD", b"PU")):
                look = palette.look(self.pen) if self.pen else Look.WHITE
                found = look if found is None else max(found, look)
        return found, steps

    def _define_label_end(self, program: bytes, at: int) -> int:
        if at < len(program) and program[at] not in b";\0\n\r":
            self.label_end = program[at]
            return at + 1
        self.label_end = _LABEL_END
        return at

    def _obey(self, name: bytes, program: bytes, at: int, end: int, palette: Palette) -> bool:
        """Take a command with plain parameters. Returns: whether it draws."""
        if name == b"PU":
            self.is_down = False
            return False
        if name == b"PD":
            self.is_down = True
            return _NUMBER.search(program, at, end) is not None
        if name in _MOVING:
            return (self.is_down or self.symbol_mode) and _NUMBER.search(program, at, end) is not None
        if name in _DRAWING:
            return True
        if name == b"SM":
            self.symbol_mode = program[at:end].strip(b" ;\r\n") != b""
        elif name in (b"SP", b"PC", b"NP", b"PM"):
            numbers = [float(number) for number in _NUMBER.findall(program, at, end)[:_NUMBERS_MAX]]
            self._set_pens(name, numbers, palette)
        elif name == b"IN":
            self.initialise()
        return False

    def _set_pens(self, name: bytes, numbers: list[float], palette: Palette) -> None:
        first = int(numbers[0]) if numbers else 0
        if name == b"SP":
            self.pen = max(0, first)
        elif name == b"PM":
            self.in_polygon = first != 2
        elif name == b"NP":
            palette.set_length(first or 8)
        elif len(numbers) >= 4 and 0 <= first < len(palette.looks):
            palette.looks[first] = look_of(*(value / 255 for value in numbers[1:4]), white=1.0)
        elif len(numbers) == 1 and 0 <= first < len(palette.looks):
            palette.looks[first] = Look.WHITE if first == 0 else Look.GRAY if first in (1, 7) else Look.COLOR

    def _encoded(self, data: bytes) -> bool:
        """Polyline Encoded: whether one of its moves is made with the pen down. `<` lifts it for one move."""
        is_lifted, ends, at = False, 0, 0
        draws = False
        seven_bit = False
        while at < len(data):
            if draws and (at := data.find(b":", at)) < 0:  # only pens are of interest from here on
                break
            octet = data[at]
            at += 1
            if octet == ord("<"):
                is_lifted = True
            elif octet == ord("7"):
                seven_bit = True
            elif octet in b":>":  # a pen or a number of bits follows as a coded number
                value, at = _coded_number(data, at, seven_bit)
                if octet == ord(":"):
                    self.pen = value
            elif octet >= 63:
                _, at = _coded_number(data, at - 1, seven_bit)
                ends += 1
                if ends == 2:
                    draws = draws or not is_lifted
                    is_lifted, ends = False, 0
        self.is_down = draws or self.is_down
        return draws


def _coded_number(data: bytes, at: int, seven_bit: bool) -> tuple[int, int]:
    """A number in base 64 (base 32 in seven bits), its lowest digit first; the last digit is marked. Sign is bit 0."""
    value, shift = 0, 0
    while at < len(data) and shift < 60:
        octet = data[at]
        at += 1
        if seven_bit:
            last, digit, width = octet >= 95, (octet - (95 if octet >= 95 else 63)) & 31, 5
        else:
            last, digit, width = octet >= 191, (octet - (191 if octet >= 191 else 63)) & 63, 6
        value |= digit << shift
        shift += width
        if last:
            break
    return (value >> 1) if not value & 1 else -(value >> 1), at
