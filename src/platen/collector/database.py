"""A collector's own SQLite file: machines, what waits to go home, and a few facts.

Each change is one transaction with a sync (WAL, synchronous FULL): what was read before the power went is still there.
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import shutil
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

_SCHEMA = """
CREATE TABLE fact (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE machine (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    token TEXT NOT NULL UNIQUE,
    address TEXT NOT NULL,
    port INTEGER NOT NULL,
    credential TEXT NOT NULL DEFAULT '',
    protocol TEXT NOT NULL DEFAULT 'snmp',
    serial TEXT NOT NULL DEFAULT '',
    mac TEXT NOT NULL DEFAULT '',
    uuid TEXT NOT NULL DEFAULT '',
    maker TEXT NOT NULL DEFAULT '',
    plan BLOB,
    reading BLOB,
    queued BLOB,
    whole INTEGER NOT NULL DEFAULT 1,
    asleep INTEGER NOT NULL DEFAULT 0,
    failures INTEGER NOT NULL DEFAULT 0,
    read_at REAL,
    surveyed_at REAL,
    due_at REAL,
    found_at REAL NOT NULL
);
CREATE INDEX machine_due ON machine (due_at);
CREATE INDEX machine_address ON machine (address);
CREATE INDEX machine_serial ON machine (serial);
CREATE TABLE outbox (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    at_ms INTEGER NOT NULL,
    kind TEXT NOT NULL,
    machine TEXT NOT NULL,
    octets INTEGER NOT NULL,
    content TEXT NOT NULL
);
"""
_VERSION = 1
HOLD_TRIES = 5
FILE_NAME = "collector.sqlite3"


class InUse(Exception):
    """Another collector works with this data directory."""


class NotStored(Exception):
    """The data directory cannot be used: a sentence with what to do."""


@contextmanager
def said_plainly(folder: Path) -> Iterator[None]:
    """What SQLite says of a disk that is full or fails, for a person. Raises: NotStored."""
    try:
        yield
    except sqlite3.Error as error:
        try:
            free = f" {shutil.disk_usage(folder).free // 1_048_576} MB are free there."
        except OSError:
            free = ""
        raise NotStored(
            f"data: {folder / FILE_NAME} cannot be used: {error}.{free} Make room on that disk, and see that the file "
            "and its folder belong to the user that runs this."
        ) from error


class Database:
    """One connection that threads share, one at a time."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.folder = folder
        self._lock = threading.RLock()
        self._depth = 0
        self._held: IO[bytes] | None = None
        self._connection = sqlite3.connect(
            folder / FILE_NAME, check_same_thread=False, isolation_level=None, timeout=30
        )
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "journal_size_limit=16777216"):
            self._connection.execute(f"PRAGMA {pragma}")
        self._make()

    def close(self) -> None:
        """No more calls after this."""
        with self._lock:
            self._connection.close()
            if self._held is not None:
                self._held.close()

    def hold(self) -> None:
        """Be the only one that works with this directory, until the end of the process. Raises: InUse."""
        self._held = (self.folder / "lock").open("ab")
        for attempt in range(HOLD_TRIES):
            try:
                fcntl.flock(self._held, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return
            except OSError as error:
                if attempt == HOLD_TRIES - 1:
                    raise InUse(f"A collector runs already with {self.folder}. Stop it first.") from error
                time.sleep(0.1)  # somebody who looks at its state has the lock for a moment

    def is_held(self) -> bool:
        """Whether a collector works with this directory now, this one not counted."""
        with (self.folder / "lock").open("ab") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                return self._held is None
        return False

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All of it or nothing; within another one, a part of that."""
        with self._lock:
            if self._depth:
                yield
                return
            self._connection.execute("BEGIN IMMEDIATE")
            self._depth = 1
            try:
                yield
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            else:
                self._connection.execute("COMMIT")
            finally:
                self._depth = 0

    def rows(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """What a SELECT finds."""
        with self._lock:
            return self._connection.execute(statement, values).fetchall()

    def execute(self, statement: str, *values: Any) -> int:
        """Change something. Returns: the key of the row that was added."""
        with self._lock:
            return self._connection.execute(statement, values).lastrowid or 0

    def fact(self, name: str, otherwise: Any = None) -> Any:
        """A fact, as JSON values."""
        found = self.rows("SELECT value FROM fact WHERE name = ?", name)
        return json.loads(found[0][0]) if found else otherwise

    def note(self, **facts: Any) -> None:
        """Keep facts."""
        with self.transaction():
            for name, value in facts.items():
                self.execute(
                    "INSERT INTO fact VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                    name,
                    json.dumps(value),
                )

    @property
    def octets(self) -> int:
        """Of the pages that are in use."""
        pages, free, size = (
            self.rows(f"PRAGMA {name}")[0][0] for name in ("page_count", "freelist_count", "page_size")
        )
        return int((pages - free) * size)

    def mask_key(self) -> bytes:
        """The key of tokens, made with the first use; in a file of its own, to be kept. It never goes out."""
        path = self.folder / "mask.key"
        if not path.exists():
            fresh = path.with_suffix(".new")
            with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                file.write(secrets.token_bytes(32))
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(path)
        return path.read_bytes()

    def _make(self) -> None:
        with self.transaction():
            if self.rows("PRAGMA user_version")[0][0] >= _VERSION:
                return
            for statement in filter(str.strip, _SCHEMA.split(";")):
                self.execute(statement)
            self.note(stream=secrets.token_hex(12), began_ms=int(time.time() * 1000), home_last=0)
            self.execute(f"PRAGMA user_version = {_VERSION}")
