"""A printer behind a raw TCP port, in the test's own process; it can be slow, break off, and speak PJL."""

from __future__ import annotations

import re
import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.peers.running import LOOPBACK, PATIENCE_S, PeerFailed, free_port

RECEIVED_AT_ONCE_BYTES = 65_536


@dataclass(frozen=True, slots=True, kw_only=True)
class Behaviour:
    """How the printer treats a connection."""

    bytes_per_s: int | None = None
    """Takes no more than this; the sender feels it once the buffers of TCP are full."""
    disconnect_after_bytes: int | None = None
    """Resets the connection after so many octets, as a printer does that is switched off."""
    stall_after_bytes: int | None = None
    """Reads no further after so many octets, as a printer does that is out of paper."""
    pjl: bool = False
    """Answers PJL status commands and reports pages and the end of a job."""
    pages: int = 1
    """What PJL reports as printed, which may be fewer than the document has."""
    status_code: int = 10_001
    """PJL status code: 10001 ready, 10003 warming up, 40000 sleep, 41xxx wants paper, 42xxx jam."""
    display: str = "Ready"


@dataclass(slots=True)
class Connection:
    """What came in over one connection, kept while it goes on."""

    data: bytearray = field(default_factory=bytearray)
    first_byte_at: float | None = None
    """time.monotonic() when the first octet had arrived."""
    closed: bool = False


