"""What a device answers to Get-Printer-Attributes, as delivery needs it."""

from __future__ import annotations

from dataclasses import dataclass

from platen.devices.models import DeviceState
from platen.devices.services import DeviceCapabilities
from platen.printing.support import kept_support
from platen.protocols.ipp import Attributes, Operation
from platen.protocols.ipp import attributes as a
from platen.services.output.ipp_client import IppClient
from platen.services.output.results import Report

_STATE = ("printer-state", "printer-state-reasons", "printer-state-message", "printer-is-accepting-jobs")
_DESCRIPTION = (
    "operations-supported",
    "document-format-supported",
    "printer-uri-supported",
    "uri-security-supported",
    "printer-make-and-model",
    "printer-info",
    "color-supported",
    "multiple-document-jobs-supported",
)
_TEMPLATE = (
    "copies-supported",
    "finishings-supported",
    "media-supported",
    "media-col-supported",
    "multiple-document-handling-supported",
    "number-up-supported",
    "orientation-requested-supported",
    "output-bin-supported",
    "page-ranges-supported",
    "print-color-mode-supported",
    "print-content-optimize-supported",
    "print-quality-supported",
    "print-rendering-intent-supported",
    "print-scaling-supported",
    "printer-resolution-supported",
    "sides-supported",
)
_REQUIRED = frozenset({Operation.PRINT_JOB, Operation.GET_JOB_ATTRIBUTES, Operation.CANCEL_JOB})


@dataclass(frozen=True, slots=True)
class Capabilities:
    """A device's own words about itself; `attributes` are its printer attributes."""

    attributes: Attributes

    @property
    def operations(self) -> frozenset[int]:
        """operations-supported; what RFC 8011 requires of every Printer where it does not tell."""
        return frozenset(self.attributes.integers("operations-supported")) or frozenset(map(int, _REQUIRED))

    @property
    def creates_jobs(self) -> bool:
        """Whether a job can be made first and filled afterwards, so that its number is known in time."""
        return {Operation.CREATE_JOB, Operation.SEND_DOCUMENT} <= self.operations

    @property
    def document_formats(self) -> tuple[str, ...]:
        """document-format-supported, lower case."""
        return tuple(format_.casefold() for format_ in self.attributes.texts("document-format-supported"))

    def report(self) -> Report:
        """As the device's record keeps it."""
        sides = self.attributes.texts("sides-supported")
        color = self.attributes.boolean("color-supported") if "color-supported" in self.attributes else None
        return Report(
            state=state_of(self.attributes),
            state_reasons=self.attributes.texts("printer-state-reasons"),
            message=self.attributes.text("printer-state-message") or "",
            capabilities=DeviceCapabilities(
                make_and_model=self.attributes.text("printer-make-and-model") or "",
                document_formats=self.attributes.texts("document-format-supported"),
                color_supported=color,
                duplex_supported=any(side != "one-sided" for side in sides) if sides else None,
                media_supported=self.attributes.texts("media-supported"),
                ticket_supported=kept_support(self.attributes),
            ),
        )


def state_of(attributes: Attributes) -> DeviceState:
    """printer-state; unknown where it is absent or none of the three."""
    try:
        return DeviceState(attributes.integer("printer-state") or 0)
    except ValueError:
        return DeviceState.UNKNOWN


async def ask_capabilities(client: IppClient) -> Capabilities:
    """All that delivery wants to know. Raises: as IppClient.ask."""
    wanted = a.keyword("requested-attributes", *_STATE, *_DESCRIPTION, *_TEMPLATE)
    return Capabilities((await client.ask(Operation.GET_PRINTER_ATTRIBUTES, [wanted])).printer)


async def ask_state(client: IppClient) -> Attributes:
    """The device's state alone. Raises: as IppClient.ask."""
    wanted = a.keyword("requested-attributes", *_STATE)
    return (await client.ask(Operation.GET_PRINTER_ATTRIBUTES, [wanted])).printer
