"""CardError
├── CardFormatError   a format that contradicts itself: told to the administrator who sets it up
└── CardNumberError   a card whose line the format cannot read: told to the person at the reader

The texts never contain the card's number.
"""

from __future__ import annotations


class CardError(ValueError):
    """Base of everything this package raises."""


class CardFormatError(CardError):
    """Settings of a card format that do not go together."""


class CardNumberError(CardError):
    """A line that the reader's card format cannot turn into a card number."""
