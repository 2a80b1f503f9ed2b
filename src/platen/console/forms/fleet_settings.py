"""How an organisation's devices are read, and how long what was read is kept, as it is typed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from platen.console.forms.base import ConsoleForm
from platen.fleet.models import FleetSettings
from platen.policy.fleet.windows import DAYS

MINUTE_S, DAY_S = 60, 86_400
IN_UNITS = {"status_every_s": MINUTE_S, "counters_every_s": MINUTE_S, "survey_every_s": DAY_S}
"""Fields that are typed in minutes or days."""


class FleetSettingsForm(ConsoleForm):
    """Limits are the verb's. Times of the day that hold for single weekdays stay as they are."""

    collecting = forms.BooleanField(label=_("Devices are read at their intervals"), required=False)
    status_every_s = forms.FloatField(label=_("State and errors every"))
    counters_every_s = forms.FloatField(label=_("Meters and supplies every"))
    survey_every_s = forms.FloatField(label=_("Everything anew every"))
    times = forms.CharField(
        label=_("Only at these times"),
        required=False,
        max_length=500,
        help_text=_("For example 06:00-20:00. Empty: always. What somebody asks for is read at any time."),
    )
    timeout_s = forms.FloatField(label=_("An answer is waited for"))
    retries = forms.IntegerField(label=_("Asked again without an answer"))
    silent_after = forms.IntegerField(label=_("Silent after"), help_text=_("So many times without an answer in a row."))
    supply_low_percent = forms.IntegerField(label=_("A supply is low at"))
    supply_early_percent = forms.IntegerField(
        label=_("Taken out early with more than"), help_text=_("What is replaced with more left in it is reported.")
    )
    order_lead_days = forms.IntegerField(label=_("From an order to its arrival"))
    keep_readings_days = forms.IntegerField(label=_("Single readings are kept"))
    keep_days_days = forms.IntegerField(label=_("Meters by day are kept"))
    keep_months_days = forms.IntegerField(label=_("Meters by month are kept"))
    keep_status_days = forms.IntegerField(label=_("States, errors, notices and changes of supplies are kept"))
    keep_runs_days = forms.IntegerField(label=_("Runs of tasks and their results are kept"))

    @classmethod
    def initial_of(cls, settings: FleetSettings) -> dict[str, Any]:
        """As it is."""
        names = [name for name in cls.base_fields if name != "times"]
        initial: dict[str, Any] = {name: getattr(settings, name) for name in names}
        for name, unit_s in IN_UNITS.items():
            initial[name] = f"{initial[name] / unit_s:g}"
        windows = settings.windows if isinstance(settings.windows, dict) else {"standard": settings.windows}
        initial["times"] = ", ".join(str(each) for each in windows.get("standard") or ())
        return initial

    def values(self, before: FleetSettings) -> dict[str, Any]:
        """As the verb takes it."""
        given = dict(self.cleaned_data)
        standard = [each.strip() for each in given.pop("times").split(",") if each.strip()]
        for name, unit_s in IN_UNITS.items():
            given[name] = round(given[name] * unit_s)
        kept = {name: value for name, value in _by_weekday(before).items() if name in DAYS}
        given["windows"] = {**({"standard": standard} if standard else {}), **kept}
        return given


def _by_weekday(settings: FleetSettings) -> dict[str, Any]:
    return settings.windows if isinstance(settings.windows, dict) else {}
