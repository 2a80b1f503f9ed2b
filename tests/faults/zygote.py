"""Servers that start quickly: a process that has everything imported and forks a `platen serve` for each line it reads.

Importing takes most of a start, and a test that kills a server a hundred times would mostly import. What is forked
opens data directory, database and ports itself, like any other start; it is as real and dies as completely.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path


class Zygote:
    """The parent of the servers, seen from the test."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process

    def start(self, *, dies_at: int = 0, after: bool = False) -> int:
        """Start a server; one that `dies_at` a step (see steps.py) ends by itself. Returns: its process id."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(b"start %d %d\n" % (dies_at, after))
        self._process.stdin.flush()
        return int(self._process.stdout.readline())

    def wait(self, pid: int) -> None:
        """Returns when the server has ended and its ports are free."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(b"wait %d\n" % pid)
        self._process.stdin.flush()
        self._process.stdout.readline()


@contextmanager
def zygote(environ: Mapping[str, str], log: Path) -> Iterator[Zygote]:
    """Starts the parent; what its servers log goes to `log`."""
    with log.open("ab") as errors:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.zygote"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            env={**os.environ, **environ},
        )
    try:
        yield Zygote(process)
    finally:
        assert process.stdin is not None
        process.stdin.close()
        process.wait(30)
        assert process.stdout is not None
        process.stdout.close()


def _serve(dies_at: int, after: bool) -> None:
    """The child: from here on it is `platen serve`."""
    from platen.cli.serve import serve
    from tests.faults.steps import die_at

    if dies_at:
        die_at(dies_at, after=after)
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 0)
    os.dup2(null, 1)
    try:
        serve(services="")
    except BaseException as error:  # noqa: BLE001  # the child never returns into its parent's code
        print(f"server ended: {error!r}", file=sys.stderr, flush=True)
        os._exit(1)
    os._exit(0)


def main() -> None:
    os.umask(0o077)
    os.environ["DJANGO_SETTINGS_MODULE"] = "platen.django_settings"
    from platen.cli import commands
    from platen.cli.database import set_up

    del commands
    set_up("warning")
    from platen.services import node
    from tests.faults import steps

    del node, steps
    for line in sys.stdin.buffer:
        if line.startswith(b"wait"):
            os.waitpid(int(line.split()[1]), 0)
            answer = b"ended\n"
        else:
            pid = os.fork()
            if pid == 0:
                _command, dies_at, after = line.split()
                _serve(int(dies_at), after == b"1")
            answer = b"%d\n" % pid
        sys.stdout.buffer.write(answer)
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
