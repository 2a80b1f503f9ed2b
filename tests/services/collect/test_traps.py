"""The listener for traps and informs, with Net-SNMP's own senders."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable

import pytest

from platen.protocols.snmp import AuthProtocol, PrivProtocol, Tag, UsmUser, VarBind, Version, parse_oid
from platen.protocols.snmp.traps import Notification
from platen.services.collect.traps import SourceRates, TrapListener
from tests.peers.running import PeerFailed
from tests.peers.snmpd import PASSWORD, PRIVATE_PASSWORD, send_notification
from tests.services.collect.conftest import Run

PRINTER_ALERT = parse_oid("1.3.6.1.2.1.43.18.2.0.1")
ALERT_CODE = VarBind(parse_oid("1.3.6.1.2.1.43.18.1.1.7.1.3"), Tag.INTEGER, 8)
USER = UsmUser("device", AuthProtocol.SHA_256, PASSWORD, PrivProtocol.AES_128, PRIVATE_PASSWORD)
ENGINE_ID = b"\x80\x00\x00\x00\x05platen"
BINDING = ("1.3.6.1.2.1.43.18.1.1.7.1.3", "i", "8")
V3 = ("-v", "3", "-l", "authPriv", "-u", "device", "-a", "SHA-256", "-A", PASSWORD, "-x", "AES", "-X", PRIVATE_PASSWORD)
NAMED = ("4711", "1.3.6.1.2.1.43.18.2.0.1", *BINDING)


async def _listened(send: Callable[[str], Awaitable[object]]) -> tuple[list[tuple[Notification, str]], TrapListener]:
    """What the listener handed on of what was sent to it."""
    taken: list[tuple[Notification, str]] = []
    listener = TrapListener(
        lambda notification, source: taken.append((notification, source)), users=[USER], engine_id=ENGINE_ID, boots=2
    )
    port = await listener.start("127.0.0.1", 0)
    try:
        await send(f"127.0.0.1:{port}")
        while not listener.counts.taken + listener.counts.unreadable:
            await asyncio.sleep(0.01)
    finally:
        listener.close()
        await asyncio.sleep(0)
    return taken, listener


async def _sent(*arguments: str, inform: bool = False) -> None:
    await asyncio.to_thread(send_notification, *arguments, inform=inform)


@pytest.mark.peer
class TestNetSnmp:
    @pytest.mark.parametrize(
        ("before", "after", "version"),
        [
            (("-v", "1", "-c", "site"), ("1.3.6.1.2.1.43.18.2", "192.0.2.7", "6", "1", "4711", *BINDING), Version.V1),
            (("-v", "2c", "-c", "site"), NAMED, Version.V2C),
            ((*V3, "-e", "0x8000000005deadbeef", "-Z", "1,100"), NAMED, Version.V3),
        ],
        ids=["v1", "v2c", "v3"],
    )
    def test_a_trap_of_each_version_is_handed_on(
        self, run: Run, before: tuple[str, ...], after: tuple[str, ...], version: Version
    ) -> None:
        """Name, time and bindings are the same whichever version brought them."""

        async def listen() -> None:
            taken, _ = await _listened(lambda to: _sent(*before, to, *after))
            [(notification, source)] = taken
            assert source == "127.0.0.1"
            assert (notification.version, notification.trap_oid) == (version, PRINTER_ALERT)
            assert (notification.up_time, notification.varbinds) == (4711, [ALERT_CODE])

        run(listen())

    @pytest.mark.parametrize("before", [("-v", "2c", "-c", "site"), V3], ids=["v2c", "v3"])
    def test_an_inform_is_acknowledged(self, run: Run, before: tuple[str, ...]) -> None:
        """The sender, which fails without an acknowledgement, succeeds; with SNMPv3 after discovery and time."""

        async def listen() -> None:
            taken, _ = await _listened(lambda to: _sent(*before, "-t", "5", to, *NAMED, inform=True))
            assert {notification.trap_oid for notification, _ in taken} == {PRINTER_ALERT}
            assert all(notification.is_inform for notification, _ in taken)

        run(listen())

    def test_an_inform_that_cannot_be_handled_is_not_acknowledged(self, run: Run) -> None:
        """The sender is told nothing, so that it sends again; the listener goes on."""

        async def listen() -> None:
            handled: list[Notification] = []

            def on_notification(notification: Notification, source: str) -> None:
                handled.append(notification)
                if len(handled) == 1:
                    raise ValueError("the disk is full")

            listener = TrapListener(on_notification)
            port = await listener.start("127.0.0.1", 0)
            with pytest.raises(PeerFailed, match="Timeout"):
                await _sent("-v", "2c", "-c", "x", "-r", "0", "-t", "1", f"127.0.0.1:{port}", *NAMED, inform=True)
            await _sent("-v", "2c", "-c", "x", "-t", "5", f"127.0.0.1:{port}", *NAMED, inform=True)
            listener.close()
            await asyncio.sleep(0)
            assert len(handled) >= 2

        run(listen())

    def test_a_wrong_password_is_not_taken(self, run: Run) -> None:
        """A trap that is not signed with the user's password is counted and dropped."""

        async def listen() -> None:
            listener = TrapListener(lambda notification, source: None, users=[USER], engine_id=ENGINE_ID)
            port = await listener.start("127.0.0.1", 0)
            wrong = [*V3]
            wrong[wrong.index(PASSWORD)] = "another password"
            await _sent(*wrong, "-e", "0x8000000005deadbeef", f"127.0.0.1:{port}", *NAMED)
            while not listener.counts.unreadable:
                await asyncio.sleep(0.01)
            listener.close()
            await asyncio.sleep(0)
            assert listener.counts.taken == 0

        run(listen())


class TestBounds:
    def test_garbage_is_counted_and_a_flood_is_not_read(self, run: Run) -> None:
        """A source has a burst, and what is beyond is dropped unread."""

        async def listen() -> None:
            listener = TrapListener(lambda notification, source: None, per_source_s=0.001, burst=5)
            port = await listener.start("127.0.0.1", 0)
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
                for _ in range(20):
                    sender.sendto(b"garbage", ("127.0.0.1", port))
                    await asyncio.sleep(0)
            while listener.counts.unreadable + listener.counts.over_rate < 20:
                await asyncio.sleep(0.01)
            listener.close()
            await asyncio.sleep(0)
            assert listener.counts.unreadable == 5

        run(listen())

    def test_one_source_does_not_use_up_anothers_rate(self) -> None:
        """Each has its own burst, and gets it back with time."""
        rates = SourceRates(per_s=10, burst=2)
        assert [rates.allows("192.0.2.1", 0.0) for _ in range(3)] == [True, True, False]
        assert rates.allows("192.0.2.2", 0.0)
        assert rates.allows("192.0.2.1", 0.1)
        assert not rates.allows("192.0.2.1", 0.1)

    def test_sources_without_end_stay_within_bounds(self) -> None:
        """Forged addresses do not fill the memory."""
        rates = SourceRates(per_s=10, burst=2)
        for number in range(70_000):
            rates.allows(str(number), 0.0)
        assert len(rates._stock) <= 65_536
