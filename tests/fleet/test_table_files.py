"""Tables as files."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from django.utils import timezone

from platen.fleet.importing import rows_of_file
from platen.fleet.table_files import table_file

AT = datetime(2026, 3, 4, 12, 30, tzinfo=UTC)


def test_moments_are_moments() -> None:
    """In a workbook a moment and a day can be sorted and reckoned with; in text they are readable. EMC-EXP-04"""
    with timezone.override(ZoneInfo("Europe/Berlin")):
        made = table_file("x", "xlsx", ["Name", "Read", "Day"], [["a", AT, date(2026, 3, 5)], ["b", None, None]])
        text = table_file("x", "csv", ["Name", "Read", "Day"], [["a", AT, date(2026, 3, 5)]])
    sheet = openpyxl.load_workbook(io.BytesIO(made.content)).active
    assert sheet is not None
    assert [str(cell.value) for cell in sheet[2]] == ["a", "2026-03-04 13:30:00", "2026-03-05 00:00:00"]
    assert [cell.is_date for cell in sheet[2]] == [False, True, True]
    assert "a,2026-03-04 13:30,2026-03-05" in text.content.decode()


@pytest.mark.parametrize("file_format", ["csv", "txt", "xlsx"])
@pytest.mark.parametrize("name", ["=1+1", "-7", "@home", "plain", "'quoted'", "it's"])
def test_what_was_made_text_comes_back_as_it_was(name: str, file_format: str) -> None:
    """A file of ours that is imported again has the values as they were, with nothing to take off by hand."""
    made = table_file("devices", file_format, ["DeviceName", "SerialNumber"], [[name, "+49-1"]])
    (row,) = rows_of_file(made.name, made.content)
    assert (row.name, row.serial) == (name, "+49-1")


def test_a_very_long_text_is_cut_in_a_workbook() -> None:
    """A cell of a workbook holds 32,767 characters; the beginning of what is longer is there."""
    made = table_file("t", "xlsx", ["Details"], [["x" * 40_000]])
    (_head, row) = openpyxl.load_workbook(io.BytesIO(made.content)).active.iter_rows(values_only=True)
    assert row == ("x" * 32_767,)
