"""One node: everything that `platen serve` runs, started in order and stopped in reverse."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import resource
import socket
import ssl
import sys
import warnings
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import cast

import structlog
from django.core.asgi import get_asgi_application
from django.db import DatabaseError, connection
from django.utils import timezone

from platen.access.panel_sessions import user_at
from platen.asgi import Application, Router
from platen.devices.services import record_state
from platen.printing.arrivals import Accepted
from platen.printing.deliveries import Plan
from platen.printing.events import delivery_leaving, jobs_released
from platen.printing.node_spool import node_spool
from platen.services.analysis.service import AnalysisService
from platen.services.certificate import tls_context
from platen.services.database import Database
from platen.services.fleet.service import FleetService
from platen.services.intake import Intake
from platen.services.ipp.application import IppApplication
from platen.services.lpd import LpdService
from platen.services.output.departure import Departure
from platen.services.output.engine import Output
from platen.services.queues import QueueDirectory
from platen.services.raw import RawService
from platen.services.readers import ReaderService
from platen.services.upkeep import Upkeep, clean_spool
from platen.services.web import WebServer, listening_socket, make_server
from platen.settings import Settings

log = structlog.get_logger("platen.node")

DESCRIPTORS_WANTED = 65_536
SWITCH_INTERVAL_S = 0.001
# Many devices end deliveries at once. Threads share one interpreter and, with SQLite, one turn to write: more of them
# would only keep each other, and whoever shows a card meanwhile, waiting.
DELIVERY_THREADS = 2
GARBAGE_THRESHOLDS = (20_000, 20, 5)
# The last is small: what a page of machines was made of (a device and its machine hold each other) often lives on into
# the oldest generation, megabytes at a time, and searching that is quick, since what was imported is left out.


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where a running node listens; None: switched off."""

    http: int
    https: int | None
    lpd: int | None
    raw: int | None
    readers: int | None


