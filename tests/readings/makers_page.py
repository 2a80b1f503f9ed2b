"""What the makers' files hold, as docs/makers.md lists it: `python -m tests.readings.makers_page` prints both lists."""

from __future__ import annotations

from collections.abc import Iterator

from platen.readings.corrections import corrections
from platen.readings.makers import makers
from platen.readings.makers_file import MakerFile
from platen.readings.makers_rows import Row


def row_of(file: MakerFile) -> str:
    """One line of the table of makers."""
    brands = list(dict.fromkeys([file.maker, *sorted({match.brand for match in file.matches})]))
    rows = list(_rows(file))
    seen = sum(row.seen for row in rows)
    return f"| `{file.name}` | {', '.join(brands)} | {len(rows)} | {seen} | {len(file.sums)} |"


def correction_of(name: str) -> str:
    """One line of the list of corrections."""
    row = next(row for row in corrections() if row.name == name)
    return f"- *{row.name}* ({row.kind}{', seen' if row.seen else ''}): {row.evidence}"


def lines() -> Iterator[str]:
    """All of it, in the order of the page."""
    yield from ("| file | names on the badge | facts | seen | sums |", "|---|---|---|---|---|")
    yield from map(row_of, makers().files.values())
    for file in makers().files.values():
        yield from ("", f"**{file.maker}**", "", *(f"- {line}" for line in file.missing))
    yield ""
    yield from (correction_of(row.name) for row in corrections())


def _rows(file: MakerFile) -> Iterator[Row]:
    for rows in file.objects.values():
        yield from rows
    for table in file.tables:
        yield from table.rows.values()
        yield from (row for _, row in table.patterns)
    for blob in file.blobs.values():
        yield from blob.rows.values()


if __name__ == "__main__":
    print("\n".join(lines()))
