"""The steps of a batch as they are typed: what, after which outcome, and what each kind asks for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from platen.console.forms.report_words import REPORT_WORDS
from platen.fleet.queries_notices import all_webhooks
from platen.fleet.queries_searches import kept_searches
from platen.fleet.reports import KINDS as REPORTS
from platen.fleet.table_files import FORMATS
from platen.fleet.writing import FIELDS, WRITE
from platen.policy.batch import END
from platen.tasks.kinds import all_kinds

STEPS = 12
"""Rows for steps; a batch that has nearly as many gets some more."""
_FREE = 3
_END_AS_ERROR = f"{END}-error"
_WHENS = [
    ("any", gettext_lazy("in any case")),
    ("success", gettext_lazy("after success")),
    ("error", gettext_lazy("after an error")),
]
ASKED: Mapping[str, tuple[str, ...]] = {
    "discover": ("discovery",),
    "read": ("everything",),
    "report": ("report", "format", "to"),
    "counter-mail": ("format", "to"),
    "webhook": ("webhook",),
    WRITE: ("fields",),
}
"""What a kind asks for in a step; kinds that are not here ask for nothing."""


@dataclass(frozen=True, slots=True)
class StepRow:
    """The fields of one step; `asked`: each with the kinds that ask for it, by their names."""

    number: int
    kind: BoundField
    when: BoundField
    asked: list[tuple[BoundField, str]]


def rows_for(stored: Sequence[Any]) -> int:
    """How many rows a form has for a batch of so many steps."""
    return max(STEPS, len(stored) + _FREE)


def step_fields(rows: int, reports: Sequence[str] = REPORTS) -> dict[str, forms.Field]:
    """The fields of all rows, by name. reports: that a step can mail.

    Not `when_…`: the choices of the field `when` have these as their ids.
    """
    made: dict[str, forms.Field] = {}
    kinds = [(each.name, each.label) for each in all_kinds() if each.in_batches]
    kinds = [("", _("nothing more")), *kinds, (END, _("End as success")), (_END_AS_ERROR, _("End as error"))]
    choices = _choices(reports)
    for number in range(rows):
        words = {"n": number + 1}
        made[f"step_{number}"] = _select(_("Step %(n)d") % words, kinds)
        made[f"after_{number}"] = _select(_("Step %(n)d, when") % words, _WHENS)
        for name, (label, offered) in choices.items():
            made[f"{name}_{number}"] = _select(label, offered)
        made[f"everything_{number}"] = forms.BooleanField(label=_("Ask everything anew"), required=False)
        made[f"to_{number}"] = forms.CharField(label=_("Mail to"), max_length=2000, required=False)
        made[f"to_{number}"].widget.attrs["class"] = "input"
        made[f"fields_{number}"] = forms.MultipleChoiceField(
            label=_("What is written"),
            choices=[(each, _(label)) for each, label in FIELDS.items()],
            widget=forms.CheckboxSelectMultiple,
            required=False,
        )
    return made


def _choices(reports: Sequence[str]) -> dict[str, tuple[str, list[tuple[str, Any]]]]:
    searches = [(str(each.pk), each.name) for each in kept_searches()]
    hooks = [(str(each.pk), each.name) for each in all_webhooks()]
    return {
        "discovery": (_("Kept search"), [("", "–"), *searches]),
        "webhook": (_("Webhook"), [("", "–"), *hooks]),
        "report": (_("Report"), [(kind, REPORT_WORDS[kind]) for kind in reports]),
        "format": (_("Format"), [(each, each.upper()) for each in FORMATS]),
    }


def _select(label: str, choices: Sequence[tuple[str, Any]]) -> forms.ChoiceField:
    made = forms.ChoiceField(label=label, choices=choices, required=False)
    made.widget.attrs["class"] = "input"
    return made


def step_rows(form: forms.Form, rows: int) -> list[StepRow]:
    """The bound fields, row by row."""
    by_field: dict[str, list[str]] = {}
    for kind, names in ASKED.items():
        for name in names:
            by_field.setdefault(name, []).append(kind)
    return [
        StepRow(
            number,
            form[f"step_{number}"],
            form[f"after_{number}"],
            [(form[f"{name}_{number}"], " ".join(kinds)) for name, kinds in by_field.items()],
        )
        for number in range(rows)
    ]


def steps_of(given: Mapping[str, Any], rows: int, stored: Sequence[Any] = ()) -> list[dict[str, Any]]:
    """What was typed, as a batch stores it. stored: the steps as they were: what the form does not ask stays."""
    steps = []
    for number in range(rows):
        kind = given.get(f"step_{number}")
        if not kind:
            continue
        before = stored[number] if number < len(stored) and stored[number].get("kind") == kind else {}
        settings = {name: given[f"{name}_{number}"] for name in ASKED.get(kind, ())}
        steps.append(
            {
                "kind": END if kind == _END_AS_ERROR else kind,
                "name": before.get("name", ""),
                "when": given.get(f"after_{number}") or "any",
                "settings": {**(before.get("settings") or {}), **settings},
                "as_error": kind == _END_AS_ERROR,
            }
        )
    return steps


def initial_of(stored: Sequence[Any]) -> dict[str, Any]:
    """A batch's steps, as the form shows them."""
    initial: dict[str, Any] = {}
    for number, step in enumerate(stored):
        kind = _END_AS_ERROR if step.get("kind") == END and step.get("as_error") else step.get("kind")
        initial |= {f"step_{number}": kind, f"after_{number}": step.get("when", "any")}
        settings = step.get("settings") or {}
        for name in ASKED.get(str(kind), ()):
            value = settings.get(name)
            if name == "to":
                value = ", ".join(value or ())
            initial[f"{name}_{number}"] = value if isinstance(value, bool | list) else str(value or "")
    return initial
