"""Devices, readers and queues, as they are typed."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from platen.access.methods import LoginMethod
from platen.console.forms.base import ConsoleForm
from platen.console.forms.machines import BY_THEIR_ENDS
from platen.devices.models import QueueKind
from platen.protocols.cards import TECHNOLOGIES
from platen.tenants.context import current_regions
from platen.tenants.models import UnknownOwner

_AS_PERSON = [("", _("As the person has it")), ("yes", _("Yes, for everybody")), ("no", _("No"))]
_AS_IT_SAYS = [("", _("As it says itself")), ("yes", _("Yes")), ("no", _("No"))]
_YES_NO = {"yes": True, "no": False}
_METHODS = [
    (LoginMethod.CARD.value, _("Card")),
    (LoginMethod.ID_CODE.value, _("ID code")),
    (LoginMethod.PASSWORD.value, _("Logon and password")),
]


THREE_STATES = ("print_all_at_login", "color_supported", "duplex_supported")
"""Yes, no, or not decided here."""


class DeviceForm(ConsoleForm):
    """A machine."""

    name = forms.CharField(label=_("Name"), max_length=120)
    uri = forms.CharField(
        label=_("Address"),
        max_length=500,
        required=False,
        help_text=_(
            "A host or its number alone is asked how it prints; or write ipps://host/ipp/print, ipp://host/ipp/print, "
            "socket://host:9100 or lpd://host/queue. Empty: documents are not sent to it, it is only looked after."
        ),
        widget=forms.TextInput(attrs={"spellcheck": "false", "autocapitalize": "none"}),
    )
    location = forms.CharField(label=_("Place"), max_length=200, required=False)
    make_and_model = forms.CharField(
        label=_("Model"), max_length=200, required=False, help_text=_("Read from the device where it tells.")
    )
    mac = forms.CharField(label=_("Hardware address"), max_length=23, required=False)
    color_supported = forms.ChoiceField(
        label=_("Prints in colour"), choices=_AS_IT_SAYS, required=False, help_text=_("Prices are worked out by it.")
    )
    duplex_supported = forms.ChoiceField(
        label=_("Prints on both sides"),
        choices=_AS_IT_SAYS,
        required=False,
        help_text=_("Where it tells, it is believed."),
    )
    print_all_at_login = forms.ChoiceField(label=_("Print everything at login"), choices=_AS_PERSON, required=False)
    login_methods = forms.MultipleChoiceField(
        label=_("Ways to log in"),
        choices=_METHODS,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: all of them."),
    )
    pjl_status = forms.BooleanField(
        label=_("It answers PJL job status"), required=False, help_text=_("Only for socket:// devices that tell.")
    )
    tls_verify = forms.BooleanField(
        label=_("Check its certificate"),
        required=False,
        help_text=_(
            "Only for ipps://. Off: any certificate is taken, as most devices sign their own. "
            "On: it has to come from an authority that this server trusts."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if current_regions() is not None:
            self.fields["uri"].help_text = format_lazy("{} {}", self.fields["uri"].help_text, BY_THEIR_ENDS)

    def values(self) -> dict[str, Any]:
        """What the verbs take beside name and address."""
        given = {key: value for key, value in self.cleaned_data.items() if key not in ("name", "uri")}
        for name in THREE_STATES:
            given[name] = _YES_NO.get(given[name])
        return given


class ReaderForm(ConsoleForm):
    """A network card reader at a device."""

    name = forms.CharField(label=_("Name"), max_length=80)
    address = forms.CharField(label=_("IP address"), max_length=45)
    technology = forms.ChoiceField(
        label=_("Cards"),
        required=False,
        choices=[
            ("", _("As the reader sends them")),
            *((key, f"{each.name}: {each.detail}") for key, each in TECHNOLOGIES.items()),
        ],
    )
    card_format = forms.CharField(
        label=_("Card format"),
        required=False,
        max_length=2000,
        help_text=_('Only where it differs from the usual, for example {"input": "hex", "reverse_octets": true}.'),
        widget=forms.TextInput(attrs={"spellcheck": "false"}),
    )

    def clean_card_format(self) -> dict[str, Any]:
        """The format as a table."""
        text = self.cleaned_data["card_format"]
        if not text:
            return {}
        try:
            value = json.loads(text)
        except ValueError:
            value = None
        if not isinstance(value, dict):
            raise forms.ValidationError(_('Write it as {"name": value}, or leave it empty.'))
        return value


class QueueForm(ConsoleForm):
    """What clients print to."""

    name = forms.CharField(
        label=_("Name"),
        max_length=80,
        help_text=_("Letters, digits, dots and dashes: it is part of the queue's address."),
        widget=forms.TextInput(attrs={"spellcheck": "false", "autocapitalize": "none"}),
    )
    kind = forms.ChoiceField(label=_("What it does"), choices=[(kind.value, kind.label) for kind in QueueKind])
    device = forms.ChoiceField(label=_("Device"), required=False, help_text=_("Where a push queue sends its jobs."))
    location = forms.CharField(label=_("Place"), max_length=200, required=False)
    accepting = forms.BooleanField(label=_("Takes jobs"), required=False)
    is_default = forms.BooleanField(
        label=_("The default queue"), required=False, help_text=_("It answers /ipp/print without a name.")
    )
    lpd_port = forms.IntegerField(label=_("LPD port of its own"), required=False, min_value=1, max_value=65535)
    raw_port = forms.IntegerField(label=_("Raw port of its own"), required=False, min_value=1, max_value=65535)
    unknown_owner = forms.ChoiceField(
        label=_("Jobs of people who are not known"),
        required=False,
        choices=[("", _("As the organisation decided")), *((rule.value, rule.label) for rule in UnknownOwner)],
    )
    specified_logon = forms.CharField(
        label=_("All jobs belong to"), max_length=255, required=False, help_text=_("A logon. Empty: to who sent them.")
    )
    default_domain = forms.CharField(label=_("Domain of logons without one"), max_length=255, required=False)
    job_data_string = forms.CharField(
        label=_("Text before the logon in the job's data"),
        max_length=255,
        required=False,
        strip=False,
        help_text=_("For programs that print under one name and write the person into the document."),
    )
    driver_name = forms.CharField(label=_("Driver name"), max_length=120, required=False)
    cost_code = forms.CharField(label=_("Cost code"), max_length=50, required=False)
    hide_document_names = forms.BooleanField(label=_("Hide documents' names"), required=False)
    sign_in_required = forms.BooleanField(
        label=_("Only people who sign in"),
        required=False,
        help_text=_("By IPPS with user name and password; LPD, raw data and plain IPP are refused."),
    )

    def __init__(self, *args: Any, devices: list[tuple[str, str]], is_new: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["device"].choices = [("", _("none")), *devices]  # type: ignore[attr-defined]  # a ChoiceField
        if not is_new:
            del self.fields["kind"]

    def values(self) -> dict[str, Any]:
        """What the verbs take beside name, kind, device and being the default."""
        apart = ("name", "kind", "device", "is_default", "job_data_string")
        return {key: value for key, value in self.cleaned_data.items() if key not in apart}
