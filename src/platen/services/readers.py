"""Ethernet card readers: they connect, send a line for each card, and may be told what came of it."""

from __future__ import annotations

import asyncio
import socket
import time
from collections import deque
from collections.abc import Callable

import structlog
from django.db import DatabaseError
from django.utils import timezone
from prometheus_client import Counter, Histogram

from platen.devices.queries import KnownReader, reader_by_address
from platen.devices.services import reader_seen
from platen.protocols.cards import (
    CardFormatError,
    CardLine,
    CardLineDecoder,
    CardLineRejected,
    FeedbackLines,
    FeedbackOutcome,
    FeedbackStyle,
    feedback,
)
from platen.services.card_login import NOT_READ, CardAnswer, card_at
from platen.services.connections import Connections, peer_address
from platen.services.database import Database
from platen.services.refusals import RefusalLog
from platen.services.web import listening_socket
from platen.settings import Settings
from platen.tenants.queries import default_tenant_id

log = structlog.get_logger("platen.readers")

READ_BYTES = 1024
LINES_MAX, LINES_WINDOW_S = 20, 1.0  # a hand shows one card a second; a reader that sends more is broken or hostile
WRITE_DOWN_AFTER_S = 0.03  # the first octets to the printer go before the log
REPEAT_S = 1.0  # readers repeat a card that stays in the field
SILENCE_S = 0.2  # a reader that ends its lines by silence alone
KEEPALIVE_IDLE_S, KEEPALIVE_INTERVAL_S, KEEPALIVE_PROBES = 60, 15, 4
WORDS = "words"

CARDS = Counter("platen_cards", "Cards shown to Ethernet readers, by what came of them.", ["outcome"])
CARD_TO_RELEASE_S = Histogram(
    "platen_card_to_release_seconds",
    "From the last octet of a card's line to the commit that releases the person's documents.",
    buckets=(0.001, 0.002, 0.004, 0.006, 0.008, 0.01, 0.015, 0.02, 0.03, 0.05, 0.1, 0.2, 0.5, 1.0, 5.0),
)


