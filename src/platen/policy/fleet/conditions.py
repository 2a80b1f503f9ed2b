"""Conditions on machines: what lists are filtered by, what puts a machine into a group, what a search registers.

A condition is an item, an operator and values. Several values of one condition: any of them. Several conditions: all of
them. Texts are compared without regard to case. The same conditions run here, over what is known of one machine, and as
SQL over the whole fleet (fleet.filters).
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

VALUES_MAX = 200
TEXT_MAX = 255
CONDITIONS_MAX = 30


class ConditionError(ValueError):
    """A condition cannot be used; the sentence says why and what may stand there."""


class Kind(StrEnum):
    """What an item's values are."""

    TEXT = "text"
    NUMBER = "number"
    CHOICE = "choice"
    ADDRESS = "address"


@dataclass(frozen=True, slots=True)
class Item:
    """Something that a condition can ask of a machine."""

    name: str
    label: str
    kind: Kind
    choices: tuple[str, ...] = ()


FINISHERS = (
    *("none", "stitcher", "folder", "binder", "trimmer", "die-cutter", "puncher", "perforater", "slitter"),
    *("separation-cutter", "imprinter", "wrapper", "bander", "make-envelope", "stacker", "sheet-rotator", "inserter"),
    "other",
)
"""Kinds that a machine may have several of (FinDeviceTypeTC), or none at all."""

ITEMS: dict[str, Item] = {
    item.name: item
    for item in (
        Item("name", "Name", Kind.TEXT),
        Item("maker", "Maker", Kind.TEXT),
        Item("model", "Model", Kind.TEXT),
        Item("serial", "Serial number", Kind.TEXT),
        Item("asset_number", "Asset number", Kind.TEXT),
        Item("location", "Location", Kind.TEXT),
        Item("contact", "Contact", Kind.TEXT),
        Item("host_name", "Host name", Kind.TEXT),
        Item("firmware", "Firmware", Kind.TEXT),
        Item("mac", "Hardware address", Kind.TEXT),
        Item("object_id", "System object", Kind.TEXT),
        Item("address", "Address", Kind.ADDRESS),
        Item("collector", "Read by", Kind.TEXT),
        Item("region", "Region", Kind.TEXT),
        Item("place", "Place", Kind.TEXT),
        Item("group", "Group", Kind.TEXT),
        Item("power", "Power", Kind.CHOICE, ("unknown", "on", "asleep", "off", "no-response", "conflict")),
        Item("severity", "State", Kind.CHOICE, ("none", "warning", "error", "service")),
        Item(
            "training",
            "Response",
            Kind.CHOICE,
            ("untrained", "trained", "management", "field-service", "other", "unknown", "no-intervention-required"),
        ),
        Item("trouble", "Error", Kind.TEXT),
        Item("pages", "Life count", Kind.NUMBER),
        Item("pages_color", "Life count in colour", Kind.NUMBER),
        Item("pages_month", "Pages this month", Kind.NUMBER),
        Item("supply_percent", "Lowest supply, percent", Kind.NUMBER),
        Item("supply_days", "Days until a supply is out", Kind.NUMBER),
        Item("days_silent", "Days since the last reading", Kind.NUMBER),
        Item("finishing", "Finishers", Kind.CHOICE, FINISHERS),
        Item("color", "Colour", Kind.CHOICE, ("yes", "no", "unknown")),
        Item("managed", "Managed", Kind.CHOICE, ("yes", "no")),
    )
}

OPERATORS: dict[Kind, tuple[str, ...]] = {
    Kind.TEXT: (
        "contains",
        "equals",
        "begins-with",
        "ends-with",
        "not-equals",
        "not-contains",
        "is-empty",
        "is-not-empty",
    ),
    Kind.NUMBER: ("at-most", "at-least", "equals", "is-empty", "is-not-empty"),
    Kind.CHOICE: ("is", "is-not"),
    Kind.ADDRESS: ("within", "equals", "begins-with", "is-empty", "is-not-empty"),
}
WITHOUT_VALUES = frozenset({"is-empty", "is-not-empty"})
NEGATIONS = {"not-equals": "equals", "not-contains": "contains", "is-not": "is", "is-not-empty": "is-empty"}


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition, checked."""

    item: str
    op: str
    values: tuple[str, ...] = ()

    @property
    def kind(self) -> Kind:
        """What its item's values are."""
        return ITEMS[self.item].kind

    def as_json(self) -> dict[str, Any]:
        """As it is stored."""
        return {"item": self.item, "op": self.op, "values": list(self.values)}


