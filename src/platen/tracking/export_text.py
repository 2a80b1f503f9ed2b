"""How rows of an export are written: as CSV (RFC 4180, with another separator where wanted) or as XML."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol
from xml.sax.saxutils import escape

Cell = str | int

SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab"}
# A spreadsheet runs a cell that begins so as a formula; document names come from anybody.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
# What XML 1.0 section 2.2 leaves out of a document, escaped or not.
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Writing(Protocol):
    """A way to write rows; the pieces in their order are the whole text."""

    def start(self, names: Sequence[str]) -> str:
        """What stands before the rows."""

    def rows(self, names: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
        """Some rows, each with a value for each name."""

    def end(self) -> str:
        """What stands behind them."""


@dataclass(frozen=True, slots=True)
class Csv:
    """A line a row, the names in the first one."""

    separator: str = ","
    header: bool = True

    def start(self, names: Sequence[str]) -> str:
        """The names."""
        return self._lines([names]) if self.header else ""

    def rows(self, _names: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
        """Values in the order of the names."""
        return self._lines([_harmless(cell) for cell in row] for row in rows)

    def end(self) -> str:
        """Nothing."""
        return ""

    def _lines(self, rows: Iterable[Iterable[Cell]]) -> str:
        text = io.StringIO()
        csv.writer(text, delimiter=self.separator).writerows(rows)
        return text.getvalue()


@dataclass(frozen=True, slots=True)
class Xml:
    """An element a row, with an element for each name."""

    root: str
    row: str

    def start(self, _names: Sequence[str]) -> str:
        """Declaration and root."""
        return f'<?xml version="1.0" encoding="UTF-8"?>\n<{self.root}>\n'

    def rows(self, names: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
        """A line a row."""
        return "".join(f"<{self.row}>{''.join(map(_element, names, row))}</{self.row}>\n" for row in rows)

    def end(self) -> str:
        """The root's end."""
        return f"</{self.root}>\n"


def _element(name: str, cell: Cell) -> str:
    return f"<{name}>{escape(_NO_XML.sub(' ', str(cell)))}</{name}>"


def _harmless(cell: Cell) -> Cell:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell
