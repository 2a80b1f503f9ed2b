"""Connections that cost the server something and bring it nothing: idle ones, slow ones, endless ones."""

from __future__ import annotations

import os
import resource
import selectors
import socket
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from platen.demo.client import PrintClient
from tests.peers.running import LOOPBACK, PATIENCE_S, Running, free_port, running, wait_until

IDLE = int(os.environ.get("PLATEN_IDLE_CONNECTIONS", "2000"))
HEADER_TIMEOUT_S = "3"


class Server:
    """A `platen serve` of the test's own."""

    def __init__(self, process: Running, port: int) -> None:
        self.process = process
        self.port = port

    def connect(self) -> socket.socket:
        return socket.create_connection((LOOPBACK, self.port), timeout=PATIENCE_S)

    def says(self, path: str) -> str:
        with urllib.request.urlopen(f"http://{LOOPBACK}:{self.port}{path}", timeout=PATIENCE_S) as answer:
            return str(answer.read().decode())


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder, port = tmp_path_factory.mktemp("server"), free_port()
    environ = {
        "PLATEN_DATA": str(folder / "data"),
        "PLATEN_DATABASE": f"sqlite://{folder / 'platen.sqlite3'}",
        "PLATEN_BIND": LOOPBACK,
        "PLATEN_PORT": str(port),
        **{f"PLATEN_{name}_PORT": "-1" for name in ("TLS", "LPD", "RAW", "READER")},
        "PLATEN_DNSSD": "false",
        "PLATEN_ANALYSIS_WORKERS": "0",
        "PLATEN_INTAKE_HEADER_TIMEOUT_S": HEADER_TIMEOUT_S,
    }
    with running([sys.executable, "-m", "platen", "serve"], log=folder / "log", env=environ) as process:
        wait_until(lambda: "Platen is ready" in process.output(), "a server that is ready", timeout_s=60)
        yield Server(process, port)


def answer_of(connection: socket.socket) -> bytes:
    """Everything until the server closes."""
    parts = []
    try:
        while part := connection.recv(65536):
            parts.append(part)
    except ConnectionResetError:
        pass
    return b"".join(parts)


def test_idle_connections_keep_nobody_out(server: Server) -> None:
    """With thousands of connections that say nothing, a new client is answered and can print; the idle ones are
    closed in the end."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = IDLE + 512
    if hard != resource.RLIM_INFINITY and hard < wanted:
        pytest.skip(f"this process may open {hard} files; {wanted} are needed")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted), hard))
    with ExitStack() as idle, selectors.DefaultSelector() as closing:
        for _ in range(IDLE):
            closing.register(idle.enter_context(server.connect()), selectors.EVENT_READ)
        assert server.says("/readyz") == "ready\n"
        client = PrintClient(f"ipp://{LOOPBACK}:{server.port}/ipp/print", "somebody")
        assert client.print_job("Through the crowd", b"%!PS\nshowpage\n", "application/postscript") > 0
        for _ in range(IDLE):
            ((key, _events), *_rest) = closing.select(60)
            connection = key.fileobj
            assert isinstance(connection, socket.socket)
            assert connection.recv(1) == b""
            closing.unregister(connection)
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_a_head_that_trickles_is_cut_off(server: Server) -> None:
    """A client that sends its request octet by octet is closed when its time is over, however busy it looks."""
    with server.connect() as slow, selectors.DefaultSelector() as closed:
        closed.register(slow, selectors.EVENT_READ)
        slow.sendall(b"POST /ipp/print HTTP/1.1\r\nHost: localhost\r\nX-Slow: ")
        for _ in range(200):
            if closed.select(0.1):
                break
            slow.sendall(b"x")
        assert answer_of(slow) == b""
    assert server.says("/healthz") == "ok\n"


def test_a_second_request_must_come_in_time_as_well(server: Server) -> None:
    """A connection that was used well once gets no more time for the head of its next request."""
    with server.connect() as slow:
        slow.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert slow.recv(65536).startswith(b"HTTP/1.1 200")
        slow.sendall(b"GET /healthz HT")
        assert b"HTTP/1.1 200" not in answer_of(slow)


@pytest.mark.parametrize("step", [1000, 200_000], ids=["in pieces", "at once"])
def test_a_head_without_end_is_refused(server: Server, step: int) -> None:
    """A head of more than 64 KiB is refused with 400 and the connection closed, before it is kept in memory."""
    head = b"GET / HTTP/1.1\r\nHost: localhost\r\n" + b"".join(b"X-%05d: y\r\n" % number for number in range(20_000))
    with server.connect() as connection:
        try:
            for start in range(0, len(head), step):
                connection.sendall(head[start : start + step])
        except OSError:
            pass  # it was closed while we were still sending
        answer = answer_of(connection)
    assert answer.startswith((b"HTTP/1.1 400", b"HTTP/1.1 431")) or answer == b""
    assert server.says("/healthz") == "ok\n"


def test_a_large_body_is_no_large_head(server: Server) -> None:
    """A document that comes in one piece with its head is not mistaken for a head."""
    client = PrintClient(f"ipp://{LOOPBACK}:{server.port}/ipp/print", "somebody")
    document = b"%!PS\n" + b"% padding\n" * 40_000
    assert client.print_job("Large", document, "application/postscript") > 0


def test_an_answer_that_is_too_much_is_not_kept_in_memory(server: Server) -> None:
    """Rubbish in place of HTTP gets an error and no more."""
    with server.connect() as connection:
        connection.sendall(bytes(range(256)) * 16)
        assert answer_of(connection).startswith(b"HTTP/1.1 400")


CHUNKED = b"POST %b HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/ipp\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize("path", [b"/ipp/print", b"/console/sign-in/"])
@pytest.mark.parametrize("endless", [b"X-More: " + b"x" * 60 + b"\r\n", b"x" * 64], ids=["lines", "one line"])
def test_endless_trailers_are_cut_off(server: Server, path: bytes, endless: bytes) -> None:
    """What comes behind the last chunk of a body is neither kept nor waited for without end."""
    with server.connect() as connection:
        assert b"400 Bad Request" in _flooded(connection, CHUNKED % path + b"0\r\nX-First: ", endless * 1024)
    assert server.says("/healthz") == "ok\n"


def test_requests_that_nobody_takes_the_answers_to_are_cut_off(server: Server) -> None:
    """A peer that sends request after request on one connection is dropped before they fill the memory."""
    with server.connect() as connection:
        connection.settimeout(30)
        with pytest.raises(ConnectionError):
            connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n" * 1_000_000)
    assert server.says("/healthz") == "ok\n"


def _flooded(connection: socket.socket, head: bytes, endless: bytes) -> bytes:
    """The answer to a request that goes on until the server has enough of it, which it must within some megabytes."""
    connection.sendall(head)
    try:
        for _ in range(500):
            connection.sendall(endless)
            connection.settimeout(0.05)
            try:
                return connection.recv(65536)
            except TimeoutError:
                connection.settimeout(30)
    except ConnectionResetError:
        return b"HTTP/1.1 400 Bad Request (and reset)"
    return b""
