"""The simulated fleet that collecting is measured against: a process of its own, its machines made from real walks."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from bench.running import processor_s
from platen.demo.fleet.population import address


@dataclass(slots=True)
class Simulator:
    """A fleet that answers. Machine number n is at `address(n)`."""

    machines: int
    process: subprocess.Popen[bytes]
    port: int
    models: int
    began: float

    @classmethod
    def started(cls, machines: int, *, silent: float = 0.0, port: int = 0, began: float | None = None) -> Simulator:
        """silent: the share of machines that never answer. port: 0 takes a free one. began: when their lives did."""
        began = time.time() if began is None else began
        arguments = ["--machines", str(machines), "--silent", str(silent), "--port", str(port), "--began", str(began)]
        process = subprocess.Popen([sys.executable, "-m", "tests.peers.snmp_fleet", *arguments], stdout=subprocess.PIPE)
        assert process.stdout is not None
        said = json.loads(process.stdout.readline())
        return cls(machines, process, said["port"], said["models"], began)

    def replace(self, *, silent: float) -> None:
        """The same machines go on in another process, some of them silent."""
        self.stop()
        other = Simulator.started(self.machines, silent=silent, port=self.port, began=self.began)
        self.process = other.process

    def stop(self) -> None:
        """Nobody answers any more."""
        self.process.terminate()
        self.process.wait(30)
        if self.process.stdout is not None:
            self.process.stdout.close()

    @property
    def processor_s(self) -> float:
        """Processor time that it took so far."""
        return processor_s(self.process.pid)

    def addresses(self, count: int | None = None) -> list[str]:
        """Of its first machines; of all of them without a number."""
        return [address(number) for number in range(self.machines if count is None else min(count, self.machines))]


@contextmanager
def simulator(machines: int, *, silent: float = 0.0) -> Iterator[Simulator]:
    """A fleet until the end of the block. silent: the share of its machines that never answer."""
    fleet = Simulator.started(machines, silent=silent)
    try:
        yield fleet
    finally:
        fleet.stop()
