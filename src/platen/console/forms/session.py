"""Signing in and passwords."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext_lazy as _

from platen.access.identify import PASSWORD_LENGTH_MAX
from platen.console.forms.base import ConsoleForm

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise as _StrOrPromise


def _password(label: _StrOrPromise, autocomplete: str, help_text: _StrOrPromise = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        strip=False,
        max_length=PASSWORD_LENGTH_MAX,
        widget=forms.PasswordInput(attrs={"autocomplete": autocomplete, "class": "input-large"}),
    )


class PasswordForm(ConsoleForm):
    """A person's own new password."""

    old = _password(_("Present password"), "current-password")
    new = _password(_("New password"), "new-password", _("At least 10 characters, and not a common one."))
    again = _password(_("New password again"), "new-password")

    def clean(self) -> dict[str, object]:
        """Both entries of the new one are the same."""
        values = super().clean() or {}
        if values.get("new") and values.get("again") and values["new"] != values["again"]:
            self.add_error("again", _("This is not the same as above. Type it again."))
        return values
