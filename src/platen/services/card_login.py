"""A card at an Ethernet reader: who it is, and what that does, in one go for a thread with a database connection."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.db import transaction

from platen.access.identify import identify_by_card
from platen.access.outcomes import Expired, Identified, Outcome, PinNeeded, UnknownCard
from platen.access.panel_sessions import open_session
from platen.access.pin_tickets import pin_ticket
from platen.access.shown_cards import PinAsked, SessionOpened, Told, UnknownShown, show
from platen.access.throttle import Busy, attempt_from
from platen.devices.models import Device, Reader
from platen.devices.queries import KnownReader, reader_by_address
from platen.devices.services import reader_seen
from platen.directory.models import Card
from platen.eventlog.models import Severity
from platen.eventlog.services import record_event
from platen.printing.print_all import prints_all_at_login, release_all
from platen.printing.queries import waiting_jobs_of
from platen.protocols.cards import CardNumberError, FeedbackOutcome, card_format_from_mapping
from platen.tenants.context import acting_for

NOT_READ = "card_not_read"


@dataclass(frozen=True, slots=True)
class CardAnswer:
    """What came of a card. feedback: which way the reader answers, as its settings name it; "" for not at all."""

    outcome: FeedbackOutcome
    feedback: str = ""
    released: int = 0
    wait_s: int = 0
    """More cards from this reader are not looked at for so long."""
    afterwards: Callable[[], None] | None = None
    """What is to be written down once the person's documents are on their way."""


def card_at(address: str, line: str, now: datetime) -> CardAnswer | None:
    """Do what a card at the reader of an address does; None when no reader is known there."""
    known = reader_by_address(address)
    return None if known is None else card_shown(known, line, now)


def card_shown(known: KnownReader, line: str, now: datetime) -> CardAnswer:
    """Do what a card at a reader does."""
    reader, device = known.reader, known.reader.device
    with acting_for(known.tenant_id):
        try:
            number = card_format_from_mapping(reader.card_format).convert(line)
        except CardNumberError as error:
            record_event(
                NOT_READ,
                f"A card at {reader.name} could not be read: {error}",
                severity=Severity.WARNING,
                device_id=device.id,
            )
            return CardAnswer(FeedbackOutcome.CARD_READ_FAILURE, reader.feedback)
        outcome = identify_by_card(number, device, f"reader {reader.name}", now)
        answer = _act(outcome, reader, device, number, now)
        if answer.afterwards is None:
            reader_seen(reader, now)
    return answer


def _act(outcome: Outcome, reader: Reader, device: Device, number: str, now: datetime) -> CardAnswer:
    has_panel = bool(device.panel_key)
    if isinstance(outcome, Identified):
        return _signed_in(outcome, reader, device, now)
    if isinstance(outcome, PinNeeded):
        if has_panel:
            show(device.id, PinAsked(pin_ticket(outcome, device, now)))
            return CardAnswer(FeedbackOutcome.CARD_READ, reader.feedback)
        record_event(
            "pin_not_enterable",
            f"{outcome.user.logon} needs a PIN at {device.name}, which has a reader and no panel. "
            "Pair a panel with the device, or let the person log in without PIN.",
            severity=Severity.WARNING,
            device_id=device.id,
            user_id=outcome.user.id,
        )
        return CardAnswer(FeedbackOutcome.LOGIN_PREVENTED, reader.feedback)
    if isinstance(outcome, UnknownCard) and outcome.registration_allowed and has_panel:
        show(device.id, UnknownShown(number))
    else:
        show(device.id, Told(outcome.message))
    return _turned_away(outcome, reader, now)


def _signed_in(who: Identified, reader: Reader, device: Device, now: datetime) -> CardAnswer:
    # With a reader alone there is nothing to choose on: everything comes, unless the device is told otherwise.
    alone = not device.panel_key and device.print_all_at_login is None and who.user.print_all_allowed
    if alone or prints_all_at_login(who.user, device):
        return _release_everything(who, reader, device, now)
    if device.panel_key:
        show(device.id, SessionOpened(open_session(device, who, now=now)))
    waiting = device.panel_key and waiting_jobs_of(who.user, limit=1)
    return CardAnswer(FeedbackOutcome.DOCUMENTS_WAITING if waiting else FeedbackOutcome.NO_DOCUMENTS, reader.feedback)


def _release_everything(who: Identified, reader: Reader, device: Device, now: datetime) -> CardAnswer:
    released = len(release_all(who.user, device).delivery_ids)
    outcome = FeedbackOutcome.DOCUMENTS_WAITING if released else FeedbackOutcome.NO_DOCUMENTS

    @transaction.atomic
    def note() -> None:
        record_event(
            "card_release",
            f"{who.user.logon} released {released} document{'' if released == 1 else 's'} with a card at {device.name}",
            device_id=device.id,
            user_id=who.user.id,
            reader=reader.name,
            documents=released,
        )
        if who.card is not None:
            Card.objects.filter(id=who.card.id).update(last_used_at=now)
        reader_seen(reader, now)

    return CardAnswer(outcome, reader.feedback, released, afterwards=partial(_for_tenant, device.tenant_id, note))


def _for_tenant(tenant_id: int, note: Callable[[], None]) -> None:
    with acting_for(tenant_id):
        note()


def _turned_away(outcome: Outcome, reader: Reader, now: datetime) -> CardAnswer:
    if not isinstance(outcome, UnknownCard | Expired):
        return CardAnswer(FeedbackOutcome.LOGIN_PREVENTED, reader.feedback)
    # Counted only when nobody has the card, so that a good card costs no write for it.
    attempt = attempt_from(f"card reader {reader.id}", now)
    wait_s = attempt.wait_s if isinstance(attempt, Busy) else 0
    return CardAnswer(FeedbackOutcome.UNKNOWN_CARD, reader.feedback, wait_s=wait_s)
