"""Adding, changing and removing Ethernet card readers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from platen.devices.errors import InvalidValue, NameTaken
from platen.devices.machines import begin_to_take_documents
from platen.devices.models import Device, Reader
from platen.eventlog.actor import Actor
from platen.eventlog.changes import Change, record_change, record_changes
from platen.protocols.cards import (
    TECHNOLOGIES,
    CardFormatError,
    card_format_from_mapping,
    card_format_to_mapping,
)
from platen.tenants.context import current_tenant_id
from platen.tenants.field_check import misfit

SEEN_REFRESH = timedelta(minutes=5)
ADDED_AT_ONCE = 500


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
    reader = new_reader(name, device, address, technology=technology, card_format=card_format, feedback=feedback)
    add_readers([reader], by=by)
    return reader


def new_reader(
    name: str,
    device: Device,
    address: str,
    *,
    technology: str = "",
    card_format: Mapping[str, object] | None = None,
    feedback: str = "",
) -> Reader:
    """As `add_reader` takes it, not stored yet. Raises: InvalidValue."""
    reader = Reader(tenant_id=current_tenant_id(), device=device)
    usual_format, usual_feedback = _usual(technology)
    _apply(reader, name, address, {**usual_format, **(card_format or {})}, feedback or usual_feedback)
    return reader


@transaction.atomic
def add_readers(readers: Sequence[Reader], *, by: Actor) -> None:
    """Many new readers in one go, or none of them. Raises: NameTaken."""
    try:
        with transaction.atomic():
            Reader.objects.bulk_create(readers, batch_size=ADDED_AT_ONCE)
    except IntegrityError as error:
        raise NameTaken(_taken(readers[0])) from error
    for device in {reader.device_id: reader.device for reader in readers}.values():
        begin_to_take_documents(device)
    record_changes(by, [_addition(reader) for reader in readers])


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
        raise NameTaken(_taken(reader)) from error


def _taken(reader: Reader) -> str:
    text = _("There is already a card reader with this name or at the address %(address)s. Change that one instead.")
    return text % {"address": reader.address}


def _addition(reader: Reader) -> Change:
    return Change(
        verb="reader_added",
        subject=reader.name,
        message=f"Card reader {reader.name} was added at {reader.device.name}",
        device_id=reader.device_id,
        detail={"address": reader.address},
    )
