"""Searches, credentials and files of devices, as they are typed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from platen.console.forms.base import ConsoleForm
from platen.console.forms.conditions import ConditionsForm
from platen.fleet.credentials import AUTH, KINDS, PRIVACY, CredentialValues, credentials_in_order
from platen.fleet.discovering import SearchValues
from platen.fleet.group_paths import in_tree
from platen.fleet.models import Credential
from platen.fleet.queries_rows import groups_by_name, regions_by_name
from platen.protocols.cards import TECHNOLOGIES

_METHODS = [
    ("snmp", _("SNMP: every address is asked once")),
    ("broadcast", _("SNMP broadcast: machines in this network answer one question")),
    ("dns-sd", _("DNS-SD: machines that announce themselves")),
    ("wsd", _("WS-Discovery: machines that answer as Windows asks")),
    ("ipp", _("IPP: port 631 of every address")),
]
_OUTCOMES = [
    ("managed", _("Those that fit are managed, the others kept unmanaged")),
    ("unmanaged", _("Those that fit are kept unmanaged, the others managed")),
    ("only", _("Only those that fit are registered")),
    ("ignore", _("Those that fit are left out")),
]
_KINDS = {
    "snmpv2c": _("SNMP v2c community"),
    "snmpv1": _("SNMP v1 community"),
    "snmpv3": _("SNMP v3 user"),
}
_PLAIN = {"spellcheck": "false", "autocapitalize": "none"}


class SearchForm(ConditionsForm):
    """Where to search, how, and what becomes of what is found."""

    name = forms.CharField(
        label=_("Name"), max_length=120, required=False, help_text=_("To keep the search and run it again.")
    )
    targets = forms.CharField(
        label=_("Where"),
        required=False,
        max_length=200_000,
        widget=forms.Textarea(attrs={"rows": 4, **_PLAIN}),
        help_text=_("One a line: 10.1.2.0/24, 10.1.2.10-99, 10.1.2-4.*, 2001:db8::/120, printer.example.org."),
    )
    excluded = forms.CharField(
        label=_("But not"), required=False, max_length=200_000, widget=forms.Textarea(attrs={"rows": 2, **_PLAIN})
    )
    known_subnets = forms.BooleanField(label=_("Also the networks of devices that are known"), required=False)
    methods = forms.MultipleChoiceField(
        label=_("How"), choices=_METHODS, initial=["snmp"], widget=forms.CheckboxSelectMultiple
    )
    credentials = forms.MultipleChoiceField(
        label=_("Asked with"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: all of them in their order, until one is answered."),
    )
    outcome = forms.ChoiceField(
        label=_("What becomes of new devices"), choices=_OUTCOMES, initial="managed", widget=forms.RadioSelect
    )
    group = forms.ChoiceField(label=_("Put new ones into group"), required=False)
    region = forms.ChoiceField(label=_("Region"), required=False, help_text=_("None: by their addresses."))
    packets_per_s = forms.IntegerField(label=_("Pace, packets a second"), min_value=1, max_value=20_000, initial=200)
    port = forms.IntegerField(label=_("SNMP port"), min_value=1, max_value=65_535, initial=161)
    ipp_port = forms.IntegerField(
        label=_("IPP port"),
        required=False,
        min_value=1,
        max_value=65_535,
        help_text=_("Empty: 443 and 631, where a search that is kept always asks."),
    )
    confirmed = forms.BooleanField(label=_("Yes, ask all of these addresses"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        groups = [(str(each.pk), path) for each, path in in_tree(groups_by_name()) if each.conditions is None]
        offers = {
            "credentials": [(str(each.pk), each.name) for each in credentials_in_order()],
            "group": [("", _("none")), *groups],
            "region": [("", _("none")), *((str(each.pk), each.name) for each in regions_by_name())],
        }
        for name, choices in offers.items():
            self.fields[name].choices = choices  # type: ignore[attr-defined]  # a ChoiceField

    def values(self) -> SearchValues:
        """As the verbs take it."""
        given = self.cleaned_data
        same = ("targets", "excluded", "known_subnets", "outcome", "packets_per_s", "port", "confirmed")
        return SearchValues(
            methods=tuple(given["methods"]),
            credential_ids=tuple(int(each) for each in given["credentials"]),
            conditions=self.conditions(),
            group_id=int(given["group"]) if given["group"] else None,
            region_id=int(given["region"]) if given["region"] else None,
            ipp_port=given["ipp_port"] or 0,
            **{name: given[name] for name in same},
        )

    @staticmethod
    def initial_of(values: SearchValues, name: str = "") -> dict[str, object]:
        """A search as it was kept."""
        same = ("targets", "excluded", "known_subnets", "outcome", "packets_per_s", "port")
        initial: dict[str, object] = {each: getattr(values, each) for each in same}
        return initial | {
            "name": name,
            "methods": list(values.methods),
            "credentials": [str(each) for each in values.credential_ids],
            "group": str(values.group_id or ""),
            "region": str(values.region_id or ""),
        }


class CredentialForm(ConsoleForm):
    """What is said to a machine so that it answers. Secrets are never shown again."""

    name = forms.CharField(label=_("Name"), max_length=120)
    kind = forms.ChoiceField(label=_("Kind"), choices=[(kind, _KINDS[kind]) for kind in KINDS])
    rank = forms.IntegerField(
        label=_("Order"), min_value=0, max_value=32_767, initial=100, help_text=_("The lowest is tried first.")
    )
    community = forms.CharField(
        label=_("Community"), max_length=255, required=False, widget=forms.PasswordInput(attrs={"autocomplete": "off"})
    )
    user = forms.CharField(label=_("User"), max_length=255, required=False, widget=forms.TextInput(attrs=_PLAIN))
    auth = forms.ChoiceField(
        label=_("Authentication"), required=False, choices=[("", _("none")), *((each, each.upper()) for each in AUTH)]
    )
    auth_password = forms.CharField(
        label=_("Pass phrase of the authentication"),
        max_length=255,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    privacy = forms.ChoiceField(
        label=_("Encryption"), required=False, choices=[("", _("none")), *((each, each.upper()) for each in PRIVACY)]
    )
    privacy_password = forms.CharField(
        label=_("Pass phrase of the encryption"),
        max_length=255,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    context = forms.CharField(label=_("Context"), max_length=255, required=False)
    writes = forms.BooleanField(label=_("May be used to change a machine"), required=False)
    comment = forms.CharField(
        label=_("Remark"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )

    def values(self) -> CredentialValues:
        """As the verbs take it."""
        return CredentialValues(**{name: value for name, value in self.cleaned_data.items() if name != "name"})

    @staticmethod
    def initial_of(credential: Credential) -> dict[str, object]:
        """All but its secrets."""
        shown = ("name", "kind", "rank", "user", "auth", "privacy", "context", "writes", "comment")
        return {name: getattr(credential, name) for name in shown}


class ReaderFileForm(ConsoleForm):
    """A file of card readers."""

    file = forms.FileField(
        label=_("File"),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt", "id": "readers-file"}),
        help_text=_("CSV in UTF-8: the reader's IP address first, the address of its device in the fourth column."),
    )
    technology = forms.ChoiceField(
        label=_("Cards"),
        required=False,
        choices=[
            ("", _("As the reader sends them")),
            *((key, f"{each.name}: {each.detail}") for key, each in TECHNOLOGIES.items()),
        ],
    )


class FileForm(ConsoleForm):
    """A file of devices."""

    file = forms.FileField(
        label=_("File"),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.xlsx"}),
        help_text=_("CSV or text in UTF-8, or a workbook; up to 5,000 devices."),
    )
