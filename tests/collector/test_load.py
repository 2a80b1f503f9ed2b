"""What a site's network is charged with."""

from __future__ import annotations

from platen.demo.fleet.catalogue import CATALOGUE
from platen.demo.fleet.fleet import Fleet
from platen.demo.fleet.population import machine
from platen.demo.fleet.printer_mib import model_of
from tests.collector.conftest import NETWORK
from tests.collector.site import Site


def test_thirteen_printers_in_a_network(site: Site, network: tuple[Fleet, int]) -> None:
    """Searching a /24, finding 13 printers and reading them whole stays below 111,530 octets, as counted with the
    headers of IP and UDP; each of the readings after that takes at most 1,500. DCA-LOAD-01 DCA-LOAD-02 DCA-LOAD-03
    DCA-LOAD-T01"""
    fleet, _ = network
    for place in range(13):
        fleet.put(f"{NETWORK}.{20 + place}", machine(7_000 + place, model_of(CATALOGUE[place % len(CATALOGUE)])))
    for place in (7, 8, 9):
        del fleet.machines[bytes(map(int, f"{NETWORK}.{place}".split(".")))]
    site.tables["search"]["addresses"] = f"{NETWORK}.0/24"
    site.tables["read"]["timeout_s"] = 10
    first = site.read()
    assert site.waiting() == 13
    later = site.read()
    assert site.waiting() == 26
    assert first < 111_530
    assert later <= 13 * 1_500
