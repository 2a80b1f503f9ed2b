"""Groups, regions and places, as they are typed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from platen.console.forms.base import ConsoleForm
from platen.console.forms.conditions import ConditionsForm
from platen.console.forms.machines import place_name
from platen.fleet.group_paths import in_tree
from platen.fleet.models import Group, Place, Region
from platen.fleet.queries_rows import groups_by_name, places_by_name, regions_by_name

EVERY_MIN_S, EVERY_MAX_S = 30, 604_800
_UNITS = [(1, _("seconds")), (60, _("minutes")), (3600, _("hours")), (86_400, _("days"))]


class GroupForm(ConditionsForm):
    """Machines put together by hand, or by conditions."""

    name = forms.CharField(
        label=_("Name"), max_length=500, help_text=_("Site:Library:Floor 1 makes the levels above as well.")
    )
    parent = forms.ChoiceField(label=_("Part of"), required=False)
    by = forms.ChoiceField(
        label=_("Who is in it"),
        choices=[
            ("hand", _("Devices that people put into it")),
            ("conditions", _("All devices that fit the conditions")),
        ],
        widget=forms.RadioSelect,
        initial="hand",
    )
    read_every = forms.IntegerField(
        label=_("Read every"), required=False, min_value=1, help_text=_("Empty: as the organisation has it.")
    )
    read_unit = forms.ChoiceField(label=_("Unit"), required=False, choices=_UNITS, initial=60)
    regions = forms.MultipleChoiceField(
        label=_("Only of regions"), required=False, widget=forms.CheckboxSelectMultiple, help_text=_("None: of all.")
    )
    comment = forms.CharField(
        label=_("Remark"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, group: Group | None = None, **kwargs: Any) -> None:
        super().__init__(*args, conditions=(group.conditions or ()) if group else (), **kwargs)
        others = [
            (str(each.pk), path) for each, path in in_tree(groups_by_name()) if group is None or each.pk != group.pk
        ]
        self.fields["parent"].choices = [("", _("none")), *others]  # type: ignore[attr-defined]  # a ChoiceField
        offered = [(str(each.pk), each.name) for each in regions_by_name()]
        self.fields["regions"].choices = offered  # type: ignore[attr-defined]  # a ChoiceField
        if not offered:
            del self.fields["regions"]

    @staticmethod
    def initial_of(group: Group) -> dict[str, object]:
        """A group as it is."""
        return {
            "name": group.name,
            "parent": str(group.parent_id or ""),
            "by": "hand" if group.conditions is None else "conditions",
            **_in_unit(group.read_every_s),
            "regions": [str(key) for key in group.regions.values_list("pk", flat=True)],
            "comment": group.comment,
        }

    def values(self) -> dict[str, Any]:
        """As the verb takes it, but for the parent."""
        given = self.cleaned_data
        return {
            "conditions": self.conditions() if given["by"] == "conditions" else None,
            "comment": given["comment"],
            "regions": [int(each) for each in given.get("regions", ())],
            "read_every_s": self._every_s(),
        }

    def _every_s(self) -> int | None:
        given = self.cleaned_data
        return given["read_every"] * int(given["read_unit"] or 60) if given.get("read_every") else None

    def clean(self) -> dict[str, Any]:
        """Neither all the time nor hardly ever."""
        given = super().clean() or {}
        seconds = self._every_s()
        if seconds is not None and not EVERY_MIN_S <= seconds <= EVERY_MAX_S:
            self.add_error("read_every", _("From 30 seconds to 7 days."))
        return given


def _in_unit(seconds: int | None) -> dict[str, object]:
    """A length of time in the largest unit that fits."""
    if not seconds:
        return {}
    unit = next(unit for unit, _word in reversed(_UNITS) if seconds % unit == 0)
    return {"read_every": seconds // unit, "read_unit": unit}


class RegionForm(ConsoleForm):
    """A part of the fleet, by addresses or host names."""

    name = forms.CharField(label=_("Name"), max_length=120)
    parent = forms.ChoiceField(
        label=_("Part of"), required=False, help_text=_("Who may see that region may see this one as well.")
    )
    addresses = forms.CharField(
        label=_("Addresses"),
        required=False,
        max_length=200_000,
        widget=forms.Textarea(attrs={"rows": 5, "spellcheck": "false"}),
        help_text=_("One a line: 10.1.0.0/16, 10.1.2.10-99. Devices without a region that lie in it join it."),
    )
    host_suffixes = forms.CharField(
        label=_("Ends of host names"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
        help_text=_("One a line: lib.example.org. Addresses go first."),
    )

    def __init__(self, *args: Any, region: Region | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = [(str(each.pk), each.name) for each in regions_by_name() if region is None or each.pk != region.pk]
        self.fields["parent"].choices = [("", _("none")), *others]  # type: ignore[attr-defined]  # a ChoiceField


class PlaceForm(ConsoleForm):
    """A site, a building or a floor."""

    name = forms.CharField(label=_("Name"), max_length=120)
    parent = forms.ChoiceField(label=_("Part of"), required=False)
    latitude = forms.FloatField(
        label=_("Latitude"), required=False, help_text=_("Of a site, for the map: 52.52 is Berlin’s.")
    )
    longitude = forms.FloatField(label=_("Longitude"), required=False)

    def __init__(self, *args: Any, place: Place | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = [(str(each.pk), place_name(each)) for each in places_by_name() if place is None or each.pk != place.pk]
        self.fields["parent"].choices = [("", _("none")), *others]  # type: ignore[attr-defined]  # a ChoiceField


class PlanForm(ConsoleForm):
    """A picture of a floor."""

    picture = forms.FileField(
        label=_("Picture"),
        widget=forms.FileInput(attrs={"accept": "image/*"}),
        help_text=_("PNG or JPEG, at most 10 MB. It is drawn anew; nothing but its pixels is kept."),
    )
