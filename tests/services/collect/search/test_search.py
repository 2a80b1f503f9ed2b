"""Finding machines on a network: over real sockets, with a simulated fleet on loopback addresses."""

from __future__ import annotations

import asyncio
import socket
import threading
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from zeroconf import IPVersion, ServiceInfo, Zeroconf

from platen.demo.fleet.access import Access
from platen.demo.fleet.catalogue import CATALOGUE
from platen.demo.fleet.fleet import Fleet, silent
from platen.demo.fleet.network import FleetSocket
from platen.demo.fleet.population import machine
from platen.demo.fleet.printer_mib import model_of
from platen.policy.fleet.addresses import parse_scope
from platen.protocols.snmp import Version
from platen.services.collect.search.announced import browse, probe
from platen.services.collect.search.ping import Pinger
from platen.services.collect.search.search import search
from platen.services.collect.search.sightings import Method, NamedCredential, Progress, SearchRequest, Sighting
from platen.services.collect.snmp_targets import Community
from tests.peers.snmp_fleet_manners import garbage

PUBLIC = NamedCredential("public", Community(b"public"))
OFFICE = NamedCredential("office", Community(b"office"))
OLD = NamedCredential("old", Community(b"public", Version.V1))
PATIENT = {"timeout_s": 1.5, "packets_per_s": 5000.0}  # loopback loses nothing, a busy machine is slow


@pytest.fixture
def network() -> Iterator[tuple[Fleet, int]]:
    """A network in which nobody is yet, and the port at which its machines answer."""
    fleet = Fleet()
    with FleetSocket(fleet) as served:
        yield fleet, served.port


def put(fleet: Fleet, *addresses: str, access: Access | None = None) -> None:
    """A machine at each address."""
    for number, address in enumerate(addresses):
        one = machine(number, model_of(CATALOGUE[number % len(CATALOGUE)]))
        if access is not None:
            one.access = access
        fleet.put(address, one)


async def found(request: SearchRequest, progress: Progress | None = None) -> list[Sighting]:
    """Everything that a search sees, by address."""
    seen = [each async for each in search(request, progress or Progress())]
    return sorted(seen, key=lambda each: socket.inet_aton(each.host))


async def test_a_network_is_swept(network: tuple[Fleet, int]) -> None:
    """Machines of a /24 are found, each once, and everything was asked. EMC-DISC-01"""
    fleet, port = network
    put(fleet, "127.30.1.7", "127.30.1.8", "127.30.1.200")
    progress = Progress()
    request = SearchRequest(parse_scope("127.30.1.0/24, 127.30.1.7"), credentials=(PUBLIC,), port=port, **PATIENT)
    seen = await found(request, progress)
    assert [each.host for each in seen] == ["127.30.1.7", "127.30.1.8", "127.30.1.200"]
    assert {each.credential for each in seen} == {PUBLIC}
    assert all(each.object_id.startswith("1.3.6.1.4.1.") for each in seen)
    assert (progress.addresses, progress.asked, progress.answered) == (254, 254, 3)


