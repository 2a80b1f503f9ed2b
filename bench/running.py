"""Starting a node for a measurement: a fresh data directory, free ports, everything else as a user would have it."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class RunningNode:
    """A `platen serve` that answers."""

    process: subprocess.Popen[bytes]
    data: Path
    port: int
    reader_port: int
    environment: dict[str, str]

    @property
    def uri(self) -> str:
        """The default queue."""
        return f"ipp://127.0.0.1:{self.port}/ipp/print"

    def platen(self, *arguments: str) -> str:
        """Run a command beside the node."""
        command = [sys.executable, "-m", "platen", *arguments]
        return subprocess.run(command, env=self.environment, check=True, capture_output=True, text=True).stdout

    @property
    def resident_bytes(self) -> int:
        """Memory of the server and its children now."""
        return sum(resident_bytes(pid) for pid in [self.process.pid, *children(self.process.pid)])


def free_port() -> int:
    """A port that nothing listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(data: Path, **settings: object) -> dict[str, str]:
    """The environment of a node: its data directory, its ports, no network announcements."""
    chosen = {
        "data": data,
        "bind": "127.0.0.1",
        "port": free_port(),
        "tls_port": -1,
        "lpd_port": -1,
        "raw_port": -1,
        "reader_port": free_port(),
        "dnssd": False,
        "log_level": "error",
        **settings,
    }
    # Modules are compiled once, as for a server that was started before, whatever the caller's Python is told.
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("PLATEN_", "PYTHONDONT"))}
    return inherited | {f"PLATEN_{name.upper()}": str(value) for name, value in chosen.items()}


def bench_directory() -> Path:
    """Where benchmarks write: PLATEN_BENCH_DIR, else `build` in the working directory, on the disk that is measured."""
    return Path(os.environ.get("PLATEN_BENCH_DIR", Path.cwd() / "build"))


@contextlib.contextmanager
def data_directory() -> Iterator[Path]:
    """A fresh data directory, removed afterwards."""
    bench_directory().mkdir(parents=True, exist_ok=True)
    path = Path(tempfile.mkdtemp(prefix="bench-", dir=bench_directory()))
    try:
        yield path
    finally:
        shutil.rmtree(path)


@contextlib.contextmanager
def node(data: Path, **settings: object) -> Iterator[RunningNode]:
    """A running node on a data directory; stopped gracefully afterwards."""
    with starting_node(data, **settings) as running:
        wait_until_ready(running.port, running.process)
        yield running


@contextlib.contextmanager
def starting_node(data: Path, **settings: object) -> Iterator[RunningNode]:
    """A node that was started this moment and may not answer yet; stopped gracefully afterwards."""
    variables = environment(data, **settings)
    process = subprocess.Popen([sys.executable, "-m", "platen", "serve"], env=variables, stdout=subprocess.DEVNULL)
    try:
        yield RunningNode(process, data, int(variables["PLATEN_PORT"]), int(variables["PLATEN_READER_PORT"]), variables)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_until_ready(port: int, process: subprocess.Popen[bytes], patience_s: float = 60) -> None:
    """Ask /readyz until it says yes. Raises: RuntimeError, TimeoutError."""
    deadline = time.monotonic() + patience_s
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"platen serve ended with status {process.returncode}")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=1) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.01)
    raise TimeoutError("platen serve did not become ready")


def resident_bytes(pid: int) -> int:
    """Resident memory of a process; 0 when it is gone."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")


def processor_s(pid: int) -> float:
    """Processor time that a process has had, without its children."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def threads(pid: int) -> int:
    """How many threads a process has now."""
    return len(os.listdir(f"/proc/{pid}/task"))  # noqa: PTH208  # only their number


def children(pid: int) -> list[int]:
    """Direct children of a process."""
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except (FileNotFoundError, ProcessLookupError):
        return []
