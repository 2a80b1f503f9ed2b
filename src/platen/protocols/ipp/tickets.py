"""Job template attributes as JSON and back: how a job's ticket is kept in a database and edited by rules.

copies 2                        "copies": 2
page-ranges 1-3,7-7             "page-ranges": [[1, 3], [7, 7]]
printer-resolution 600dpi       "printer-resolution": [600, 600, 3]
media-col                       "media-col": {"media-size": {"x-dimension": 21000, ...}, ...}
"""

from __future__ import annotations

from typing import Any

from platen.protocols.ipp.job_template import RULES
from platen.protocols.ipp.tags import ValueTag
from platen.protocols.ipp.values import Attribute, Attributes, Collection, IntRange, Resolution, Value

_LISTS = frozenset(name for name, rule in RULES.items() if rule.many)
_NAMES = frozenset({"job-account-id", "job-accounting-user-id"})
_ENUMS = frozenset(name for name, rule in RULES.items() if ValueTag.ENUM in rule.tags)


def to_json(attributes: Attributes) -> dict[str, Any]:
    """As JSON values. Attributes that are not job template attributes, and values without JSON form, are left out."""
    ticket: dict[str, Any] = {}
    for attribute in attributes:
        values = [_to_json(value) for value in attribute.values]
        if None in values:
            continue
        ticket[attribute.name] = values if attribute.name in _LISTS or len(values) > 1 else values[0]
    return ticket


def _to_json(value: Value) -> Any:
    if isinstance(value, Collection):
        return to_json(value)
    if isinstance(value, IntRange):
        return [value.lower, value.upper]
    if isinstance(value, Resolution):
        return [value.cross_feed, value.feed, value.units]
    if type(value) in {int, bool, str}:
        return value
    return str(value) if hasattr(value, "language") else None


def from_json(ticket: dict[str, Any]) -> Attributes:
    """As attributes again, with the syntaxes of the standard; what may be keyword or name becomes a keyword."""
    attributes = Attributes()
    for name, stored in ticket.items():
        values = stored if _is_set(name, stored) else [stored]
        pairs = [_from_json(name, value) for value in values]
        if pairs:
            attributes.by_name[name] = Attribute(
                name, tuple(tag for tag, _ in pairs), tuple(value for _, value in pairs)
            )
    return attributes


def _is_set(name: str, stored: Any) -> bool:
    """Whether a JSON list is a set of values; two or three numbers outside the known sets are a range or resolution."""
    if name in _LISTS or not isinstance(stored, list):
        return name in _LISTS
    return len(stored) not in {2, 3} or not all(isinstance(value, int) for value in stored)


def _from_json(name: str, value: Any) -> tuple[int, Value]:
    if isinstance(value, bool):
        return ValueTag.BOOLEAN, value
    if isinstance(value, int):
        return (ValueTag.ENUM if name in _ENUMS else ValueTag.INTEGER), value
    if isinstance(value, str):
        return (ValueTag.NAME if name in _NAMES else ValueTag.KEYWORD), value
    if isinstance(value, dict):
        return ValueTag.BEGIN_COLLECTION, Collection(from_json(value))
    if len(value) == 3:
        return ValueTag.RESOLUTION, Resolution(*value)
    return ValueTag.RANGE_OF_INTEGER, IntRange(*value)