@pytest.mark.parametrize("method", [Method.SNMP, Method.IPP])
async def test_names_that_lead_nowhere(method: Method, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name without an address is told, by whichever method it was to be asked, and counts as asked. EMC-DISC-09"""
    really = socket.getaddrinfo

    def looked_up(host: str, *more: Any, **named: Any) -> Any:
        if host.endswith(".invalid"):  # nobody outside is asked
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return really(host, *more, **named)

    monkeypatch.setattr(socket, "getaddrinfo", looked_up)
    progress = Progress()
    request = SearchRequest(
        parse_scope("nosuch.host.invalid, 127.30.1.7"), frozenset({method}), (PUBLIC,), port=9, timeout_s=0.05
    )
    seen = [each async for each in search(request, progress)]
    (nowhere,) = [each for each in seen if each.problem]
    assert nowhere.host == "nosuch.host.invalid"
    assert "leads to no address" in nowhere.problem
    assert (progress.addresses, progress.asked) == (2, 2)


async def test_an_empty_address_costs_at_most_120_octets(network: tuple[Fleet, int]) -> None:
    """With four credentials as with one: an echo request and one question, and nothing more. DCA-LOAD-02"""
    _fleet, port = network
    scope = parse_scope("127.30.2.1-20")
    for credentials in ((PUBLIC,), (PUBLIC, OFFICE, OLD, NamedCredential("x", Community(b"x")))):
        progress = Progress()
        request = SearchRequest(scope, credentials=credentials, port=port, timeout_s=0.2, packets_per_s=5000.0)
        with Pinger.opened() as pinger:
            dead = pinger is not None and not await pinger.lives("127.30.2.1", 0.2)
        assert await found(request, progress) == []
        if len(credentials) == 1 or dead:  # the loopback answers for all of its addresses
            assert progress.traffic.octets <= 20 * 120


async def test_each_machine_by_the_credential_that_it_accepts(network: tuple[Fleet, int]) -> None:
    """Several communities are tried, and what worked is said. EMC-COMM-02 EMC-COMM-05 SC-DEVADD-06"""
    fleet, port = network
    put(fleet, "127.30.3.1")
    put(fleet, "127.30.3.2", access=Access(read=frozenset({b"office"})))
    put(fleet, "127.30.3.3", access=Access(versions=frozenset({Version.V1})))
    request = SearchRequest(
        parse_scope("127.30.3.1-3"), credentials=(PUBLIC, OFFICE, OLD), port=port, **(PATIENT | {"timeout_s": 0.7})
    )
    seen = await found(request)
    assert [each.credential for each in seen] == [PUBLIC, OFFICE, OLD]


async def test_who_answers_a_broadcast(network: tuple[Fleet, int]) -> None:
    """One packet finds everybody in a network that lets broadcasts through. SC-DEVFIND-05"""
    fleet, port = network
    put(fleet, "127.30.4.1", "127.30.4.2")
    request = SearchRequest(
        methods=frozenset({Method.BROADCAST}),
        credentials=(PUBLIC,),
        broadcast_to=("127.0.0.0/8",),
        port=port,
        listen_s=1.0,
    )
    progress = Progress()
    assert [each.host for each in await found(request, progress)] == ["127.30.4.1", "127.30.4.2"]
    assert progress.traffic.packets_sent == 1


async def test_silent_machines_and_garbage(network: tuple[Fleet, int]) -> None:
    """Garbage is told of as a problem, silence is nothing; the others are found all the same."""
    fleet, port = network
    put(fleet, "127.30.5.1", "127.30.5.2", "127.30.5.3")
    fleet.behave("127.30.5.1", silent)
    fleet.behave("127.30.5.2", garbage)
    request = SearchRequest(
        parse_scope("127.30.5.1-3"), credentials=(PUBLIC,), port=port, timeout_s=0.7, packets_per_s=5000.0
    )
    seen = await found(request)
    assert seen[-1].host == "127.30.5.3"
    assert all(each.problem for each in seen[:-1])
    assert "127.30.5.1" not in {each.host for each in seen}


async def test_called_off_and_gone_on_with(network: tuple[Fleet, int]) -> None:
    """A search of a million addresses stops when told to, and another goes on where it stopped."""
    fleet, port = network
    put(fleet, "127.40.0.1")
    progress = Progress()
    request = SearchRequest(parse_scope("127.40.0.0-127.55.255.255"), credentials=(PUBLIC,), port=port, **PATIENT)
    seen = [each async for each in search(request, progress, stopped=lambda: progress.answered > 0)]
    assert [each.host for each in seen] == ["127.40.0.1"]
    assert progress.addresses == 2**20
    assert progress.asked < 3000
    rest = SearchRequest(parse_scope("127.40.0.0-9"), credentials=(PUBLIC,), port=port, skip=5, timeout_s=0.2)
    assert await found(rest) == []


async def test_machines_that_answer_a_probe() -> None:
    """A WS-Discovery probe is answered with a UUID and an address. EMC-PREP-06"""
    machine_uuid = "99999999-8888-7777-6666-555544443333"
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listener:
        listener.bind(("127.30.6.1", 0))

        def reply() -> None:
            datagram, source = listener.recvfrom(65_535)
            asked = datagram.partition(b"<a:MessageID>")[2].partition(b"<")[0].decode()
            listener.sendto(b"not soap", source)
            listener.sendto(_probe_match(asked, machine_uuid), source)

        answering = threading.Thread(target=reply)
        answering.start()
        seen = await probe(SearchRequest(listen_s=1.5), Progress(), to=[listener.getsockname()])
        answering.join()
    assert [(each.host, each.uuid) for each in seen] == [("127.30.6.1", machine_uuid)]


def _probe_match(asked: str, machine_uuid: str) -> bytes:
    return (
        '<e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope"'
        ' xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing"'
        ' xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery">'
        f"<e:Header><a:RelatesTo>{asked}</a:RelatesTo></e:Header><e:Body><d:ProbeMatches><d:ProbeMatch>"
        f"<a:EndpointReference><a:Address>urn:uuid:{machine_uuid}</a:Address></a:EndpointReference>"
        "<d:Types>p:PrintDeviceType</d:Types><d:XAddrs>http://127.30.6.1:5357/print</d:XAddrs>"
        "</d:ProbeMatch></d:ProbeMatches></e:Body></e:Envelope>"
    ).encode()


async def test_machines_that_dns_sd_names() -> None:
    """A printer that announces itself is found with its address and UUID."""
    name = f"Hall {uuid.uuid4().hex[:8]}._ipp._tcp.local."
    announced = Zeroconf(interfaces=["127.0.0.1"], ip_version=IPVersion.V4Only)
    machine_uuid = str(uuid.uuid4())
    info = ServiceInfo(
        "_ipp._tcp.local.", name, 631, addresses=[socket.inet_aton("127.30.7.1")], properties={"UUID": machine_uuid}
    )
    try:
        await asyncio.to_thread(announced.register_service, info)
        seen = await browse(SearchRequest(listen_s=3.0), ["127.0.0.1"])
    finally:
        await asyncio.to_thread(announced.close)
    assert (name.partition(".")[0], machine_uuid, "127.30.7.1") in {(each.name, each.uuid, each.host) for each in seen}


async def test_whether_anything_lives_at_an_address() -> None:
    """The loopback answers an echo request; what is no IPv4 address is not asked. DCA-NET-01"""
    with Pinger.opened() as pinger:
        if pinger is None:
            pytest.skip("Echo requests need root, or net.ipv4.ping_group_range.")
        assert await pinger.lives("127.30.8.1", 5.0) is True
        assert await pinger.lives("fd00::1", 5.0) is None
        assert pinger.octets == 56