class RawPrinter:
    """Records every connection; its behaviour may be changed between connections."""

    def __init__(self, listener: socket.socket, behaviour: Behaviour) -> None:
        self._listener = listener
        self._changed = threading.Condition()
        self._open: set[socket.socket] = set()
        self._stopping = threading.Event()
        self._threads: list[threading.Thread] = []
        self.behaviour = behaviour
        self.connections: list[Connection] = []
        self.port: int = listener.getsockname()[1]

    @property
    def uri(self) -> str:
        return f"socket://{LOOPBACK}:{self.port}"

    def jobs(self) -> list[bytes]:
        """The octets of every connection that has ended and sent any, in the order of arrival."""
        with self._changed:
            return [bytes(one.data) for one in self.connections if one.closed and one.data]

    def wait_for_jobs(self, count: int = 1, *, timeout_s: float = PATIENCE_S) -> list[bytes]:
        """The jobs once there are `count`; raises PeerFailed after the timeout."""
        with self._changed:
            if not self._changed.wait_for(lambda: len(self.jobs()) >= count, timeout_s):
                raise PeerFailed(f"{len(self.jobs())} of {count} jobs came to {self.uri} within {timeout_s:g} s")
            return self.jobs()

    def wait_for_bytes(self, count: int = 1, *, timeout_s: float = PATIENCE_S) -> None:
        """Returns when the printer has read so many octets over all connections."""

        def arrived() -> int:
            return sum(len(one.data) for one in self.connections)

        with self._changed:
            if not self._changed.wait_for(lambda: arrived() >= count, timeout_s):
                raise PeerFailed(f"{arrived()} of {count} octets came to {self.uri} within {timeout_s:g} s")

    def serve(self) -> None:
        """Accepts until `stop`; one thread a connection, so that a stalled one holds up no other."""
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return  # the listener was closed: stop() was called
            with self._changed:
                if self._stopping.is_set():
                    client.close()
                    return
                connection = Connection()
                self.connections.append(connection)
                self._open.add(client)
                thread = threading.Thread(target=self._receive, args=(client, connection, self.behaviour))
                self._threads.append(thread)
                thread.start()

    def stop(self) -> None:
        self._stopping.set()
        # Closing alone does not wake the thread that waits in accept.
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        with self._changed:
            for client in self._open:
                client.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(10)

    def _receive(self, client: socket.socket, connection: Connection, behaviour: Behaviour) -> None:
        pjl = PjlReplies(behaviour) if behaviour.pjl else None
        try:
            while data := client.recv(self._amount(connection, behaviour)):
                self._record(connection, data)
                if pjl is not None and (answer := pjl.to(data)):
                    client.sendall(answer)
                if self._ends_here(client, connection, behaviour):
                    break
                if behaviour.bytes_per_s:
                    self._stopping.wait(len(data) / behaviour.bytes_per_s)
        except OSError:
            pass  # the sender broke off: what came until then is what the test looks at
        finally:
            with self._changed:
                self._open.discard(client)
                client.close()
                connection.closed = True
                self._changed.notify_all()

    def _record(self, connection: Connection, data: bytes) -> None:
        with self._changed:
            if connection.first_byte_at is None:
                connection.first_byte_at = time.monotonic()
            connection.data += data
            self._changed.notify_all()

    def _amount(self, connection: Connection, behaviour: Behaviour) -> int:
        limits = [RECEIVED_AT_ONCE_BYTES]
        for stop in (behaviour.disconnect_after_bytes, behaviour.stall_after_bytes):
            if stop is not None:
                limits.append(max(1, stop - len(connection.data)))
        if behaviour.bytes_per_s:
            limits.append(max(1, behaviour.bytes_per_s // 20))
        return min(limits)

    def _ends_here(self, client: socket.socket, connection: Connection, behaviour: Behaviour) -> bool:
        received = len(connection.data)
        if behaviour.stall_after_bytes is not None and received >= behaviour.stall_after_bytes:
            self._stopping.wait()
            return True
        if behaviour.disconnect_after_bytes is not None and received >= behaviour.disconnect_after_bytes:
            # Linger of zero seconds: the close becomes a reset.
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            return True
        return False


class PjlReplies:
    """What a printer says back to PJL (HP's Technical Reference, chapters 6 and 7)."""

    COMMAND = re.compile(rb"@PJL[ \t]+([^\r\n]*)\r?\n")

    def __init__(self, behaviour: Behaviour) -> None:
        self._behaviour = behaviour
        self._pending = b""
        self._watched: set[str] = set()

    def to(self, data: bytes) -> bytes:
        """The octets that answer the commands completed by `data`."""
        text = self._pending + data
        commands = list(self.COMMAND.finditer(text))
        # A command may be cut anywhere between two reads; a line of PJL is at most 1,024 octets long or so.
        self._pending = text[commands[-1].end() if commands else 0 :][-1024:]
        return b"".join(self._answer(found[1].decode("latin-1").strip()) for found in commands)

    def _answer(self, command: str) -> bytes:
        upper = command.upper().replace(" ", "")
        if upper.startswith("ECHO"):
            return f"@PJL {command}\r\n\f".encode("latin-1")
        if upper == "INFOSTATUS":
            return self._status("INFO STATUS")
        if upper == "INFOPAGECOUNT":
            return f"@PJL INFO PAGECOUNT\r\n{self._behaviour.pages}\r\n\f".encode()
        if upper.startswith("USTATUS") and upper != "USTATUSOFF":
            name, _, value = upper.removeprefix("USTATUS").partition("=")
            (self._watched.discard if value == "OFF" else self._watched.add)(name)
            return self._status("USTATUS DEVICE") if name == "DEVICE" and value != "OFF" else b""
        if upper == "EOJ" or upper.startswith("EOJNAME"):
            return self._end_of_job()
        return b""

    def _status(self, head: str) -> bytes:
        online = "TRUE" if self._behaviour.status_code < 40_000 else "FALSE"
        code, display = self._behaviour.status_code, self._behaviour.display
        return f'@PJL {head}\r\nCODE={code}\r\nDISPLAY="{display}"\r\nONLINE={online}\r\n\f'.encode()

    def _end_of_job(self) -> bytes:
        said = b""
        if "PAGE" in self._watched:
            said += b"".join(b"@PJL USTATUS PAGE\r\n%d\r\n\f" % page for page in range(1, self._behaviour.pages + 1))
        if "JOB" in self._watched:
            said += b"@PJL USTATUS JOB\r\nEND\r\nPAGES=%d\r\n\f" % self._behaviour.pages
        return said


@contextmanager
def rawprinter(behaviour: Behaviour | None = None, *, port: int = 0) -> Iterator[RawPrinter]:
    """A raw printer that listens; `port` 0 takes a free one, a given one lets a printer come back where it was."""
    with socket.create_server((LOOPBACK, port or free_port()), backlog=300) as listener:
        printer = RawPrinter(listener, behaviour or Behaviour())
        thread = threading.Thread(target=printer.serve)
        thread.start()
        try:
            yield printer
        finally:
            printer.stop()
            thread.join(10)


def refusing_port() -> int:
    """A port at which nothing listens: a printer that is off answers with a refusal."""
    return free_port()
