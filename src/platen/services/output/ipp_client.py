"""IPP towards one device: requests with their operation attributes, answers decoded, connections kept for reuse."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterable

from platen.policy.device_uri import Channel, DeviceUri
from platen.protocols.ipp import (
    Attribute,
    DecodeError,
    Group,
    GroupTag,
    Message,
    Operation,
    Status,
    decode_response,
    encode,
)
from platen.protocols.ipp import attributes as a
from platen.services.output.connect import connect
from platen.services.output.errors import BadAnswer, ConnectionLost, DeviceRefused
from platen.services.output.http_client import HttpAnswer, HttpConnection

IDLE_CONNECTIONS_MAX = 2  # one for the document, one to ask how it goes
_VERSIONS = ((2, 0), (1, 1))


class IppClient:
    """One device's IPP Printer object. Safe for several requests at once; each has a connection of its own."""

    def __init__(self, uri: DeviceUri, *, tls_verify: bool, timeout_s: float) -> None:
        self.uri = uri
        self._tls_verify = tls_verify
        self._timeout_s = timeout_s
        self._idle: list[HttpConnection] = []
        self._request_id = 0
        self._version = _VERSIONS[0]

    @property
    def printer_uri(self) -> str:
        """The printer-uri of requests: the address without a port that is the usual one anyway."""
        return str(self.uri)

    async def warm(self) -> None:
        """Have a connection at hand. Raises: DeviceUnreachable."""
        self._keep(await self._connection())

    async def ask(self, operation: Operation, attributes: Iterable[Attribute] = (), user_name: str = "") -> Message:
        """A request without document, answered within the time-out.

        Raises: DeviceUnreachable, ConnectionLost, BadAnswer, DeviceRefused (an unsuccessful status).
        """
        return await self.send(operation, attributes, user_name=user_name, timeout_s=self._timeout_s)

    async def send(
        self,
        operation: Operation,
        attributes: Iterable[Attribute] = (),
        job: Iterable[Attribute] = (),
        *,
        user_name: str = "",
        body: AsyncGenerator[bytes, None] | None = None,
        length: int | None = None,
        on_sent: Callable[[int], None] | None = None,
        timeout_s: float | None = None,
    ) -> Message:
        """A request, with a document or job attributes where it has any. timeout_s None: the caller bounds it.

        Raises: as `ask`.
        """
        operation_attributes, job_attributes = list(attributes), list(job)
        for version in _VERSIONS[_VERSIONS.index(self._version) :]:
            self._version = version
            head = self._encode(operation, operation_attributes, job_attributes, user_name)
            try:
                async with asyncio.timeout(timeout_s):
                    answer = await self._post(head, body, length, on_sent)
            except TimeoutError:
                raise ConnectionLost(f"The device did not answer {operation.keyword} in time.") from None
            message = _decode(answer, self.uri)
            old = message.status == Status.SERVER_ERROR_VERSION_NOT_SUPPORTED
            if not (old and body is None and version != _VERSIONS[-1]):
                break
        if not message.is_success:
            raise _refusal(message, operation)
        return message

    async def _post(
        self,
        head: bytes,
        body: AsyncGenerator[bytes, None] | None,
        length: int | None,
        on_sent: Callable[[int], None] | None,
    ) -> HttpAnswer:
        connection = await self._connection()
        reused, path = connection.used, self.uri.path or "/"
        try:
            try:
                answer = await connection.post(path, head, body, length=length, on_sent=on_sent)
            except ConnectionLost:
                # The device closed a kept connection at the moment we wrote. Only without a document is it certain
                # that saying it again does no harm.
                if body is not None or not reused:
                    raise
                connection.close()
                connection = await self._open()
                answer = await connection.post(path, head, on_sent=on_sent)
        finally:
            self._keep(connection)
        return answer

    async def _connection(self) -> HttpConnection:
        while self._idle:
            connection = self._idle.pop()
            if connection.fresh:
                return connection
            connection.close()
        return await self._open()

    async def _open(self) -> HttpConnection:
        streams = await connect(self.uri, timeout_s=self._timeout_s, tls_verify=self._tls_verify)
        host = f"[{self.uri.host}]" if ":" in self.uri.host else self.uri.host
        port = streams[1].get_extra_info("peername")[1]
        return HttpConnection(streams, f"{host}:{port}")

    def _keep(self, connection: HttpConnection) -> None:
        if connection.fresh and len(self._idle) < IDLE_CONNECTIONS_MAX:
            self._idle.append(connection)
        else:
            connection.close()

    def close(self) -> None:
        """Close what is idle."""
        while self._idle:
            self._idle.pop().close()

    def _encode(self, operation: Operation, attributes: list[Attribute], job: list[Attribute], user_name: str) -> bytes:
        self._request_id = self._request_id % 0x7FFFFFFF + 1
        first = [
            a.charset("attributes-charset", "utf-8"),
            a.language("attributes-natural-language", "en"),
            a.uri("printer-uri", self.printer_uri),
        ]
        # job-id belongs right behind printer-uri, requesting-user-name behind both (RFC 8011 section 4.1.5).
        target = [attribute for attribute in attributes if attribute.name == "job-id"]
        rest = [attribute for attribute in attributes if attribute.name != "job-id"]
        user = [a.name_("requesting-user-name", a.clip(user_name or "platen", 255))]
        groups = [Group(GroupTag.OPERATION_ATTRIBUTES, [*first, *target, *user, *rest])]
        if job:
            groups.append(Group(GroupTag.JOB_ATTRIBUTES, job))
        return encode(Message(self._version, operation, self._request_id, tuple(groups)))


def _decode(answer: HttpAnswer, uri: DeviceUri) -> Message:
    """The IPP message of an HTTP answer. Raises: DeviceRefused, BadAnswer."""
    if answer.status == 401:
        raise DeviceRefused(
            "The device asks for a user name and password before it prints by IPP, which is not supported. "
            "Switch authentication for IPP off at the device and admit only this server there."
        )
    if answer.status == 426 or (answer.status in {301, 302, 307, 308} and uri.channel is Channel.IPP):
        raise DeviceRefused("The device wants an encrypted connection. Change its address to ipps://.")
    if answer.status in {403, 404}:
        raise DeviceRefused(
            f"The device has no printer at {uri.path or '/'} for us (HTTP {answer.status}). Correct the path in the "
            "device's address; /ipp/print is the usual one."
        )
    if answer.status == 503:
        raise DeviceRefused("The device is busy.", Status.SERVER_ERROR_BUSY)
    if answer.status != 200:
        raise BadAnswer(f"The device answered HTTP {answer.status} where it should speak IPP. Check its address.")
    try:
        return decode_response(answer.body)
    except DecodeError as error:
        raise BadAnswer(f"The device's IPP answer cannot be read: {error.message}.") from error


def _refusal(message: Message, operation: Operation) -> DeviceRefused:
    status = message.status
    keyword = status.keyword if isinstance(status, Status) else f"status {status:#06x}"
    said = message.operation.text("status-message") or ""
    detail = f": {said}" if said and said != keyword else ""
    return DeviceRefused(f"The device refused {operation.keyword} ({keyword}{detail}).", status)
