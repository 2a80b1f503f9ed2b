"""What a report is asked, as fields of a form: the same on the page of reports and in tasks that mail them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop

from platen.eventlog.areas import AREAS
from platen.eventlog.event_lists import people_in_audit
from platen.fleet.queries_rows import models_by_name
from platen.fleet.reports import KINDS, Wish, columns_to_choose
from platen.fleet.reports.wishes import CATEGORIES, COUNTERS, DAYS, DAYS_MAX, ORDERS, PARTS, SUPPLY_KINDS
from platen.policy.fleet.periods import Interval

ASKED: Mapping[str, tuple[str, ...]] = {
    "usage": ("by", "counter", "interval", "periods", "category", "order"),
    "counters": ("counters", "category", "order"),
    "status": ("category", "order"),
    "shares": ("interval", "periods", "of", "category", "order"),
    "alerts": ("days", "category", "order"),
    "supplies": ("supply", "order"),
    "firmware": ("model", "order"),
    "devices": ("category", "model", "order"),
    "audit": ("person", "area"),
}
"""What each kind asks for."""
NUMBERS = ("periods", "days")
_USUAL_PERIODS = noop("Empty: 31 days, 25 weeks, 12 months or 5 years.")  # policy.fleet.periods.USUAL
_PARTS: Mapping[str, str] = {
    "device": noop("Each device"),
    "counter": noop("Each counter, all devices together"),
    "region": noop("Sums of regions"),
    "group": noop("Sums of groups"),
    "model": noop("Sums of models"),
    "maker": noop("Sums of makers"),
    "location": noop("Sums of locations"),
    "collector": noop("Sums of collectors"),
}
_INTERVALS: Mapping[str, str] = {
    "day": noop("Days"),
    "week": noop("Weeks"),
    "month": noop("Months"),
    "year": noop("Years"),
}
_STATES: Mapping[str, str] = {
    "warning": noop("Warnings, errors and service calls"),
    "error": noop("Errors and service calls"),
    "service": noop("Service calls"),
    "off": noop("Off or not answering"),
    "silent": noop("Not answering"),
}
_CATEGORIES: Mapping[str, str] = {
    "printer": noop("That only print"),
    "multifunction": noop("That copy, scan or fax as well"),
    "color": noop("In colour"),
    "mono": noop("Black and white"),
}
_SUPPLIES: Mapping[str, str] = {
    "toner": noop("Toner"),
    "ink": noop("Ink"),
    "drum": noop("Drums and developer"),
    "waste": noop("Waste"),
    "other": noop("Other"),
}
_ORDERS: Mapping[str, str] = {
    "name": noop("Name"),
    "location": noop("Location"),
    "model": noop("Model"),
    "most": noop("Most pages in all"),
    "month": noop("Most pages this month"),
}


def wish_fields(kinds: Sequence[str]) -> dict[str, forms.Field]:
    """The fields that any of these kinds asks for, by name, and one for the columns of each."""
    names = list(dict.fromkeys(name for kind in kinds for name in ASKED[kind]))
    made = {name: _field(name) for name in names}
    if "interval" in made:
        offered = [(str(each), _(words)) for each, words in _INTERVALS.items()]
        whole = [] if "shares" not in kinds else [("", _("The last days in one (shares of time)"))]
        made["interval"] = _select(_("Periods"), [*whole, *offered], "" if kinds[0] == "shares" else Interval.MONTH)
    for kind in kinds:
        choices = [(column.key, column.title) for column in columns_to_choose(kind)]
        made[f"columns_{kind}"] = forms.MultipleChoiceField(
            label=_("Columns"),
            choices=choices,
            required=False,
            widget=forms.CheckboxSelectMultiple,
            help_text=_("None: the usual ones."),
        )
    return made


def kinds_that_ask(name: str) -> str:
    """Which kinds ask for a field, as the page marks it."""
    return " ".join(kind for kind in KINDS if name in ASKED[kind] or name == f"columns_{kind}")


def wish_given(kind: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """What was typed, as `fleet.reports.wish_of` takes it."""
    said = {name: given.get(name) for name in ASKED[kind]}
    return {**said, "columns": given.get(f"columns_{kind}") or ()}


def initial_of_wish(wish: Wish) -> dict[str, Any]:
    """A wish as the fields show it."""
    initial = {name: getattr(wish, name) for name in ASKED[wish.kind]}
    initial |= {name: initial[name] or None for name in NUMBERS if name in initial}
    if wish.kind == "usage":
        initial["interval"] = wish.every.value  # there is no "in one" of usage
    if "interval" in initial and wish.kind == "usage":
        initial["interval"] = wish.every
    if "counters" in initial:
        initial["counters"] = ", ".join(wish.counters)
    return {**initial, f"columns_{wish.kind}": list(wish.columns)}


def _field(name: str) -> forms.Field:
    if name in NUMBERS:
        label, hint = (_("How many"), _(_USUAL_PERIODS)) if name == "periods" else (_("Of the last days"), "")
        most = 100 if name == "periods" else DAYS_MAX
        least = 2 if name == "periods" else 1
        made = forms.IntegerField(label=label, min_value=least, max_value=most, required=False, help_text=hint)
        made.initial = DAYS if name == "days" else None
        made.widget.attrs["class"] = "input"
        return made
    if name == "counters":
        hint = _("Divided by commas, for example total.color, copy.large, scan. Empty: the usual ones.")
        counters = forms.CharField(label=_("Counters"), max_length=2_000, required=False, help_text=hint)
        counters.widget.attrs |= {"class": "input", "spellcheck": "false", "autocapitalize": "none"}
        return counters
    label, choices = _choices(name)
    return _select(label, choices)


def _select(label: str, choices: Sequence[tuple[str, str]], initial: str = "") -> forms.ChoiceField:
    made = forms.ChoiceField(label=label, choices=choices, required=False, initial=initial)
    made.widget.attrs["class"] = "input"
    return made


def _choices(name: str) -> tuple[str, list[tuple[str, str]]]:
    if name == "counter":
        return _("Counter"), [(each, each) for each in COUNTERS]
    if name == "model":
        return _("Model"), [("", _("Every model")), *((each, each) for each in models_by_name())]
    if name == "person":
        return _("Who"), [("", _("Whoever")), *((each, each) for each in people_in_audit())]
    if name == "area":
        return _("About"), [("", _("Whatever")), *((each, _(words)) for each, (words, _verbs) in AREAS.items())]
    label, known, words, usual = {
        "by": (_("Lines"), PARTS, _PARTS, ""),
        "interval": (_("Periods"), tuple(Interval), _INTERVALS, _("As usual")),
        "of": (_("States"), tuple(_STATES), _STATES, ""),
        "category": (_("Devices"), CATEGORIES, _CATEGORIES, _("Of every kind")),
        "supply": (_("Supplies"), SUPPLY_KINDS, _SUPPLIES, _("Of every kind")),
        "order": (_("Order"), ORDERS, _ORDERS, ""),
    }[name]
    offered = [(str(each), _(words[each])) for each in known]
    return label, [("", usual), *offered] if usual else offered
