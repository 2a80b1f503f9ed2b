"""What a card reader brought for the panel beside it.

Readers connect to the node and panels are served by it, so this lives in the process's memory: it is worth a few
seconds only, and a card number or a session's token has no business in a table.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field

VALID_S = 20.0


@dataclass(frozen=True, slots=True)
class SessionOpened:
    """Somebody is signed in at the device. The token is a secret."""

    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class PinAsked:
    """The card is known; its person's PIN is asked for (access.pin_tickets)."""

    ticket: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class UnknownShown:
    """Nobody has this card; with a PUK its holder can register it. The number is a secret."""

    number: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Told:
    """Nothing opens; the panel shows why."""

    message: str


Shown = SessionOpened | PinAsked | UnknownShown | Told

_lock = threading.Lock()
_shown: dict[int, tuple[float, Shown]] = {}


def show(device_id: int, what: Shown) -> None:
    """Keep it for the panel of a device; what was kept before and not taken is gone."""
    with _lock:
        _shown[device_id] = (time.monotonic(), what)


def take(device_id: int) -> Shown | None:
    """What a reader at the device brought in the last few seconds; each is given once."""
    with _lock:
        shown = _shown.pop(device_id, None)
    if shown is None or time.monotonic() - shown[0] > VALID_S:
        return None
    return shown[1]
