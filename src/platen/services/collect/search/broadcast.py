"""One SNMP question to everybody in a network, and whoever answers."""

from __future__ import annotations

import asyncio
import ipaddress
import secrets
import socket
from collections.abc import Iterable

from platen.protocols.snmp import REQUEST_ID_MAX, Prepared, SnmpError, dotted, read_head, read_rest
from platen.services.collect.search.sightings import NamedCredential, Progress, SearchRequest, Sighting
from platen.services.collect.search.sweep import SYS_OBJECT_ID
from platen.services.collect.snmp_targets import Community
from platen.services.collect.udp import IPV4_UDP_OCTETS

ANSWERS_MAX = 20_000
_QUESTION = Prepared.get([SYS_OBJECT_ID])


class _Ears(asyncio.DatagramProtocol):
    """Collects answers to a few request ids, one for each address."""

    def __init__(self, port: int, asked: dict[int, NamedCredential], progress: Progress) -> None:
        self._port = port
        self._asked = asked
        self._progress = progress
        self.seen: dict[str, Sighting] = {}

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self._progress.traffic.packets_received += 1
        self._progress.traffic.octets_received += len(data) + IPV4_UDP_OCTETS
        if len(self.seen) >= ANSWERS_MAX or addr[0] in self.seen:
            return
        try:
            head = read_head(data)
            credential = self._asked.get(head.request_id)
            if credential is None:
                return
            varbinds = read_rest(data, head).varbinds
        except SnmpError:
            return
        value = varbinds[0].value if varbinds else None
        object_id = dotted(value) if isinstance(value, tuple) else ""
        how = f"SNMP broadcast, {credential.name}"
        self.seen[addr[0]] = Sighting(addr[0], self._port, how, credential, object_id)


async def ask_everybody(request: SearchRequest, progress: Progress) -> list[Sighting]:
    """Whoever answers a broadcast within `listen_s`. Communities only: SNMPv3 knows no broadcast."""
    asked: dict[int, NamedCredential] = {}
    datagrams: list[bytes] = []
    for credential in request.credentials:
        if isinstance(credential.credentials, Community):
            number = secrets.randbelow(REQUEST_ID_MAX) + 1
            asked[number] = credential
            community = credential.credentials
            datagrams.append(_QUESTION.message(community.version, community.name, number))
    ears = _Ears(request.port, asked, progress)
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
    sock.setblocking(False)
    sock.bind(("", 0))
    transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(lambda: ears, sock=sock)
    try:
        for address in _networks(request.broadcast_to):
            for datagram in datagrams:
                _send(sock, datagram, (address, request.port), progress)
        await asyncio.sleep(request.listen_s)
    finally:
        transport.close()
    progress.answered += len(ears.seen)
    return list(ears.seen.values())


def _send(sock: socket.socket, datagram: bytes, to: tuple[str, int], progress: Progress) -> None:
    try:
        sock.sendto(datagram, to)
    except OSError as error:
        progress.notes.append(f"The broadcast to {to[0]} could not be sent: {error.strerror}.")
        return
    progress.traffic.packets_sent += 1
    progress.traffic.octets_sent += len(datagram) + IPV4_UDP_OCTETS


def _networks(written: Iterable[str]) -> list[str]:
    """Broadcast addresses of what was written: a network means its last address."""
    found = []
    for text in written:
        try:
            found.append(str(ipaddress.IPv4Network(text, strict=False).broadcast_address))
        except ValueError:
            continue
    return list(dict.fromkeys(found))
