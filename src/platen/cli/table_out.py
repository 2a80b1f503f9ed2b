"""Tables into files, in the format that the file's name says."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import typer

from platen.cli.refusal import Refusal


def checked_format(out: Path) -> str:
    """What the file's name ends in. Raises: Refusal."""
    from platen.fleet.table_files import FORMATS

    file_format = out.suffix.removeprefix(".").lower()
    if file_format not in FORMATS:
        raise Refusal(f"{out.name} says no format. Let it end in .csv, .txt or .xlsx.")
    return file_format


def write_table(out: Path, head: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Write, and say how many rows there are. Raises: Refusal."""
    from platen.fleet.table_files import table_file

    file_format = checked_format(out)
    try:
        out.write_bytes(table_file(out.stem, file_format, head, rows).content)
    except OSError as error:
        raise Refusal(f"{out} could not be written: {error.strerror}.") from error
    typer.echo(f"{len(rows):,} rows are in {out}.")
