"""DNS-SD, looked at by zeroconf's own browser on the loopback interface."""

from __future__ import annotations

import asyncio
import socket
import uuid
from dataclasses import replace

import pytest
from zeroconf import ServiceStateChange, Zeroconf
from zeroconf.asyncio import AsyncServiceBrowser, AsyncZeroconf

from platen.policy.owner import OwnerRule
from platen.printing.arrivals import QueueFacts
from platen.services.announce import Announcer, instance_name
from platen.settings import Settings
from tests.peers.running import LOOPBACK

TYPES = ["_ipp._tcp.local.", "_ipps._tcp.local.", "_universal._sub._ipp._tcp.local.", "_print._sub._ipp._tcp.local."]


def queue(name: str, **values: object) -> QueueFacts:
    facts = QueueFacts(
        id=1,
        tenant_id=1,
        name=name,
        uuid=uuid.uuid4(),
        is_pull=True,
        is_default=False,
        accepting=True,
        device_id=None,
        location="Hall",
        owner_rule=OwnerRule(),
        job_data_logon=None,
        retention_hours=24,
    )
    return replace(facts, **values)  # type: ignore[arg-type]  # field names of QueueFacts


class Queues:
    """A directory whose queues the test changes."""

    def __init__(self, *queues: QueueFacts) -> None:
        self.queues = list(queues)

    def all(self) -> list[QueueFacts]:
        return self.queues


class Seen:
    """What a browser found."""

    def __init__(self) -> None:
        self.names: dict[str, set[str]] = {type_: set() for type_ in TYPES}
        self.changed = asyncio.Event()

    def on_change(self, zeroconf: Zeroconf, service_type: str, name: str, state_change: ServiceStateChange) -> None:
        if state_change is ServiceStateChange.Removed:
            self.names[service_type].discard(name)
        else:
            self.names[service_type].add(name)
        self.changed.set()

    async def until(self, count: int) -> None:
        """Every type has so many instances of this test's."""
        async with asyncio.timeout(20):
            while any(len(names) != count for names in self.names.values()):
                self.changed.clear()
                await self.changed.wait()


async def test_queue_is_announced_and_withdrawn() -> None:
    """An accepting queue is listed as an IPP Everywhere printer, with TLS and for AirPrint, until it closes."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(LOOPBACK))
            probe.sendto(b"", ("224.0.0.251", 5353))
        except OSError as error:
            pytest.skip(f"no multicast on the loopback interface: {error}")
    open_queue = queue(f"Pull {uuid.uuid4().hex[:8]}")
    queues = Queues(open_queue, queue("Closed", id=2, accepting=False))
    announcer = Announcer(Settings(bind=LOOPBACK), queues)  # type: ignore[arg-type]  # all() is all it asks for
    zeroconf, seen = AsyncZeroconf(interfaces=[LOOPBACK]), Seen()
    browser = AsyncServiceBrowser(zeroconf.zeroconf, TYPES, handlers=[seen.on_change])
    try:
        await announcer.start(http=8631, https=8643)
        await seen.until(1)
        (name,) = seen.names["_ipp._tcp.local."]
        info = await zeroconf.async_get_service_info("_ipp._tcp.local.", name)
        assert info is not None
        assert (info.port, info.parsed_addresses()) == (8631, [LOOPBACK])
        record = {key.decode(): (value or b"").decode() for key, value in info.properties.items()}
        assert record["rp"] == f"ipp/print/Pull%20{open_queue.name[5:]}"
        assert record["UUID"] == str(open_queue.uuid)
        assert "application/pdf" in record["pdl"]
        assert record["URF"].startswith("V1.4,")
        queues.queues = []
        await seen.until(0)
    finally:
        await announcer.stop()
        await browser.async_cancel()
        await zeroconf.async_close()


def test_instance_name_fits_a_label() -> None:
    """A long queue name is cut at a character to the 63 octets of a DNS label."""
    name = instance_name(
        queue("Drucker für Öffentlichkeitsarbeit und Übersetzung, Erdgeschoß"), "a-host-of-some-length"
    )
    assert len(name.encode()) <= 63
    assert "\ufffd" not in name
