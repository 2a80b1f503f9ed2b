"""People, cards and aliases, as they are typed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from platen.console.forms.base import ConsoleForm
from platen.directory.models import CardKind, CostControl, Role
from platen.fleet.queries_rows import regions_by_name

PLAIN = {"spellcheck": "false", "autocapitalize": "none", "autocomplete": "off"}


class PersonForm(ConsoleForm):
    """A person. Who may not give roles does not get that field."""

    logon = forms.CharField(label=_("Logon"), max_length=255, widget=forms.TextInput(attrs=PLAIN))
    domain = forms.CharField(label=_("Domain"), max_length=255, required=False, widget=forms.TextInput(attrs=PLAIN))
    full_name = forms.CharField(label=_("Full name"), max_length=255, required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)
    description = forms.CharField(label=_("Description"), max_length=255, required=False)
    cost_code = forms.CharField(label=_("Cost code"), max_length=50, required=False)
    role = forms.ChoiceField(label=_("Role"), choices=[(role.value, role.label) for role in Role])
    holds = forms.ChoiceField(
        label=_("What the role allows holds"),
        choices=[("all", _("for every device")), ("regions", _("only for devices of these regions"))],
        widget=forms.RadioSelect,
        initial="all",
        required=False,
    )
    regions = forms.MultipleChoiceField(label=_("Regions"), required=False, widget=forms.CheckboxSelectMultiple)
    cost_control = forms.ChoiceField(
        label=_("How use is accounted"), choices=[(each.value, each.label) for each in CostControl]
    )
    prevent_login = forms.BooleanField(label=_("May not log in"), required=False)
    login_without_pin = forms.BooleanField(label=_("Needs no PIN"), required=False)
    print_all_at_login = forms.BooleanField(label=_("Everything prints at login"), required=False)
    print_all_allowed = forms.BooleanField(label=_("May print everything at once"), required=False)
    retain_allowed = forms.BooleanField(label=_("May keep printed documents"), required=False)
    card = forms.CharField(
        label=_("Card number"),
        max_length=39,
        required=False,
        strip=True,
        widget=forms.TextInput(attrs=PLAIN),
        help_text=_("Hold the card to a reader at this computer, or type its number. More can be added later."),
    )

    def __init__(self, *args: Any, gives_roles: bool, is_new: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not gives_roles:
            del self.fields["role"]
        offered = [(str(each.pk), each.name) for each in regions_by_name()] if gives_roles else []
        self.fields["regions"].choices = offered  # type: ignore[attr-defined]  # a ChoiceField
        if not offered:  # EMC-REGN-01
            del self.fields["regions"], self.fields["holds"]
        if not is_new:
            del self.fields["card"]

    def values(self) -> dict[str, Any]:
        """What the verbs take beside logon and domain."""
        others = ("logon", "domain", "card", "holds", "regions")
        return {key: value for key, value in self.cleaned_data.items() if key not in others}

    def limit(self) -> list[int] | None:
        """The regions that the person's rights hold for; None: for every device."""
        return [int(key) for key in self.cleaned_data["regions"]] if self.cleaned_data["holds"] == "regions" else None


class CardForm(ConsoleForm):
    """A card or an ID code, for good or for a while."""

    number = forms.CharField(label=_("Number"), max_length=39, widget=forms.TextInput(attrs=PLAIN))
    kind = forms.ChoiceField(label=_("Kind"), choices=[(kind.value, kind.label) for kind in CardKind])
    valid_until = forms.DateTimeField(
        label=_("Valid until"),
        required=False,
        help_text=_("Empty: for good."),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d"],
    )


class AliasForm(ConsoleForm):
    """Another logon of the same person."""

    alias = forms.CharField(label=_("Another logon"), max_length=255, widget=forms.TextInput(attrs=PLAIN))


class OwnPinForm(ConsoleForm):
    """A person's own new PIN; `old` only where there is one."""

    old = forms.CharField(
        label=_("Present PIN"),
        max_length=16,
        widget=forms.PasswordInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    new = forms.CharField(
        label=_("New PIN"),
        max_length=16,
        help_text=_("4 to 16 digits, not easy to guess."),
        widget=forms.PasswordInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    again = forms.CharField(
        label=_("New PIN again"),
        max_length=16,
        widget=forms.PasswordInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, has_pin: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_pin:
            del self.fields["old"]

    def clean(self) -> dict[str, object]:
        """Both entries of the new one are the same."""
        values = super().clean() or {}
        if values.get("new") and values.get("again") and values["new"] != values["again"]:
            self.add_error("again", _("This is not the same as above. Type it again."))
        return values
