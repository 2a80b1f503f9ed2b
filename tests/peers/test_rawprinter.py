"""The raw printer records what it gets and misbehaves as told."""

from __future__ import annotations

import socket

import pytest

from tests.peers.rawprinter import Behaviour, RawPrinter, rawprinter, refusing_port
from tests.peers.running import LOOPBACK


def send(port: int, *parts: bytes) -> bytes:
    """Sends, ends its side, and returns everything that came back."""
    with socket.create_connection((LOOPBACK, port), timeout=10) as client:
        for part in parts:
            client.sendall(part)
        client.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: client.recv(4096), b""))


class TestRecording:
    def test_every_connection_is_a_job(self, raw_printer: RawPrinter) -> None:
        """Two connections are two jobs, each with its own octets and the time of its first."""
        send(raw_printer.port, b"one", b" more")
        send(raw_printer.port, b"two")
        assert raw_printer.wait_for_jobs(2) == [b"one more", b"two"]
        assert all(connection.first_byte_at for connection in raw_printer.connections)

    def test_empty_connection_is_no_job(self, raw_printer: RawPrinter) -> None:
        """A port probe prints nothing."""
        send(raw_printer.port)
        send(raw_printer.port, b"document")
        assert raw_printer.wait_for_jobs() == [b"document"]


class TestMisbehaviour:
    def test_disconnects_in_the_middle(self) -> None:
        """The sender sees a reset, and the printer has what came before."""
        with rawprinter(Behaviour(disconnect_after_bytes=1000)) as printer:
            with pytest.raises(ConnectionError):
                send(printer.port, b"x" * 50_000_000)
            assert printer.wait_for_jobs() == [b"x" * 1000]

    def test_stalls(self) -> None:
        """The sender cannot get rid of its octets."""
        with rawprinter(Behaviour(stall_after_bytes=10)) as printer:
            with socket.create_connection((LOOPBACK, printer.port), timeout=0.5) as client, pytest.raises(TimeoutError):
                client.sendall(b"x" * 50_000_000)
            assert printer.jobs() == []

    def test_refuses(self) -> None:
        """A printer that is off."""
        with pytest.raises(ConnectionRefusedError):
            send(refusing_port(), b"x")


class TestPjl:
    def test_reports_its_state_and_what_came_out(self) -> None:
        """INFO STATUS is answered, and after EOJ the pages and the end of the job are reported."""
        with rawprinter(Behaviour(pjl=True, pages=2)) as printer:
            answer = send(
                printer.port,
                b"\x1b%-12345X@PJL INFO STATUS\r\n@PJL USTATUS JOB = ON\r\n@PJL USTA",
                b"TUS PAGE = ON\r\n@PJL ENTER LANGUAGE = PDF\r\n%PDF...\x1b%-12345X@PJL EOJ\r\n\x1b%-12345X",
            )
        assert b'@PJL INFO STATUS\r\nCODE=10001\r\nDISPLAY="Ready"\r\nONLINE=TRUE\r\n\f' in answer
        assert answer.count(b"@PJL USTATUS PAGE") == 2
        assert answer.endswith(b"@PJL USTATUS JOB\r\nEND\r\nPAGES=2\r\n\f")

    def test_stays_silent_unless_asked(self) -> None:
        """A job that asks for nothing gets nothing back."""
        with rawprinter(Behaviour(pjl=True)) as printer:
            assert send(printer.port, b"\x1b%-12345X@PJL\r\n@PJL EOJ\r\n") == b""
