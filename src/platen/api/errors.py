"""Errors of the API itself; those of the verbs pass through it.

ApiError
├── BadRequest   400   what was asked makes no sense
├── Missing      404   what an address names does not exist here
└── TooFast      429   more requests than a token may make
"""

from __future__ import annotations


class ApiError(Exception):
    """A request cannot be answered; the text is for whoever wrote the client."""


class BadRequest(ApiError):
    """What was asked makes no sense."""


class Missing(ApiError):
    """What the address names does not exist, or belongs to another organisation."""


class TooFast(ApiError):
    """A token was used more often than it may be."""

    def __init__(self, wait_s: int) -> None:
        self.wait_s = wait_s
        super().__init__(f"This token makes too many requests. Wait {wait_s} s, and ask for larger pages if you can.")
