"""The first start on an empty database, and the way of an old one to the same tables."""

from __future__ import annotations

import json
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
from tests.filled_database import Tables, brought_up_to_date


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


@pytest.mark.untraced
@pytest.mark.django_db
def test_an_empty_database_becomes_what_the_migrations_make(database_url: str, second_database_url: str) -> None:
    """Tables, columns, keys, indexes and checks are those that migrations lead to from a filled database, and all of
    these are noted; a second start has nothing to do. What was in the filled database still is."""
    before, after = brought_up_to_date(second_database_url)
    environ = os.environ | {"PLATEN_DATABASE": database_url}
    command = [sys.executable, "-m", "platen", "queues", "list", "--json"]
    for _ in range(2):
        subprocess.run(command, env=environ, check=True, capture_output=True, timeout=300)
    with connected(database_url) as fresh, connected(second_database_url) as migrated:
        assert tables_of(fresh) == tables_of(migrated)
        assert noted_in(fresh) == noted_in(migrated)
        assert noted_in(migrated)
    assert_kept(before, after)


def assert_kept(before: Tables, after: Tables) -> None:
    """Each table has its row with what was in it; days are in their month, and machines are found by what is typed."""
    (day,) = before.pop("fleet_daymeters")
    assert {"fleet_machine", "fleet_supply", "printing_job", "tracking_usagerecord", "tasks_task"} <= before.keys()
    for table, rows in before.items():
        assert len(after[table]) == len(rows), table
        for was, row in zip(rows, after[table], strict=True):
            kept = was.keys() & row.keys()
            assert [(name, row[name]) for name in kept] == [(name, was[name]) for name in kept], table
    (month,) = after["fleet_monthmeters"]
    pages, color, moved = int(day["pages"]), int(day["color"]), json.loads(day["moved"])
    names, days, _notes = json.loads(month["days"])
    assert dict(zip(names, days[0][1:], strict=True)) == {"total": pages, "total.color": color, **moved}
    (machine,) = after["fleet_searchtext"]
    assert machine["text"].split()
