"""A network of simulated printers, a site in it, and a home."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from platen.demo.fleet.catalogue import CATALOGUE
from platen.demo.fleet.fleet import Fleet
from platen.demo.fleet.network import FleetSocket
from platen.demo.fleet.population import machine
from platen.demo.fleet.printer_mib import model_of
from tests.collector import home
from tests.collector.site import Site
from tests.running_node import RunningNode

# Each worker has addresses of its own, so that fleets of tests that run side by side are not found by others.
NETWORK = f"127.41.{int(os.environ.get('PYTEST_XDIST_WORKER', 'gw0')[2:]) % 200}"
_number = iter(range(10_000))


@pytest.fixture
def network() -> Iterator[tuple[Fleet, int]]:
    """Three machines that nobody has seen before, and the port at which they answer."""
    fleet = Fleet()
    base = 100 * os.getpid() + 3 * next(_number)
    for place in range(3):
        fleet.put(f"{NETWORK}.{place + 7}", machine(base + place, model_of(CATALOGUE[place])))
    with FleetSocket(fleet) as served:
        yield fleet, served.port


@pytest.fixture
def site(tmp_path: Path, network: tuple[Fleet, int]) -> Site:
    """A site whose home is away."""
    folder = tmp_path / "site"
    folder.mkdir()
    made = Site(folder)
    made.tables = {
        "search": {"addresses": f"{NETWORK}.7-9", "port": network[1], "packets_per_s": 5000},
        "read": {"timeout_s": 20, "retries": 1},  # machines that answer do so at once, unless this computer is busy
        "send": {"way": "https"},
        "send.https": {"timeout_s": 60},
    }
    return made


@pytest.fixture
def at_home(module_node: RunningNode, site: Site, request: pytest.FixtureRequest) -> RunningNode:
    """A node that knows the site, which trusts its certificate. The collector is named for the test."""
    site.collector, site.key = module_node.call(home.add, request.node.name[:60])
    site.home = f"https://127.0.0.1:{module_node.https}"
    site.tables["send.https"]["ca_file"] = str(module_node.data / "tls" / "certificate.pem")
    return module_node