class ReaderService:
    """Listens for the readers that are known by their address; any other connection is closed."""

    def __init__(self, settings: Settings, database: Database) -> None:
        self._settings = settings
        self._database = database
        self._refusals = RefusalLog(database)
        self._connections = Connections("readers")
        self._server: asyncio.Server | None = None
        self._latest: dict[str, asyncio.StreamWriter] = {}
        self._blocked_until: dict[str, float] = {}

    async def start(self) -> int:
        """Open the port. Returns: its number. Raises: OSError."""
        listener = listening_socket(self._settings.bind, self._settings.reader_port)
        self._server = await self._connections.listen(listener, self._connected)
        return int(listener.getsockname()[1])

    async def stop(self) -> None:
        """Close the port and the connections."""
        if self._server is not None:
            self._server.close()
        await self._connections.stop()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        address = peer_address(writer)
        known = await self._database.run_for_node(reader_by_address, address)
        if known is None:
            tenant_id = await self._database.run_for_node(default_tenant_id)
            await self._refusals.note(
                tenant_id,
                "reader_unknown",
                f"{address} connected as a card reader and is not known as one. "
                "Add it at its device in the console if it should be.",
                address=address,
            )
            return
        keep_alive(writer)
        await self._database.run(known.tenant_id, reader_seen, known.reader, timezone.now())
        previous = self._latest.get(address)
        if previous is not None:  # a reader that was switched off and on does not close what it had open
            previous.close()
        self._latest[address] = writer
        try:
            await self._read(known, address, reader, writer)
        finally:
            if self._latest.get(address) is writer:
                del self._latest[address]

    async def _read(
        self, known: KnownReader, address: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        decoder, recent, last = CardLineDecoder(), deque[float](maxlen=LINES_MAX), ("", 0.0)
        partial = False
        while True:
            try:
                async with asyncio.timeout(SILENCE_S if partial else None):
                    data = await reader.read(READ_BYTES)
            except TimeoutError:
                events, partial, data = decoder.finish(), False, b"\n"
            else:
                arrived = time.perf_counter()
                events = decoder.receive_data(data) if data else decoder.finish()
                partial = not events and bool(data)
            for event in events:
                now = time.monotonic()
                if len(recent) == LINES_MAX and now - recent[0] < LINES_WINDOW_S:
                    await self._too_fast(known, address)
                    return
                recent.append(now)
                if isinstance(event, CardLineRejected):
                    await self._rejected(known, address, event)
                    continue
                if event.text == last[0] and now - last[1] < REPEAT_S:
                    continue
                last = (event.text, now)
                if not await self._card(address, event, writer, arrived):
                    return
            if not data:
                return

    async def _card(self, address: str, card: CardLine, writer: asyncio.StreamWriter, arrived: float) -> bool:
        """Do what a card does, and tell the reader. Returns: False when the reader is not known any more."""
        if time.monotonic() < self._blocked_until.get(address, 0.0):
            CARDS.labels("throttled").inc()
            return True
        try:
            answer = await self._database.run_for_node(card_at, address, card.text, timezone.now())
        except (DatabaseError, CardFormatError) as error:
            log.warning("card_failed", address=address, error=str(error))
            answer = CardAnswer(FeedbackOutcome.ERROR)
        if answer is None:
            return False
        if answer.released:
            CARD_TO_RELEASE_S.observe(time.perf_counter() - arrived)
        CARDS.labels(answer.outcome.value).inc()
        if answer.wait_s:
            self._blocked_until[address] = time.monotonic() + answer.wait_s
        said = spoken(answer.outcome, answer.feedback)
        if said is not None:
            writer.write(said)
            await writer.drain()
        if answer.afterwards is not None:
            await self._write_down(answer.afterwards)
        return True

    async def _write_down(self, afterwards: Callable[[], None]) -> None:
        await asyncio.sleep(WRITE_DOWN_AFTER_S)
        try:
            await self._database.run_for_node(afterwards)
        except DatabaseError as error:
            log.warning("card_not_noted", error=str(error))

    async def _too_fast(self, known: KnownReader, address: str) -> None:
        message = (
            f"{known.reader.name} sent more than {LINES_MAX} cards a second and was disconnected. "
            "Look at the reader; a fault or somebody who tries numbers looks like this."
        )
        await self._note(known, "reader_too_fast", message, address)

    async def _rejected(self, known: KnownReader, address: str, event: CardLineRejected) -> None:
        await self._note(known, NOT_READ, f"{known.reader.name}: {event.reason}", address)

    async def _note(self, known: KnownReader, kind: str, message: str, address: str) -> None:
        await self._refusals.note(known.tenant_id, kind, message, address=address, device_id=known.reader.device_id)


def spoken(outcome: FeedbackOutcome, style: str) -> bytes | None:
    """The octets that tell a reader what came of a card.

    style, a reader's setting: "" for nothing, "words" for the outcome's name, "three-state" or "eight-state" for the
    lights and beeps that readers of that kind understand, as `green=on red=off flashes=0 beeps=1`.
    """
    if style == WORDS:
        text = outcome.value
    elif style in {each.value for each in FeedbackStyle}:
        signal = feedback(outcome, FeedbackStyle(style))
        flashes = "on" if signal.flashes is None else signal.flashes
        text = f"green={signal.green.value} red={signal.red.value} flashes={flashes} beeps={signal.beeps}"
    else:
        return None
    return FeedbackLines({outcome: text}).line(outcome)


def keep_alive(writer: asyncio.StreamWriter) -> None:
    """Let the system find out within two minutes that a reader is gone without a word."""
    connection: socket.socket | None = writer.get_extra_info("socket")
    if connection is None:
        return
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    for name, value in (
        ("TCP_KEEPIDLE", KEEPALIVE_IDLE_S),
        ("TCP_KEEPINTVL", KEEPALIVE_INTERVAL_S),
        ("TCP_KEEPCNT", KEEPALIVE_PROBES),
    ):
        if hasattr(socket, name):  # not on every system
            connection.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)
