"""An HTTP proxy that connects through (CONNECT, RFC 9110 section 9.3.6) and remembers to where."""

from __future__ import annotations

import contextlib
import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager

LOOPBACK = "127.0.0.1"


class ConnectProxy(socketserver.ThreadingTCPServer):
    """credentials: what Proxy-Authorization has to say; empty: anybody may."""

    daemon_threads = True

    def __init__(self, credentials: str = "") -> None:
        super().__init__((LOOPBACK, 0), _Passing)
        self.credentials = credentials
        self.asked: list[str] = []
        self.broken_after: int | None = None
        """Octets towards home after which the connection breaks off."""
        self.swallow_after: int | None = None
        """Octets towards home after which home's answer does not come through."""


class _Passing(socketserver.StreamRequestHandler):
    server: ConnectProxy

    sent = 0

    def handle(self) -> None:
        method, target = self.rfile.readline(4096).decode().split()[:2]
        fields = {}
        while line := self.rfile.readline(4096).decode().strip():
            name, _, value = line.partition(": ")
            fields[name.lower()] = value
        if method != "CONNECT":
            self.wfile.write(b"HTTP/1.1 405 CONNECT only\r\n\r\n")
            return
        if self.server.credentials and fields.get("proxy-authorization") != self.server.credentials:
            self.wfile.write(b"HTTP/1.1 407 Who are you?\r\nContent-Length: 0\r\n\r\n")
            return
        self.server.asked.append(target)
        host, _, port = target.rpartition(":")
        with socket.create_connection((host, int(port)), timeout=60) as home:
            self.wfile.write(b"HTTP/1.1 200 connected\r\n\r\n")
            back = threading.Thread(target=self._back, args=(home,), daemon=True)
            back.start()
            self._forth(home)
            back.join()

    def _forth(self, home: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while octets := self.connection.recv(65_536):
                self.sent += len(octets)
                if self.server.broken_after is not None and self.sent > self.server.broken_after:
                    self.connection.close()
                    break
                home.sendall(octets)
        with contextlib.suppress(OSError):
            home.shutdown(socket.SHUT_WR)

    def _back(self, home: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while octets := home.recv(65_536):
                if self.server.swallow_after is not None and self.sent > self.server.swallow_after:
                    break  # home has answered by now
                self.connection.sendall(octets)
            self.connection.shutdown(socket.SHUT_WR)


@contextmanager
def connect_proxy(credentials: str = "") -> Iterator[ConnectProxy]:
    """A proxy for the block."""
    with ConnectProxy(credentials) as proxy:
        serving = threading.Thread(target=proxy.serve_forever, kwargs={"poll_interval": 0.05})
        serving.start()
        try:
            yield proxy
        finally:
            proxy.shutdown()
            serving.join()