def parse_conditions(stored: object) -> tuple[Condition, ...]:
    """What is stored, or came from a form, as conditions.

    Raises: ConditionError.
    """
    if not isinstance(stored, list | tuple):
        raise ConditionError("Conditions are a list of item, operator and values.")
    if len(stored) > CONDITIONS_MAX:
        raise ConditionError(f"At most {CONDITIONS_MAX} conditions can be combined.")
    return tuple(_parsed(each) for each in stored)


def _parsed(stored: object) -> Condition:
    if not isinstance(stored, Mapping):
        raise ConditionError("A condition needs an item, an operator and values.")
    item = ITEMS.get(str(stored.get("item", "")))
    if item is None:
        raise ConditionError(f"There is no item “{stored.get('item', '')}”. Known: {', '.join(ITEMS)}.")
    op = str(stored.get("op", ""))
    if op not in OPERATORS[item.kind]:
        raise ConditionError(f"“{item.label}” cannot be compared with “{op}”. Use {', '.join(OPERATORS[item.kind])}.")
    return Condition(item.name, op, _values(item, op, stored.get("values", ())))


def _values(item: Item, op: str, stored: object) -> tuple[str, ...]:
    if op in WITHOUT_VALUES:
        return ()
    given = (stored,) if isinstance(stored, str | int) else tuple(stored) if isinstance(stored, list | tuple) else ()
    values = tuple(dict.fromkeys(str(value).strip() for value in given if str(value).strip()))
    if not values:
        raise ConditionError(f"“{item.label}” needs at least one value.")
    if len(values) > VALUES_MAX:
        raise ConditionError(f"“{item.label}” takes at most {VALUES_MAX} values.")
    for value in values:
        _check(item, op, value)
    return values


def _check(item: Item, op: str, value: str) -> None:
    if len(value) > TEXT_MAX:
        raise ConditionError(f"A value of “{item.label}” has at most {TEXT_MAX} characters.")
    if item.kind is Kind.CHOICE and value not in item.choices:
        raise ConditionError(f"“{item.label}” has no “{value}”. Choose of {', '.join(item.choices)}.")
    if item.kind is Kind.NUMBER:
        number_of(value, item.label)
    if op == "within":
        network_of(value)


def number_of(value: str, label: str = "It") -> int:
    """A whole number. Raises: ConditionError."""
    try:
        number = int(value)
    except ValueError as error:
        raise ConditionError(f"“{label}” is compared with a whole number, not with “{value}”.") from error
    if abs(number) >= 2**63:
        raise ConditionError(f"“{value}” is larger than any count.")
    return number


def network_of(value: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network:
    """A network such as 10.1.0.0/16, or one address. Raises: ConditionError."""
    try:
        return ipaddress.ip_network(value, strict=False)
    except ValueError as error:
        raise ConditionError(f"“{value}” is no network. Write it as 10.1.0.0/16.") from error


def all_hold(conditions: Iterable[Condition], known: Mapping[str, object]) -> bool:
    """Whether a machine of which this is known fits all conditions. An item that is not known counts as empty."""
    return all(holds(condition, known) for condition in conditions)


def holds(condition: Condition, known: Mapping[str, object]) -> bool:
    """Whether one condition fits. A list of values, such as the groups of a machine, fits by any of them."""
    if condition.op in NEGATIONS:
        opposite = Condition(condition.item, NEGATIONS[condition.op], condition.values)
        return not holds(opposite, known)
    found = known.get(condition.item)
    several: Sequence[object] = found if isinstance(found, list | tuple) else (found,)
    if condition.op == "is-empty":
        return all(each in (None, "") for each in several)
    return any(_fits(condition, each) for each in several)


def _fits(condition: Condition, found: object) -> bool:
    if found is None or found == "":
        return False
    if condition.kind is Kind.NUMBER:
        return isinstance(found, int) and any(_compares(condition.op, found, int(each)) for each in condition.values)
    text = str(found).casefold()
    if condition.op == "within":
        return any(_is_within(text, each) for each in condition.values)
    return any(_matches(condition.op, text, each.casefold()) for each in condition.values)


def _compares(op: str, found: int, value: int) -> bool:
    return {"at-most": found <= value, "at-least": found >= value, "equals": found == value}[op]


def _matches(op: str, text: str, value: str) -> bool:
    if op == "contains":
        return value in text
    if op == "begins-with":
        return text.startswith(value)
    if op == "ends-with":
        return text.endswith(value)
    return text == value


def _is_within(text: str, network: str) -> bool:
    try:
        return ipaddress.ip_address(text) in network_of(network)
    except ValueError:  # a host name is in no network
        return False
