"""How a collector is, in a word."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from platen.fleet.collectors import SILENT_AFTER
from platen.fleet.models import Collector
from platen.policy.job_states import Shown


def collector_shown(collector: Collector, now: datetime) -> Shown:
    """Whether it is heard, as it should be."""
    if not collector.enabled:
        return Shown(_("Switched off"), "s-off")
    if collector.last_seen is None:
        return Shown(_("Never heard"), "s-unknown")
    if now - collector.last_seen > timedelta(seconds=SILENT_AFTER * collector.every_s):
        return Shown(_("Silent"), "s-fail")
    return Shown(_("Heard"), "s-ok")
