"""A print client made of a plain socket: sends exactly the octets a test wants, and reads HTTP and IPP answers."""

from __future__ import annotations

import socket
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from platen.protocols.ipp import (
    Attribute,
    Group,
    GroupTag,
    Message,
    Operation,
    Status,
    ValueTag,
    decode_response,
    encode,
)
from platen.protocols.ipp import attributes as a
from tests.peers.running import LOOPBACK, PATIENCE_S
from tests.running_node import RunningNode

IPP = "application/ipp"
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """One HTTP answer; header names are lower case."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def ipp(self) -> Message:
        """The body as an IPP message."""
        assert self.status == 200, self
        return decode_response(self.body)

    @property
    def ipp_status(self) -> Status | int:
        return self.ipp.status


class Connection:
    """One connection to a node; answers are read one after the other."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection((LOOPBACK, port), timeout=PATIENCE_S)
        self._buffer = b""

    def send(self, data: bytes) -> None:
        self.socket.sendall(data)

    def read_answer(self) -> HttpAnswer:
        """The next answer. Raises: ConnectionError, where the connection ends before it."""
        while b"\r\n\r\n" not in self._buffer:
            self._more()
        head, _, self._buffer = self._buffer.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
        length = int(headers.get("content-length", "0"))
        while len(self._buffer) < length:
            self._more()
        body, self._buffer = self._buffer[:length], self._buffer[length:]
        return HttpAnswer(int(lines[0].split()[1]), headers, body)

    def read_line(self) -> bytes:
        """Up to an empty line: what comes before an answer, such as 100 Continue."""
        while b"\r\n\r\n" not in self._buffer:
            self._more()
        line, _, self._buffer = self._buffer.partition(b"\r\n\r\n")
        return line

    @property
    def is_closed(self) -> bool:
        """Whether the node closes the connection, having nothing more to say."""
        try:
            return not self._buffer and self.socket.recv(1) == b""
        except ConnectionResetError:
            return True

    def _more(self) -> None:
        data = self.socket.recv(65536)
        if not data:
            raise ConnectionError(f"closed after {self._buffer!r}")
        self._buffer += data


@contextmanager
def connection(node: RunningNode) -> Iterator[Connection]:
    opened = Connection(node.http)
    try:
        yield opened
    finally:
        opened.socket.close()


def message(
    operation: int,
    *attributes: Attribute,
    queue: str = "",
    user: str | None = "anna",
    job: tuple[Attribute, ...] = (),
    version: tuple[int, int] = (2, 0),
    request_id: int = 7,
) -> bytes:
    """A request's octets. `attributes` follow those that every request has."""
    name = f"/{queue}" if queue else ""
    first = [
        a.charset("attributes-charset", "utf-8"),
        a.language("attributes-natural-language", "en"),
        a.uri("printer-uri", f"ipp://{LOOPBACK}/ipp/print{name}"),
    ]
    if user is not None:
        first.append(a.name_("requesting-user-name", user))
    groups = [Group(GroupTag.OPERATION_ATTRIBUTES, [*first, *attributes])]
    if job:
        groups.append(Group(GroupTag.JOB_ATTRIBUTES, job))
    return encode(Message(version, operation, request_id, tuple(groups)))


def head(length: int | None, path: str = "/ipp/print", host: str = LOOPBACK, **headers: str) -> bytes:
    """An HTTP request's head; without a length the body is chunked. headers: _ stands for -."""
    named = {"content-type": IPP, **{name.replace("_", "-"): value for name, value in headers.items()}}
    named |= {"transfer-encoding": "chunked"} if length is None else {"content-length": str(length)}
    lines = [f"POST {path} HTTP/1.1", f"host: {host}", *(f"{name}: {value}" for name, value in named.items())]
    return "\r\n".join([*lines, "", ""]).encode()


def chunk(data: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(data), data)


def ask(node: RunningNode, body: bytes, path: str = "/ipp/print", host: str = LOOPBACK, **headers: str) -> HttpAnswer:
    """One request on a connection of its own."""
    with connection(node) as opened:
        opened.send(head(len(body), path, host, **headers) + body)
        return opened.read_answer()


def do(node: RunningNode, operation: Operation, *attributes: Attribute, **more: object) -> Message:
    """One operation without a document; the IPP answer."""
    return ask(node, message(operation, *attributes, **more)).ipp  # type: ignore[arg-type]  # checked by message


def print_job(node: RunningNode, document: bytes = PDF, *attributes: Attribute, **more: object) -> Message:
    """Print-Job; the IPP answer."""
    body = message(Operation.PRINT_JOB, *attributes, **more)  # type: ignore[arg-type]  # checked by message
    return ask(node, body + document).ipp


def job_id_of(answer: Message) -> int:
    """The job-id of a job that was created."""
    assert answer.is_success, answer
    job_id = answer.job.integer("job-id")
    assert job_id is not None
    return job_id


def job_attribute(job_id: int) -> Attribute:
    return a.integer("job-id", job_id)


def raw_deflate(data: bytes) -> bytes:
    """RFC 1951 without the header that zlib adds."""
    engine = zlib.compressobj(wbits=-15)
    return engine.compress(data) + engine.flush()


def boolean(name: str, value: bool) -> Attribute:
    return Attribute(name, (ValueTag.BOOLEAN,), (value,))
