"""When a task is done, as a sentence."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from platen.policy.recurrence import TARGETS, Every, Once, RecurrenceError, Unit, parse_schedule

_EVERY = {
    Unit.MINUTES: ("every minute", "every %(n)d minutes"),
    Unit.HOURS: ("every hour", "every %(n)d hours"),
    Unit.DAYS: ("every day", "every %(n)d days"),
    Unit.WEEKS: ("every week", "every %(n)d weeks"),
    Unit.MONTHS: ("every month", "every %(n)d months"),
}


def schedule_text(stored: Any) -> str:
    """For example: every 2 weeks on Mon, Thu at 06:00, by each device's own clock."""
    if stored is None:
        return _("when somebody starts it")
    try:
        schedule = parse_schedule(stored)
    except RecurrenceError as error:
        return str(error)
    zone = _("each device’s own clock") if schedule.zone == TARGETS else schedule.zone
    if isinstance(schedule, Once):
        return _("once on %(at)s, by %(zone)s") % {"at": f"{schedule.at:%Y-%m-%d %H:%M}", "zone": zone}
    words = [ngettext(*_EVERY[schedule.unit], schedule.n) % {"n": schedule.n}]
    words += _which_days(schedule)
    if schedule.unit not in {Unit.MINUTES, Unit.HOURS}:
        words.append(_("at %(time)s, by %(zone)s") % {"time": f"{schedule.at:%H:%M}", "zone": zone})
    return " ".join(words)


def _which_days(every: Every) -> list[str]:
    days = [_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun")]
    if every.unit is Unit.WEEKS and every.weekdays:
        return [_("on %(days)s") % {"days": ", ".join(days[day] for day in sorted(every.weekdays))}]
    if every.unit is Unit.MONTHS and every.week is not None and every.weekday is not None:
        week = _("last") if every.week == -1 else f"{every.week}."
        return [_("on the %(week)s %(day)s") % {"week": week, "day": days[every.weekday]}]
    if every.unit is Unit.MONTHS and every.day:
        return [_("on the last day") if every.day == -1 else _("on day %(day)d") % {"day": every.day}]
    return []
