"""New jobs, written with one statement for many.

Django's bulk_create makes an object with signals of every row and asks every field for its value: two thirds of what a
small job would cost. Here the statement is made once from the model's fields, and a row is what intake knows of a job.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from functools import lru_cache
from itertools import chain
from typing import Any

from django.db import connection

from platen.printing.models import Job

ROWS_MAX = 128
"""Rows of one statement: its parameters stay below the 32,766 that SQLite allows."""


@dataclass(slots=True, kw_only=True)
class NewJob:
    """What is known of a job when it comes in; each field is the column of the same name. Everything else is the
    model's default. `id` is known once the row is written."""

    tenant_id: int
    uuid: uuid.UUID
    queue_id: int
    owner_id: int | None
    name: str
    submitted_as: str
    submitted_from: str
    received_via: str
    ticket: dict[str, object]
    document_format: str
    copies: int
    created_at: datetime
    expires_at: datetime
    state: int
    state_reasons: str = ""
    device_id: int | None = None
    size_bytes: int = 0
    spool_pack: int | None = None
    spool_offset: int | None = None
    spool_length: int | None = None
    spool_key: bytes | None = None
    password_key: str = ""
    id: int = 0

    @property
    def has_document(self) -> bool:
        """Whether the document came with it."""
        return self.spool_key is not None


_KNOWN = tuple(each.name for each in fields(NewJob) if each.name != "id")
_AS_THEY_ARE = frozenset(
    {"CharField", "BigIntegerField", "PositiveBigIntegerField", "PositiveIntegerField", "PositiveSmallIntegerField"}
    | {"ForeignKey", "BooleanField"}
)

Convert = Callable[[Any], Any]


def insert_jobs(jobs: Sequence[NewJob]) -> None:
    """Write the rows, in the caller's transaction, and note their ids.

    Raises: django.db.IntegrityError, where one of them is there already.
    """
    converters = _converters(connection.vendor)
    with connection.cursor() as cursor:
        for start in range(0, len(jobs), ROWS_MAX):
            some = jobs[start : start + ROWS_MAX]
            values = chain.from_iterable([_row(job, converters) for job in some])
            cursor.execute(_statement(connection.vendor, len(some)), tuple(values))
            ids = dict(cursor.fetchall())
            to_key = converters[_KNOWN.index("uuid")] or _same
            for job in some:
                job.id = ids[to_key(job.uuid)]


def _row(job: NewJob, converters: tuple[Convert | None, ...]) -> list[Any]:
    return [
        getattr(job, name) if convert is None else convert(getattr(job, name))
        for name, convert in zip(_KNOWN, converters, strict=True)
    ]


def _same(value: Any) -> Any:
    return value


@lru_cache
def _converters(vendor: str) -> tuple[Convert | None, ...]:  # the vendor is the key of the cache
    """How each known column's value becomes a parameter; None: it is one."""
    by_attname = {field.attname: field for field in Job._meta.concrete_fields}
    return tuple(_converter(by_attname[name]) for name in _KNOWN)


def _converter(field: Any) -> Convert | None:
    if field.get_internal_type() in _AS_THEY_ARE:
        return None

    def convert(value: Any) -> Any:
        """As the database's driver takes it."""
        return field.get_db_prep_save(value, connection)

    # Of a batch most moments are one and the same.
    return lru_cache(64)(convert) if field.get_internal_type() == "DateTimeField" else convert


@lru_cache(maxsize=2 * ROWS_MAX)
def _statement(vendor: str, rows: int) -> str:  # the vendor is the key of the cache
    quote = connection.ops.quote_name
    others = [field for field in Job._meta.concrete_fields if field.attname not in _KNOWN and not field.primary_key]
    columns = {field.attname: quote(str(field.column)) for field in Job._meta.concrete_fields}
    names = [columns[name] for name in _KNOWN] + [quote(str(field.column)) for field in others]
    row = "(" + ", ".join(["%s"] * len(_KNOWN) + [_literal(field) for field in others]) + ")"
    return (
        f"INSERT INTO {quote(Job._meta.db_table)} ({', '.join(names)}) "  # noqa: S608  # names of our own model
        f"VALUES {', '.join([row] * rows)} RETURNING {columns['uuid']}, {columns['id']}"
    )


def _literal(field: Any) -> str:
    """A column's default in SQL; those of a job that only comes in are nothing, no or empty."""
    default = field.get_default()
    if default is None:
        return "NULL"
    if default is False:
        return "FALSE"
    if default == "":
        return "''"
    raise TypeError(f"{field.name} of a new job has the default {default!r}: add it to NewJob")
