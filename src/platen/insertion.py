"""New rows, written with one statement for many.

Django's bulk_create makes an object with signals of every row and asks every field for its value: two thirds of what a
small job would cost. Here the statement is made once from the model's fields, and a row is what is known of it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import lru_cache, partial
from itertools import chain
from operator import attrgetter
from typing import Any, Protocol

from django.db import connection
from django.db.models import Model

ROWS_MAX = 128
"""Rows of one statement: its parameters stay below the 32,766 that SQLite allows."""
_AS_THEY_ARE = frozenset(
    {"CharField", "BigIntegerField", "PositiveBigIntegerField", "PositiveIntegerField", "PositiveSmallIntegerField"}
    | {"ForeignKey", "BooleanField"}
)

Convert = Callable[[Any], Any]


class NewRow(Protocol):
    """What becomes a row: its `uuid`, an `id` to be noted, and an attribute for each column that is known."""

    id: int

    @property
    def uuid(self) -> Any:
        """By which the row is told from the others."""


class InsertionInto:
    """Rows of a model of which the `known` attributes are given. Everything else is the model's default, which is
    nothing, no or empty."""

    def __init__(self, model: type[Model], known: Sequence[str]) -> None:
        self._model = model
        self._known = tuple(known)
        self._attributes = attrgetter(*self._known)
        # By the database's vendor: what depends on it is asked of the connection.
        self._converters = lru_cache(self._converters_of)
        self._statement = lru_cache(maxsize=2 * ROWS_MAX)(self._statement_of)

    def insert(self, rows: Sequence[NewRow]) -> None:
        """Write the rows, in the caller's transaction, and note their ids.

        Raises: django.db.IntegrityError, where one of them is there already.
        """
        converters = self._converters(connection.vendor)
        with connection.cursor() as cursor:
            for start in range(0, len(rows), ROWS_MAX):
                some = rows[start : start + ROWS_MAX]
                values = chain.from_iterable([self._values(row, converters) for row in some])
                cursor.execute(self._statement(connection.vendor, len(some)), tuple(values))
                self._note_ids(some, cursor, converters)

    def _note_ids(self, rows: Sequence[NewRow], cursor: Any, converters: dict[int, Convert]) -> None:
        if connection.vendor == "sqlite":
            # One after the other: AUTOINCREMENT gives one more than the largest there ever was, and nobody else
            # writes. Asked for them, SQLite would give row by row, and for each a thread lets go of the interpreter.
            first = cursor.lastrowid - len(rows) + 1
            for place, row in enumerate(rows):
                row.id = first + place
            return
        to_key = converters.get(self._known.index("uuid"), _same)
        ids = dict(cursor.fetchall())
        for row in rows:
            row.id = ids[to_key(row.uuid)]

    def _values(self, row: NewRow, converters: dict[int, Convert]) -> list[Any]:
        values = list(self._attributes(row))
        for place, convert in converters.items():
            values[place] = convert(values[place])
        return values

    def _converters_of(self, _vendor: str) -> dict[int, Convert]:
        """By their place among the known columns, how the values that are not parameters as they are become such."""
        by_attname = {field.attname: field for field in self._model._meta.concrete_fields}
        found = ((place, _converter(by_attname[name])) for place, name in enumerate(self._known))
        return {place: convert for place, convert in found if convert is not None}

    def _statement_of(self, vendor: str, rows: int) -> str:
        quote = connection.ops.quote_name
        fields = self._model._meta.concrete_fields
        others = [field for field in fields if field.attname not in self._known and not field.primary_key]
        columns = {field.attname: quote(str(field.column)) for field in fields}
        names = [columns[name] for name in self._known] + [quote(str(field.column)) for field in others]
        row = "(" + ", ".join(["%s"] * len(self._known) + [_literal(field) for field in others]) + ")"
        statement = (
            f"INSERT INTO {quote(self._model._meta.db_table)} ({', '.join(names)}) "  # noqa: S608  # our own names
            f"VALUES {', '.join([row] * rows)}"
        )
        if vendor == "sqlite":
            return statement
        return f"{statement} RETURNING {columns['uuid']}, {columns['id']}"


def _converter(field: Any) -> Convert | None:
    if field.get_internal_type() in _AS_THEY_ARE:
        return None
    if field.get_internal_type() == "UUIDField" and not connection.features.has_native_uuid_field:
        return attrgetter("hex")  # as the field does, by way of three calls

    if field.get_internal_type() == "JSONField" and connection.vendor == "sqlite":
        return partial(json.dumps, cls=field.encoder)  # again as the field does

    def convert(value: Any) -> Any:
        """As the database's driver takes it."""
        return field.get_db_prep_save(value, connection)

    # Of a batch most moments are one and the same.
    return lru_cache(64)(convert) if field.get_internal_type() == "DateTimeField" else convert


def _same(value: Any) -> Any:
    return value


def _literal(field: Any) -> str:
    """A column's default in SQL."""
    default = field.get_default()
    if default is None:
        return "NULL"
    if default is False:
        return "FALSE"
    if default == "":
        return "''"
    raise TypeError(f"A new row of {field.model.__name__} has {field.name} = {default!r}: let it be known")
