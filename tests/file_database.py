"""The database of Django's tests: a copy of one that has its tables, and on SQLite a file, as the usual one in memory
cannot be shared between threads."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.db import connection
from pytest_django import DjangoDbBlocker

from tests.migrated import migrated_database, migrated_on


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_xdist_suffix: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Called by pytest-django before it makes the database. Threads in one shared in-memory database get "table is
    locked" at once, where a file's write-ahead log lets readers read and writers queue, as in production."""
    test = settings.DATABASES["default"].setdefault("TEST", {})
    if _is_sqlite():
        path = tmp_path_factory.mktemp("database") / "platen.sqlite3"
        shutil.copyfile(migrated_database(), path)
        test["NAME"] = str(path)
    else:
        test["TEMPLATE"] = migrated_on(os.environ["PLATEN_DATABASE"]).rpartition("/")[2]


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """pytest-django takes the file as it finds it, with all tables and no rows."""
    return _is_sqlite()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """What pytest-django sets up; before it drops the database, sessions are ended that threads of libraries keep open
    (asgiref's, for one): PostgreSQL drops no database that somebody uses."""
    yield
    if not _is_sqlite():
        others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute(f"{others} AND pid <> pg_backend_pid()")


def _is_sqlite() -> bool:
    return bool(settings.DATABASES["default"]["ENGINE"].endswith("sqlite"))
