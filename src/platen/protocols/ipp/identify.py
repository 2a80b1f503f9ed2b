"""What Identify-Printer asks for (PWG 5100.13 section 5.1)."""

from __future__ import annotations

from dataclasses import dataclass

from platen.protocols.ipp.attributes import keyword
from platen.protocols.ipp.description import PrinterDescription
from platen.protocols.ipp.errors import RequestRefused
from platen.protocols.ipp.requests import Request
from platen.protocols.ipp.status import Status
from platen.protocols.ipp.values import Attribute

IDENTIFY_ACTIONS = ("display", "flash", "sound", "speak")
IDENTIFY_ACTION_DEFAULT = "display"
MESSAGE_LENGTH_MAX = 127  # the attribute is text(127)


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentifyRequest:
    """How the Printer is to be told from others, and what it is to show or say. `unsupported`: actions left out."""

    actions: tuple[str, ...]
    message: str
    unsupported: tuple[Attribute, ...] = ()

    @property
    def status(self) -> Status:
        """The status of success (RFC 8011 appendix B.1.2)."""
        if self.unsupported:
            return Status.SUCCESSFUL_OK_IGNORED_OR_SUBSTITUTED_ATTRIBUTES
        return Status.SUCCESSFUL_OK


def read_identify_request(request: Request, description: PrinterDescription) -> IdentifyRequest:
    """Read identify-actions and message. Raises: RequestRefused where the Printer can do none of the actions."""
    group = request.message.operation
    wanted = tuple(dict.fromkeys(group.texts("identify-actions"))) or (IDENTIFY_ACTION_DEFAULT,)
    actions = tuple(action for action in wanted if action in description.identify_actions)
    others = tuple(action for action in wanted if action not in actions)
    unsupported = (keyword("identify-actions", *others),) if others else ()
    if not actions:
        raise RequestRefused(
            Status.CLIENT_ERROR_ATTRIBUTES_OR_VALUES_NOT_SUPPORTED,
            f"this printer can do {', '.join(description.identify_actions)} to identify itself, and nothing else",
            unsupported,
        )
    message = (group.text("message") or "")[:MESSAGE_LENGTH_MAX]
    return IdentifyRequest(actions=actions, message=message, unsupported=unsupported)
