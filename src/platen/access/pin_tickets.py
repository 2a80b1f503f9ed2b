"""What a panel keeps between "enter your PIN" and the PIN: sealed, so that it can neither be read nor made up."""

from __future__ import annotations

import base64
import json
from datetime import datetime, timedelta

from platen.access.identify import Place
from platen.access.methods import LoginMethod
from platen.access.outcomes import PinNeeded
from platen.directory.models import Card
from platen.directory.queries import user_by_id
from platen.directory.seals import SealBroken, seal, unseal

PURPOSE = "pin-ticket"
VALID = timedelta(minutes=2)


def pin_ticket(needed: PinNeeded, device: Place, now: datetime) -> str:
    """Text that stands for the person whose PIN is asked for at this device, for two minutes."""
    card_id = None if needed.card is None else needed.card.id
    content = json.dumps([device.id, needed.user.id, needed.method.value, card_id, (now + VALID).timestamp()])
    return base64.urlsafe_b64encode(seal(PURPOSE, content)).decode()


def open_pin_ticket(ticket: str, device: Place, now: datetime) -> PinNeeded | None:
    """The person that a ticket stands for; None for one that is too old, of another device or made up."""
    try:
        content = json.loads(unseal(PURPOSE, base64.urlsafe_b64decode(ticket.encode())))
    except (SealBroken, ValueError):  # base64's own error is a ValueError
        return None
    device_id, user_id, method, card_id, until = content
    user = user_by_id(user_id)
    if device_id != device.id or user is None or now.timestamp() >= until:
        return None
    card = None if card_id is None else Card.objects.filter(id=card_id, user=user).first()
    if card_id is not None and card is None:
        return None  # taken away in the meantime
    return PinNeeded(user, LoginMethod(method), card)
