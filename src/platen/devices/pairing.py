"""Pairing a panel with its device: a short code, typed once, is exchanged for a token that the panel keeps.

Code and token are stored as keyed hashes only. A code is good for a quarter of an hour and for one panel; a device has
one panel, so pairing another one puts the earlier one out of use.
"""

from __future__ import annotations

import hmac
import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from platen.access.throttle import Busy, attempt_from
from platen.devices.errors import PairingRefused
from platen.devices.machines import begin_to_take_documents
from platen.devices.models import Device
from platen.directory.seals import keyed_hash
from platen.eventlog.actor import Actor
from platen.eventlog.changes import record_change

CODE_LENGTH = 8
CODE_VALID = timedelta(minutes=15)
# Without the characters that are mistaken for each other (RFC 4648's base 32 without I, O, 2 … leaves these).
CODE_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ3456789"
TOKEN_BYTES = 32
SEEN_REFRESH = timedelta(minutes=1)


@transaction.atomic
def new_pairing_code(device: Device, *, by: Actor, now: datetime) -> str:
    """A code of 8 characters to type at the panel, valid for 15 minutes; an earlier one stops working."""
    code = "".join(secrets.choice(CODE_ALPHABET) for _place in range(CODE_LENGTH))
    device.pairing_key, device.pairing_expires_at = keyed_hash("pairing", code), now + CODE_VALID
    device.save(update_fields=["pairing_key", "pairing_expires_at"])
    begin_to_take_documents(device)
    record_change(by, "pairing_code_made", device.name, f"Pairing code made for {device.name}", device_id=device.id)
    return code


def pair(code: str, *, source: str, now: datetime) -> tuple[Device, str]:
    """The device that a code belongs to, and the token that makes this panel its panel.

    `source` is the address that the code came from; guessing gets slower there.
    Raises: PairingRefused.
    """
    attempt = attempt_from(f"pair {source}", now)
    if isinstance(attempt, Busy):
        raise PairingRefused(
            _("Too many wrong codes. Wait %(seconds)d seconds and try again.") % {"seconds": attempt.wait_s}
        )
    paired = _pair(code.strip().upper().replace("-", ""), source, now)
    if paired is None:
        raise PairingRefused(
            _("This code is not known or too old. Make a new one at the device's page in the console and type it here.")
        )
    attempt.hit()
    return paired


@transaction.atomic
def _pair(code: str, source: str, now: datetime) -> tuple[Device, str] | None:
    device: Device | None = (
        Device.objects.select_for_update()
        .filter(pairing_key=keyed_hash("pairing", code), pairing_expires_at__gt=now)
        .first()
        if len(code) == CODE_LENGTH
        else None
    )
    if device is None:
        return None
    token = secrets.token_urlsafe(TOKEN_BYTES)
    device.pairing_key, device.pairing_expires_at = "", None
    device.panel_key, device.panel_seen_at = keyed_hash("panel", token), now
    device.save(update_fields=["pairing_key", "pairing_expires_at", "panel_key", "panel_seen_at"])
    message = f"A panel at {source} was paired with {device.name}"
    record_change(Actor(f"panel at {source}", None, "panel"), "panel_paired", device.name, message, device_id=device.id)
    return device, token


@transaction.atomic
def unpair(device: Device, *, by: Actor) -> None:
    """The device's panel, and a code that is still open, stop working."""
    device.pairing_key, device.pairing_expires_at = "", None
    device.panel_key, device.panel_seen_at = "", None
    device.save(update_fields=["pairing_key", "pairing_expires_at", "panel_key", "panel_seen_at"])
    record_change(by, "panel_unpaired", device.name, f"The panel of {device.name} was unpaired", device_id=device.id)


def is_panel_of(device: Device, token: str) -> bool:
    """Whether a token is that of the device's panel."""
    return bool(device.panel_key) and hmac.compare_digest(device.panel_key, keyed_hash("panel", token))


def panel_seen(device: Device, now: datetime) -> None:
    """Note that the panel is there; written at most once a minute."""
    if device.panel_seen_at is None or not timedelta(0) <= now - device.panel_seen_at < SEEN_REFRESH:
        device.panel_seen_at = now
        device.save(update_fields=["panel_seen_at"])
