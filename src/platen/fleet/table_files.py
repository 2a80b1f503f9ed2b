"""Tables as files: CSV, text with tabs, workbook. A value that a spreadsheet would run as a formula is made text."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

FORMATS = ("csv", "txt", "xlsx")
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_CELL_MAX = 32_767  # characters, in a workbook; with more the cell would stay empty
_TYPES = {
    "csv": "text/csv",
    "txt": "text/tab-separated-values",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True, slots=True)
class TableFile:
    """A file, made."""

    name: str
    content_type: str
    content: bytes


def table_file(name: str, file_format: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> TableFile:
    """The table in one of FORMATS. CSV and text have a byte order mark, so that spreadsheets take them for UTF-8.

    What begins like a formula gets a tab in front in CSV and text, in a workbook an apostrophe (EMC-EXP-01, -02).
    """
    content = _workbook(head, rows) if file_format == "xlsx" else _text(file_format, head, rows)
    return TableFile(f"{name}.{file_format}", _TYPES[file_format], content)


def _text(file_format: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, dialect="excel-tab" if file_format == "txt" else "excel")
    writer.writerow(head)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return ("\ufeff" + text.getvalue()).encode()


def _cell(value: object) -> str:
    if isinstance(value, datetime):
        return f"{_here(value):%Y-%m-%d %H:%M}"
    text = "" if value is None else str(value)
    return f"\t{text}" if isinstance(value, str) and text.startswith(_FORMULA_STARTS) else text


def unguarded(cell: str) -> str:
    """What was in a cell before a file of ours made text of it: for files that come back."""
    text = cell.strip()
    return text[1:] if text[:1] == "'" and text[1:].startswith(_FORMULA_STARTS) else text


def _here(moment: datetime) -> datetime:
    """On the clock of the current time zone: neither format has a type for a moment with its zone."""
    return moment if timezone.is_naive(moment) else timezone.make_naive(moment)


def _workbook(head: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    import xlsxwriter  # large, and only for an export

    stored = io.BytesIO()
    options: dict[str, object] = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    options |= {"default_date_format": "yyyy-mm-dd hh:mm"}
    with xlsxwriter.Workbook(stored, options) as workbook:
        sheet = workbook.add_worksheet()
        bold = workbook.add_format({"bold": True})
        sheet.freeze_panes(1, 0)
        sheet.write_row(0, 0, head, bold)
        for number, row in enumerate(rows, 1):
            for column, value in enumerate(row):
                _write(sheet, number, column, value)
        sheet.autofilter(0, 0, 0, max(len(head) - 1, 0))
    return stored.getvalue()


def _write(sheet: object, row: int, column: int, value: object) -> None:
    if isinstance(value, date):
        moment = _here(value) if isinstance(value, datetime) else value
        sheet.write_datetime(row, column, moment)  # type: ignore[attr-defined]  # xlsxwriter has no types
    elif isinstance(value, bool) or not isinstance(value, int | float):
        text = "" if value is None else str(value)
        if isinstance(value, str) and text.startswith(_FORMULA_STARTS):
            text = f"'{text}"
        sheet.write_string(row, column, text[:_CELL_MAX])  # type: ignore[attr-defined]
    else:
        sheet.write_number(row, column, value)  # type: ignore[attr-defined]
