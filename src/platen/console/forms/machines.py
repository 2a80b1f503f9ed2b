"""What can be changed about machines, many at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from platen.console.forms.base import ConsoleForm
from platen.fleet.changing import Changes
from platen.fleet.credentials import credentials_in_order
from platen.fleet.group_paths import in_tree
from platen.fleet.models import Machine
from platen.fleet.queries_picked import MIXED
from platen.fleet.queries_rows import groups_by_name, places_by_name, regions_by_name
from platen.tenants.context import current_regions

BY_THEIR_ENDS = _(
    "Of your regions. A host name counts by its ending alone: what it leads to is not looked up before it is asked."
)
KEEP = ""
NONE = "0"


class ChangeForm(ConsoleForm):
    """Each field leaves as it is what nobody chose."""

    change_location = forms.BooleanField(label=_("Change the place"), required=False)
    location = forms.CharField(label=_("Place, as people say it"), max_length=200, required=False)
    place = forms.ChoiceField(label=_("Floor or site"), required=False)
    region = forms.ChoiceField(label=_("Region"), required=False)
    group_in = forms.ChoiceField(
        label=_("Put into group"), required=False, help_text=_("Groups that are kept by hand.")
    )
    group_out = forms.ChoiceField(label=_("Take out of group"), required=False)
    credential = forms.ChoiceField(
        label=_("Asked with"), required=False, help_text=_("None: every credential is tried in its order.")
    )
    managed = forms.ChoiceField(
        label=_("Managed"),
        required=False,
        choices=[(KEEP, _("As it is")), ("yes", _("Yes: read and counted")), ("no", _("No: kept and left alone"))],
    )

    def __init__(self, *args: Any, now: Mapping[str, object] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        by_hand = [(str(each.pk), path) for each, path in in_tree(groups_by_name()) if each.conditions is None]
        self._offer("place", [(str(each.pk), place_name(each)) for each in places_by_name()])
        self._offer("region", [(str(each.pk), each.name) for each in regions_by_name()])
        _offer_credentials(self)
        for name in ("group_in", "group_out"):
            self.fields[name].choices = [(KEEP, _("No change")), *by_hand]  # type: ignore[attr-defined]  # a ChoiceField
        for name, value in (now or {}).items():
            if name in self.fields:
                self._say_now(name, value)

    def _say_now(self, name: str, value: object) -> None:
        """What they have now, where all have the same."""
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            word = dict(field.choices).get(_key_of(value))  # type: ignore[arg-type]  # pairs, in forms of ours
        else:
            word = value or _("nothing")
        said = _("Now they differ.") if value is MIXED or word is None else _("Now: %s.") % word
        field.help_text = format_lazy("{} {}", said, field.help_text)

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        offered = [(KEEP, _("As it is")), (NONE, _("None")), *choices]
        self.fields[name].choices = offered  # type: ignore[attr-defined]  # a ChoiceField

    def clean(self) -> dict[str, Any]:
        """A place that was typed is meant."""
        given = super().clean() or {}
        if given.get("location"):
            given["change_location"] = True
        return given

    def changes(self) -> Changes:
        """As the verb takes it."""
        given = self.cleaned_data
        return Changes(
            location=given["location"] if given["change_location"] else None,
            place_id=_key(given["place"]),
            region_id=_key(given["region"]),
            credential_id=_key(given.get("credential", KEEP)),
            group_in=_key(given["group_in"]),
            group_out=_key(given["group_out"]),
            managed={"yes": True, "no": False}.get(given["managed"]),
        )

    def in_words(self) -> list[tuple[str, str]]:
        """What will be changed: the field, and what it becomes."""
        given, words = self.cleaned_data, []
        if given["change_location"]:
            words.append((str(self.fields["location"].label), given["location"] or str(_("nothing"))))
        for name in ("place", "region", "group_in", "group_out", "credential", "managed"):
            if given.get(name):
                choices = dict(self.fields[name].choices)  # type: ignore[attr-defined]  # a ChoiceField
                words.append((str(self.fields[name].label), str(choices[given[name]])))
        return words


def _key_of(value: object) -> str:
    """A stored value as a choice names it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return NONE if value is None else str(value)


def _offer_credentials(form: ChangeForm | MachineForm) -> None:
    """The organisation's, for those whose rights hold for all of it; to others the field is not there."""
    if current_regions() is not None:
        del form.fields["credential"]
        return
    form._offer("credential", [(str(each.pk), each.name) for each in credentials_in_order()])


def place_name(place: Any) -> str:
    """A place with what it is part of: Library, 1st floor."""
    names = [place.name]
    above = place.parent
    while above is not None and len(names) < 3:
        names.append(above.name)
        above = above.parent if len(names) < 3 else None
    return ", ".join(reversed(names))


def _key(text: str) -> int | None:
    return int(text) if text else None


class MachineForm(ConsoleForm):
    """One machine: what people know of it, and how it is read."""

    location = forms.CharField(label=_("Place, as people say it"), max_length=200, required=False)
    asset_number = forms.CharField(label=_("Asset number"), max_length=120, required=False)
    contact = forms.CharField(label=_("Contact"), max_length=255, required=False)
    link = forms.CharField(
        label=_("Link"), max_length=500, required=False, help_text=_("Where else something is written about it.")
    )
    place = forms.ChoiceField(label=_("Floor or site"), required=False)
    region = forms.ChoiceField(label=_("Region"), required=False)
    address = forms.CharField(
        label=_("Address it is asked at"),
        max_length=253,
        required=False,
        help_text=_("Host name or IP address. Empty: it is not read."),
    )
    port = forms.IntegerField(label=_("Port"), min_value=1, max_value=65535, initial=161)
    credential = forms.ChoiceField(
        label=_("Asked with"), required=False, help_text=_("None: every credential is tried in its order.")
    )
    time_zone = forms.ChoiceField(label=_("Time zone"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offer("place", [(str(each.pk), place_name(each)) for each in places_by_name()])
        self._offer("region", [(str(each.pk), each.name) for each in regions_by_name()])
        _offer_credentials(self)
        if current_regions() is not None:  # what is asked at that port gets the organisation's credentials
            self.fields["port"].disabled = True
            self.fields["address"].help_text = BY_THEIR_ENDS
        zones = [(name, name.replace("_", " ")) for name in sorted(available_timezones())]
        self.fields["time_zone"].choices = [("", _("As the organisation has it")), *zones]  # type: ignore[attr-defined]  # a ChoiceField

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        self.fields[name].choices = [(NONE, _("None")), *choices]  # type: ignore[attr-defined]  # a ChoiceField

    @classmethod
    def initial_of(cls, machine: Machine) -> dict[str, object]:
        """The machine as it is."""
        initial: dict[str, object] = {
            name: getattr(machine, name) for name in ("asset_number", "contact", "link", "address", "port", "time_zone")
        }
        initial["location"] = machine.device.location
        for name in ("place", "region", "credential"):
            initial[name] = str(getattr(machine, f"{name}_id") or NONE)
        return initial

    def changes(self) -> Changes:
        """What many machines can have changed as well; what stays as it was is left alone."""
        given, changed = self.cleaned_data, self.changed_data
        return Changes(
            location=given["location"],
            place_id=int(given["place"] or NONE) if "place" in changed else None,
            region_id=int(given["region"] or NONE) if "region" in changed else None,
            credential_id=int(given["credential"] or NONE) if "credential" in changed else None,
        )

    def identity(self) -> dict[str, Any]:
        """The rest."""
        return {
            name: self.cleaned_data[name]
            for name in ("asset_number", "contact", "link", "time_zone", "address", "port")
        }
