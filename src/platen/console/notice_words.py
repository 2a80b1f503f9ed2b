"""What a rule of notices watches, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from platen.policy.fleet.notices import CATEGORIES, EVENTS, LEVELS, POWER, SUPPLIES, TRAINING

_WORDS = {
    "critical": _("Critical: it does not print"),
    "warning": _("Warning"),
    "warning-binary-change": _("Warning that comes and goes"),
    "other": _("Other"),
    "untrained": _("Anybody can see to it"),
    "trained": _("Trained people"),
    "management": _("Administrators"),
    "field-service": _("The service"),
    "unknown": _("Not said"),
    "no-intervention-required": _("Nobody has to"),
    "on": _("Answers again"),
    "asleep": _("Falls asleep"),
    "off": _("Is switched off"),
    "no-response": _("Does not answer"),
    "conflict": _("Another machine answers"),
    "supply-replaced": _("A supply was replaced"),
    "supply-early": _("A supply was replaced early"),
    "supply-missing": _("A supply is gone"),
    "suspicious": _("A reading is not believed"),
    "believed": _("A doubted reading was confirmed"),
    "rebooted": _("It was restarted"),
    "firmware": _("Its firmware changed"),
    "moved": _("It has another address"),
    "added": _("A new device"),
    "removed": _("Removed from management"),
    "jam": _("Paper jams"),
    "media": _("Paper is missing"),
    "cover": _("Covers"),
    "supplies": _("Supplies"),
    "output": _("Output is full"),
    "failure": _("Failures"),
    "toner": _("Toner or ink"),
    "drum": _("Drums"),
    "developer": _("Developer"),
    "waste": _("Waste containers"),
    "staples": _("Staples"),
    "fuser": _("Fusers"),
}
WATCHED: Mapping[str, tuple[Any, tuple[str, ...]]] = {
    "severity": (_("An alert of this severity"), LEVELS),
    "training": (_("An alert that these see to"), TRAINING),
    "code": (_("An alert about"), tuple(CATEGORIES)),
    "remaining": (_("A supply runs low"), tuple(SUPPLIES)),
    "power": (_("The device's power"), POWER),
    "event": (_("It happens that"), EVENTS),
}
"""What a rule can watch: how it is called, and the values that it can have."""


def value_word(value: str) -> str:
    """A value of a condition as a person reads it."""
    return str(_WORDS.get(value, value))


def watched_words(condition: Mapping[str, Any]) -> str:
    """A condition in a line: A supply runs low: Toner or ink, at most 10 %."""
    what = str(condition.get("what", ""))
    label = str(WATCHED[what][0]) if what in WATCHED else what
    values = ", ".join(value_word(str(each)) for each in condition.get("values") or ())
    words = f"{label}: {values}"
    if what == "remaining":
        words += _now(", at most %(percent)s %%") % {"percent": condition.get("at_most", 0)}
    return words
