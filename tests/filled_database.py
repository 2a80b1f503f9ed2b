"""A database of an older version with a row in every table, brought up to date.

`python -m tests.filled_database` does so to the database that the settings name, which must be empty, and prints as
JSON what was put into its tables and what is in them at the end: {"before": {table: rows}, "after": ...}.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import uuid
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PATIENCE_S = 300
# Where rows are put in on the way, each with what has to be there by then: before tables that go or change behind it.
STOPS = (
    ("fleet.0008_supply_indexes", "printing.0001_initial", "tracking.0001_initial", "tasks.0001_initial"),
    ("fleet.0015_indexes_of_pages",),
)
WHEN = datetime(2026, 5, 1, 12, tzinfo=UTC)
VALUES: dict[str, Any] = {
    "BinaryField": b"k",
    "BooleanField": True,
    "DateField": date(2026, 5, 1),
    "DateTimeField": WHEN,
    "DecimalField": Decimal("1.5"),
    "FloatField": 1.5,
    "GenericIPAddressField": "127.0.0.1",
    "JSONField": {"a": [1]},
    "TextField": "text",
}
# What a constraint wants.
NAMED = {"devices.Queue.kind": "pull"}

Tables = dict[str, list[dict[str, str]]]


def brought_up_to_date(url: str) -> tuple[Tables, Tables]:
    """What was put into an empty database on its way through all migrations, and what it holds at the end."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("PLATEN_")}
    environ |= {"PLATEN_DATABASE": url, "DJANGO_SETTINGS_MODULE": "platen.django_settings"}
    command = [sys.executable, "-m", "tests.filled_database"]
    with tempfile.TemporaryDirectory() as data:
        done = subprocess.run(
            command, cwd=ROOT, env={**environ, "PLATEN_DATA": data}, check=False, capture_output=True, text=True,
            timeout=PATIENCE_S,
        )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    said = json.loads(done.stdout)
    return said["before"], said["after"]


def fill() -> None:
    """A row for each of our tables that has none, as the models were at the migrations applied so far."""
    from django.db import connection
    from django.db.migrations.loader import MigrationLoader

    loader = MigrationLoader(connection)
    for model in loader.project_state(list(loader.applied_migrations)).apps.get_models():
        if model.__module__ == "__fake__" and model._meta.app_label not in {"auth", "contenttypes", "sessions"}:
            row_of(model)


def row_of(model: Any) -> Any:
    """The first row of a table; one is made where there is none."""
    found = model._base_manager.first()
    if found is not None:
        return found
    fields = [field for field in model._meta.concrete_fields if not field.get_internal_type().endswith("AutoField")]
    return model._base_manager.create(**{field.attname: value_of(field) for field in fields})


def value_of(field: Any) -> Any:
    """Something that the column takes."""
    if field.remote_field:
        return None if field.null else row_of(field.related_model).pk
    kind, name = field.get_internal_type(), f"{field.model._meta.label}.{field.name}"
    if name in NAMED:
        return NAMED[name]
    if kind == "UUIDField":
        return uuid.uuid4()
    if kind in {"CharField", "SlugField"}:
        return "text"[: field.max_length]
    return VALUES.get(kind, 1)


def contents() -> Tables:
    """Every row of every table of ours, as texts by column."""
    from django.db import connection

    with connection.cursor() as cursor:
        tables = [name for name in connection.introspection.table_names(cursor) if not name.startswith("django_")]
        return {table: _rows(cursor, table) for table in tables}


def _rows(cursor: Any, table: str) -> list[dict[str, str]]:
    cursor.execute(f'SELECT * FROM "{table}"')
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, map(_as_text, row), strict=True)) for row in cursor.fetchall()]


def _as_text(value: Any) -> str:
    return str(bytes(value) if isinstance(value, memoryview) else value)


def main() -> None:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    from platen.cli.database import migrate, set_up

    set_up()
    before: Tables = {}
    for stop in STOPS:
        MigrationExecutor(connection).migrate([tuple(name.split(".")) for name in stop])
        fill()
        before = contents() | before
    migrate()
    json.dump({"before": before, "after": contents()}, sys.stdout)


if __name__ == "__main__":
    main()
