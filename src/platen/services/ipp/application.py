"""Print clients' requests: IPP over HTTP (RFC 8010 section 4) on /ipp/print and what is below it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial

import structlog
from django.db import DatabaseError

from platen.asgi import Receive, Scope, Send
from platen.printing.arrivals import QueueFacts
from platen.printing.models import ReceivedVia
from platen.printing.spool import Spool
from platen.protocols.ipp import (
    PRINT_PATH,
    SERVER_LIMITS,
    IppError,
    Message,
    MessageDecoder,
    Operation,
    RequestRefused,
    Status,
    parse_printer_uri,
    read_request,
    refusal,
)
from platen.services.database import Database
from platen.services.intake import Intake
from platen.services.ipp import job_creation, job_operations, metrics, printer_operations
from platen.services.ipp.body import Body, InflatedBody, RequestBody
from platen.services.ipp.call import Call, Services
from platen.services.ipp.errors import BodyTimeout, ClientGone, NotSignedIn
from platen.services.ipp.identify import Identifications
from platen.services.ipp.identity import OPEN_TO_ALL, BasicAuthentication, SignedIn, require_sign_in
from platen.services.ipp.inflate import CODINGS, Inflater
from platen.services.ipp.pages import icon_at, queue_page, send_file
from platen.services.ipp.printers import Place, Printer, Printers, place_of, printer_uris
from platen.services.queues import QueueDirectory
from platen.settings import Settings

log = structlog.get_logger("platen.ipp")

IPP = b"application/ipp"
TEXT = b"text/plain; charset=utf-8"

Operate = Callable[[Call], Awaitable[bytes]]

OPERATIONS: dict[Operation, Operate] = {
    Operation.PRINT_JOB: job_creation.print_job,
    Operation.VALIDATE_JOB: job_creation.validate_job,
    Operation.CREATE_JOB: job_creation.create_job,
    Operation.SEND_DOCUMENT: job_creation.send_document,
    Operation.CLOSE_JOB: job_creation.close_job,
    Operation.CANCEL_JOB: job_operations.cancel,
    Operation.CANCEL_MY_JOBS: job_operations.cancel_my_jobs,
    Operation.GET_JOB_ATTRIBUTES: job_operations.get_job_attributes,
    Operation.GET_JOBS: job_operations.get_jobs,
    Operation.HOLD_JOB: job_operations.hold,
    Operation.RELEASE_JOB: job_operations.release,
    Operation.GET_PRINTER_ATTRIBUTES: printer_operations.get_printer_attributes,
    Operation.IDENTIFY_PRINTER: printer_operations.identify_printer,
    Operation.CUPS_GET_DEFAULT: printer_operations.get_printer_attributes,
    Operation.CUPS_GET_PRINTERS: printer_operations.get_printers,
}
_SUPPORTED = frozenset(OPERATIONS)


class IppApplication:
    """The ASGI application of print intake by IPP, and of the page and pictures that belong to a queue."""

    def __init__(
        self, settings: Settings, database: Database, queues: QueueDirectory, intake: Intake, spool: Spool
    ) -> None:
        self._settings = settings
        self._queues = queues
        self._services = Services(
            settings=settings,
            database=database,
            intake=intake,
            spool=spool,
            identifications=Identifications(settings, database),
        )
        self._printers = Printers(settings, database)
        self._basic = BasicAuthentication(database)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one HTTP request."""
        method: str = scope["method"]
        if method == "POST":
            await self._post(scope, receive, send)
        elif method in {"GET", "HEAD"}:
            await self._get(scope, send, head_only=method == "HEAD")
        else:
            await _say(send, 405, "A queue takes POST with application/ipp.\n", (b"allow", b"GET, HEAD, POST"))

    async def _get(self, scope: Scope, send: Send, *, head_only: bool) -> None:
        picture = icon_at(scope["path"])
        if picture is not None:
            await send_file(send, 200, "image/png", picture, head_only=head_only)
            return
        place, tenant_id = self._place(scope, dict(scope["headers"]))
        queue = None if tenant_id is None else self._queue_at(tenant_id, scope["path"])
        html = "text/html; charset=utf-8"
        if queue is None:
            text = "<!doctype html><meta charset=utf-8><title>No such queue</title><p>There is no such queue here.\n"
            await send_file(send, 404, html, text.encode(), head_only=head_only)
        else:
            uri = printer_uris(queue, place, self._settings)[0].uri
            await send_file(send, 200, html, queue_page(queue, uri).encode(), head_only=head_only)

    async def _post(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = dict(scope["headers"])
        content_type = headers.get(b"content-type", b"").partition(b";")[0].strip().lower()
        coding = headers.get(b"content-encoding", b"identity").decode("latin-1").strip().lower()
        if content_type != IPP:
            await _say(send, 415, "A queue takes application/ipp.\n", (b"accept-post", IPP))
            return
        if coding not in CODINGS and coding != "identity":
            await _say(
                send, 415, "A queue takes gzip, deflate and plain bodies.\n", (b"accept-encoding", b"gzip, deflate")
            )
            return
        if b"expect" in headers and self._is_too_long(headers):
            # Told before a single octet of the body comes (RFC 9110 section 10.1.1).
            await _say(send, 413, "The document is larger than this server takes.\n", (b"connection", b"close"))
            return
        body = RequestBody(receive, self._settings.intake_body_timeout_s)
        try:
            octets = await self._answer(scope, headers, body, coding)
        except ClientGone:
            return
        except BodyTimeout as error:
            await _say(send, 408, f"{error}\n", (b"connection", b"close"))
            return
        except NotSignedIn as error:
            challenge = (b"www-authenticate", b'Basic realm="Platen", charset="UTF-8"')
            await _send(send, 401, [(b"content-type", TEXT), challenge], f"{error}\n".encode(), body)
            return
        await _send(send, 200, [(b"content-type", IPP)], octets, body)

    def _is_too_long(self, headers: dict[bytes, bytes]) -> bool:
        length = headers.get(b"content-length", b"")
        return length.isdigit() and int(length) > self._settings.document_bytes_max + SERVER_LIMITS.header_octets

    async def _answer(self, scope: Scope, headers: dict[bytes, bytes], body: RequestBody, coding: str) -> bytes:
        """The IPP answer, whatever happens. Raises: ClientGone, BodyTimeout, NotSignedIn."""
        decoder = MessageDecoder()
        try:
            source = await _decode(decoder, body, coding)
            call = await self._call(scope, headers, decoder, source)
            return await OPERATIONS[call.request.operation](call)
        except IppError as error:
            metrics.REQUESTS_REFUSED.labels(error.status.keyword).inc()
            return refusal(error, decoder.message)
        except DatabaseError as error:
            log.warning("ipp_database", error=str(error))
            return _failed(
                Status.SERVER_ERROR_TEMPORARY_ERROR,
                "the print server's database does not answer now; try again later",
                decoder.message,
            )
        except (ClientGone, BodyTimeout, NotSignedIn):
            raise
        except (
            Exception
        ):  # a mistake of ours must not look like a broken printer: the client gets IPP's own word for it
            log.exception("ipp_failed")
            return _failed(
                Status.SERVER_ERROR_INTERNAL_ERROR,
                "the print server made a mistake with this request; its log tells which",
                decoder.message,
            )

    async def _call(self, scope: Scope, headers: dict[bytes, bytes], decoder: MessageDecoder, source: Body) -> Call:
        message = decoder.message
        if message is None:
            raise RuntimeError("A request was to be carried out before it was decoded.")
        request = read_request(message, supported=_SUPPORTED)
        place, tenant_id = self._place(scope, headers)
        queue = None if tenant_id is None else self._queues.find(tenant_id, request.target.queue or None)
        printer = None if queue is None else await self._printers.find(queue, place)
        if queue is None or printer is None:
            raise RequestRefused(
                Status.CLIENT_ERROR_NOT_FOUND, f"there is no queue {request.target.queue or 'by default'} here"
            )
        client = scope.get("client")
        address = client[0] if client else ""
        signed_in = await self._signed_in(queue, headers, address)
        if queue.sign_in_required and request.operation not in OPEN_TO_ALL:
            require_sign_in(signed_in, printer, place)
        length = headers.get(b"content-length")
        return Call(
            services=self._services,
            request=request,
            printer=printer,
            printers=partial(self._printers_of, queue.tenant_id, place),
            body=source,
            first=decoder.remainder,
            content_length=int(length) if length is not None else None,
            signed_in=signed_in,
            address=address,
            via=ReceivedVia.IPPS if place.is_tls else ReceivedVia.IPP,
        )

    async def _signed_in(self, queue: QueueFacts, headers: dict[bytes, bytes], address: str) -> SignedIn | None:
        credentials = headers.get(b"authorization")
        return None if credentials is None else await self._basic.check(queue.tenant_id, credentials, address)

    def _place(self, scope: Scope, headers: dict[bytes, bytes]) -> tuple[Place, int | None]:
        authority = headers.get(b"host", b"").decode("latin-1")
        place = place_of(authority, scope["scheme"] == "https", scope.get("server") or ("localhost", None))
        by_cups = not scope["path"].startswith(PRINT_PATH)
        return replace(place, by_cups=by_cups) if by_cups else place, self._queues.tenant_of(authority)

    def _queue_at(self, tenant_id: int, path: str) -> QueueFacts | None:
        name = parse_printer_uri(path)
        return None if name is None else self._queues.find(tenant_id, name or None)

    async def _printers_of(self, tenant_id: int, place: Place) -> list[Printer]:
        """Every queue of a tenant, in the order of their names."""
        queues = sorted(
            (each for each in self._queues.all() if each.tenant_id == tenant_id), key=lambda each: each.name
        )
        found = [await self._printers.find(queue, place) for queue in queues]
        return [printer for printer in found if printer is not None]


async def _decode(decoder: MessageDecoder, body: RequestBody, coding: str) -> Body:
    """Read until the attributes are whole. Returns: where the rest comes from. Raises: DecodeError, ClientGone, ..."""
    data = await body.read()
    source: Body = body
    # Content-Encoding is about the whole body; some clients mean the document alone, and say so in IPP as well. An IPP
    # message begins with its version, and no compressed one does.
    if coding != "identity" and data[:1] not in {b"\1", b"\2"}:
        source = InflatedBody(body, data, Inflater(coding))
        data = await source.read()
    while decoder.feed(data) is None:
        if source.ended:
            decoder.finish()
        data = await source.read()
    return source


def _failed(status: Status, text: str, message: Message | None) -> bytes:
    metrics.REQUESTS_REFUSED.labels(status.keyword).inc()
    return refusal(RequestRefused(status, text), message)


async def _send(send: Send, status: int, headers: list[tuple[bytes, bytes]], octets: bytes, body: RequestBody) -> None:
    headers = [*headers, (b"content-length", b"%d" % len(octets))]
    if body.ended:
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": octets})
        return
    # Refused before the document was read: the client may still be sending it.
    headers.append((b"connection", b"close"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": octets, "more_body": True})
    await body.drain()
    await send({"type": "http.response.body", "body": b""})


async def _say(send: Send, status: int, text: str, header: tuple[bytes, bytes]) -> None:
    content = text.encode()
    headers = [(b"content-type", TEXT), (b"content-length", b"%d" % len(content)), header]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": content})
