"""Reports by mail, as they are called."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

REPORT_WORDS = {
    "devices": _("Devices"),
    "counters": _("Counters"),
    "supplies": _("Supplies"),
    "status": _("States"),
    "shares": _("Shares of time in each state, of 30 days"),
}
