"""What comes of showing a card, typing a code or signing in. Each has a `message` for the person who stands there."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from platen.access.methods import LoginMethod
from platen.directory.models import Card, User


@dataclass(frozen=True, slots=True)
class Identified:
    """This person may go on. `card` is what they showed, if anything."""

    user: User
    method: LoginMethod
    card: Card | None = None

    @property
    def message(self) -> str:
        """A greeting."""
        return _("Welcome, %(name)s.") % {"name": self.user.full_name or self.user.logon}


@dataclass(frozen=True, slots=True)
class PinNeeded:
    """The card or code is known; the PIN is asked for next (`identify.check_pin`)."""

    user: User
    method: LoginMethod
    card: Card | None = None

    @property
    def message(self) -> str:
        """What to do."""
        return _("Enter your PIN.")


@dataclass(frozen=True, slots=True)
class UnknownCard:
    """Nobody has this card or code. It can be registered with a PUK where the policy and the device allow it."""

    registration_allowed: bool

    @property
    def message(self) -> str:
        """What to do."""
        if self.registration_allowed:
            return _("This card is not known yet. Enter your PUK to register it.")
        return _("This card is not known. Ask the help desk to register it.")


@dataclass(frozen=True, slots=True)
class WrongPin:
    """The PIN was wrong. `attempts_left` is None where tries are not counted against the account."""

    attempts_left: int | None

    @property
    def message(self) -> str:
        """What to do."""
        if self.attempts_left is None:
            return _("This PIN is not right. Try again.")
        return _("This PIN is not right. Attempts left: %(count)d.") % {"count": self.attempts_left}


@dataclass(frozen=True, slots=True)
class WrongPassword:
    """Logon or password wrong, or the account locked: which of them is nobody's business who cannot sign in."""

    @property
    def message(self) -> str:
        """What to do."""
        return _(
            "Not signed in: the logon or the password is not right, or the account is locked after too many attempts. "
            "Try again, or ask the help desk."
        )


@dataclass(frozen=True, slots=True)
class Locked:
    """The person may not log in until the help desk says so, or the PIN is changed."""

    @property
    def message(self) -> str:
        """What to do."""
        return _("Your login is locked. Ask the help desk to let you in again.")


@dataclass(frozen=True, slots=True)
class Expired:
    """The card or code was temporary and its time is over, or has not begun."""

    @property
    def message(self) -> str:
        """What to do."""
        return _("This card is not valid now. Ask the help desk for another one.")


@dataclass(frozen=True, slots=True)
class NoPin:
    """A PIN is asked for here and the person has none."""

    @property
    def message(self) -> str:
        """What to do."""
        return _("You need a PIN here and have none yet. Ask the help desk for one.")


@dataclass(frozen=True, slots=True)
class Throttled:
    """Too many wrong tries from this place."""

    wait_s: int

    @property
    def message(self) -> str:
        """What to do."""
        return _("Too many wrong attempts here. Wait %(seconds)d seconds and try again.") % {"seconds": self.wait_s}


@dataclass(frozen=True, slots=True)
class NotAllowedHere:
    """This device does not offer this way to log in, or is out of service."""

    out_of_service: bool = False

    @property
    def message(self) -> str:
        """What to do."""
        if self.out_of_service:
            return _("This device is out of service.")
        return _("You cannot log in this way at this device.")


@dataclass(frozen=True, slots=True)
class NotRegistered:
    """A card was not registered; `message` says why and what to do."""

    message: str


Outcome = (
    Identified
    | PinNeeded
    | UnknownCard
    | WrongPin
    | WrongPassword
    | Locked
    | Expired
    | NoPin
    | Throttled
    | NotAllowedHere
    | NotRegistered
)
