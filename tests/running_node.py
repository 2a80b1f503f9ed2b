"""A Platen node as people run it: `platen serve` in a process of its own, on free ports, with a fresh data directory.

A second process, beside it on the same database, carries out what a test arranges: `node.call(function, ...)` runs a
function of an importable module there, acting for the default tenant, and brings back what it returns (pickled).
"""

from __future__ import annotations

import os
import pickle
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, ParamSpec, TypeVar, cast

import pytest

from tests.migrated import migrated_database
from tests.peers.running import LOOPBACK, PeerFailed, Running, free_port, running

ROOT = Path(__file__).resolve().parents[1]
START_S = 300
P = ParamSpec("P")
R = TypeVar("R")


@dataclass(slots=True)
class RunningNode:
    """Where it listens, and how to reach into it."""

    environ: dict[str, str]
    data: Path
    program: Running
    http: int
    https: int
    lpd: int
    raw: int
    readers: int
    _helper: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def url(self, path: str = "/") -> str:
        """The address of a page."""
        return f"http://{LOOPBACK}:{self.http}{path}"

    def ipp(self, queue: str = "") -> str:
        """The address of a queue; the default one without a name."""
        return f"ipp://{LOOPBACK}:{self.http}/ipp/print{f'/{queue}' if queue else ''}"

    def ipps(self, queue: str = "") -> str:
        """As `ipp`, over TLS."""
        return f"ipps://{LOOPBACK}:{self.https}/ipp/print{f'/{queue}' if queue else ''}"

    def call(self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Run a module's function beside the node, on its database. Raises what it raises."""
        if self._helper is None:
            self._helper = subprocess.Popen(
                [sys.executable, "-m", "tests.node_helper"],
                cwd=ROOT,
                env=self.environ,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
            )
        to, back = cast(IO[bytes], self._helper.stdin), cast(IO[bytes], self._helper.stdout)
        pickle.dump((function.__module__, function.__qualname__, args, kwargs), to)
        to.flush()
        try:
            is_error, value = pickle.load(back)
        except EOFError as error:
            raise PeerFailed("the node's helper process ended; its standard error says why") from error
        if is_error:
            raise value
        return cast(R, value)

    def metric(self, name: str) -> float:
        """The sum over all labels of a figure at /metrics; 0 where there is none."""
        with urllib.request.urlopen(self.url("/metrics"), timeout=60) as answer:
            text = answer.read().decode()
        return sum(float(found[1]) for found in re.finditer(rf"^{name}(?:\{{.*\}})? (\S+)$", text, re.MULTILINE))

    def stop_helper(self) -> None:
        if self._helper is not None:
            cast(IO[bytes], self._helper.stdin).close()
            self._helper.wait(60)
            cast(IO[bytes], self._helper.stdout).close()
            self._helper = None


@contextmanager
def running_node(folder: Path, **settings: str) -> Iterator[RunningNode]:
    """A node that serves when the block begins, and is told to stop (SIGTERM) when it ends.

    Its database has all tables when it starts; whoever wants to see an empty data directory starts a node by hand.
    settings: any of PLATEN's, without the prefix and in lower case, e.g. panel_timeout_s="3".
    """
    ports = {name: free_port() for name in ("port", "tls_port", "lpd_port", "raw_port", "reader_port", "trap_port")}
    given = {
        "data": str(folder / "data"),
        "bind": LOOPBACK,
        "dnssd": "false",
        "analysis_workers": "1",
        "log_json": "true",
        "stop_timeout_s": "3",
        # A test that wants machines to be read says so: others have devices at addresses that are nobody's.
        "services": "console,print,panel,output,work",
        **{name: str(port) for name, port in ports.items()},
        **settings,
    }
    environ = {name: value for name, value in os.environ.items() if not name.startswith("PLATEN_")}
    environ |= {f"PLATEN_{name.upper()}": value for name, value in given.items()}
    if "database" not in settings:
        database = Path(given["data"]) / "platen.sqlite3"
        database.parent.mkdir(mode=0o700, exist_ok=True)
        if not database.exists():
            shutil.copyfile(migrated_database(), database)
    log = folder / "node.log"
    with running([sys.executable, "-m", "platen", "serve"], log=log, env=environ, cwd=ROOT) as program:
        program.wait_for_port(int(given["port"]), timeout_s=START_S)
        node = RunningNode(
            environ,
            Path(given["data"]),
            program,
            int(given["port"]),
            int(given["tls_port"]),
            int(given["lpd_port"]),
            int(given["raw_port"]),
            int(given["reader_port"]),
        )
        try:
            yield node
        finally:
            node.stop_helper()


@pytest.fixture
def node(tmp_path: Path) -> Iterator[RunningNode]:
    """A node of the test's own."""
    with running_node(tmp_path) as started:
        yield started


@pytest.fixture(scope="module")
def module_node() -> Iterator[RunningNode]:
    """One node for all tests of a module: quicker, where they keep to people and devices of their own."""
    with tempfile.TemporaryDirectory(prefix="platen-node-") as folder, running_node(Path(folder)) as started:
        yield started
