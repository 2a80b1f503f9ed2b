"""HTTP and HTTPS listeners: uvicorn, with a limit on what a peer may make us wait for or remember."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
from collections import deque
from collections.abc import Iterator
from typing import Any

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from platen.asgi import Application
from platen.settings import Settings

HEAD_BYTES_MAX = 64 * 1024
"""As much may come of a request's head, and of anything else that leads to no octet of a body: trailers, extensions."""
PIPELINE_MAX = 32
"""Requests that may wait for the answer to an earlier one on the same connection; no client of ours sends two."""


class TooManyRequests(Exception):
    """A peer sends requests faster than it takes the answers."""


class HeadWithBody:
    """What a response is written to: its head leaves together with what follows it, for a system call and a packet
    less. ASGI has a server wait for the first of the body before it sends the head."""

    __slots__ = ("_cycle", "_head", "_head_is_out", "_transport", "is_closing")

    def __init__(self, cycle: RequestResponseCycle) -> None:
        self._cycle = cycle
        self._transport = cycle.transport
        self._head = b""
        self._head_is_out = False
        self.is_closing = cycle.transport.is_closing

    def write(self, data: bytes) -> None:
        """Send, or keep the head for the next call; a 100 Continue comes before any head."""
        if self._head_is_out or not self._cycle.response_started:
            self._transport.write(data)
        elif self._head:
            self._head_is_out = True
            self._transport.write(self._head + data)
        else:
            self._head = data

    def close(self) -> None:
        """Close when everything is out."""
        if self._head and not self._head_is_out:
            self.write(b"")
        self._transport.close()


def bounded_protocol(header_timeout_s: float) -> type[HttpToolsProtocol]:
    """uvicorn's HTTP protocol with a time and a size that a request's head must keep to, and what comes behind it."""

    class BoundedProtocol(HttpToolsProtocol):
        _fruitless_bytes = 0
        _head_bytes = 0
        _head_open = True
        _head_timer: asyncio.TimerHandle | None = None

        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's own
            super().connection_made(transport)
            self._expect_head()

        def data_received(self, data: bytes) -> None:
            if self._head_open:
                if self.transport.is_closing():
                    return
                before, self._head_bytes = self._head_bytes, self._head_bytes + len(data)
                if self._head_bytes > HEAD_BYTES_MAX:
                    # The parser would keep every header; what is behind the head is not counted.
                    end = data.find(b"\r\n\r\n")
                    if end < 0 or before + end > HEAD_BYTES_MAX:
                        self.send_400_response("The request's head is too large.")
                        return
            self._fruitless_bytes += len(data)
            super().data_received(data)
            if self._head_open and self._head_timer is None:
                self._expect_head()
            if self._fruitless_bytes > HEAD_BYTES_MAX and not self.transport.is_closing():
                self.send_400_response("The request goes on without saying anything.")

        def on_headers_complete(self) -> None:
            if len(self.pipeline) >= PIPELINE_MAX:
                raise TooManyRequests  # the parser makes it a bad request
            self._head_open = False
            self._fruitless_bytes = 0
            self._forget_timer()
            super().on_headers_complete()
            # The parser reports a chunked body's trailers as headers. Nothing reads them, so they are not kept.
            self.headers = deque(maxlen=0)  # type: ignore[assignment]  # appended to, and no more

        def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
            if cycle.scope["method"] != "HEAD":  # nothing would follow
                cycle.transport = HeadWithBody(cycle)  # type: ignore[assignment]  # as much of one as a cycle uses
            super()._start_asgi_task(cycle, app)

        def on_body(self, body: bytes) -> None:
            self._fruitless_bytes = 0
            super().on_body(body)

        def on_response_complete(self) -> None:
            super().on_response_complete()
            self._head_open, self._head_bytes = True, 0

        def connection_lost(self, exc: Exception | None) -> None:
            self._forget_timer()
            super().connection_lost(exc)

        def _expect_head(self) -> None:
            self._head_timer = self.loop.call_later(header_timeout_s, self.transport.close)

        def _forget_timer(self) -> None:
            if self._head_timer is not None:
                self._head_timer.cancel()
                self._head_timer = None

    return BoundedProtocol


class WebServer(uvicorn.Server):
    """A uvicorn server that leaves signals to the node, which has more than one server to stop."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Signals are the node's."""
        yield


def make_server(settings: Settings, application: Application, tls: ssl.SSLContext | None) -> WebServer:
    """A server for the application; give it sockets with `serve`."""
    config: Any = uvicorn.Config(
        application,
        http=bounded_protocol(settings.intake_header_timeout_s),
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=settings.trusted_proxies or None,
        timeout_keep_alive=int(settings.idle_timeout_s),
        timeout_graceful_shutdown=int(settings.stop_timeout_s),
        limit_concurrency=settings.connections_max,
        backlog=2048,
    )
    config.load()
    config.ssl = tls
    return WebServer(config)


def listening_socket(bind: str, port: int) -> socket.socket:
    """A TCP socket that listens. Raises: OSError, for example when the port is taken."""
    family = socket.AF_INET6 if ":" in bind else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if family == socket.AF_INET6:
        listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
    try:
        listener.bind((bind, port))
        listener.listen(2048)
    except OSError as error:
        listener.close()
        raise OSError(error.errno, f"{bind} port {port}: {error.strerror}") from error
    listener.setblocking(False)
    return listener
