"""What came of a run or of one target, in the language of who reads it. Results are stored with their sentences in
English, as they were made, and beside these with what they were made of (policy.said)."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.utils.translation import get_language, gettext

from platen.policy.said import Said, said_in

SAID = "said"
"""Under this name in a result's detail."""


def in_words(message: str, stored: object) -> str:
    """The sentences in the language in force; the message itself where that is the one it was made in, or where nobody
    knows what it was made of."""
    if (get_language() or settings.LANGUAGE_CODE) == settings.LANGUAGE_CODE or not isinstance(stored, list):
        return message
    sentences = [said_in(each) for each in stored]
    known = [each.in_words(gettext) for each in sentences if each is not None]
    return " ".join(known) if known and len(known) == len(sentences) else message


def as_stored(sentences: Iterable[Said]) -> list[object]:
    """As `in_words` takes them."""
    return [each.as_json() for each in sentences]
