"""Rows of a model, written by the hundred thousand.

bulk_create makes an object of every row and asks every field of it for its value. Here that is done once, for what all
rows have in common; each row then only brings what is its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, TypeVar

from django.db import connection, models, transaction

ROWS_A_COMMIT = 20_000

T = TypeVar("T")


def batches(items: Iterable[T], size: int = ROWS_A_COMMIT) -> Iterator[list[T]]:
    """Items in lists of at most `size`."""
    source = iter(items)
    while batch := list(islice(source, size)):
        yield batch


class Table:
    """Adds rows to a model's table. example: a row as the model makes it; own: the attributes that differ by row.

    A field that must be unique and has a default (a UUID) is given a fresh one in every row.
    """

    def __init__(self, example: models.Model, own: Sequence[str]) -> None:
        quote = connection.ops.quote_name
        fields = {field.attname: field for field in example._meta.concrete_fields if not field.primary_key}
        others = [field for name, field in fields.items() if name not in own]
        fresh = [field for field in others if field.unique]
        shared = [field for field in others if not field.unique]
        self._prepare = [_prepare(fields[name]) for name in own]
        self._fresh = [(field.get_default, _prepare(field)) for field in fresh]
        self._shared = [_prepare(field)(getattr(example, field.attname)) for field in shared]
        columns = [quote(str(field.column)) for field in [*(fields[name] for name in own), *fresh, *shared]]
        places = ", ".join(["%s"] * len(columns))
        self._statement = f"INSERT INTO {quote(example._meta.db_table)} ({', '.join(columns)}) VALUES ({places})"

    def add(self, rows: Iterable[Sequence[Any]]) -> None:
        """Write rows of the values that `own` names, in its order, with one commit."""
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.executemany(self._statement, [self._row(row) for row in rows])

    def _row(self, own: Sequence[Any]) -> list[Any]:
        values = [prepare(value) for prepare, value in zip(self._prepare, own, strict=True)]
        values += [prepare(default()) for default, prepare in self._fresh]
        return values + self._shared


def _prepare(field: models.Field[Any, Any]) -> Callable[[Any], Any]:
    return lambda value: field.get_db_prep_save(value, connection)
