"""A report, as it is chosen on its page: of which devices, over which periods, with which columns."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from platen.console.forms.base import ConsoleForm
from platen.console.forms.report_fields import initial_of_wish, wish_fields, wish_given
from platen.fleet.errors import InvalidValue
from platen.fleet.group_paths import groups_by_path
from platen.fleet.queries_rows import regions_by_name
from platen.fleet.reports import Wish, wish_of


class ReportForm(ConsoleForm):
    """One kind of report. The field of devices is typed and completed: there may be very many groups."""

    scope = forms.CharField(
        label=gettext_lazy("Of which devices"),
        required=False,
        max_length=300,
        widget=forms.TextInput(attrs={"list": "scopes", "autocomplete": "off"}),
        help_text=gettext_lazy("A group or a region; empty: all."),
    )

    def __init__(self, kind: str, *args: Any, wish: Wish | None = None, **kwargs: Any) -> None:
        self.kind = kind
        self.scopes = _scopes()
        if wish is not None:
            kwargs["initial"] = {**initial_of_wish(wish), "scope": self._scope_of(wish)}
        super().__init__(*args, **kwargs)
        self.fields.update(wish_fields((kind,)))
        self.order_fields([name for name in self.fields if name != f"columns_{kind}"])

    @property
    def columns(self) -> forms.BoundField:
        """The field of the columns."""
        return self[f"columns_{self.kind}"]

    @property
    def asked(self) -> list[forms.BoundField]:
        """Every other field, in their order."""
        return [self[name] for name in self.fields if not name.startswith("columns_")]

    def clean(self) -> dict[str, Any]:
        """What is chosen fits together."""
        given = super().clean() or {}
        typed = given.get("scope", "").strip()
        if typed and typed not in self.scopes:
            self.add_error("scope", _("There is no group or region “%(name)s”. Choose of the list.") % {"name": typed})
        if not self.errors:
            where = {self.scopes[typed][0]: self.scopes[typed][1]} if typed else {}
            try:
                self._wish = wish_of(self.kind, {**wish_given(self.kind, given), **where})
            except InvalidValue as error:
                self.add_error(None, str(error))
        return given

    def wish(self) -> Wish:
        """As it was chosen; of a valid form."""
        return self._wish

    def _scope_of(self, wish: Wish) -> str:
        meant = ("group", wish.group) if wish.group else ("region", wish.region)
        return next((label for label, each in self.scopes.items() if each == meant), "")


def _scopes() -> dict[str, tuple[str, int]]:
    """Regions by their names, groups by their paths."""
    found: dict[str, tuple[str, int]] = {}
    for region in regions_by_name():
        found.setdefault(_("Region: %(name)s") % {"name": region.name}, ("region", region.pk))
    for path, key in groups_by_path().items():
        found.setdefault(_("Group: %(name)s") % {"name": path}, ("group", key))
    return found
