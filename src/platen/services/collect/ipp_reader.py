"""Reading one machine by IPP: a single Get-Printer-Attributes (RFC 8011 section 4.2.5)."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import dataclass, field

from platen.policy.channels import default_uris
from platen.policy.device_uri import DeviceUri
from platen.protocols.ipp import Operation
from platen.protocols.ipp import attributes as a
from platen.protocols.ipp.values import Attributes
from platen.readings.facts import Reading
from platen.readings.ipp import read_printer
from platen.services.output.errors import DeviceError, DeviceUnreachable
from platen.services.output.http_client import HttpAnswer
from platen.services.output.ipp_client import IppClient

WANTED = (
    "printer-make-and-model",
    "printer-device-id",
    "printer-info",
    "printer-name",
    "printer-dns-sd-name",
    "printer-uri-supported",
    "printer-more-info",
    "printer-contact-col",
    "printer-asset-tag",
    "printer-location",
    "printer-uuid",
    "printer-serial-number",
    "printer-firmware-name",
    "printer-firmware-string-version",
    "printer-state",
    "printer-state-reasons",
    "printer-state-message",
    "printer-up-time",
    "printer-alert",
    "printer-alert-description",
    "printer-supply",
    "printer-supply-description",
    "printer-input-tray",
    "printer-output-tray",
    "printer-finisher",
    "printer-finisher-description",
    "printer-finisher-supplies",
    "printer-finisher-supplies-description",
    "printer-impressions-completed",
    "printer-impressions-completed-col",
    "printer-media-sheets-completed",
    "printer-media-sheets-completed-col",
    "marker-colors",
    "marker-levels",
    "marker-names",
    "marker-types",
    "color-supported",
    "sides-supported",
)
"""What a reading is made of. The media and formats that a printer takes are most of a full answer and of no use."""


@dataclass(frozen=True, slots=True)
class IppVisit:
    """What an IPP printer said. Octets of messages both ways, without those of HTTP and TCP."""

    reading: Reading
    attributes: Attributes
    uri: DeviceUri
    octets: int
    problems: list[str] = field(default_factory=list)


async def read_by_ipp(
    host: str, *, uri: DeviceUri | None = None, port: int | None = None, timeout_s: float = 10.0
) -> IppVisit:
    """From the address, or else from the first of the usual ones that answers, those with TLS first.

    port: the one to ask at instead of the usual ones.

    The certificate is not checked: a printer's is one that it made itself, and nothing secret is said to it.
    Raises: DeviceError where none of them answers as a printer.
    """
    problems: list[str] = []
    attempts = (uri,) if uri is not None else default_uris(host, port)
    unreachable: DeviceUnreachable | None = None
    answered: DeviceError | None = None
    for attempt in attempts:
        try:
            return await _ask(attempt, timeout_s, problems)
        except DeviceUnreachable as error:
            unreachable = unreachable or error
        except DeviceError as error:
            problems.append(str(error))
            answered = error
    try:
        raise answered or _nobody(host, attempts, unreachable)
    finally:
        del unreachable, answered  # a failure that its own frame holds is a ring that lasts until it is looked for


def _nobody(host: str, attempts: Sequence[DeviceUri], first: DeviceUnreachable | None) -> DeviceUnreachable:
    """Nobody answers at any of the places that were tried, all of which are named."""
    if first is not None and len(attempts) == 1:
        return DeviceUnreachable(str(first))
    ports = list(dict.fromkeys(f"{port}" for attempt in attempts for port in attempt.ports))
    where = f"ports {' and '.join(ports)}" if len(ports) > 1 else f"port {ports[0]}"
    return DeviceUnreachable(f"No printer answers by IPP at {host}, neither with TLS nor without ({where}).")


async def _ask(uri: DeviceUri, timeout_s: float, problems: list[str]) -> IppVisit:
    client = _CountingClient(uri, tls_verify=False, timeout_s=timeout_s)
    try:
        wanted = a.keyword("requested-attributes", *WANTED)
        message = await client.ask(Operation.GET_PRINTER_ATTRIBUTES, [wanted])
    finally:
        client.close()
    return IppVisit(read_printer(message.printer), message.printer, uri, client.octets, problems)


class _CountingClient(IppClient):
    """Counts the octets of the messages that it sends and receives."""

    octets = 0

    async def _post(
        self,
        head: bytes,
        body: AsyncGenerator[bytes, None] | None,
        length: int | None,
        on_sent: Callable[[int], None] | None,
    ) -> HttpAnswer:
        answer = await super()._post(head, body, length, on_sent)
        self.octets += len(head) + len(answer.body)
        return answer
