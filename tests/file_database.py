"""SQLite in a file for tests too: the in-memory database of Django's tests cannot be shared between threads."""

from __future__ import annotations

import shutil

import pytest
from django.conf import settings

from tests.migrated import migrated_database


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_xdist_suffix: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Called by pytest-django before it makes the database. Threads in one shared in-memory database get "table is
    locked" at once, where a file's write-ahead log lets readers read and writers queue, as in production."""
    database = settings.DATABASES["default"]
    if _is_sqlite():
        path = tmp_path_factory.mktemp("database") / "platen.sqlite3"
        shutil.copyfile(migrated_database(), path)
        database.setdefault("TEST", {})["NAME"] = str(path)


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """pytest-django takes the file as it finds it, with all tables and no rows."""
    return _is_sqlite()


def _is_sqlite() -> bool:
    return bool(settings.DATABASES["default"]["ENGINE"].endswith("sqlite"))
