"""What can be wrong with charging schemes and reads of usage.

TrackingError
├── InvalidScheme       14   prices, currency or name of the wrong shape; `problems` has every one
├── NameTaken           70
├── SchemeUnknown       81
└── InvalidQuery        14   a period, page or export label of the wrong shape

Each text is a sentence for the person who reads it. The numbers are those of the field's error codes.
"""

from __future__ import annotations

from typing import ClassVar

from platen.policy.scheme_format import SchemeProblem


class TrackingError(Exception):
    """A verb on schemes or usage refused; nothing was changed."""

    code: ClassVar[int] = 1


class InvalidScheme(TrackingError):
    """The prices cannot be used; each problem names its field and says how to write it."""

    code = 14

    def __init__(self, text: str, problems: tuple[SchemeProblem, ...] = ()) -> None:
        self.problems = problems
        super().__init__(text)


class NameTaken(TrackingError):
    """Another scheme has the name."""

    code = 70


class SchemeUnknown(TrackingError):
    """No such scheme."""

    code = 81


class InvalidQuery(TrackingError):
    """What was asked of the usage records makes no sense."""

    code = 14
