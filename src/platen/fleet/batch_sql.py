"""Statements for many rows at once, made once from a model's fields; and values as both databases take them.

Reading a fleet writes some ten rows a second for every hundred machines, for ever. Objects with signals and a statement
for each would cost many times what the database itself needs.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import Model

INTEGER_MAX = 2**63 - 1
KEYS_MAX = 500
_encode = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False).encode


class Insert:
    """INSERT with the named columns; what else the model has gets its default.

    conflict: columns of a unique constraint; a row that is there already is left alone.
    """

    def __init__(self, model: type[Model], *names: str, conflict: str = "") -> None:
        fields = model._meta.concrete_fields
        unknown = set(names) - {field.attname for field in fields}
        if unknown:
            raise TypeError(f"{model.__name__} has no {', '.join(sorted(unknown))}")
        given = {field.attname: field.column for field in fields if field.attname in names}
        others = [
            field for field in fields if field.attname not in names and field.get_internal_type() != "BigAutoField"
        ]
        columns = [given[name] for name in names] + [field.column for field in others]
        values = ["%s"] * len(names) + [_literal(field) for field in others]
        ending = f" ON CONFLICT ({conflict}) DO NOTHING" if conflict else ""
        self._statement = (
            f"INSERT INTO {model._meta.db_table} ({', '.join(map(_quoted, columns))}) "  # noqa: S608  # our own names
            f"VALUES ({', '.join(values)}){ending}"
        )

    def write(self, rows: Sequence[Sequence[Any]]) -> None:
        """Write the rows: the values of the named columns, in their order."""
        execute_many(self._statement, rows)


class Update:
    """UPDATE of the named columns by key; a name ending in `?` keeps what is stored where the value is empty."""

    def __init__(self, model: type[Model], *names: str) -> None:
        columns = {field.attname: field.column for field in model._meta.concrete_fields}
        key = model._meta.pk
        if key is None:
            raise TypeError(f"{model.__name__} has no key")
        settings = [
            f"{_quoted(columns[name[:-1]])} = COALESCE(NULLIF(%s, ''), {_quoted(columns[name[:-1]])})"
            if name.endswith("?")
            else f"{_quoted(columns[name])} = %s"
            for name in names
        ]
        self._statement = (
            f"UPDATE {model._meta.db_table} SET {', '.join(settings)} WHERE {_quoted(str(key.column))} = %s"  # noqa: S608  # our own names
        )

    def write(self, rows: Sequence[Sequence[Any]]) -> None:
        """Write the rows: the values of the named columns, then the key."""
        execute_many(self._statement, rows)


def by_keys(statement: str, keys: Collection[int], *before: Any) -> list[Sequence[Any]]:
    """The rows of a SELECT whose last values are the keys, in the place of `{keys}`; `before` are the values before."""
    found: list[Sequence[Any]] = []
    ordered = sorted(keys)
    with connection.cursor() as cursor:
        for start in range(0, len(ordered), KEYS_MAX):
            some = ordered[start : start + KEYS_MAX]
            cursor.execute(statement.replace("{keys}", ", ".join(["%s"] * len(some))), (*before, *some))
            found += cursor.fetchall()
    return found


@lru_cache(512)
def as_moment(moment: datetime | None) -> str | None:
    """A moment as both databases take it: UTC, which is what their connections speak."""
    return None if moment is None else moment.astimezone(UTC).replace(tzinfo=None).isoformat(" ")


def from_moment(stored: Any) -> datetime | None:
    """A moment as a cursor gives it: SQLite's has no zone."""
    if stored is None or stored.tzinfo is not None:
        return stored  # type: ignore[no-any-return]  # None or a datetime, as the column says
    return stored.replace(tzinfo=UTC)  # type: ignore[no-any-return]  # a datetime


@lru_cache(512)
def as_day(day: date | None) -> str | None:
    """A day as both databases take it."""
    return None if day is None else day.isoformat()


def as_json(value: Any) -> str:
    """A JSON value as both databases take it; PostgreSQL knows no NUL in texts."""
    text = _encode(value)
    return text.replace("\\u0000", "") if "\\u0000" in text else text


def from_json(stored: Any) -> Any:
    """A JSON value as a cursor gives it."""
    return json.loads(stored) if isinstance(stored, str | bytes) else stored


def as_text(value: str, longest: int) -> str:
    """A text that fits its column and that both databases can store."""
    if value.isascii() and "\0" not in value:
        return value if len(value) <= longest else value[:longest]
    return value.replace("\0", "").encode("utf-8", "replace").decode("utf-8")[:longest]


def as_integer(value: int | None) -> int | None:
    """A number that fits its column; nothing where it does not."""
    return value if value is not None and abs(value) <= INTEGER_MAX else None


def execute_many(statement: str, rows: Sequence[Sequence[Any]]) -> None:
    """One statement for each row of values; nothing for none."""
    if rows:
        with connection.cursor() as cursor:
            cursor.executemany(statement, rows)


def _quoted(name: str | None) -> str:
    return f'"{name}"'


def _literal(field: Any) -> str:
    """A column's default in SQL."""
    default = field.get_default()
    if default is None:
        return "NULL"
    if isinstance(default, bool):
        return "TRUE" if default else "FALSE"
    if isinstance(default, int):
        return str(int(default))
    if default in ("", {}, []):
        return {"": "''", "{}": "'{}'", "[]": "'[]'"}[str(default)]
    raise TypeError(f"A new row of {field.model.__name__} has {field.name} = {default!r}: let it be given")
