"""Conversion of magnetic card numbers."""

from __future__ import annotations

import pytest

from platen.protocols.cards import (
    CardFormat,
    CardInput,
    CardNumberError,
    MagneticTrack,
    import_value_of,
    registered_form,
)

PRINTED = "6032170000002954890103000"
IMPORTED = "603217000000295489=0103000"
REGISTERED = "B603217000000295489D0103000F1"


def test_the_worked_case() -> None:
    """The import value gives the registered code; printed number and code give the import value. SC-MAGID-04"""
    assert registered_form(IMPORTED) == REGISTERED
    assert import_value_of(PRINTED, REGISTERED) == IMPORTED


@pytest.mark.parametrize(("character", "letter"), [("<", "C"), ("=", "D"), (">", "E")])
def test_substitutes(character: str, letter: str) -> None:
    """The characters < = > stand for C, D and E inside the code. SC-MAGID-03"""
    registered = registered_form(f"12{character}34")
    assert registered[:6] == f"B12{letter}34"
    assert import_value_of("1234", registered) == f"12{character}34"


def test_a_swipe_and_an_import_agree() -> None:
    """A reader's swipe with sentinels and check character gives what the import gives. SC-MAGID-02"""
    assert registered_form(f";{IMPORTED}?1\r") == REGISTERED
    assert CardFormat(input=CardInput.MAGNETIC_2).convert(f";{IMPORTED}?") == REGISTERED


def test_tracks() -> None:
    """Track 2 is the normal one, track 3 is read alike, and track 1 keeps its letters. SC-MAGID-01, SC-IDD-13"""
    assert registered_form(f"+{IMPORTED}?", MagneticTrack.TRACK_3) == REGISTERED
    assert registered_form("%BADGE 4711?", MagneticTrack.TRACK_1) == "BADGE 4711"


@pytest.mark.parametrize("value", ["", ";?", "12A4", "12;4", "12:4"])
def test_what_a_track_cannot_carry_is_refused(value: str) -> None:
    """Letters and empty stripes raise a sentence instead of making a card number up."""
    with pytest.raises(CardNumberError):
        registered_form(value)


@pytest.mark.parametrize(("printed", "registered"), [(PRINTED, "B603F1"), ("1", "B1"), ("1", ""), ("12", "A12F3")])
def test_numbers_of_two_cards_are_noticed(printed: str, registered: str) -> None:
    """A printed number and a registered code of different cards do not make an import value. SC-MAGID-04"""
    with pytest.raises(CardNumberError):
        import_value_of(printed, registered)
