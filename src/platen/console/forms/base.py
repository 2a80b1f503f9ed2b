"""What every form of the console has in common."""

from __future__ import annotations

from typing import Any

from django import forms


class ConsoleForm(forms.Form):
    """A form whose controls carry the design language's classes; the templates draw it with the `field` tag."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for each in self.fields.values():
            plain = (forms.CheckboxInput, forms.RadioSelect, forms.CheckboxSelectMultiple, forms.HiddenInput)
            if not isinstance(each.widget, plain):
                known = each.widget.attrs.get("class", "")
                each.widget.attrs["class"] = f"input {known}".strip()
