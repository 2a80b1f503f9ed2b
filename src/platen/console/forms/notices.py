"""Who is told of what, webhooks and the mail server, as they are typed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from platen.console.forms.base import ConsoleForm
from platen.console.notice_words import WATCHED, value_word
from platen.fleet.alert_words import SOURCE
from platen.fleet.group_paths import in_tree
from platen.fleet.mail import METHODS, SECURITY, MailValues
from platen.fleet.models import MailServer, NoticeRule, Webhook
from platen.fleet.notice_texts import VARIABLES
from platen.fleet.notice_words import LANGUAGES
from platen.fleet.queries_notices import all_webhooks
from platen.fleet.queries_rows import groups_by_name, regions_by_name

_SECURITY = {
    "starttls": _("STARTTLS (usual, port 587)"),
    "tls": _("TLS from the start (port 465)"),
    "none": _("None: everything goes in the open"),
}
_TRIGGERS = [
    ("began", _("when it begins")),
    ("began-or-cleared", _("when it begins, and when it is over")),
    ("ongoing", _("when it has lasted for a while")),
]


class RuleForm(ConsoleForm):
    """A rule: conditions, when it tells, whom."""

    name = forms.CharField(label=_("Name"), max_length=120)
    enabled = forms.BooleanField(label=_("Switched on"), required=False, initial=True)
    at_most = forms.IntegerField(
        label=_("Low is at most"), min_value=0, max_value=100, initial=10, help_text=_("Percent that is left.")
    )
    all_of_them = forms.BooleanField(
        label=_("All that is chosen has to fit"),
        required=False,
        help_text=_("Else any of it is enough. Within one field any value is enough."),
    )
    trigger = forms.ChoiceField(label=_("Tell"), choices=_TRIGGERS)
    delay_min = forms.IntegerField(
        label=_("After it lasted, minutes"), min_value=0, max_value=43_200, initial=0, required=False
    )
    repeat_min = forms.IntegerField(
        label=_("Tell again every, minutes"),
        min_value=0,
        max_value=43_200,
        initial=0,
        required=False,
        help_text=_("While it lasts; 0: once."),
    )
    groups = forms.MultipleChoiceField(
        label=_("Only devices of groups"), required=False, widget=forms.CheckboxSelectMultiple
    )
    regions = forms.MultipleChoiceField(
        label=_("Only devices of regions"), required=False, widget=forms.CheckboxSelectMultiple
    )
    quiet = forms.CharField(
        label=_("Quiet hours"), required=False, max_length=500, help_text=_("For example 22:00-06:00, 12:00-13:00.")
    )
    mail_to = forms.CharField(
        label=_("Mail to"), required=False, max_length=4000, help_text=_("Addresses, divided by commas.")
    )
    mail_cc = forms.CharField(label=_("Copy to"), required=False, max_length=4000)
    subject = forms.CharField(
        label=_("Subject"),
        required=False,
        max_length=255,
        help_text=_("Empty: the device's name and what happened."),
    )
    body = forms.CharField(
        label=_("Text"),
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_(
            "Empty: what happened, which device, where, since when, how bad it is, what to do, and a link to its page."
        ),
    )
    language = forms.ChoiceField(
        label=_("Language"),
        required=False,
        choices=list(LANGUAGES.items()),
        initial=SOURCE,
        help_text=_("What a device says of itself is told in its own words."),
    )
    important = forms.BooleanField(label=_("Marked as important"), required=False)
    webhooks = forms.MultipleChoiceField(label=_("Call webhooks"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, (label, values) in WATCHED.items():
            choices = [(each, value_word(each)) for each in values]
            widget = forms.CheckboxSelectMultiple
            made = forms.MultipleChoiceField(label=label, choices=choices, required=False, widget=widget)
            self.fields[f"of_{name}"] = made
        offers = {
            "groups": [(str(each.pk), path) for each, path in in_tree(groups_by_name())],
            "regions": [(str(each.pk), each.name) for each in regions_by_name()],
            "webhooks": [(str(each.pk), each.name) for each in all_webhooks()],
        }
        for name, choices in offers.items():
            if choices:
                self.fields[name].choices = choices  # type: ignore[attr-defined]  # a ChoiceField
            else:
                del self.fields[name]

    @property
    def variables(self) -> list[tuple[str, Any]]:
        """What may stand in subject and text, and what it becomes."""
        return [(f"${name}", meaning) for name, meaning in VARIABLES.items()]

    @property
    def condition_fields(self) -> list[Any]:
        """What the rule can watch."""
        return [self[f"of_{name}"] for name in WATCHED if name != "remaining"]

    def conditions(self) -> list[dict[str, Any]]:
        """As policy.fleet.notices has them."""
        given, conditions = self.cleaned_data, []
        for name in WATCHED:
            if given[f"of_{name}"]:
                condition: dict[str, Any] = {"what": name, "values": given[f"of_{name}"]}
                conditions.append(condition | ({"at_most": given["at_most"]} if name == "remaining" else {}))
        return conditions

    def fill(self, rule: NoticeRule) -> NoticeRule:
        """The rule as the form says; not stored."""
        given = self.cleaned_data
        names = ("name", "enabled", "all_of_them", "trigger", "subject", "body", "important", "mail_to", "mail_cc")
        for name in (*names, "language"):
            setattr(rule, name, given[name])
        rule.conditions = self.conditions()
        rule.delay_s, rule.repeat_s = 60 * (given["delay_min"] or 0), 60 * (given["repeat_min"] or 0)
        rule.quiet = [each.strip() for each in given["quiet"].split(",") if each.strip()]
        return rule

    def keys(self, name: str) -> list[int]:
        """Chosen groups, regions or webhooks."""
        return [int(each) for each in self.cleaned_data.get(name, ())]

    @staticmethod
    def initial_of(rule: NoticeRule) -> dict[str, object]:
        """A rule as it is."""
        same = ("name", "enabled", "all_of_them", "trigger", "subject", "body", "important", "language")
        initial: dict[str, object] = {name: getattr(rule, name) for name in same}
        initial |= {"mail_to": ", ".join(rule.mail_to), "mail_cc": ", ".join(rule.mail_cc)}
        initial |= {"delay_min": rule.delay_s // 60, "repeat_min": rule.repeat_s // 60}
        initial["quiet"] = ", ".join(rule.quiet) if isinstance(rule.quiet, list) else ""
        for each in rule.conditions or ():
            initial[f"of_{each.get('what')}"] = list(each.get("values") or ())
            if each.get("what") == "remaining":
                initial["at_most"] = each.get("at_most", 10)
        for name in ("groups", "regions", "webhooks"):
            initial[name] = [str(key) for key in getattr(rule, name).values_list("pk", flat=True)]
        return initial


class WebhookForm(ConsoleForm):
    """An address that is told."""

    name = forms.CharField(label=_("Name"), max_length=120)
    url = forms.CharField(label=_("Address"), max_length=500, help_text=_("https://…"))
    secret = forms.CharField(
        label=_("Secret"),
        max_length=255,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("Signs each request and is never sent itself. Left empty it stays as it is."),
    )
    token = forms.CharField(
        label=_("Token"),
        max_length=255,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_(
            "Only for receivers that look for one: sent as it is, in X-Mc-Token. Not the secret. Empty: as it is."
        ),
    )
    no_token = forms.BooleanField(label=_("Send no token any more"), required=False)
    proxy = forms.CharField(label=_("Through the proxy"), max_length=500, required=False)
    enabled = forms.BooleanField(label=_("Switched on"), required=False, initial=True)

    def __init__(self, *args: Any, has_token: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_token:
            del self.fields["no_token"]

    def values(self) -> dict[str, Any]:
        """As the verb takes them."""
        given = {name: self.cleaned_data[name] for name in ("name", "url", "secret", "proxy", "enabled")}
        token = self.cleaned_data["token"] or None
        return given | {"token": "" if token is None and self.cleaned_data.get("no_token") else token}

    @staticmethod
    def initial_of(webhook: Webhook) -> dict[str, object]:
        """All but its secrets."""
        return {name: getattr(webhook, name) for name in ("name", "url", "proxy", "enabled")}


class MailForm(ConsoleForm):
    """The organisation's mail server."""

    host = forms.CharField(label=_("Server"), max_length=253)
    port = forms.IntegerField(label=_("Port"), min_value=1, max_value=65_535, initial=587)
    security = forms.ChoiceField(label=_("Security"), choices=[(each, _SECURITY[each]) for each in SECURITY])
    verify = forms.BooleanField(label=_("Check its certificate"), required=False, initial=True)
    sender = forms.CharField(label=_("Sender"), max_length=254)
    user = forms.CharField(label=_("User"), max_length=254, required=False, help_text=_("Empty: without signing in."))
    method = forms.ChoiceField(
        label=_("Signs in with"),
        choices=[(each, {"password": _("Password"), "oauth2": "OAuth2"}[each]) for each in METHODS],
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=255,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("A secret that is left empty stays as it is."),
    )
    token_url = forms.CharField(label=_("OAuth2: address of tokens"), max_length=500, required=False)
    client_id = forms.CharField(label=_("OAuth2: client"), max_length=255, required=False)
    client_secret = forms.CharField(
        label=_("OAuth2: secret"),
        max_length=1000,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    refresh_token = forms.CharField(
        label=_("OAuth2: refresh token"),
        max_length=4000,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    scope = forms.CharField(label=_("OAuth2: scope"), max_length=500, required=False)

    def values(self) -> MailValues:
        """As the verb takes it."""
        return MailValues(**self.cleaned_data)

    @staticmethod
    def initial_of(server: MailServer) -> dict[str, object]:
        """All but its secrets."""
        names = ("host", "port", "security", "verify", "sender", "user", "method", "token_url", "client_id", "scope")
        return {name: getattr(server, name) for name in names}
