"""CUPS's LPD backend as a client: what it sends, and what it says where nobody listens."""

from __future__ import annotations

import socket
import threading
from pathlib import Path

from tests.peers.lpd_client import print_over_lpd
from tests.peers.rawprinter import refusing_port
from tests.peers.running import LOOPBACK


class TestBackend:
    def test_begins_with_receive_a_printer_job(self, tmp_path: Path) -> None:
        """The first line of the connection is command 02 with the queue (RFC 1179 section 5.2)."""
        document = tmp_path / "page.txt"
        document.write_text("one line\n")
        first: list[bytes] = []

        def refuse_job(listener: socket.socket) -> None:
            client, _ = listener.accept()
            with client:
                first.append(client.recv(100))
                client.sendall(b"\x01")

        with socket.create_server((LOOPBACK, 0)) as listener:
            daemon = threading.Thread(target=refuse_job, args=(listener,))
            daemon.start()
            delivery = print_over_lpd(listener.getsockname()[1], "office", document)
            daemon.join(10)
        assert first == [b"\x02office\n"]
        assert delivery.returncode != 0

    def test_nobody_listening_is_a_failure_with_a_message(self, tmp_path: Path) -> None:
        """The backend gives up after its connection time-out and says so."""
        document = tmp_path / "page.txt"
        document.write_text("one line\n")
        delivery = print_over_lpd(refusing_port(), "office", document, contimeout_s=1)
        assert delivery.returncode != 0
        assert delivery.messages
