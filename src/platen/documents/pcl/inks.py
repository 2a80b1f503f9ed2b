"""What a PCL 5 job paints with: palettes, the foreground colour, patterns (PCL 5 Color TRM)."""

from __future__ import annotations

from platen.documents.pcl.palette import Look, Palette, configured_palette, simple_palette
from platen.documents.pcl.rows import indexes_look

_PALETTES_MAX = 256
_WHITE_PATTERN, _USER_PATTERN, _CURRENT_PATTERN = 1, 4, 5
_HEADER_BYTES_MAX = 128

# The foreground, the palette, the pattern: what a macro leaves as it found it.
Painting = tuple[Look, Palette, int]


class Inks:
    """The palettes of a job and what is chosen of them. What is asked often, `ink` and `can_color`, is kept ready."""

    def __init__(self) -> None:
        self.palette = Palette()
        self.ink = Look.GRAY  # of text
        self.can_color = False  # raster data, by the palette
        self.id = 0  # ESC &p#I, of the palette that is controlled next
        self.pattern_id = 0
        self._foreground = Look.GRAY
        self._pattern_type = 0
        self._color_patterns: set[int] = set()
        self._components = [0.0, 0.0, 0.0]
        self._palettes: dict[int, Palette] = {}
        self._stack: list[Palette] = []
        self._selected = 0
        self.update()

    def update(self) -> None:
        """Something of it, or within the palette, is another one now."""
        self.can_color = self.palette.can_color
        self.ink = self._foreground
        if self._pattern_type == _WHITE_PATTERN:
            self.ink = Look.WHITE
        elif self._pattern_type == _USER_PATTERN and self.pattern_id in self._color_patterns:
            self.ink = Look.COLOR

    @property
    def painting(self) -> Painting:
        return self._foreground, self.palette, self._pattern_type

    @painting.setter
    def painting(self, painting: Painting) -> None:
        self._foreground, self.palette, self._pattern_type = painting
        self.update()

    def set_palette(self, palette: Palette) -> None:
        self.palette = palette
        self._palettes[self._selected] = palette
        self.update()

    def configure(self, payload: bytes) -> None:
        """ESC *v#W."""
        if palette := configured_palette(payload[:_HEADER_BYTES_MAX]):
            self.set_palette(palette)

    def take_simple(self, planes: int) -> None:
        """ESC *r#U."""
        self.set_palette(simple_palette(planes))

    def set_component(self, index: int, value: float) -> None:
        self._components[index] = value

    def assign(self, index: int) -> None:
        """ESC *v#I: the components are those of an entry."""
        self.palette.assign(index, *self._components)
        self._components = [0.0, 0.0, 0.0]
        self.update()

    def set_foreground(self, index: int) -> None:
        self._foreground = self.palette.look(max(0, index))
        self.update()

    def set_pattern(self, kind: int) -> None:
        self._pattern_type = kind
        self.update()

    def set_pattern_id(self, number: int) -> None:
        self.pattern_id = number
        self.update()

    def define_pattern(self, payload: bytes) -> None:
        """A pattern of the user (ESC *c#W): format 1 has an index of the palette for each pixel."""
        self._color_patterns.discard(self.pattern_id)
        if payload[:1] == b"\x01" and indexes_look(payload[8:], self.palette.looks, 8) is Look.COLOR:
            self._color_patterns.add(self.pattern_id)
        self.update()

    def look_of_rule(self, kind: int) -> Look:
        """Of an area that is filled (ESC *c#P)."""
        if kind == 1 or (kind == 2 and self.pattern_id <= 0):
            return Look.WHITE
        if kind == _USER_PATTERN and self.pattern_id in self._color_patterns:
            return Look.COLOR
        return self.ink if kind == _CURRENT_PATTERN else self._foreground

    def select(self, number: int) -> None:
        """ESC &p#S."""
        if number != self._selected and number in self._palettes:
            self._selected, self.palette = number, self._palettes[number]
            self.update()

    def control(self, number: int) -> None:
        """ESC &p#C: 0 and 1 delete palettes, 6 copies the active one to the palette of the control ID."""
        if number in (0, 1):
            self._palettes = {self._selected: self.palette}
        elif number == 2:
            self._palettes.pop(self.id, None)
        elif number == 6 and len(self._palettes) < _PALETTES_MAX:
            self._palettes[self.id] = self.palette.copy()

    def push_or_pop(self, number: int) -> None:
        """ESC *p#P."""
        if number == 0 and len(self._stack) < _PALETTES_MAX:
            self._stack.append(self.palette.copy())
        elif number == 1 and self._stack:
            self.set_palette(self._stack.pop())
