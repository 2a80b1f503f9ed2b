"""Get-Printer-Attributes (RFC 8011 section 4.2.5) and Identify-Printer (PWG 5100.13)."""

from __future__ import annotations

from datetime import UTC, datetime

from platen.protocols.ipp import check_document_format, response
from platen.protocols.ipp.identify import read_identify_request
from platen.services.ipp.call import Call


async def get_printer_attributes(call: Call) -> bytes:
    """What the queue is, can and does."""
    check_document_format(call.request, call.printer.description)
    status = call.printer.status(datetime.now(UTC))
    return response(call.request, groups=[call.printer.attributes.encode(status, call.request.requested_attributes)])


async def get_printers(call: Call) -> bytes:
    """CUPS-Get-Printers: every queue here, for clients of CUPS that were given our address instead of a queue's."""
    now = datetime.now(UTC)
    limit = call.request.message.operation.integer("limit")
    names = call.request.requested_attributes
    return response(
        call.request,
        groups=[printer.attributes.encode(printer.status(now), names) for printer in (await call.printers())[:limit]],
    )


async def identify_printer(call: Call) -> bytes:
    """Identify-Printer: an event, and the queue's device and its panel where it has any."""
    wanted = read_identify_request(call.request, call.printer.description)
    await call.services.identifications.identify(
        call.queue.tenant_id, call.queue.id, wanted, by=call.actor, address=call.address
    )
    return response(call.request, wanted.status, unsupported=wanted.unsupported)
