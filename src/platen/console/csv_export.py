"""Lists as CSV for spreadsheets."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.http import HttpResponse
from django.utils import timezone

from platen.fleet.table_files import table_file

EXPORT_ROWS_MAX = 100_000


def csv_response(name: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> HttpResponse:
    """A CSV file (platen.fleet.table_files), named for what and when.

    The file is made before the answer begins: the current tenant holds only while the view runs.
    """
    made = table_file(f"{name}-{timezone.localdate().isoformat()}", "csv", head, rows)
    return HttpResponse(
        made.content,
        content_type=f"{made.content_type}; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{made.name}"'},
    )
