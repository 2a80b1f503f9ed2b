"""From printers at a site to machines at home: over real sockets, to a running node."""

from __future__ import annotations

import pytest

from platen.demo.fleet.fleet import Fleet
from tests.collector import home
from tests.collector.conftest import NETWORK
from tests.collector.site import Site
from tests.running_node import RunningNode


def test_readings_come_home(
    site: Site, at_home: RunningNode, network: tuple[Fleet, int], request: pytest.FixtureRequest
) -> None:
    """What is read at the site is at home, once; the next readings go on from there.

    DCA-SYS-01 DCA-RUN-01 DCA-RUN-02 DCA-RUN-03 DCA-DATA-01 DCA-NET-01 DCA-NET-03
    """
    done = site.once()
    assert (done.rows, site.waiting()) == (3, 0)
    found = at_home.call(home.machines, request.node.name)
    assert [each["address"] for each in found] == [f"{NETWORK}.{place}" for place in (7, 8, 9)]
    assert all(each["serial"] and each["pages"] and each["power"] == "on" for each in found)
    again = site.once()
    assert (again.rows, at_home.call(home.last_row, request.node.name)) == (3, 6)
    assert again.octets < done.octets - 500  # only what changed
    assert len(at_home.call(home.machines, request.node.name)) == 3
