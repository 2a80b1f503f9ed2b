"""What a reader shows and sounds: enough for a person at a device without a display.

Two habits of the field. Three states belong to readers beside a panel: red, flashing green, green. Eight states
belong to readers alone at a device, which must tell success with documents, success without, and failure by
light and sound.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field


class FeedbackOutcome(enum.Enum):
    """What there is to tell."""

    STANDBY = "standby"
    CARD_READ = "card-read"
    DOCUMENTS_WAITING = "documents-waiting"
    NO_DOCUMENTS = "no-documents"
    LOGIN_PREVENTED = "login-prevented"
    CARD_READ_FAILURE = "card-read-failure"
    UNKNOWN_CARD = "unknown-card"
    ERROR = "error"


class FeedbackStyle(enum.Enum):
    """How many signals the reader has."""

    THREE_STATE = "three-state"
    EIGHT_STATE = "eight-state"


class Light(enum.Enum):
    """What one light does."""

    OFF = "off"
    ON = "on"
    FLASHING = "flashing"


@dataclass(frozen=True, slots=True)
class ReaderSignal:
    """Lights and beeps. `flashes` counts those of a flashing light; None flashes until the next signal."""

    green: Light
    red: Light
    flashes: int | None
    beeps: int


_OFF, _ON, _FLASHING = Light.OFF, Light.ON, Light.FLASHING
_RED = ReaderSignal(_OFF, _ON, 0, 0)
_GREEN = ReaderSignal(_ON, _OFF, 0, 0)
_DARK = ReaderSignal(_OFF, _OFF, 0, 0)
_SIX = ReaderSignal(_FLASHING, _FLASHING, 6, 6)

_THREE_STATE: dict[FeedbackOutcome, ReaderSignal] = {
    FeedbackOutcome.STANDBY: _RED,
    FeedbackOutcome.CARD_READ: ReaderSignal(_FLASHING, _OFF, None, 1),
    # Logged in, with or without documents: the panel beside the reader says which.
    FeedbackOutcome.DOCUMENTS_WAITING: _GREEN,
    FeedbackOutcome.NO_DOCUMENTS: _GREEN,
    # Nobody is logged in after a failure.
    FeedbackOutcome.LOGIN_PREVENTED: _RED,
    FeedbackOutcome.CARD_READ_FAILURE: _RED,
    FeedbackOutcome.UNKNOWN_CARD: _RED,
    FeedbackOutcome.ERROR: _RED,
}

_EIGHT_STATE: dict[FeedbackOutcome, ReaderSignal] = {
    FeedbackOutcome.STANDBY: _DARK,
    FeedbackOutcome.CARD_READ: ReaderSignal(_ON, _OFF, 0, 1),
    FeedbackOutcome.DOCUMENTS_WAITING: ReaderSignal(_FLASHING, _FLASHING, 1, 1),
    FeedbackOutcome.NO_DOCUMENTS: ReaderSignal(_FLASHING, _FLASHING, 2, 2),
    FeedbackOutcome.LOGIN_PREVENTED: _DARK,
    FeedbackOutcome.CARD_READ_FAILURE: _SIX,
    FeedbackOutcome.UNKNOWN_CARD: _SIX,
    FeedbackOutcome.ERROR: _SIX,
}


def feedback(outcome: FeedbackOutcome, style: FeedbackStyle) -> ReaderSignal:
    """The signal for `outcome`."""
    return (_THREE_STATE if style is FeedbackStyle.THREE_STATE else _EIGHT_STATE)[outcome]


@dataclass(frozen=True, slots=True)
class FeedbackLines:
    """What a reader with a display, or with lights under command, gets back on its connection.

    `lines` maps outcomes to text; an outcome without one sends nothing. Characters beyond Latin-1 become "?".
    """

    lines: Mapping[FeedbackOutcome, str] = field(default_factory=dict)
    terminator: bytes = b"\r\n"

    def line(self, outcome: FeedbackOutcome) -> bytes | None:
        """The octets to send for `outcome`, or None."""
        text = self.lines.get(outcome)
        if text is None:
            return None
        single = " ".join(text.split())
        return single.encode("latin-1", "replace") + self.terminator
