"""What machines are found by when somebody types: one narrow row for each, which the database keeps by itself.

A machine's own row is wide, and what is typed may stand in nine columns of two tables: to look through them for fifty
thousand machines takes a tenth of a second on SQLite and half a second on PostgreSQL; through these rows a tenth of
that. The columns are written in many places (readings, imports, changes of many, merges), so triggers keep the texts.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import QuerySet, Value
from django.db.models.functions import Lower

from platen.fleet.models import SearchText

_OF_DEVICE = ("name", "location")
_OF_MACHINE = ("address", "maker", "model", "serial", "host_name", "asset_number", "mac")
_TEXT = " || CHR(10) || ".join([*(f"d.{name}" for name in _OF_DEVICE), *(f"m.{name}" for name in _OF_MACHINE)])
_KEEP = f"""
INSERT INTO fleet_searchtext (machine_id, tenant_id, managed, text)
SELECT m.device_id, m.tenant_id, m.managed, LOWER({_TEXT})
FROM fleet_machine m JOIN devices_device d ON d.id = m.device_id WHERE %s
ON CONFLICT (machine_id) DO UPDATE SET managed = excluded.managed, text = excluded.text
"""  # noqa: S608  # our own names
_TABLES = (
    ("fleet_machine", "device_id", (*_OF_MACHINE, "managed")),
    ("devices_device", "id", _OF_DEVICE),
)
_THERE = {
    "sqlite": "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'search_text_%'",
    "postgresql": "SELECT tgname, tgrelid::regclass::text FROM pg_trigger WHERE tgname LIKE 'search_text_%'",
}
_FUNCTION = """CREATE OR REPLACE FUNCTION {}() RETURNS trigger LANGUAGE plpgsql AS
$body$ BEGIN {}; RETURN NULL; END $body$;
"""


def machines_with(text: str, *, managed: bool) -> QuerySet[Any]:
    """Machines (their keys) that have such a text in what they are found by. Letters of ASCII are alike, large or
    small; on PostgreSQL all are."""
    # The database's own idea of small letters, on both sides.
    found = SearchText.objects.filter(managed=managed, text__contains=Lower(Value(text)))
    return found.values("machine_id")


def leave_search_texts(using: str, plan: Collection[Any] = (), **_: object) -> None:
    """Take the triggers away; called before migrations. SQLite copies a table for most changes, and would not let go of
    one that a trigger names."""
    if plan:
        database = connections[using]
        with database.cursor() as cursor:
            for name, table in _kept(database, cursor).items():
                cursor.execute(f"DROP TRIGGER {name}" + ("" if database.vendor == "sqlite" else f" ON {table}"))


def keep_search_texts(using: str, **_: object) -> None:
    """Make the triggers where they are missing, and all texts anew: all of it or nothing, which the next start mends.

    Called when tables were made or changed, and at every start, in case the one before was ended in between.
    """
    database = connections[using]
    statements = _statements(database.vendor)
    with database.cursor() as cursor:
        if statements.keys() <= _kept(database, cursor).keys():
            return
        if not {"fleet_searchtext", *(table for table, *_rest in _TABLES)} <= set(database.introspection.table_names()):
            return  # at a migration before the one that makes them
    with transaction.atomic(using), database.cursor() as cursor:
        for statement in (*statements.values(), _text_of(database.vendor, "m.device_id IS NOT NULL")):
            cursor.execute(statement)


def _kept(database: BaseDatabaseWrapper, cursor: Any) -> dict[str, str]:
    """The triggers that are there: name to table."""
    cursor.execute(_THERE[database.vendor])
    return dict(cursor.fetchall())


def _statements(vendor: str) -> dict[str, str]:
    """By their names: what makes the triggers."""
    made = {}
    for table, key, columns in _TABLES:
        moved = " OR ".join(f"OLD.{name} <> NEW.{name}" for name in columns)
        moments = {"moved": (f"AFTER UPDATE OF {', '.join(columns)}", f"WHEN ({moved})")}
        if table == "fleet_machine":  # a device has no text before its machine is there
            moments["added"] = ("AFTER INSERT", "")
        for name, (moment, condition) in moments.items():
            called = f"search_text_{table}_{name}"
            head = f"{called} {moment} ON {table} FOR EACH ROW {condition}"
            keep = _text_of(vendor, f"m.device_id = NEW.{key}")
            made[called] = (
                f"CREATE TRIGGER IF NOT EXISTS {head} BEGIN {keep}; END"
                if vendor == "sqlite"
                else _FUNCTION.format(called, keep) + f"CREATE OR REPLACE TRIGGER {head} EXECUTE FUNCTION {called}()"
            )
    return made


def _text_of(vendor: str, which: str) -> str:
    statement = _KEEP % which
    return statement.replace("CHR(10)", "CHAR(10)") if vendor == "sqlite" else statement
