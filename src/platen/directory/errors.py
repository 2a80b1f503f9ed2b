"""What can be wrong when people and their IDs are changed.

DirectoryError
├── InvalidValue          a name, code, PIN or e-mail address of the wrong shape
├── AlreadyExists
│   ├── LogonTaken        58
│   ├── AliasTaken        73
│   └── CardTaken         60
├── NotFound
│   ├── UserUnknown       54
│   ├── CardUnknown       56
│   └── PukUnknown        56
├── TooManyCards          95
├── NotAllowed            46
├── WrongPin              50
├── AccountLocked         51
├── LastAdministrator     46
└── IsDefaultUser         46

Each text is a sentence for the person who reads it. The numbers are those of the field's error codes.
"""

from __future__ import annotations

from typing import ClassVar


class DirectoryError(Exception):
    """A verb on people refused; nothing was changed."""

    code: ClassVar[int] = 1


class InvalidValue(DirectoryError):
    """A value has the wrong shape."""

    code = 14


class AlreadyExists(DirectoryError):
    """Something unique is taken."""

    code = 47


class LogonTaken(AlreadyExists):
    """Another person has this logon."""

    code = 58


class AliasTaken(AlreadyExists):
    """Another person has this alias, or has it as logon."""

    code = 73


class CardTaken(AlreadyExists):
    """The card or ID code is registered already."""

    code = 60


class NotFound(DirectoryError):
    """What was named does not exist."""

    code = 54


class UserUnknown(NotFound):
    """No such person."""

    code = 54


class CardUnknown(NotFound):
    """No such card or ID code."""

    code = 56


class PukUnknown(NotFound):
    """No open PUK like this."""

    code = 56


class TooManyCards(DirectoryError):
    """The person has as many cards and ID codes as the policy allows."""

    code = 95


class NotAllowed(DirectoryError):
    """The policy does not allow this."""

    code = 46


class WrongPin(DirectoryError):
    """The PIN given to change it was wrong."""

    code = 50


class AccountLocked(DirectoryError):
    """Login is prevented."""

    code = 51


class LastAdministrator(DirectoryError):
    """There must always be an administrator."""

    code = 46


class IsDefaultUser(DirectoryError):
    """New people take their settings from this one."""

    code = 46
