"""The organisation's policy and API tokens, as they are typed."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from platen.console.forms.base import ConsoleForm
from platen.tenants.models import Fidelity, IdPeriod, UnknownOwner


class PolicyForm(ConsoleForm):
    """What one organisation decides for itself. Limits are the verb's."""

    unknown_owner = forms.ChoiceField(
        label=_("A job of somebody who is not known"), choices=[(each.value, each.label) for each in UnknownOwner]
    )
    default_domain = forms.CharField(label=_("Domain of logons without one"), max_length=120, required=False)
    email_domain = forms.CharField(
        label=_("Domain of e-mail addresses"), max_length=253, required=False, help_text=_("New people get logon@this.")
    )
    job_retention_hours = forms.IntegerField(label=_("Documents are kept"), help_text=_("Hours, 1 to 8784."))
    fidelity = forms.ChoiceField(
        label=_("A document that a device does not say it can print"),
        choices=[(each.value, each.label) for each in Fidelity],
    )
    retain_allowed = forms.BooleanField(label=_("People may keep documents after printing"), required=False)
    hide_document_names = forms.BooleanField(label=_("Only administrators see others' document names"), required=False)
    job_name_prefixes = forms.CharField(
        label=_("Cut off names at a panel"),
        required=False,
        strip=False,
        max_length=4000,
        help_text=_(
            'Beginnings of documents\u2019 names, one a line: Item="Microsoft Word - ". Empty: the usual ones.'
        ),
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
    )
    show_first_pages = forms.BooleanField(
        label=_("Owners and administrators see a document's first page"), required=False
    )
    pin_required = forms.BooleanField(label=_("Ask for the PIN after a card"), required=False)
    pin_change_allowed = forms.BooleanField(label=_("People may change their PIN"), required=False)
    login_attempts_max = forms.IntegerField(label=_("Wrong tries before the login is locked"))
    lockout_minutes = forms.IntegerField(
        label=_("The lock ends by itself after"), help_text=_("Minutes; 0: when somebody lets the person in again.")
    )
    password_length_min = forms.IntegerField(
        label=_("Characters of a password, at least"),
        help_text=_("8 to 64. Passwords that there are stay until they are changed."),
    )
    idle_minutes = forms.IntegerField(
        label=_("Signed out of the console after"), help_text=_("Minutes without a click; 0: after 12 hours.")
    )
    ids_per_person_max = forms.IntegerField(label=_("Cards and codes a person"))
    id_code_pattern = forms.CharField(
        label=_("Pattern of random ID codes"), max_length=39, help_text=_("1: a digit, x: a letter, *: either.")
    )
    hide_id_codes = forms.BooleanField(label=_("Only administrators see codes and card numbers"), required=False)
    logon_is_id_code = forms.BooleanField(label=_("New people may type their logon as ID code"), required=False)
    card_registration_allowed = forms.BooleanField(label=_("Cards can be registered at a device"), required=False)
    deny_multi_delete = forms.BooleanField(label=_("People and devices are deleted one by one"), required=False)
    card_registration_by_password = forms.BooleanField(
        label=_("A password registers a card as a PUK does"), required=False
    )
    puk_at_first_print = forms.BooleanField(label=_("People get a PUK at their first print"), required=False)
    self_registered_expires_from = forms.IntegerField(
        label=_("Self-registered cards are temporary from"),
        help_text=_("1: the first one, 2: the second one; 0: never."),
    )
    self_registered_period = forms.ChoiceField(
        label=_("Such a card is valid"), choices=[(each.value, each.label) for each in IdPeriod]
    )
    currency = forms.CharField(label=_("Currency"), max_length=3)
    time_zone = forms.CharField(label=_("Time zone"), max_length=64, help_text=_("For example Europe/Berlin."))
    help_desk = forms.CharField(
        label=_("Help desk"), max_length=120, required=False, help_text=_("Shown at panels and when something fails.")
    )


class TokenForm(ConsoleForm):
    """A new API token."""

    name = forms.CharField(label=_("Name"), max_length=80, help_text=_("What it is for."))
    expires_at = forms.DateTimeField(
        label=_("Ends"),
        required=False,
        help_text=_("Empty: never."),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
    )
