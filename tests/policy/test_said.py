"""Sentences that can be said again in another language."""

from __future__ import annotations

import json

import pytest

from platen.policy.said import Said, said, said_in

GERMAN = {
    "It has no %(what)s of %(n)s.": "Von %(n)s fehlt: %(what)s.",
    "place": "Standort",
    "50% off": "um 50% reduziert",
    "broken %(n)s": "kaputt %(m)s",
}


def german(text: str) -> str:
    """As a catalogue gives it."""
    return GERMAN.get(text, text)


def test_a_sentence_is_kept_and_said_again() -> None:
    """By its text and its values, of which one may be a word that is translated too."""
    sentence = said("It has no %(what)s of %(n)s.", what=said("place"), n=3)
    kept = said_in(json.loads(json.dumps(sentence.as_json())))
    assert kept is not None
    assert str(kept) == str(sentence) == "It has no place of 3."
    assert kept.in_words(german) == "Von 3 fehlt: Standort."


def test_a_text_without_values_is_not_looked_into() -> None:
    """A sign for a value that is none stays as it is; of nothing nothing is said."""
    assert Said("50% off").in_words(german) == "um 50% reduziert"
    assert Said("").in_words(lambda _text: "Project-Id-Version") == ""


def test_a_translation_that_does_not_fit_breaks_nothing() -> None:
    """What was to be put in is left out rather than the sentence."""
    assert said("broken %(n)s", n=1).in_words(german) == "kaputt %(m)s"


@pytest.mark.parametrize("stored", [None, "text", [], ["text"], [1, {}], ["text", []], {"text": {}}])
def test_what_is_no_sentence_is_none(stored: object) -> None:
    """Whatever a row holds."""
    assert said_in(stored) is None
