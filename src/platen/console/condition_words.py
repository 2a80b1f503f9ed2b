"""What conditions compare with, in words: of a choice the word that a person knows, not the value that is stored."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop

from platen.console.machine_words import POWER_WORDS, TRAINING_WORDS
from platen.fleet.finisher_words import KINDS
from platen.policy.fleet.conditions import ITEMS, Kind

_YES = {"yes": noop("Yes"), "no": noop("No"), "unknown": noop("Not known")}
_WORDS: dict[str, dict[str, str]] = {
    "power": POWER_WORDS,
    "severity": {
        "none": noop("Nothing wrong"),
        "warning": noop("Warning"),
        "error": noop("Error"),
        "service": noop("Service call"),
    },
    "training": {**TRAINING_WORDS, "other": noop("Others"), "unknown": noop("Not said")},
    "finishing": {"none": noop("None"), **KINDS},
    "color": _YES,
    "managed": _YES,
}


def value_words(item: str, value: str) -> str:
    """A value as a person reads it."""
    word = _WORDS.get(item, {}).get(value)
    return _(word) if word else value


def value_of(item: str, typed: str) -> str:
    """A value as it is stored, from the word or the value that was typed."""
    known = ITEMS.get(item)
    if known is None or known.kind is not Kind.CHOICE:
        return typed
    meant = typed.strip().casefold()
    return next((each for each in known.choices if meant in {each, value_words(item, each).casefold()}), typed)


def choices_in_words(item: str) -> list[tuple[str, str]]:
    """What can be chosen of an item: value and word."""
    return [(each, value_words(item, each)) for each in ITEMS[item].choices]
