"""Everything that a collector does, put together: searching, reading, sending, watching."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sqlite3
import time
from collections.abc import Callable
from datetime import UTC, datetime

import structlog

from platen import __version__
from platen.collector.configuration import Configuration
from platen.collector.database import Database
from platen.collector.delivery import Delivered, Delivery
from platen.collector.looking import look_for_machines
from platen.collector.machines import Machine, Machines
from platen.collector.masking import Masks
from platen.collector.outbox import Outbox
from platen.collector.remote import effective, fetch_wishes
from platen.collector.visits import Brought, Silent, Visitor
from platen.collector.watching import Watch
from platen.collector.ways.errors import NotDelivered
from platen.protocols.collector.rows import Kind
from platen.services.collect.snmp_client import SnmpClient

log = structlog.get_logger("platen.collector")

OFF_S = 180.0
"""So long without a heartbeat, and the collector counts as having been off."""
HEARTBEAT_S = 30.0
TURN_S = 10.0
STORE_AFTER_S = 1.0
RETRY_S = 60.0
HOME_MAX = 10_000


class Collector:
    """One collector with its data directory. Use within `async with`."""

    def __init__(self, configuration: Configuration) -> None:
        self._site = configuration
        self.database = Database(configuration.data)
        self.outbox = Outbox(self.database, configuration.send.queue_octets_max)
        self.machines = Machines(self.database, self.outbox)
        self.configuration = effective(configuration, self.database.fact("wishes", {}))
        self._masks = Masks(self.configuration.mask, self.database.mask_key())
        self._home: list[Brought | Silent] = []
        self.watch = Watch(on=configuration.health_check)
        self._client = SnmpClient(packets_per_s=self.configuration.search.packets_per_s)
        self._failures = 0
        self._news = asyncio.Event()
        self.asked_octets = 0
        """To and from machines, with the headers of IP and UDP."""

    async def __aenter__(self) -> Collector:
        self.database.hold()
        self._client.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        self._client.close()
        await self._store()
        self.database.close()

    async def run(self, stop: asyncio.Event) -> None:
        """Until `stop`."""
        self._note_start()
        self.watch.add("heart", self._beat_for_ever, 120)
        self.watch.add("search", self._search_for_ever, 900)
        self.watch.add("reader", self._read_for_ever, 600)
        self.watch.add("sender", self._send_for_ever, 1_800)
        log.info("collector_runs", name=self.configuration.name, home=self.configuration.home, version=__version__)
        await self.watch.run(stop)
        self.database.note(alive_at=time.time(), stopped_at=time.time())

    async def once(self) -> Delivered:
        """Search where it is time, read everything, send everything. Raises: NotDelivered, after all the others."""
        await self._fetch()
        await self.gather()
        return await asyncio.to_thread(self._delivery().everything)

    async def gather(self) -> None:
        """Search where it is time and read every machine; what it brings waits."""
        began_s = time.time()
        if self._search_due_in() <= 0:
            await self._search(lambda: None)
        await asyncio.to_thread(self.machines.all_due, time.time(), began_s)
        while machines := await asyncio.to_thread(self._due, 500):
            await self._visit(machines, lambda: None)
            await self._store()
        self.database.note(alive_at=time.time())

    # searching

    async def _search_for_ever(self) -> None:
        while True:
            self.watch.beat("search")
            if self._search_due_in() <= 0:
                await self._search(lambda: self.watch.beat("search"))
            await asyncio.sleep(max(0.1, min(TURN_S, self._search_due_in())))

    def _search_due_in(self) -> float:
        last = float(self.database.fact("searched_at", 0))
        wide = self.database.fact("searched_scope") != asked_of(self.configuration)
        return 0.0 if wide else last + self.configuration.search.every_s - time.time()

    async def _search(self, beat: Callable[[], None]) -> None:
        configuration = self.configuration
        progress = await look_for_machines(configuration, self.machines, self._visitor(), self._home.append, beat)
        self.asked_octets += progress.traffic.octets
        await self._store()
        self.database.note(
            searched_at=time.time(),
            searched_scope=asked_of(configuration),
            search_asked=progress.asked,
            search_answered=progress.answered,
        )
        self._news.set()  # what was found is not to wait for the next interval

    # reading

    async def _read_for_ever(self) -> None:
        while True:
            self.watch.beat("reader")
            machines = await asyncio.to_thread(self._due, 200)
            await self._visit(machines, lambda: self.watch.beat("reader"))
            await self._store()
            due_at = await asyncio.to_thread(self.machines.next_due)
            pause = TURN_S if due_at is None else min(TURN_S, due_at - time.time())
            await asyncio.sleep(max(0.2, pause))

    def _due(self, limit: int) -> list[Machine]:
        return self.machines.due(time.time(), limit, self.configuration.search.reads)

    async def _visit(self, machines: list[Machine], beat: Callable[[], None]) -> None:
        """Visit them, many at once; what comes home is stored every moment, whoever is still waited for."""
        room = asyncio.Semaphore(self.configuration.read.at_once)
        visitor, survey_every_s = self._visitor(), self.configuration.read.survey_every_s

        async def one(machine: Machine) -> None:
            async with room:
                self._home.append(await visitor.visit(machine, survey_every_s))
                beat()

        storing = asyncio.create_task(self._store_now_and_then())
        try:
            async with asyncio.TaskGroup() as tasks:
                for machine in machines:
                    tasks.create_task(one(machine))
        finally:
            storing.cancel()
            await asyncio.gather(storing, return_exceptions=True)

    async def _store_now_and_then(self) -> None:
        while True:
            await asyncio.sleep(STORE_AFTER_S)
            await self._store()

    async def _store(self) -> None:
        if self._home:
            some, self._home[:] = list(self._home), []
            self.asked_octets += sum(visit.octets for visit in some)
            storing = asyncio.to_thread(self.machines.record, some, self._masks, self.configuration.read.every_s)
            try:
                await asyncio.shield(storing)
            except sqlite3.Error:  # a full disk: what is home stays home until it can be stored
                self._home[:0] = some[-HOME_MAX:]
                raise

    def _visitor(self) -> Visitor:
        read = self.configuration.read
        return Visitor(self._client, self.configuration.credentials, read.timeout_s, read.retries)

    # sending

    async def _send_for_ever(self) -> None:
        while True:
            self.watch.beat("sender")
            await self._fetch()
            await asyncio.to_thread(self.outbox.make_room)
            pause: float = self.configuration.send.every_s
            try:
                await asyncio.to_thread(self._delivery().everything)
                self._failures = 0
            except NotDelivered as error:
                self._failures += 1
                pause = min(pause, RETRY_S * 2 ** min(self._failures - 1, 6))
                log.warning("not_delivered", error=str(error), waiting=self.outbox.waiting().rows, again_in_s=pause)
            await self._rest(pause)

    async def _rest(self, pause_s: float) -> None:
        until = time.monotonic() + pause_s
        while (left := until - time.monotonic()) > 0 and not self._news.is_set():
            self.watch.beat("sender")
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._news.wait(), min(TURN_S, left))
        self._news.clear()

    async def _fetch(self) -> None:
        """What home wants; where home is away, the last good ones hold."""
        if self._site.send.way != "https":
            return
        try:
            await asyncio.to_thread(fetch_wishes, self._site, self.database)
        except NotDelivered as error:
            log.info("configuration_not_fetched", error=str(error))
        self.configuration = effective(self._site, self.database.fact("wishes", {}))
        self._masks = Masks(self.configuration.mask, self.database.mask_key())

    def _delivery(self) -> Delivery:
        return Delivery(self.configuration, self.database, self.outbox, self.machines)

    # watching

    def _note_start(self) -> None:
        """Say when it was off, if it was."""
        now_s, alive_at = time.time(), self.database.fact("alive_at")
        if alive_at is not None and now_s - alive_at > OFF_S:
            self._note_off(alive_at, now_s)
        self.database.note(began_at=now_s, alive_at=now_s)

    def _note_off(self, began_s: float, ended_s: float) -> None:
        with self.database.transaction():
            self.outbox.put(Kind.OFF, ended_s, "", {"from": int(began_s), "to": int(ended_s)})
            self.database.note(off_from=began_s, off_to=ended_s)
        log.warning("collector_was_off", since=_words(began_s), until=_words(ended_s))

    async def _beat_for_ever(self) -> None:
        """A computer that slept was off as well: then much more time went by than was waited."""
        while True:
            self.watch.beat("heart")
            before_s = float(self.database.fact("alive_at", time.time()))
            now_s = time.time()
            if now_s - before_s > OFF_S:
                self._note_off(before_s, now_s)
            self.database.note(alive_at=now_s)
            await asyncio.sleep(HEARTBEAT_S)


def asked_of(configuration: Configuration) -> str:
    """What a search was asked: with other networks it is made anew."""
    search = configuration.search
    return f"{search.scope} {sorted(search.methods)} {search.port}"


async def run_until_told(configuration: Configuration) -> None:
    """Until SIGTERM or SIGINT. Raises: InUse, OSError."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        with contextlib.suppress(NotImplementedError):
            loop.add_signal_handler(number, stop.set)
    async with Collector(configuration) as collector:
        await collector.run(stop)


async def run_once(configuration: Configuration) -> Delivered:
    """For a scheduled task. Raises: InUse, NotDelivered, OSError."""
    async with Collector(configuration) as collector:
        return await collector.once()


async def read_only(configuration: Configuration) -> None:
    """Search where it is time and read every machine. What they say waits; nothing is sent. Raises: InUse, OSError."""
    async with Collector(configuration) as collector:
        await collector.gather()


def _words(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")
