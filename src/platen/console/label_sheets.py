"""Sheets of labels as shops sell them, and what is written on a label."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from django.utils.translation import gettext_noop as noop

from platen.fleet.models import Machine

Item = TypeVar("Item")
WORDS = ("name", "location", "asset", "serial", "model", "address")
_WORD = re.compile(r"\{(" + "|".join(WORDS) + r")\}")
TEXT = "{name}\n{location}"
EDGE_MM = 2
"""Between a label's edge and what is on it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One kind of sheet. Its margins and gaps stand in static/platen/labels.css under `name`."""

    name: str
    title: str
    paper: str
    columns: int
    rows: int
    width_mm: float
    height_mm: float

    @property
    def count(self) -> int:
        """Labels on it."""
        return self.columns * self.rows

    @property
    def code_mm_max(self) -> int:
        """How large a code can be."""
        return int(min(self.height_mm, self.width_mm) - 2 * EDGE_MM)


SHEETS: dict[str, Sheet] = {
    each.name: each
    for each in (
        Sheet(
            name="a4-24",
            title=noop("A4, 24 labels of 70 × 37 mm"),
            paper="a4",
            columns=3,
            rows=8,
            width_mm=70,
            height_mm=37,
        ),
        Sheet(
            name="a4-21",
            title=noop("A4, 21 labels of 63.5 × 38.1 mm"),
            paper="a4",
            columns=3,
            rows=7,
            width_mm=63.5,
            height_mm=38.1,
        ),
        Sheet(
            name="a4-8",
            title=noop("A4, 8 labels of 99.1 × 67.7 mm"),
            paper="a4",
            columns=2,
            rows=4,
            width_mm=99.1,
            height_mm=67.7,
        ),
        Sheet(
            name="letter-30",
            title=noop("Letter, 30 labels of 2⅝ × 1 inch"),
            paper="letter",
            columns=3,
            rows=10,
            width_mm=66.675,
            height_mm=25.4,
        ),
        Sheet(
            name="letter-10",
            title=noop("Letter, 10 labels of 4 × 2 inch"),
            paper="letter",
            columns=2,
            rows=5,
            width_mm=101.6,
            height_mm=50.8,
        ),
    )
}


def lines_of(text: str, machine: Machine) -> list[str]:
    """What a label says beside its code: the words in braces stand for the device's own; empty lines go."""
    said = {
        "name": machine.device.name,
        "location": machine.device.location,
        "asset": machine.asset_number,
        "serial": machine.serial,
        "model": f"{machine.maker} {machine.model}".strip() or machine.device.make_and_model,
        "address": machine.address,
    }
    lines = (_WORD.sub(lambda found: said[found[1]], line).strip() for line in text.splitlines())
    return [line for line in lines if line]


def on_sheets(labels: Sequence[Item], sheet: Sheet, first: int) -> list[list[Item | None]]:
    """Labels by sheets, beginning with place `first` (from 1) of the first; None: a place that was used before."""
    places: list[Item | None] = [None] * (first - 1) + list(labels)
    return [places[start : start + sheet.count] for start in range(0, len(places), sheet.count)]
