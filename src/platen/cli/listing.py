"""How commands show what they found: a table for people, JSON for programs."""

from __future__ import annotations

import datetime
import json
import os
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from rich.console import Console
from rich.table import Table

from platen.policy.job_names import without_controls

WIDTH_UNBROKEN = 10_000


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table: the row's key, what stands above it, and how much of a text fits into a line.

    What is longer ends in an ellipsis there; JSON has it whole.
    """

    key: str
    title: str = ""
    right: bool = False
    length_max: int | None = None


def show(
    rows: Iterable[Mapping[str, object]], columns: list[Column], *, as_json: bool, empty: str = "Nothing."
) -> None:
    """Print rows; with as_json as one JSON list of whole rows."""
    if as_json:
        json.dump(list(rows), sys.stdout, default=_plain, ensure_ascii=False, indent=2)
        sys.stdout.write("\n")
        return
    table = Table(box=None, header_style="bold", pad_edge=False)
    for column in columns:
        table.add_column(column.title or column.key, justify="right" if column.right else "left", overflow="fold")
    for row in rows:
        table.add_row(*(_cell(row.get(column.key), column) for column in columns))
    console = console_for_tables()
    if table.row_count:
        console.print(table)
    else:
        console.print(empty)


def show_one(row: Mapping[str, object], sentence: str, *, as_json: bool) -> None:
    """Print what a command made: a sentence, or the row as JSON."""
    if as_json:
        json.dump(dict(row), sys.stdout, default=_plain, ensure_ascii=False)
        sys.stdout.write("\n")
    else:
        console_for_tables().print("\n".join(map(without_controls, sentence.split("\n"))))


def console_for_tables() -> Console:
    """Where tables go. Lines for a file or another program stay whole, so that they can be searched."""
    console = Console(highlight=False, markup=False)
    if console.is_terminal or "COLUMNS" in os.environ:
        return console
    return Console(highlight=False, markup=False, width=WIDTH_UNBROKEN)


def _plain(value: object) -> object:
    if isinstance(value, datetime.datetime | datetime.date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return _number(value)
    if isinstance(value, UUID):
        return str(value)
    raise TypeError(type(value).__name__)


def _cell(value: object, column: Column) -> str:
    text = without_controls(_text(value))
    too_long = column.length_max is not None and len(text) > column.length_max
    return f"{text[: column.length_max]}…" if too_long else text


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime.datetime):
        return value.astimezone().strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    return _number(value) if isinstance(value, Decimal) else str(value)


def _number(value: Decimal) -> str:
    """As people write it: at least two decimals, no exponent, no zeros that say nothing."""
    shown = f"{value.normalize():f}"
    whole, _, decimals = shown.partition(".")
    return f"{whole}.{decimals:0<2}"
