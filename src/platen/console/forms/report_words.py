"""Reports, as they are called."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

REPORT_WORDS = {
    "usage": _("Usage"),
    "counters": _("Counters"),
    "status": _("States"),
    "shares": _("Shares of time"),
    "alerts": _("Alerts"),
    "supplies": _("Supplies"),
    "firmware": _("Firmware"),
    "devices": _("Devices"),
    "audit": _("Audit trail"),
}
REPORT_HELP = {
    "usage": _("What was counted in each day, week, month or year. The last column compares the last two whole ones."),
    "counters": _("Every counter since the device was made."),
    "status": _("How each device is now."),
    "shares": _("How much of the time each device was in trouble, off or silent."),
    "alerts": _("What devices reported, and how long it lasted."),
    "supplies": _("What is left in each device, and how long it lasts."),
    "firmware": _("What each device runs, and whether others of its model run the same."),
    "devices": _("Who the devices are."),
    "audit": _("Who changed what."),
}
