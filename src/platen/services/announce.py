"""Announcing the queues with DNS-SD (RFC 6763), so that computers and phones list them without being told.

Each accepting queue is an IPP Everywhere printer (PWG 5100.14 section 4.2): `_ipp._tcp` with the subtypes `_print` and
`_universal` (AirPrint), and `_ipps._tcp` where the node has TLS.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote

import ifaddr
import structlog
from zeroconf import Error, InterfaceChoice, IPVersion
from zeroconf.asyncio import AsyncServiceInfo, AsyncZeroconf

from platen.printing.arrivals import QueueFacts
from platen.protocols.ipp.description import PrinterDescription, PrinterUri
from platen.protocols.ipp.printer_attributes import printer_description_attributes
from platen.services.queues import REFRESH_S, QueueDirectory
from platen.settings import Settings

log = structlog.get_logger("platen.announce")

SUBTYPES = ("_print", "_universal")
LABEL_BYTES_MAX = 63  # RFC 6763 section 4.1.1
TTL_S = 120
RETRY_S = 60.0


@dataclass(frozen=True, slots=True)
class _Announced:
    queue: QueueFacts
    services: tuple[AsyncServiceInfo, ...]


class Announcer:
    """Keeps the network told of the queues that take jobs. Failing to is logged and changes nothing else."""

    def __init__(self, settings: Settings, queues: QueueDirectory) -> None:
        self._settings = settings
        self._queues = queues
        self._zeroconf: AsyncZeroconf | None = None
        self._announced: dict[int, _Announced] = {}
        self._task: asyncio.Task[None] | None = None
        self._http = 0
        self._https: int | None = None

    async def start(self, *, http: int, https: int | None) -> None:
        """Begin to announce at these ports; returns at once, since probing a name takes a second."""
        self._http, self._https = http, https
        self._task = asyncio.create_task(self._run(), name="announce")

    async def stop(self) -> None:
        """Say goodbye."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        if self._zeroconf is not None:
            zeroconf, self._zeroconf = self._zeroconf, None
            try:
                await zeroconf.async_unregister_all_services()
                await zeroconf.async_close()
            except (OSError, Error) as error:  # nobody hears us: their entries expire by themselves
                log.info("announce_goodbye_failed", error=str(error))

    async def _run(self) -> None:
        while True:
            try:
                if self._zeroconf is None:
                    self._zeroconf = AsyncZeroconf(interfaces=self._interfaces(), ip_version=IPVersion.V4Only)
                await self._follow(self._zeroconf)
            except Exception:  # whatever stands in the way of announcing, printing goes on
                log.exception("announce_failed", retry_s=RETRY_S)
                await asyncio.sleep(RETRY_S)
            await asyncio.sleep(REFRESH_S)

    async def _follow(self, zeroconf: AsyncZeroconf) -> None:
        wanted = {queue.id: queue for queue in self._queues.all() if queue.accepting}
        for queue_id, announced in list(self._announced.items()):
            if wanted.get(queue_id) != announced.queue:
                del self._announced[queue_id]
                for service in announced.services:
                    await (await zeroconf.async_unregister_service(service))
        for queue in wanted.values():
            if queue.id not in self._announced:
                self._announced[queue.id] = await self._announce(zeroconf, queue)

    async def _announce(self, zeroconf: AsyncZeroconf, queue: QueueFacts) -> _Announced:
        main = self._service("_ipp._tcp.local.", queue, self._http)
        await (await zeroconf.async_register_service(main, ttl=TTL_S, allow_name_change=True))
        services = [main]
        if self._https is not None:
            secure = self._service("_ipps._tcp.local.", queue, self._https)
            await (await zeroconf.async_register_service(secure, ttl=TTL_S, allow_name_change=True))
            services.append(secure)
        for service in list(services):
            for subtype in SUBTYPES:
                pointer = _subtype_of(service, subtype)
                # The name was claimed with the service itself; asking again would find ourselves.
                await (await zeroconf.async_register_service(pointer, ttl=TTL_S, cooperating_responders=True))
                services.append(pointer)
        log.info("queue_announced", queue=queue.name, name=main.name)
        return _Announced(queue, tuple(services))

    def _service(self, type_: str, queue: QueueFacts, port: int) -> AsyncServiceInfo:
        host = self._host()
        return AsyncServiceInfo(
            type_,
            f"{instance_name(queue, host)}.{type_}",
            port=port,
            properties=dict(txt_record(queue, self._web_address(host), tls=type_.startswith("_ipps"))),
            server=f"{host}.local.",
            parsed_addresses=list(self._addresses()),
        )

    def _web_address(self, host: str) -> str:
        return self._settings.public_url.rstrip("/") or f"http://{host}.local:{self._http}"

    @staticmethod
    def _host() -> str:
        return socket.gethostname().partition(".")[0][:LABEL_BYTES_MAX] or "platen"

    def _interfaces(self) -> InterfaceChoice | list[str]:
        bind = ipaddress.ip_address(self._settings.bind)
        return InterfaceChoice.All if bind.is_unspecified or bind.version == 6 else [str(bind)]

    def _addresses(self) -> Iterable[str]:
        bind = ipaddress.ip_address(self._settings.bind)
        if not bind.is_unspecified:
            return (str(bind),)
        found = [str(ip.ip) for adapter in ifaddr.get_adapters() for ip in adapter.ips if ip.is_IPv4]
        return [ip for ip in found if not ipaddress.ip_address(ip).is_loopback] or found


