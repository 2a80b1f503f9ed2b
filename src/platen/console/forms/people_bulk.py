"""What can be changed at several people at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from platen.console.forms.base import ConsoleForm
from platen.directory.models import CostControl, User

KEEP = ""
_YES_NO = [(KEEP, gettext_lazy("As it is")), ("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No"))]


class PeopleForm(ConsoleForm):
    """Each field leaves as it is what nobody chose, and says what these people have now."""

    cost_code = forms.CharField(label=gettext_lazy("Cost code"), max_length=50, required=False)
    description = forms.CharField(label=gettext_lazy("Description"), max_length=255, required=False)
    cost_control = forms.ChoiceField(
        label=gettext_lazy("How use is accounted"),
        required=False,
        choices=[(KEEP, gettext_lazy("As it is")), *((each.value, each.label) for each in CostControl)],
    )
    prevent_login = forms.ChoiceField(label=gettext_lazy("May not log in"), required=False, choices=_YES_NO)
    login_without_pin = forms.ChoiceField(label=gettext_lazy("Needs no PIN"), required=False, choices=_YES_NO)
    print_all_at_login = forms.ChoiceField(
        label=gettext_lazy("Everything prints at login"), required=False, choices=_YES_NO
    )
    print_all_allowed = forms.ChoiceField(
        label=gettext_lazy("May print everything at once"), required=False, choices=_YES_NO
    )
    retain_allowed = forms.ChoiceField(
        label=gettext_lazy("May keep printed documents"), required=False, choices=_YES_NO
    )

    def __init__(self, *args: Any, people: Sequence[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.help_text = _now({getattr(user, name) for user in people})

    def values(self) -> dict[str, Any]:
        """What was chosen, as the verbs take it."""
        chosen = {name: value for name, value in self.cleaned_data.items() if value != KEEP}
        return {name: {"yes": True, "no": False}.get(value, value) for name, value in chosen.items()}


def _now(present: set[object]) -> str:
    if len(present) > 1:
        return _("They differ.")
    value = next(iter(present), "")
    if isinstance(value, bool):
        value = _("Yes") if value else _("No")
    elif value in CostControl.values:
        value = CostControl(value).label
    return _("All have: %(value)s") % {"value": value} if value else _("Nobody has one.")
