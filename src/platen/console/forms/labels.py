"""Labels for devices: on which sheets, how large, with which words."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from platen.console.forms.base import ConsoleForm
from platen.console.label_sheets import SHEETS, TEXT, WORDS, Sheet

_WORDS = ", ".join(f"{{{word}}}" for word in WORDS)


class LabelsForm(ConsoleForm):
    """What a label looks like, to be edited before it is printed (SC-QR-02)."""

    sheet = forms.ChoiceField(label=_("Sheets"))
    first = forms.IntegerField(
        label=_("Begin at label"), min_value=1, initial=1, help_text=_("Where some of the first sheet are used.")
    )
    code_mm = forms.IntegerField(
        label=_("Code, in mm"), min_value=15, max_value=100, required=False, help_text=_("Empty: as large as fits.")
    )
    text = forms.CharField(
        label=_("Words beside it"),
        max_length=300,
        required=False,
        initial=TEXT,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=format_lazy("{} {}.", _("Words in braces stand for the device’s own:"), _WORDS),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sheet"].choices = [(each.name, _now(each.title)) for each in SHEETS.values()]  # type: ignore[attr-defined]  # a ChoiceField

    def clean(self) -> dict[str, Any]:
        """Both have to fit the sheet."""
        given = super().clean() or {}
        sheet = SHEETS.get(given.get("sheet", ""))
        if sheet is not None and (given.get("first") or 1) > sheet.count:
            self.add_error("first", _now("There are %(n)d labels on such a sheet.") % {"n": sheet.count})
        if sheet is not None and (given.get("code_mm") or 0) > sheet.code_mm_max:
            self.add_error("code_mm", _now("At most %(n)d mm fit such a label.") % {"n": sheet.code_mm_max})
        return given

    @property
    def chosen(self) -> Sheet:
        """The sheet."""
        return SHEETS[self.cleaned_data["sheet"]]
