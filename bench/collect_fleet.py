"""The simulated fleet that collecting is measured against: a process of its own, its machines made from real walks."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from bench.running import processor_s
from platen.demo.fleet.population import address


@dataclass(frozen=True, slots=True)
class Simulator:
    """A fleet that answers. Machine number n is at `address(n)`."""

    process: subprocess.Popen[bytes]
    port: int
    machines: int
    models: int

    @property
    def processor_s(self) -> float:
        """Processor time that it took so far."""
        return processor_s(self.process.pid)

    def addresses(self, count: int | None = None) -> list[str]:
        """Of its first machines; of all of them without a number."""
        return [address(number) for number in range(self.machines if count is None else min(count, self.machines))]


@contextmanager
def simulator(machines: int, *, silent: float = 0.0) -> Iterator[Simulator]:
    """A fleet until the end of the block. silent: the share of machines that never answer."""
    arguments = ["--machines", str(machines), "--silent", str(silent)]
    command = [sys.executable, "-m", "tests.peers.snmp_fleet", *arguments]
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    try:
        assert process.stdout is not None
        said = json.loads(process.stdout.readline())
        yield Simulator(process, said["port"], machines, said["models"])
    finally:
        process.terminate()
        process.wait(30)
