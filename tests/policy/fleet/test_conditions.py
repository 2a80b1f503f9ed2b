"""Conditions on machines."""

from __future__ import annotations

import pytest

from platen.policy.fleet.conditions import ITEMS, OPERATORS, ConditionError, Kind, all_hold, parse_conditions

LIBRARY = {"name": "lib-1f", "model": "iR-ADV C356", "maker": "Canon", "severity": "error", "pages": 120_000}


def fits(*stored: dict[str, object], known: dict[str, object] | None = None) -> bool:
    return all_hold(parse_conditions(list(stored)), LIBRARY if known is None else known)


def test_values_are_or_conditions_are_and() -> None:
    """Model begins with one of two AND severity is error. EMC-DLST-05 EMC-DGRP-06"""
    model = {"item": "model", "op": "begins-with", "values": ["iR-ADV", "LBP"]}
    assert fits(model, {"item": "severity", "op": "is", "values": ["error"]})
    assert not fits(model, {"item": "severity", "op": "is", "values": ["warning", "none"]})
    assert not fits(model, known=LIBRARY | {"model": "MF 742"})


@pytest.mark.parametrize(
    ("op", "value", "fitting"),
    [
        ("equals", "canon", True),
        ("equals", "cano", False),
        ("begins-with", "CAN", True),
        ("ends-with", "on", True),
        ("ends-with", "can", False),
        ("contains", "ANO", True),
        ("not-equals", "canon", False),
        ("not-contains", "xerox", True),
    ],
)
def test_texts_are_compared_without_regard_to_case(op: str, value: str, fitting: bool) -> None:
    """Every operator on a text, upper or lower case. EMC-DISC-04 EMC-DLST-04"""
    assert fits({"item": "maker", "op": op, "values": [value]}) is fitting


@pytest.mark.parametrize(
    ("op", "value", "fitting"),
    [("at-least", 120_000, True), ("at-least", 120_001, False), ("at-most", 120_000, True), ("equals", 1, False)],
)
def test_numbers(op: str, value: int, fitting: bool) -> None:
    """A count is compared as a number, its limit included."""
    assert fits({"item": "pages", "op": op, "values": [value]}) is fitting


def test_what_is_not_known_is_empty() -> None:
    """A machine without a serial number fits "is empty", and no other comparison but a negated one."""
    assert fits({"item": "serial", "op": "is-empty"})
    assert not fits({"item": "serial", "op": "contains", "values": ["7"]})
    assert fits({"item": "serial", "op": "not-contains", "values": ["7"]})
    assert not fits({"item": "supply_days", "op": "at-most", "values": [7]})


@pytest.mark.parametrize(
    ("address", "fitting"),
    [("10.20.4.31", True), ("10.21.0.1", False), ("fd00::1", True), ("printer.example.org", False)],
)
def test_addresses_lie_in_networks(address: str, fitting: bool) -> None:
    """An address fits a network of its version that holds it; a name fits none."""
    within = {"item": "address", "op": "within", "values": ["10.20.0.0/16", "fd00::/64"]}
    assert fits(within, known={"address": address}) is fitting


def test_groups_fit_by_any() -> None:
    """A machine is in several groups; a condition on groups fits by any of them, its negation by none."""
    known = {"group": ["Library", "Colour"]}
    assert fits({"item": "group", "op": "equals", "values": ["colour"]}, known=known)
    assert not fits({"item": "group", "op": "not-equals", "values": ["colour"]}, known=known)


@pytest.mark.parametrize(
    "stored",
    [
        "maker=Canon",
        [3],
        [{"item": "colour of the cover", "op": "equals", "values": ["x"]}],
        [{"item": "maker", "op": "at-most", "values": ["x"]}],
        [{"item": "maker", "op": "equals", "values": []}],
        [{"item": "severity", "op": "is", "values": ["bad"]}],
        [{"item": "pages", "op": "at-most", "values": ["many"]}],
        [{"item": "pages", "op": "at-most", "values": ["9" * 30]}],
        [{"item": "address", "op": "within", "values": ["10.1.2"]}],
        [{"item": "maker", "op": "equals", "values": ["x" * 300]}],
        [{"item": "maker", "op": "equals", "values": [str(n) for n in range(300)]}],
        [{"item": "maker", "op": "is-empty"}] * 31,
    ],
)
def test_what_cannot_be_used_is_refused_with_a_sentence(stored: object) -> None:
    """A condition that makes no sense is refused before it is stored."""
    with pytest.raises(ConditionError, match=r"\w+ .+\."):
        parse_conditions(stored)


def test_stored_conditions_come_back() -> None:
    """What is stored is read back as it was."""
    conditions = parse_conditions([{"item": "maker", "op": "equals", "values": ["Canon", "Canon"]}])
    assert [each.as_json() for each in conditions] == [{"item": "maker", "op": "equals", "values": ["Canon"]}]
    assert parse_conditions([conditions[0].as_json()]) == conditions


def test_every_item_can_be_asked() -> None:
    """Each kind of item has operators, each choice its values."""
    assert all(OPERATORS[item.kind] for item in ITEMS.values())
    assert all(bool(item.choices) == (item.kind is Kind.CHOICE) for item in ITEMS.values())
