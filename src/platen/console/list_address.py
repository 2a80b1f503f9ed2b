"""What a list of machines shows, as it stands in its address: typed text, conditions, order, columns.

    ?f=lib&c=severity,is,error,service&c=model,begins-with,"LBP, Color"&order=-pages&cols=name,state

A condition is a row of CSV: item, operator, values. So an address can be sent to a colleague, kept as a view, exported.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _

from platen.console.condition_words import value_words
from platen.console.machine_columns import COLUMNS, DEFAULT_COLUMNS
from platen.fleet.lists import ORDERS, Listing
from platen.policy.fleet.conditions import CONDITIONS_MAX, ITEMS, Condition, ConditionError, parse_conditions

SEARCH_MAX = 200
AFTER_MAX = 800


@dataclass(frozen=True, slots=True, kw_only=True)
class ListAddress:
    """One list. problem: a condition of the address that cannot be used, in words; the others hold."""

    text: str = ""
    conditions: tuple[Condition, ...] = ()
    order: str = "name"
    columns: tuple[str, ...] = DEFAULT_COLUMNS
    attention: bool = False
    removed: bool = False
    after: str = ""
    problem: str = ""

    @property
    def listing(self) -> Listing:
        """As the fleet is asked for it."""
        return Listing(self.conditions, self.text, self.order, managed=not self.removed, attention=self.attention)

    @property
    def is_filtered(self) -> bool:
        """Whether something hides machines."""
        return bool(self.text or self.conditions or self.attention)

    def query(self, **changes: Any) -> str:
        """The address's query with other values; paging begins anew."""
        changed = replace(self, **{"after": "", **changes})
        query = QueryDict(mutable=True)
        if changed.text:
            query["f"] = changed.text
        query.setlist("c", [written(each) for each in changed.conditions])
        if changed.order != "name":
            query["order"] = changed.order
        if changed.columns != DEFAULT_COLUMNS:
            query["cols"] = ",".join(changed.columns)
        if changed.attention:
            query["view"] = "attention"
        if changed.removed:
            query["removed"] = "1"
        if changed.after:
            query["after"] = changed.after
        return query.urlencode()

    def kept(self) -> dict[str, Any]:
        """As a saved view holds it."""
        return {
            "f": self.text,
            "c": [each.as_json() for each in self.conditions],
            "order": self.order,
            "cols": list(self.columns),
            "view": "attention" if self.attention else "",
        }


def parse_list(query: QueryDict, own: Mapping[str, Any] | None = None) -> ListAddress:
    """The list that an address asks for. own: the columns and order that the person keeps, where it names none."""
    own = own or {}
    conditions, problem = conditions_in(query.getlist("c"))
    return ListAddress(
        text=query.get("f", "").strip()[:SEARCH_MAX],
        conditions=conditions,
        order=known_order(query.get("order", ""), str(own.get("order", "name"))),
        columns=known_columns(query.get("cols", "").split(","), own.get("cols") or ()),
        attention=query.get("view") == "attention",
        removed=query.get("removed") == "1",
        after=query.get("after", "")[:AFTER_MAX],
        problem=problem,
    )


def from_view(kept: Mapping[str, Any]) -> ListAddress:
    """The list that a saved view holds; conditions that cannot be used any more are left out."""
    conditions: list[Condition] = []
    stored = kept.get("c")
    for each in stored if isinstance(stored, list) else ():
        try:
            conditions += parse_conditions([each])
        except ConditionError:
            continue
    return ListAddress(
        text=str(kept.get("f", ""))[:SEARCH_MAX],
        conditions=tuple(conditions),
        order=known_order(str(kept.get("order", "")), "name"),
        columns=known_columns(kept.get("cols") or (), ()),
        attention=kept.get("view") == "attention",
    )


def known_order(order: str, otherwise: str) -> str:
    """An order that exists."""
    return (
        order if order.removeprefix("-") in ORDERS else otherwise if otherwise.removeprefix("-") in ORDERS else "name"
    )


def known_columns(wanted: Sequence[str], otherwise: Sequence[str]) -> tuple[str, ...]:
    """Columns that exist, the name always first."""
    for names in (wanted, otherwise, DEFAULT_COLUMNS):
        found = [name for name in dict.fromkeys(names) if name in COLUMNS]
        if found:
            return ("name", *(name for name in found if name != "name"))
    return DEFAULT_COLUMNS


def conditions_in(rows: Sequence[str]) -> tuple[tuple[Condition, ...], str]:
    """The conditions of an address, and why one of them cannot be used."""
    conditions: list[Condition] = []
    problem = ""
    for row in list(rows)[:CONDITIONS_MAX]:
        try:
            conditions += parse_conditions([_read(row)])
        except ConditionError as error:
            problem = _("A filter in the address was left out. %(why)s") % {"why": error}
    return tuple(dict.fromkeys(conditions)), problem


def written(condition: Condition) -> str:
    """A condition as it stands in an address."""
    return csv_row([condition.item, condition.op, *condition.values])


def csv_row(cells: Sequence[str]) -> str:
    """Cells as one row of CSV."""
    text = io.StringIO()
    csv.writer(text, lineterminator="").writerow(cells)
    return text.getvalue()


def query_with(item: str, value: str) -> str:
    """The query of the list of machines of which an item equals a value."""
    return urlencode({"c": csv_row([item, "equals", value])})


def query_of(*equal: tuple[str, str]) -> str:
    """The query of the list of machines of which each of these items equals its value."""
    return urlencode([("c", csv_row([item, "equals", value])) for item, value in equal])


def label_of(condition: Condition) -> tuple[str, str]:
    """A condition in words: what it is about, and what must hold."""
    if condition.item == "collector" and condition.op == "is-empty":
        return _(ITEMS[condition.item].label), _("this server")
    values = _(" or ").join(value_words(condition.item, each) for each in condition.values)
    return _(ITEMS[condition.item].label), f"{_(condition.op.replace('-', ' '))} {values}".strip()


def _read(row: str) -> dict[str, Any]:
    try:
        cells = next(csv.reader([row.replace("\n", " ").replace("\r", " ")]), [])
    except csv.Error:
        cells = []
    return {"item": cells[0] if cells else "", "op": cells[1] if len(cells) > 1 else "", "values": cells[2:]}
