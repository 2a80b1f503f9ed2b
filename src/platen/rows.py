"""Rows of statements that are written out, as objects of their models.

Composing a query and building its objects takes Django many times as long as the database needs to answer it. Where a
person stands and waits, the statement is written down once; its columns come from the model, and its rows become the
objects that a query would have given. Such a statement names the tenant itself.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from functools import cached_property
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Model

M = TypeVar("M", bound=Model)


def one_row(statement: str, *values: Any) -> Sequence[Any] | None:
    """The first row that a statement gives."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        row: Sequence[Any] | None = cursor.fetchone()
        return row


def all_rows(statement: str, *values: Any) -> list[Sequence[Any]]:
    """All rows that a statement gives; it says itself how many at most."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def gathered(columns: str, source: str, *values: Any) -> list[list[Any]]:
    """The columns of all rows of `source`, what stands behind a SELECT's FROM; as JSON has their values.

    The database gives one row for all: for each, a thread lets go of the interpreter and waits until it gets it back.
    """
    row = one_row(f"SELECT {_GATHER[connection.vendor].format(columns)} FROM {source}", *values)  # noqa: S608  # our own
    found: str | list[list[Any]] | None = None if row is None else row[0]
    return json.loads(found) if isinstance(found, str) else found or []


_GATHER = {"sqlite": "json_group_array(json_array({}))", "postgresql": "json_agg(json_build_array({}))"}


class RowsOf(Generic[M]):
    """The columns of a model, but for `without`, which an object reads from the database when it is asked for them."""

    def __init__(self, model: type[M], *, without: Collection[str] = ()) -> None:
        self._model = model
        self._fields = [field for field in model._meta.concrete_fields if field.attname not in without]
        self._names = [field.attname for field in self._fields]
        self._to_convert: dict[str, list[int]] = {}  # by the database's vendor

    def columns(self, table: str) -> str:
        """For the SELECT of a statement that calls the model's table so."""
        return ", ".join(f"{table}.{field.column}" for field in self._fields)

    def object(self, row: Sequence[Any], start: int = 0) -> M:
        """What a row's values from `start` on are; they end at `end(start)`."""
        values = list(row[start : self.end(start)])
        for place in self._places_to_convert():
            column = self._columns[place]
            for convert in _converters(column):
                values[place] = convert(values[place], column, connection)
        return self._model.from_db(DEFAULT_DB_ALIAS, self._names, values)

    def end(self, start: int = 0) -> int:
        """Where the values of an object end that begin at `start`."""
        return start + len(self._names)

    @cached_property
    def _columns(self) -> list[Any]:
        return [field.get_col(self._model._meta.db_table) for field in self._fields]

    def _places_to_convert(self) -> list[int]:
        """Where this database gives a value in another shape than the model has it."""
        found = self._to_convert.get(connection.vendor)
        if found is None:
            found = [place for place, column in enumerate(self._columns) if _converters(column)]
            self._to_convert[connection.vendor] = found
        return found


def _converters(column: Any) -> list[Any]:
    """As Django's own queries find them."""
    return [*connection.ops.get_db_converters(column), *column.get_db_converters(connection)]
