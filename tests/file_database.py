"""SQLite in a file for tests too: the in-memory database of Django's tests cannot be shared between threads."""

from __future__ import annotations

import pytest
from django.conf import settings


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_xdist_suffix: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Called by pytest-django before it makes the database. Threads in one shared in-memory database get "table is
    locked" at once, where a file's write-ahead log lets readers read and writers queue, as in production."""
    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite"):
        database.setdefault("TEST", {})["NAME"] = str(tmp_path_factory.mktemp("database") / "platen.sqlite3")
