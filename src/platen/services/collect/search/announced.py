"""Machines that announce themselves: DNS-SD (RFC 6763) and WS-Discovery."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import uuid
from collections.abc import Sequence

from zeroconf import Error, InterfaceChoice, IPVersion, ServiceStateChange, Zeroconf
from zeroconf.asyncio import AsyncServiceBrowser, AsyncServiceInfo, AsyncZeroconf

from platen.protocols.discovery import wsd
from platen.services.collect.search.sightings import Progress, SearchRequest, Sighting
from platen.services.collect.udp import IPV4_UDP_OCTETS

SERVICES = ("_ipps._tcp.local.", "_ipp._tcp.local.", "_pdl-datastream._tcp.local.", "_printer._tcp.local.")
ANSWERS_MAX = 20_000
_INFO_MS = 2000


async def browse(request: SearchRequest, interfaces: Sequence[str] | None = None) -> list[Sighting]:
    """Printers that DNS-SD names within `listen_s`. A shared queue of a print server is named as well.

    interfaces: addresses of the interfaces to listen at; None: all.
    Raises: OSError where multicast is not to be had.
    """
    names: dict[str, str] = {}

    def changed(zeroconf: Zeroconf, service_type: str, name: str, state_change: ServiceStateChange) -> None:
        if state_change is not ServiceStateChange.Removed and len(names) < ANSWERS_MAX:
            names.setdefault(name, service_type)

    where = list(interfaces) if interfaces else InterfaceChoice.All
    zeroconf = AsyncZeroconf(ip_version=IPVersion.V4Only, interfaces=where)
    try:
        browser = AsyncServiceBrowser(zeroconf.zeroconf, list(SERVICES), handlers=[changed])
        await asyncio.sleep(request.listen_s)
        await browser.async_cancel()
        found = await asyncio.gather(*(_resolve(zeroconf, name, kind) for name, kind in names.items()))
    except Error as error:
        raise OSError(f"DNS-SD is not to be had here: {error}.") from error
    finally:
        await zeroconf.async_close()
    seen = {sighting.host: sighting for each in found for sighting in each}
    return [sighting for sighting in seen.values() if sighting.host]


async def _resolve(zeroconf: AsyncZeroconf, name: str, kind: str) -> list[Sighting]:
    info = AsyncServiceInfo(kind, name)
    if not await info.async_request(zeroconf.zeroconf, _INFO_MS):
        return []
    properties = {key.decode(errors="replace").lower(): value for key, value in info.properties.items()}
    label = name.removesuffix("." + kind)[:120]
    said = (properties.get("uuid") or b"").decode(errors="replace")[:36].lower()
    hosts = info.parsed_addresses(IPVersion.V4Only) or info.parsed_addresses(IPVersion.V6Only)
    how = f"DNS-SD, {kind.partition('.')[0]}"
    return [Sighting(host, 0, how, uuid=said, name=label) for host in hosts[:1]]


async def probe(
    request: SearchRequest, progress: Progress, to: Sequence[tuple[str, int]] = ((wsd.GROUP_V4, wsd.PORT),)
) -> list[Sighting]:
    """Printers that answer a WS-Discovery probe within `listen_s`.

    to: where it is sent: the multicast group, or machines themselves.
    """
    message_id = uuid.uuid4()
    seen: dict[str, Sighting] = {}

    class Ears(asyncio.DatagramProtocol):
        """Collects the answers."""

        def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
            progress.traffic.packets_received += 1
            progress.traffic.octets_received += len(data) + IPV4_UDP_OCTETS
            with contextlib.suppress(wsd.WsdError):
                for match in wsd.read_matches(data, message_id):
                    host = next((each for each in match.hosts if _is_ipv4(each)), addr[0])
                    if match.prints and len(seen) < ANSWERS_MAX:
                        seen.setdefault(host, Sighting(host, 0, "WS-Discovery", uuid=match.uuid))

    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(Ears, local_addr=("0.0.0.0", 0))  # noqa: S104  # answers come to it
    try:
        datagram = wsd.probe(message_id)
        for address in to:
            transport.sendto(datagram, address)
            progress.traffic.packets_sent += 1
            progress.traffic.octets_sent += len(datagram) + IPV4_UDP_OCTETS
        await asyncio.sleep(request.listen_s)
    finally:
        transport.close()
    return list(seen.values())


def _is_ipv4(host: str) -> bool:
    try:
        socket.inet_pton(socket.AF_INET, host)
    except OSError:
        return False
    return True
