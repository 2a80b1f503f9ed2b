"""The plan of a floor, drawn: rooms on both sides of a corridor, each with its name."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 1200, 640
_CORRIDOR = (270, 370)
_PAPER, _WALL, _FLOOR, _INK = "#ffffff", "#3b4252", "#f3f1ea", "#5a6272"
_MARGIN, _WALL_WIDTH, _DOOR, _LETTERS = 24, 5, 46, 19


@dataclass(frozen=True, slots=True)
class Room:
    """A room of the plan, in pixels from the left and from the top."""

    name: str
    left: int
    top: int
    right: int
    bottom: int

    @property
    def machine_at(self) -> tuple[float, float]:
        """Where its machine stands, 0 to 1: in the middle, a little below the name."""
        return (self.left + self.right) / 2 / WIDTH, (self.top + self.bottom) / 2 / HEIGHT


def rooms_of(names: Sequence[str]) -> list[Room]:
    """The first half above the corridor, the others below it."""
    above = (len(names) + 1) // 2
    return [
        *_row(names[:above], _MARGIN, _CORRIDOR[0]),
        *_row(names[above:], _CORRIDOR[1], HEIGHT - _MARGIN),
    ]


def _row(names: Sequence[str], top: int, bottom: int) -> list[Room]:
    width = (WIDTH - 2 * _MARGIN) / max(1, len(names))
    edges = [round(_MARGIN + number * width) for number in range(len(names) + 1)]
    return [Room(name, edges[number], top, edges[number + 1], bottom) for number, name in enumerate(names)]


def picture(rooms: Sequence[Room]) -> bytes:
    """A PNG."""
    from PIL import Image, ImageDraw, ImageFont  # large, and only for a plan

    drawn = Image.new("RGB", (WIDTH, HEIGHT), _PAPER)
    draw = ImageDraw.Draw(drawn)
    letters = ImageFont.load_default(_LETTERS)
    draw.rectangle((_MARGIN, _MARGIN, WIDTH - _MARGIN, HEIGHT - _MARGIN), fill=_FLOOR, outline=_WALL, width=_WALL_WIDTH)
    for room in rooms:
        draw.rectangle((room.left, room.top, room.right, room.bottom), outline=_WALL, width=_WALL_WIDTH)
        door = (room.left + room.right - _DOOR) // 2
        wall = room.bottom if room.bottom == _CORRIDOR[0] else room.top
        draw.line((door, wall, door + _DOOR, wall), fill=_FLOOR, width=2 * _WALL_WIDTH)
        draw.text((room.left + 16, room.top + 16), room.name, fill=_INK, font=letters)
    kept = io.BytesIO()
    drawn.save(kept, "PNG")
    return kept.getvalue()
