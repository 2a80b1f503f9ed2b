"""Collectors of other sites: their name, and what home wants of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from platen.console.forms.base import ConsoleForm
from platen.fleet.collectors import NAME_MAX
from platen.policy.fleet.collector import EXCLUDE_MAX, LIMITS, MASKED

_PACE = {
    "read_every_s": _("Read each device every, in seconds"),
    "search_every_s": _("Search every, in seconds"),
    "survey_every_s": _("Ask everything anew every, in seconds"),
    "send_every_s": _("Send every, in seconds"),
    "packets_per_s": _("Packets a second at most"),
}
_SHORTLY = {
    "read_every_s": (_("Reads"), _("every %s s")),
    "search_every_s": (_("Searches"), _("every %s s")),
    "survey_every_s": (_("Asks anew"), _("every %s s")),
    "send_every_s": (_("Sends"), _("every %s s")),
    "packets_per_s": (_("Asks"), _("at most %s packets a second")),
}
MASKED_WORDS = {
    "address": _("Address"),
    "mac": _("Hardware address"),
    "host_name": _("Host name"),
    "location": _("Place"),
    "contact": _("Contact"),
    "asset_number": _("Asset number"),
    "console": _("Display"),
    "alert_text": _("Words of alerts"),
}
TREATED = {"": _("as its site decides"), "token": _("a token in its place"), "nothing": _("kept back")}


class CollectorForm(ConsoleForm):
    """A new collector."""

    name = forms.CharField(
        label=_("Name"), max_length=NAME_MAX, help_text=_("Of its site. It stays: devices are marked with it.")
    )


class WishesForm(ConsoleForm):
    """What home wants; an empty field leaves it to the site."""

    def __init__(self, *args: Any, wishes: Mapping[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, (least, most) in LIMITS.items():
            self._add(name, forms.IntegerField(label=_PACE[name], min_value=least, max_value=most), wishes.get(name))
        exclude = forms.CharField(
            label=_("Leave alone"),
            max_length=EXCLUDE_MAX,
            widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false", "autocapitalize": "none"}),
            help_text=_("Addresses, ranges and networks, one a line, that it neither searches nor reads."),
        )
        self._add("exclude", exclude, wishes.get("exclude", ""))
        masks = wishes.get("mask", {})
        for name in MASKED:
            field = forms.ChoiceField(label=MASKED_WORDS[name], choices=list(TREATED.items()))
            self._add(f"mask_{name}", field, masks.get(name, "") if masks.get(name) in TREATED else "")

    @property
    def pace(self) -> list[forms.BoundField]:
        """The fields of numbers."""
        return [self[name] for name in LIMITS]

    @property
    def masks(self) -> list[forms.BoundField]:
        """The fields of what is kept back."""
        return [self[f"mask_{name}"] for name in MASKED]

    def wishes(self) -> dict[str, Any]:
        """As the verb takes them."""
        given = self.cleaned_data
        wanted: dict[str, Any] = {name: given[name] for name in LIMITS if given[name] is not None}
        if given["exclude"].strip():
            wanted["exclude"] = given["exclude"].strip()
        masks = {name: given[f"mask_{name}"] for name in MASKED if given[f"mask_{name}"]}
        return wanted | ({"mask": masks} if masks else {})

    def _add(self, name: str, field: forms.Field, initial: object) -> None:
        field.required, field.initial = False, initial
        plain = isinstance(field.widget, forms.HiddenInput)
        if not plain:
            field.widget.attrs["class"] = "input"
        self.fields[name] = field


def wishes_in_words(wishes: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What home wants, as lines of a table: label and value."""
    lines = [(str(_SHORTLY[name][0]), _SHORTLY[name][1] % f"{wishes[name]:,}") for name in LIMITS if name in wishes]
    if wishes.get("exclude"):
        lines.append((str(_("Leave alone")), ", ".join(str(wishes["exclude"]).split())))
    masks = wishes.get("mask", {})
    return lines + [(str(MASKED_WORDS[name]), str(TREATED.get(masks[name], masks[name]))) for name in masks]
