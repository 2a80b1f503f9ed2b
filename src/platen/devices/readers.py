"""Adding, changing and removing Ethernet card readers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from platen.devices.errors import InvalidValue, NameTaken
from platen.devices.machines import begin_to_take_documents
from platen.devices.models import Device, Reader
from platen.eventlog.actor import Actor
from platen.eventlog.changes import record_change
from platen.protocols.cards import (
    TECHNOLOGIES,
    CardFormatError,
    card_format_from_mapping,
    card_format_to_mapping,
)
from platen.tenants.field_check import misfit

SEEN_REFRESH = timedelta(minutes=5)


@transaction.atomic
def add_reader(
    name: str,
    device: Device,
    address: str,
    *,
    by: Actor,
    technology: str = "",
    card_format: Mapping[str, object] | None = None,
    feedback: str = "",
) -> Reader:
    """A new reader, known by the address it connects from, at one device.

    technology: a key of protocols.cards.TECHNOLOGIES, whose format and signals are begun with; card_format and feedback
    go before them.
    Raises: InvalidValue, NameTaken.
    """
    reader = Reader(device=device)
    usual_format, usual_feedback = _usual(technology)
    _apply(reader, name, address, {**usual_format, **(card_format or {})}, feedback or usual_feedback)
    _save(reader)
    begin_to_take_documents(device)
    message = f"Card reader {reader.name} was added at {device.name}"
    record_change(by, "reader_added", reader.name, message, device_id=device.id, address=reader.address)
    return reader


@transaction.atomic
def change_reader(
    reader: Reader,
    *,
    by: Actor,
    name: str | None = None,
    device: Device | None = None,
    address: str | None = None,
    card_format: Mapping[str, object] | None = None,
    feedback: str | None = None,
) -> Reader:
    """Change what is named and leave the rest. Raises: InvalidValue, NameTaken."""
    if device is not None:
        reader.device = device
    _apply(
        reader,
        reader.name if name is None else name,
        reader.address if address is None else address,
        reader.card_format if card_format is None else card_format,
        reader.feedback if feedback is None else feedback,
    )
    _save(reader)
    message = f"Card reader {reader.name} was changed"
    record_change(by, "reader_changed", reader.name, message, device_id=reader.device_id, address=reader.address)
    return reader


@transaction.atomic
def remove_reader(reader: Reader, *, by: Actor) -> None:
    """Remove a reader; cards shown to it mean nothing from then on."""
    message = f"Card reader {reader.name} was removed"
    record_change(by, "reader_removed", reader.name, message, device_id=reader.device_id)
    reader.delete()


def reader_seen(reader: Reader, now: datetime) -> None:
    """Note that a reader is connected; written at most every few minutes."""
    if reader.last_seen_at is None or not timedelta(0) <= now - reader.last_seen_at < SEEN_REFRESH:
        reader.last_seen_at = now
        reader.save(update_fields=["last_seen_at"])


def _usual(technology: str) -> tuple[dict[str, object], str]:
    """What readers of a technology send, and which signals they understand; of none, nothing."""
    if not technology:
        return {}, ""
    known = TECHNOLOGIES.get(technology)
    if known is None:
        raise InvalidValue(
            _("%(technology)s: no such card technology. There are %(known)s.")
            % {"technology": technology, "known": ", ".join(sorted(TECHNOLOGIES))}
        )
    return card_format_to_mapping(known.default_format), known.feedback_style.value if known.feedback_style else ""


def _apply(reader: Reader, name: str, address: str, card_format: Mapping[str, object], feedback: str) -> None:
    try:
        card_format_from_mapping(card_format)
    except CardFormatError as error:
        raise InvalidValue(str(error)) from error
    reader.name, reader.address, reader.feedback = name.strip(), address.strip(), feedback
    reader.card_format = dict(card_format)
    problem = misfit(reader, {"name", "address", "feedback"})
    if problem is not None:
        raise InvalidValue(problem)


def _save(reader: Reader) -> None:
    try:
        with transaction.atomic():
            reader.save()
    except IntegrityError as error:
        raise NameTaken(
            _("There is already a card reader with this name or at the address %(address)s. Change that one instead.")
            % {"address": reader.address}
        ) from error
