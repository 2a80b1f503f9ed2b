"""The first start on an empty database."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import ConnectionHandler

from platen.database import connection_settings
from tests.migrated import run_migrations


def tables_of(database: BaseDatabaseWrapper) -> dict[str, tuple[Any, Any]]:
    """By table: its columns (name, type, length, whether it may be null) and its keys, indexes and checks."""
    introspection = database.introspection
    with database.cursor() as cursor:
        return {
            table: (
                sorted(
                    (column.name, column.type_code, column.internal_size, column.null_ok)
                    for column in introspection.get_table_description(cursor, table)
                ),
                sorted(
                    str({key: value for key, value in each.items() if key != "definition"})
                    for each in introspection.get_constraints(cursor, table).values()
                ),
            )
            for table in introspection.table_names(cursor)
        }


def noted_in(database: BaseDatabaseWrapper) -> set[tuple[str, str]]:
    """The migrations that a database says were applied."""
    with database.cursor() as cursor:
        cursor.execute("SELECT app, name FROM django_migrations")
        return set(cursor.fetchall())


@contextmanager
def connected(url: str) -> Iterator[BaseDatabaseWrapper]:
    """A connection of the test's own."""
    database = ConnectionHandler({"default": connection_settings(url)})["default"]
    try:
        yield database
    finally:
        database.close()


@pytest.mark.django_db
def test_an_empty_database_becomes_what_the_migrations_make(database_url: str, second_database_url: str) -> None:
    """Tables, columns, keys, indexes and checks are those that migrations lead to, and all of these are noted; a
    second start has nothing to do."""
    run_migrations(second_database_url)
    environ = os.environ | {"PLATEN_DATABASE": database_url}
    command = [sys.executable, "-m", "platen", "queues", "list", "--json"]
    for _ in range(2):
        subprocess.run(command, env=environ, check=True, capture_output=True, timeout=300)
    with connected(database_url) as fresh, connected(second_database_url) as migrated:
        assert tables_of(fresh) == tables_of(migrated)
        assert noted_in(fresh) == noted_in(migrated)
        assert noted_in(migrated)
