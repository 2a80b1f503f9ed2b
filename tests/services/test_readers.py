"""Ethernet card readers over real sockets, up to the document at the device. Each reader has a loopback address."""

from __future__ import annotations

import itertools
import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest

from tests import node_setup
from tests.peers.rawprinter import RawPrinter
from tests.peers.running import LOOPBACK, PATIENCE_S, wait_until
from tests.running_node import RunningNode
from tests.services.test_raw import document, jobs_when_there, print_raw

_addresses = (f"127.0.7.{number}" for number in itertools.count(1))


@pytest.fixture
def address() -> str:
    """An address that no other reader of the module has."""
    return next(_addresses)


@contextmanager
def reader(node: RunningNode, address: str) -> Iterator[socket.socket]:
    """A reader that is connected."""
    with closing(
        socket.create_connection((LOOPBACK, node.readers), timeout=PATIENCE_S, source_address=(address, 0))
    ) as it:
        yield it


def words(client: socket.socket) -> str:
    """The line that answers a card."""
    said = b""
    while not said.endswith(b"\r\n"):
        part = client.recv(200)
        assert part, f"the node closed after {said!r}"
        said += part
    return said.decode().strip()


class TestRelease:
    """A card releases."""

    def test_card_prints_everything_oldest_first(
        self, module_node: RunningNode, raw_printer: RawPrinter, address: str
    ) -> None:
        """At a device that prints all at login a card brings all documents out, oldest first. SC-PULL-16 SC-CARD-06"""
        node, person = module_node, "carla"
        node.call(node_setup.add_person, person, cards=("04A1B2C3",))
        node.call(
            node_setup.add_device,
            "alone",
            raw_printer.uri,
            reader_at=address,
            feedback="words",
            print_all_at_login=True,
            card_format={"strip_prefix": "ID:", "letter_case": "upper"},
        )
        for number in (1, 2):
            print_raw(node.raw, document(person, f"Report {number}"))
            jobs_when_there(node, person, number)
        with reader(node, address) as client:
            client.sendall(b"ID:04a1b2c3\r\n")
            assert words(client) == "documents-waiting"
        jobs = raw_printer.wait_for_jobs(2)
        assert [b"Report 1" in jobs[0], b"Report 2" in jobs[1]] == [True, True]
        assert node.metric("platen_card_to_release_seconds_count") >= 1

    def test_the_device_overrules_the_person(
        self, module_node: RunningNode, raw_printer: RawPrinter, address: str
    ) -> None:
        """A device that does not print all at login keeps documents held, whatever the person has. SC-PULL-16"""
        node, person = module_node, "dora"
        node.call(node_setup.add_person, person, cards=("77",), print_all_at_login=True)
        node.call(
            node_setup.add_device,
            "choosy",
            raw_printer.uri,
            reader_at=address,
            feedback="words",
            print_all_at_login=False,
        )
        print_raw(node.raw, document(person))
        jobs_when_there(node, person)
        with reader(node, address) as client:
            client.sendall(b"77\r")
            assert words(client) == "no-documents"
        assert node.call(node_setup.jobs_of, person)[0]["device"] is None

    def test_nothing_waits(self, module_node: RunningNode, raw_printer: RawPrinter, address: str) -> None:
        """A person without documents is told so by lights and sound."""
        node = module_node
        node.call(node_setup.add_person, "emma", cards=("5150",))
        node.call(node_setup.add_device, "empty", raw_printer.uri, reader_at=address, feedback="eight-state")
        with reader(node, address) as client:
            client.sendall(b"\x025150\x03")
            assert words(client) == "green=flashing red=flashing flashes=2 beeps=2"

    def test_a_line_without_an_end_is_taken_after_a_silence(
        self, module_node: RunningNode, raw_printer: RawPrinter, address: str
    ) -> None:
        """A reader that ends its lines by silence alone works as well."""
        node = module_node
        node.call(node_setup.add_person, "silent", cards=("9911",))
        node.call(node_setup.add_device, "silence", raw_printer.uri, reader_at=address, feedback="words")
        with reader(node, address) as client:
            client.sendall(b"99")
            client.sendall(b"11")
            assert words(client) == "no-documents"


class TestDefence:
    """Who is not let in."""

    def test_unknown_address_is_closed(self, module_node: RunningNode, address: str) -> None:
        """A connection from an address that is no reader's is closed, with one line in the event log."""
        for _ in range(3):
            with reader(module_node, address) as client:
                assert client.recv(10) == b""
        lines = [line for line in module_node.call(node_setup.events, "reader_unknown") if address in line]
        assert len(lines) == 1

    def test_unknown_cards_are_slowed_down(
        self, module_node: RunningNode, raw_printer: RawPrinter, address: str
    ) -> None:
        """Many cards that nobody has make the reader wait, also for a card that somebody has."""
        node = module_node
        node.call(node_setup.add_person, "patient", cards=("3000",))
        node.call(node_setup.add_device, "guessed", raw_printer.uri, reader_at=address, feedback="words")
        with reader(node, address) as client:
            for number in range(8):
                client.sendall(b"%d\r\n" % (2000 + number))
                if number < 6:
                    assert words(client) == "unknown-card"
            before = node.metric("platen_cards_total")
            client.sendall(b"3000\r\n")
            wait_until(lambda: node.metric("platen_cards_total") > before, "the card to be counted")
            client.settimeout(0.3)
            said = b""
            try:
                while part := client.recv(200):
                    said += part
            except TimeoutError:
                pass
            assert b"no-documents" not in said

    def test_a_flood_is_disconnected(self, module_node: RunningNode, raw_printer: RawPrinter, address: str) -> None:
        """A reader that sends more lines than a hand can show cards is disconnected."""
        node = module_node
        node.call(node_setup.add_device, "flooded", raw_printer.uri, reader_at=address)
        with reader(node, address) as client:
            client.sendall(b"".join(b"\x01%d\r\n" % number for number in range(100)))
            assert client.recv(10) == b""
        assert any("disconnected" in line for line in node.call(node_setup.events, "reader_too_fast"))

    def test_locked_person(self, module_node: RunningNode, raw_printer: RawPrinter, address: str) -> None:
        """A person whose login is prevented gets nothing with their card. SC-AUTH-19"""
        node, person = module_node, "locked"
        node.call(node_setup.add_person, person, cards=("8080",), prevent_login=True)
        node.call(node_setup.add_device, "locking", raw_printer.uri, reader_at=address, feedback="words")
        with reader(node, address) as client:
            client.sendall(b"8080\r\n")
            assert words(client) == "login-prevented"
