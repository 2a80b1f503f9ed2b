"""Conditions on machines as rows of a form: item, operator, values."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from platen.console.condition_words import value_of, value_words
from platen.console.forms.base import ConsoleForm
from platen.policy.fleet.conditions import ITEMS, OPERATORS, ConditionError, Kind, parse_conditions

ROWS = 8
_ITEMS = [("", gettext_lazy("–")), *((item.name, item.label) for item in ITEMS.values())]
_OPERATORS = list(dict.fromkeys(op for kind in Kind for op in OPERATORS[kind]))


class ConditionsForm(ConsoleForm):
    """A form with rows of conditions; a row without an item is none."""

    def __init__(self, *args: Any, conditions: Iterable[dict[str, Any]] = (), **kwargs: Any) -> None:
        stored = [each for each in conditions if isinstance(each, dict)]
        initial = dict(kwargs.pop("initial", None) or {})
        for number, each in enumerate(stored):
            initial[f"item_{number}"], initial[f"op_{number}"] = each.get("item"), each.get("op")
            words = (value_words(str(each.get("item")), str(value)) for value in each.get("values") or ())
            initial[f"values_{number}"] = "; ".join(words)
        self.rows_count = max(ROWS, len(stored))
        super().__init__(*args, initial=initial, **kwargs)
        for number in range(self.rows_count):
            self._add_row(number)

    def _add_row(self, number: int) -> None:
        words = {"n": number + 1}
        operators = [(op, _(op.replace("-", " "))) for op in _OPERATORS]
        item = forms.ChoiceField(label=_("Condition %(n)d, what") % words, choices=_ITEMS, required=False)
        op = forms.ChoiceField(label=_("Condition %(n)d, is") % words, choices=operators, required=False)
        values = forms.CharField(label=_("Condition %(n)d, values") % words, max_length=4000, required=False)
        for name, made in (("item", item), ("op", op), ("values", values)):
            made.widget.attrs["class"] = "input"
            self.fields[f"{name}_{number}"] = made

    @property
    def condition_rows(self) -> list[tuple[BoundField, BoundField, BoundField]]:
        """The fields of each row."""
        return [
            (self[f"item_{number}"], self[f"op_{number}"], self[f"values_{number}"])
            for number in range(self.rows_count)
        ]

    def conditions(self) -> list[dict[str, Any]]:
        """The conditions as verbs take them."""
        given = self.cleaned_data
        return [
            {
                "item": given[f"item_{number}"],
                "op": given[f"op_{number}"],
                "values": self._values(given, number),
            }
            for number in range(self.rows_count)
            if given.get(f"item_{number}")
        ]

    @staticmethod
    def _values(given: dict[str, Any], number: int) -> list[str]:
        """As they are stored; words of choices may be typed as well."""
        typed = [each.strip() for each in given.get(f"values_{number}", "").split(";")]
        return [value_of(given[f"item_{number}"], each) for each in typed if each]

    def clean(self) -> dict[str, Any]:
        """Each row's mistake is said at its values."""
        given = super().clean() or {}
        for number in range(self.rows_count):
            if not given.get(f"item_{number}"):
                continue
            row = {
                "item": given[f"item_{number}"],
                "op": given.get(f"op_{number}", ""),
                "values": self._values(given, number),
            }
            try:
                parse_conditions([row])
            except ConditionError as error:
                self.add_error(f"values_{number}", str(error))
        return given