def instance_name(queue: QueueFacts, host: str) -> str:
    """What people see in their list of printers: at most 63 octets, cut at a character."""
    name = f"{queue.name} @ {host}".replace(".", "·")
    return name.encode()[:LABEL_BYTES_MAX].decode(errors="ignore")


def txt_record(queue: QueueFacts, web_address: str, *, tls: bool) -> Mapping[str, str]:
    """The keys of PWG 5100.14 section 4.2.3, in agreement with what the queue says over IPP."""
    description = PrinterDescription(
        name=queue.name,
        info=queue.name,
        uuid=queue.uuid,
        uris=(PrinterUri(web_address),),
        up_since=datetime.now(UTC),
        config_changed_at=datetime.now(UTC),
        more_info=web_address,
    )
    record = {
        "txtvers": "1",
        "qtotal": "1",
        "priority": "50",
        "rp": "ipp/print" if queue.is_default else f"ipp/print/{quote(queue.name)}",
        "ty": description.make_and_model,
        "product": f"({description.make_and_model})",
        "note": queue.location or queue.tenant_name,
        "pdl": ",".join(description.document_formats),
        "adminurl": f"{web_address}/console/",
        "UUID": str(queue.uuid),
        "Color": "T" if description.color else "F",
        "Duplex": "T" if description.duplex else "F",
        "URF": _urf(description),
        "kind": "document",
        "PaperMax": "legal-A4" if "iso_a3_297x420mm" not in {size.name for size in description.media} else "tabloid-A3",
    }
    if queue.sign_in_required:
        record["air"] = "username,password"
    return record | {"TLS": "1.2"} if tls else record


def _urf(description: PrinterDescription) -> str:
    values = next((each for each in printer_description_attributes(description) if each.name == "urf-supported"), None)
    return "none" if values is None else ",".join(str(value) for value in values.values)


def _subtype_of(service: AsyncServiceInfo, subtype: str) -> AsyncServiceInfo:
    """A further pointer to a service (RFC 6763 section 7.1): the same instance under a narrower type."""
    pointer = AsyncServiceInfo(
        f"{subtype}._sub.{service.type}",
        service.name,
        port=service.port,
        properties=service.properties,
        server=service.server,
        addresses=service.addresses,
    )
    # The registry holds one entry a key; by its own key a pointer can stand beside its service.
    pointer.key = f"{subtype}.{pointer.key}"
    return pointer
