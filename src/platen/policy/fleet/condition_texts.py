"""Conditions as programs and commands write them in one line: ITEM:OPERATOR:VALUE[,VALUE…]."""

from __future__ import annotations

import csv
from collections.abc import Iterable

HELP = "ITEM:OPERATOR:VALUE[,VALUE…], e.g. maker:equals:Canon or address:within:10.1.0.0/16. May be repeated."


def conditions_in(texts: Iterable[str] | None) -> list[dict[str, object]]:
    """As `conditions.parse_conditions` checks them. A value with a comma stands in double quotes."""
    return [_condition(each) for each in texts or ()]


def _condition(text: str) -> dict[str, object]:
    item, _, rest = text.partition(":")
    op, _, values = rest.partition(":")
    return {"item": item, "op": op, "values": _values(values)}


def _values(text: str) -> list[str]:
    try:
        return next(csv.reader([text.replace("\n", " ").replace("\r", " ")]), [])
    except csv.Error:
        return [text]
