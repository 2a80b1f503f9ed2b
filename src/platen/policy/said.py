"""Sentences that are stored as they were made, and can be said again in another language: a text and its values.

As JSON a sentence is `[text, {name: value}]`; a value is a text, a number, or again a sentence, such as the word for
what the sentence is about.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

DEPTH_MAX = 3
"""So deep a sentence stands in another."""


@dataclass(frozen=True, slots=True)
class Said:
    """text: in English, with `%(name)s` where a value goes; it is also what translations are found by."""

    text: str
    values: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.in_words(str)

    def in_words(self, translated: Callable[[str], str], depth: int = DEPTH_MAX) -> str:
        """The sentence, by what a text is in another language; a text that does not fit its values stays as it is."""
        text = translated(self.text) if self.text else ""  # of nothing, a catalogue tells about itself
        if not self.values or not depth:
            return text
        values = {
            name: value.in_words(translated, depth - 1) if isinstance(value, Said) else value
            for name, value in self.values.items()
        }
        try:
            return text % values
        except (KeyError, TypeError, ValueError):
            return text

    def as_json(self) -> list[Any]:
        """As it is stored."""
        values = {
            name: value.as_json() if isinstance(value, Said) else value if isinstance(value, int) else str(value)
            for name, value in self.values.items()
        }
        return [self.text, values]


def said(text: str, **values: object) -> Said:
    """A sentence with its values."""
    return Said(text, values)


def said_in(stored: object) -> Said | None:
    """What `as_json` gave; None: something else."""
    if not isinstance(stored, Sequence) or len(stored) != 2:
        return None
    text, values = stored
    if not isinstance(text, str) or not isinstance(values, Mapping):
        return None
    return Said(text, {name: said_in(value) or str(value) for name, value in values.items()})
