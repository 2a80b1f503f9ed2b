"""A database with all tables and no rows, to be copied by whoever needs a fresh one.

Its tables are made as `platen serve` makes them on an empty database. That these are what the migrations lead to is
tested in tests/cli/test_fresh_database.py; to run the migrations for every database of the tests would take minutes.
"""

from __future__ import annotations

import atexit
import functools
import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from tests.peers.postgres import new_database

ROOT = Path(__file__).resolve().parents[1]
PATIENCE_S = 300
MAKE_TABLES = "from platen.cli.database import migrate, set_up; set_up(); migrate()"


@functools.cache
def migrated_database() -> Path:
    """A SQLite file with all tables and no rows, made once a process."""
    path = _folder() / "platen.sqlite3"
    _run(f"sqlite://{path}", "-c", MAKE_TABLES)
    return path


@functools.cache
def migrated_on(server_url: str) -> str:
    """The URL of such a database on a PostgreSQL server, made once a process and dropped at its end."""
    kept = ExitStack()
    atexit.register(kept.close)
    url = kept.enter_context(new_database(server_url, f"migrated_{os.getpid()}"))
    _run(url, "-c", MAKE_TABLES)
    return url


@functools.cache
def _folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="platen-migrated-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _run(url: str, *arguments: str) -> None:
    """Python in a process of its own, on this database."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("PLATEN_")}
    environ |= {
        "DJANGO_SETTINGS_MODULE": "platen.django_settings",
        "PLATEN_DATA": str(_folder()),
        "PLATEN_DATABASE": url,
    }
    subprocess.run([sys.executable, *arguments], cwd=ROOT, env=environ, check=True, timeout=PATIENCE_S)
