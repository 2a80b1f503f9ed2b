"""What SQLite's planner knows of the tables. PostgreSQL gathers the like by itself.

Knowing nothing, it takes an index on the tenant to single out a few rows, where it leads to all of a site's jobs. Small
tables are left out: there any way is quick, and what held for ten rows would mislead it among a million.
"""

from __future__ import annotations

from django.apps import apps
from django.db import connection
from django.db.models import Max, Model

ROWS_MIN = 10_000
GROWN = 4  # times as large as when it was looked at
ROWS_OF_AN_INDEX = 10_000  # it looks at so many: a quarter of a second for a million jobs, instead of many seconds


class Statistics:
    """Looks at the tables that have become large. Other connections learn of it when they are opened."""

    def __init__(self) -> None:
        self._newest: dict[type[Model], int] = {}  # key when it was looked at

    def gather(self) -> list[str]:
        """Look at what has grown since the last time. Returns: the names of those tables."""
        if connection.vendor != "sqlite":
            return []
        grown = {model: newest for model in apps.get_models() if (newest := _newest(model)) >= self._due_at(model)}
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA analysis_limit={ROWS_OF_AN_INDEX}")
            for model in grown:
                cursor.execute(f"ANALYZE {connection.ops.quote_name(model._meta.db_table)}")
        self._newest |= grown
        return [model._meta.db_table for model in grown]

    def _due_at(self, model: type[Model]) -> int:
        return max(ROWS_MIN, GROWN * self._newest.get(model, 0))


def _newest(model: type[Model]) -> int:
    """The largest key of a table, which tells how many rows it has had and costs nothing to ask."""
    key = model._meta.pk
    if key is None or key.get_internal_type() not in {"BigAutoField", "OneToOneField"}:
        return 0
    return int(model._base_manager.aggregate(newest=Max("pk"))["newest"] or 0)
