"""Starting a program, waiting until it serves, and stopping it with everything that it started."""

from __future__ import annotations

import os
import random
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

LOOPBACK = "127.0.0.1"
# Under the range from which Linux takes ports for outgoing connections (32768 and up), so that no client of a
# test running beside this one gets the port between our look and the peer's bind.
PORTS = range(20_000, 32_000)
# How long others may take. Only a test that fails waits for so long: a busy machine takes its time.
PATIENCE_S = 90.0
_random = random.Random(os.getpid() ^ time.monotonic_ns())


class PeerFailed(Exception):
    """A peer did not start, or ended early; the text ends with what it printed."""


def free_port() -> int:
    """A TCP port that nobody listens on at 127.0.0.1, for a program that must be told one."""
    for _ in range(200):
        port = _random.choice(PORTS)
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((LOOPBACK, port))
            except OSError:
                continue
            return port
    raise PeerFailed(f"no free port between {PORTS.start} and {PORTS.stop}: is something left running?")


def wait_until(condition: Callable[[], bool], what: str, *, timeout_s: float = PATIENCE_S) -> None:
    """Returns as soon as the condition holds; raises PeerFailed naming `what` after the timeout."""
    deadline = time.monotonic() + timeout_s
    while not condition():
        if time.monotonic() > deadline:
            raise PeerFailed(f"waited {timeout_s:g} s in vain for {what}")
        time.sleep(0.02)  # the other side is another process: there is nothing to be woken by


def answers(port: int, host: str = LOOPBACK) -> bool:
    """True if something accepts a TCP connection there."""
    try:
        socket.create_connection((host, port), timeout=1).close()
    except OSError:
        return False
    return True


@dataclass(slots=True)
class Running:
    """A program that runs, and where its output goes."""

    process: subprocess.Popen[bytes]
    log: Path

    def output(self) -> str:
        return self.log.read_text(errors="replace")

    def wait_for_port(self, port: int, *, timeout_s: float = PATIENCE_S) -> None:
        """Returns when the program accepts connections.

        Raises: PeerFailed with the program's output if it ends before, or takes too long.
        """

        def serving() -> bool:
            if self.process.poll() is not None:
                raise PeerFailed(
                    f"{self.process.args!r} ended with {self.process.returncode}:\n{self.output()[-4000:]}"
                )
            return answers(port)

        wait_until(serving, f"port {port} of {self.process.args!r}", timeout_s=timeout_s)

    def stop(self, *, timeout_s: float = 10) -> None:
        """SIGTERM to the program's whole process group, SIGKILL to what is left after the timeout."""
        for sent in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(self.process.pid, sent)
            except ProcessLookupError:
                break
            try:
                self.process.wait(timeout_s)
            except subprocess.TimeoutExpired:
                continue
            break
        self.process.wait(timeout_s)


@contextmanager
def running(
    command: Sequence[str | Path], *, log: Path, env: Mapping[str, str] | None = None, cwd: Path | None = None
) -> Iterator[Running]:
    """Runs a program in a process group of its own; its output goes to `log`. `env` is added to the environment."""
    with log.open("ab") as output:
        process = subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**os.environ, **(env or {})},
            cwd=cwd,
            start_new_session=True,
        )
    program = Running(process, log)
    try:
        yield program
    finally:
        program.stop()


@contextmanager
def open_folder(prefix: str, *, under: Path | None = None) -> Iterator[Path]:
    """A temporary folder that other users may enter: peers drop root, and pytest's own folders admit nobody else."""
    folder = Path(tempfile.mkdtemp(prefix=f"platen-{prefix}-", dir=under))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