class Node:
    """The services of one node, sharing one event loop."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.front = Database(threads=2, first=True)  # for whoever stands at a printer
        self.database = Database(after=self.front)
        self.deliveries = Database(threads=DELIVERY_THREADS, after=self.front)
        self.spool = node_spool()
        self.queues = QueueDirectory(self.database)
        self.intake = Intake(self.spool, self._on_accepted)
        self.output = Output(
            settings, self.deliveries, self.spool, front=self.front, is_occupied=_somebody_at, record_state=record_state
        )
        self.analysis = AnalysisService(settings, self.database, self.spool)
        self.ipp = IppApplication(settings, self.database, self.queues, self.intake, self.spool)
        self.lpd = LpdService(settings, self.database, self.queues, self.intake, self.spool)
        self.raw = RawService(settings, self.database, self.queues, self.intake, self.spool)
        self.readers = ReaderService(settings, self.front)
        self.upkeep = Upkeep(settings, self.database, self.spool)
        self.collecting = Database(threads=2, after=self.front, mapped=False)
        self.fleet = FleetService(settings, self.collecting)
        self._servers: list[tuple[WebServer, asyncio.Task[None]]] = []

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[Addresses]:
        """Run the node; leaving the context stops it: no new work, what is in flight ends or is handed back."""
        allow_many_connections()
        # Our own style sheets and scripts are a few kilobytes: reading them whole is what is wanted.
        warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume synchronous iterators")
        # The event loop gets the interpreter back from a busy database thread after 1 ms instead of 5.
        sys.setswitchinterval(SWITCH_INTERVAL_S)
        tame_garbage_collector()
        async with contextlib.AsyncExitStack() as stack:
            yield await self._start(stack)
            log.info("node_stopping")
        log.info("node_stopped")

    async def _start(self, stack: contextlib.AsyncExitStack) -> Addresses:
        settings, services = self.settings, self.settings.service_names
        stack.callback(self.database.close)
        stack.callback(self.deliveries.close)
        stack.callback(self.front.close)
        stack.callback(self.collecting.close)
        self._loop = asyncio.get_running_loop()
        for signal, receiver in ((jobs_released, self._on_released), (delivery_leaving, self._on_leaving)):
            signal.connect(receiver, weak=False, dispatch_uid=id(self))
            stack.callback(signal.disconnect, dispatch_uid=id(self))
        self.spool.lock()
        stack.callback(self.spool.unlock)
        await self.database.run_for_node(clean_spool, self.spool)
        await self.queues.start()
        stack.push_async_callback(self.queues.stop)
        if "output" in services:
            await self.output.start()
            stack.push_async_callback(self.output.stop, settings.stop_timeout_s)
        if "work" in services:
            self.upkeep.start()
            stack.push_async_callback(self.upkeep.stop)
            self.analysis.start()
            stack.push_async_callback(self.analysis.stop)
        if "collect" in services:
            await self.fleet.start()
            stack.push_async_callback(self.fleet.stop)
        self.intake.start()
        stack.push_async_callback(self.intake.stop)
        readers = None
        if "panel" in services and settings.reader_port >= 0:
            readers = await self.readers.start()
            stack.push_async_callback(self.readers.stop)
        lpd = raw = None
        if "print" in services:
            lpd, raw = await self.lpd.start(), await self.raw.start()
            stack.push_async_callback(self.lpd.stop)
            stack.push_async_callback(self.raw.stop)
        http, https = await self._serve_web(stack)
        if "print" in services and settings.dnssd:
            from platen.services.announce import Announcer  # large, and not needed where nothing is announced

            announcer = Announcer(settings, self.queues)
            await announcer.start(http=http, https=https)
            stack.push_async_callback(announcer.stop)
        return Addresses(http=http, https=https, lpd=lpd, raw=raw, readers=readers)

    async def _serve_web(self, stack: contextlib.AsyncExitStack) -> tuple[int, int | None]:
        settings, services = self.settings, self.settings.service_names
        web = cast(Application, get_asgi_application()) if services & {"console", "panel"} else None
        application = Router(ipp=self.ipp if "print" in services else None, web=web, ready=self._missing)
        listeners: list[tuple[socket.socket, ssl.SSLContext | None]] = []
        listeners.append((listening_socket(settings.bind, settings.port), None))
        if settings.tls_port >= 0:
            listeners.append((listening_socket(settings.bind, settings.tls_port), tls_context(settings)))
        for listener, tls in listeners:
            server = make_server(settings, application, tls)
            self._servers.append((server, asyncio.create_task(server.serve(sockets=[listener]))))
        stack.push_async_callback(self._stop_web)
        while not all(server.started for server, _ in self._servers):
            await asyncio.sleep(0.005)
            for _, task in self._servers:
                if task.done():
                    task.result()
        return _port_of(listeners[0][0]), _port_of(listeners[1][0]) if len(listeners) > 1 else None

    async def _stop_web(self) -> None:
        for server, _ in self._servers:
            server.should_exit = True
        await asyncio.gather(*(task for _, task in self._servers))

    def _on_released(self, *, tenant_id: int, device_id: int, **_: object) -> None:
        """A device has something to print: called in whichever thread committed it."""
        self._loop.call_soon_threadsafe(self.output.wake, tenant_id, device_id)

    def _on_leaving(self, *, plan: Plan, **_: object) -> Departure | None:
        """A device will have something to print: called in whichever thread is about to commit it."""
        return self.output.prepare(plan)

    def _on_accepted(self, job: Accepted) -> None:
        if job.has_document:
            self.analysis.add(job.tenant_id, job.job_id)

    async def _missing(self) -> str | None:
        try:
            await asyncio.wait_for(self.database.run_for_node(_ask_database), 5)
        except (DatabaseError, TimeoutError):
            return "The database does not answer."
        try:
            await asyncio.to_thread(self.spool.check_room)
        except OSError as error:
            return str(error)
        return None


def _somebody_at(device_id: int) -> bool:
    """Whether a person is signed in at a device; other people's push jobs wait then."""
    return user_at(device_id, timezone.now()) is not None


def _ask_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _port_of(listener: socket.socket) -> int:
    return int(listener.getsockname()[1])


def tame_garbage_collector() -> None:
    """Leave what was imported out of every search for cycles, and search less often: a request makes few cycles and
    many objects, and searching took a tenth of what a small job costs."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GARBAGE_THRESHOLDS)


def allow_many_connections() -> None:
    """Raise the limit of open descriptors to what the system lets us: idle clients must not keep new ones out."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = DESCRIPTORS_WANTED if hard == resource.RLIM_INFINITY else min(DESCRIPTORS_WANTED, hard)
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
