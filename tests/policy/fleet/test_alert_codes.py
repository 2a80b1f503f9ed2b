"""Codes of alerts about finishers."""

from __future__ import annotations

import pytest

from platen.policy.fleet.alert_codes import FINISHERS, as_usual, part_and_trouble
from platen.policy.fleet.conditions import FINISHERS as KINDS
from platen.readings.enumerations import ALERT_CODES
from platen.readings.finisher_words import FINISHER_KINDS


@pytest.mark.parametrize(
    ("code", "usual"),
    [
        ("stapler-jam", "jam"),
        ("puncher-cover-open", "cover-open"),
        ("stapler-almost-empty", "marker-supply-almost-empty"),
        ("puncher-full", "marker-waste-full"),
        ("stacker-full", "subunit-full"),
        ("inserter-empty", "subunit-empty"),
        ("folder-unrecoverable-failure", "subunit-unrecoverable-failure"),
        ("jam", "jam"),
        ("marker-toner-empty", "marker-toner-empty"),
        ("", ""),
    ],
)
def test_a_code_of_a_finisher_says_what_that_of_the_machine_says(code: str, usual: str) -> None:
    """So that a rule about jams holds for all of them, and staples that are out are no missing paper."""
    assert as_usual(code) == usual


def test_every_code_of_a_finisher_is_taken_apart() -> None:
    """Those above 30,000 and no others."""
    taken = {label: part_and_trouble(label) for label in ALERT_CODES.values()}
    assert {label for label, parts in taken.items() if parts} == {
        label for number, label in ALERT_CODES.items() if number > 30_000
    }
    assert {parts[0] for parts in taken.values() if parts} == set(FINISHERS)


def test_conditions_name_every_kind_and_no_name_is_part_of_another() -> None:
    """They are looked for in the text that has all kinds of a machine."""
    assert set(KINDS) - {"none"} == set(FINISHER_KINDS.values()) - {"unknown"}
    assert not [(one, other) for one in KINDS for other in KINDS if one != other and one in other]
