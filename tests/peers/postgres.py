"""A PostgreSQL server of the tests' own.

As a program it runs a command beside such a server, which is how the suite runs on PostgreSQL:
python -m tests.peers.postgres pytest -m database
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from tests.peers.programs import require
from tests.peers.running import LOOPBACK, PeerFailed, free_port, open_folder

SUPERUSER = "platen"
# The tests ask whether the product is right, not whether PostgreSQL survives a power cut.
SPEED = "-c fsync=off -c full_page_writes=off -c synchronous_commit=off -c max_connections=200 -c max_wal_size=256MB"
# A test that commits has all tables emptied after it: hundreds of files made anew, quick in memory, slow on a disk.
MEMORY = Path("/dev/shm")
MEMORY_BYTES_MIN = 4 * 2**30


@dataclass(frozen=True, slots=True)
class Postgres:
    """A server that runs; everybody on loopback is its superuser."""

    port: int

    def url(self, database: str = "postgres") -> str:
        return f"postgresql://{SUPERUSER}@{LOOPBACK}:{self.port}/{database}"


@contextmanager
def postgres() -> Iterator[Postgres]:
    """Makes a database cluster in a folder of its own and serves it; initdb and the server refuse to run as root."""
    programs = _programs()
    port = free_port()
    with open_folder("postgres", under=_memory_with_room()) as folder:
        data = folder / "data"
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres", "postgres")
        initdb = ["-D", str(data), "-U", SUPERUSER, "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
        _run(programs / "initdb", *initdb)
        options = f"-h {LOOPBACK} -p {port} -k {folder} {SPEED}"
        _run(programs / "pg_ctl", "-D", str(data), "-l", str(folder / "log"), "-o", options, "-w", "-t", "60", "start")
        try:
            yield Postgres(port)
        finally:
            _run(programs / "pg_ctl", "-D", str(data), "-m", "immediate", "-w", "stop")


@contextmanager
def new_database(server_url: str, name: str) -> Iterator[str]:
    """An empty database on the server; yields its URL, and drops it with whoever is still connected."""
    if not re.fullmatch(r"[a-z0-9_]{1,60}", name):
        raise ValueError(f"{name!r} is no plain name for a database")
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield server_url.rpartition("/")[0] + "/" + name
        finally:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def copy_database(template_url: str, url: str) -> None:
    """Put a copy of a database that nobody is connected to in the place of another one on the same server."""
    server, _, template = template_url.rpartition("/")
    name = sql.Identifier(url.rpartition("/")[2])
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(name, sql.Identifier(template)))


def _memory_with_room() -> Path | None:
    """A file system in memory; None where there is none, or a small one as containers have."""
    return MEMORY if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free >= MEMORY_BYTES_MIN else None


def _programs() -> Path:
    """The newest server's programs; Debian keeps them out of everybody's PATH, one folder a major version."""
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    if versions:
        return versions[-1]
    return require("initdb", "postgresql").parent


def _run(program: Path, *arguments: str) -> None:
    command = [str(program), *arguments]
    if os.geteuid() == 0:
        command = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", *command]
    with open_folder("pg-output") as folder, (folder / "log").open("w+b") as output:
        # Into a file: the server keeps what pg_ctl inherits, and a pipe would not end before the server does.
        done = subprocess.run(
            command, cwd="/", check=False, stdin=subprocess.DEVNULL, stdout=output, stderr=output, timeout=120
        )
        output.seek(0)
        if done.returncode:
            raise PeerFailed(
                f"{' '.join(command)} ended with {done.returncode}: {output.read().decode(errors='replace')}"
            )


def main(command: Sequence[str]) -> int:
    """Runs the command with PLATEN_DATABASE naming a database on a fresh server; returns its exit code."""
    with postgres() as server, new_database(server.url(), "platen") as url:
        return subprocess.run(command, check=False, env={**os.environ, "PLATEN_DATABASE": url}).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
