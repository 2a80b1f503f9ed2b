"""Lists as CSV for spreadsheets."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from django.http import HttpResponse
from django.utils import timezone

EXPORT_ROWS_MAX = 100_000
# A cell that begins like a formula would be run by the spreadsheet that opens the file: a tab in front makes it text.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def csv_response(name: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> HttpResponse:
    """A CSV file with a byte order mark, so that spreadsheets take it for UTF-8. It is named for what and when.

    The file is made before the answer begins: the current tenant holds only while the view runs.
    """
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(head)
    writer.writerows([_cell(value) for value in row] for row in rows)
    day = timezone.localdate().isoformat()
    return HttpResponse(
        "\ufeff" + text.getvalue(),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}-{day}.csv"'},
    )


def _cell(value: object) -> str:
    text = "" if value is None else str(value)
    return f"\t{text}" if isinstance(value, str) and text.startswith(_FORMULA_STARTS) else text
