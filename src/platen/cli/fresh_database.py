"""Tables for a database that is empty, at once.

Migrations tell how databases of every age become what they are to be. SQLite copies a table for most changes, and
Django models the whole past on the way: seconds, while somebody waits for a first start. An empty database gets the
tables that this history ends with, and every migration is noted as applied.
"""

from __future__ import annotations

from django.apps import apps
from django.core.management.sql import emit_post_migrate_signal
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.migration import Migration
from django.db.migrations.operations import RunPython, RunSQL

# Theirs change data of older versions, of which a new database has none.
_OF_DJANGO = frozenset({"auth", "contenttypes", "sessions"})

Plan = list[tuple[Migration, bool]]


def is_fresh(plan: Plan) -> bool:
    """Whether nothing is in the database yet, and no migration of ours would put anything into it but tables."""
    return not any(map(_changes_data, plan)) and not connection.introspection.table_names()


def _changes_data(step: tuple[Migration, bool]) -> bool:
    migration = step[0]
    ours = migration.app_label not in _OF_DJANGO
    # Django calls elidable what only brings data of older versions along.
    return ours and any(isinstance(each, RunPython | RunSQL) and not each.elidable for each in migration.operations)


def make_tables(executor: MigrationExecutor, plan: Plan) -> None:
    """Make all tables and note the migrations of the plan as applied, in one transaction."""
    with connection.schema_editor() as editor:
        editor.create_model(executor.recorder.Migration)
        for model in executor.loader.project_state().apps.get_models():
            if model._meta.can_migrate(connection):
                editor.create_model(model)
        for migration, _ in plan:
            executor.recorder.record_applied(migration.app_label, migration.name)
    with transaction.atomic():
        emit_post_migrate_signal(verbosity=0, interactive=False, db=connection.alias, apps=apps, plan=plan)
