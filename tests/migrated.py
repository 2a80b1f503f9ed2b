"""A database with all tables and no rows, to be copied by whoever needs a fresh one."""

from __future__ import annotations

import atexit
import functools
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PATIENCE_S = 300


@functools.cache
def migrated_database() -> Path:
    """A SQLite file with all tables and no rows, made once a process: the tables take most of a first start."""
    folder = Path(tempfile.mkdtemp(prefix="platen-migrated-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    path = folder / "platen.sqlite3"
    environ = {name: value for name, value in os.environ.items() if not name.startswith("PLATEN_")}
    environ |= {
        "DJANGO_SETTINGS_MODULE": "platen.django_settings",
        "PLATEN_DATA": str(folder),
        "PLATEN_DATABASE": f"sqlite://{path}",
    }
    command = [sys.executable, "-m", "django", "migrate", "--verbosity=0"]
    subprocess.run(command, cwd=ROOT, env=environ, check=True, timeout=PATIENCE_S)
    return path
