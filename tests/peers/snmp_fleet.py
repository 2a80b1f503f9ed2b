"""A simulated fleet of machines that answer SNMP over UDP, each at a loopback address of its own.

In a test: `with running_fleet(fleet) as port:` serves in a thread. As a process, for many thousands:
`python -m tests.peers.snmp_fleet --machines 50000` prints its port, and serves until it is told to stop.
"""

from __future__ import annotations

import argparse
import json
import random
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager

from platen.demo.fleet.fleet import Fleet, silent
from platen.demo.fleet.network import FleetSocket
from platen.demo.fleet.population import machines
from tests.peers.snmp_fleet_walks import mixture

SEED = 20260101


@contextmanager
def running_fleet(fleet: Fleet) -> Iterator[int]:
    """Answers until the end of the block. Gives: the UDP port, the same at all addresses."""
    with FleetSocket(fleet) as served:
        yield served.port


def fleet_of(count: int, *, silent_share: float = 0.0, began: float | None = None) -> Fleet:
    """Machines of every recorded model in turn, from 127.10.0.1 on; of these some that never answer.

    began: seconds of the system's clock at which their lives begin; None: now.
    """
    chance = random.Random(SEED)
    origin = time.time() if began is None else began
    fleet = Fleet(now=lambda: time.time() - origin)
    for address, machine in machines(count, mixture()):
        fleet.put(address, machine, silent if chance.random() < silent_share else None)
    return fleet


def main() -> None:
    """Serve until SIGTERM. The first line of standard output says the port."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--machines", type=int, default=1000)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--silent", type=float, default=0.0, metavar="SHARE")
    parser.add_argument("--began", type=float, default=None, metavar="S", help="as of an earlier process's machines")
    chosen = parser.parse_args()
    fleet = fleet_of(chosen.machines, silent_share=chosen.silent, began=chosen.began)
    served = FleetSocket(fleet, chosen.port)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: served.stop())
    print(json.dumps({"port": served.port, "models": len({model.name for model in mixture()})}), flush=True)
    served.serve()
    served.close()


if __name__ == "__main__":
    main()
