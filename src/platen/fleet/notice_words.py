"""What happened to a machine in words: a sentence, how bad it is, and what to do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop

from platen.fleet.alert_words import SOURCE, alert_words, has_words, is_source
from platen.fleet.events import Happening, Kind
from platen.policy.fleet.alert_codes import as_usual
from platen.policy.fleet.notices import CATEGORIES

LANGUAGES = {SOURCE: "English", "de": "Deutsch"}
"""What notices can be written in: those that have a catalogue in platen/locale."""
_POWER = {
    "on": noop("%(name)s answers."),
    "asleep": noop("%(name)s is asleep."),
    "off": noop("%(name)s is switched off."),
    "no-response": noop("%(name)s does not answer."),
    "conflict": noop("Another machine answers at the address of %(name)s."),
    "unknown": noop("It is not known whether %(name)s can be reached."),
}
_KINDS = {
    Kind.ADDED: noop("%(name)s is a device that was not looked after before."),
    Kind.REMOVED: noop("%(name)s is no longer looked after."),
    Kind.REBOOTED: noop("%(name)s was restarted."),
    Kind.FIRMWARE: noop("The firmware of %(name)s changed."),
    Kind.MOVED: noop("%(name)s has another address."),
    Kind.SEVERITY: noop("The state of %(name)s changed."),
}
_FROM_DETAIL = {
    Kind.SILENT: noop("%(name)s does not answer."),
    Kind.BACK: noop("%(name)s answers again."),
    Kind.CONFLICT: noop("Another machine answers at the address of %(name)s."),
    Kind.FIRMWARE: noop("%(name)s has firmware %(after)s now; it was %(before)s."),
    Kind.MOVED: noop("%(name)s was at %(before)s and is at %(after)s now."),
    Kind.REBOOTED: noop("%(name)s was restarted."),
    Kind.ADDED: noop("%(name)s is a device that was not looked after before."),
    Kind.SUPPLY_LOW: noop("%(name)s: %(what)s is low."),
    Kind.SUPPLY_REPLACED: noop("%(name)s: %(what)s was replaced."),
    Kind.SUPPLY_EARLY: noop("%(name)s: %(what)s was replaced before it was used up."),
    Kind.SUPPLY_MISSING: noop("%(name)s no longer reports %(what)s."),
    Kind.SUSPICIOUS: noop("%(name)s says meters that cannot be right; they are not counted."),
    Kind.BELIEVED: noop("%(name)s confirmed its meters; they are counted again."),
}
"""In other languages than the one in which sentences are made as it happens. What a machine says of itself, such as an
alert's words, is told as it said it, behind what its code means."""
_LEVELS = {
    "critical": noop("Critical: it does not print"),
    "warning": noop("Warning"),
    "warning-binary-change": noop("Warning that comes and goes"),
    "other": noop("Other"),
}
_SEVERITIES = (noop("For information"), noop("Warning"), noop("Error"), noop("Service call"))
_TO_SEE_TO = {Kind.SUPPLY_LOW, Kind.SUPPLY_LEVEL, Kind.SUPPLY_MISSING, Kind.SUPPLY_EARLY, Kind.SUSPICIOUS}
HELPERS = {
    "untrained": noop("Anybody"),
    "trained": noop("Trained people"),
    "management": noop("Administrators"),
    "field-service": noop("The service"),
}
_OF_CATEGORY = {
    "jam": noop("Open the covers that its display names, and take the paper out."),
    "media": noop("Put paper in, of the size that the tray is set to, and close the tray."),
    "cover": noop("Close the cover that its display names."),
    "supplies": noop("Change the supply that its display names, or order one."),
    "output": noop("Take the paper out of its output tray."),
    "failure": noop("Switch it off and on again. If it says the same again, call the service."),
}
_OF_KIND = {
    Kind.SUPPLY_LEVEL: noop("Have the next one ready, or order it."),
    Kind.SUPPLY_LOW: noop("Have the next one ready, or order it."),
    Kind.SUPPLY_EARLY: noop("See whether the one that was taken out can still be used."),
    Kind.SUPPLY_MISSING: noop("See whether it sits right in the machine."),
    Kind.SILENT: noop("See whether it is switched on and on the network, then read it again from its page."),
    Kind.CONFLICT: noop("Search for machines again, or say on its page that it is this one."),
    Kind.SUSPICIOUS: noop("Compare its counters with its own display. What is doubted is not counted."),
    Kind.ADDED: noop("See on its page whether its name, its place and its groups are right."),
}
_OF_POWER = {
    "no-response": _OF_KIND[Kind.SILENT],
    "conflict": _OF_KIND[Kind.CONFLICT],
    "off": noop("Switch it on, unless it is meant to be off."),
}


def sentence_of(name: str, happening: Happening) -> str:
    """What happened, never empty; in the language in force."""
    detail = happening.detail
    if happening.kind in {Kind.ALERT_BEGAN, Kind.ALERT_CLEARED} and has_words(str(detail.get("code"))):
        own = happening.sentence if happening.sentence != detail["code"] else ""
        return alert_words(str(detail["code"]), own)
    if happening.kind in _FROM_DETAIL and not is_source():
        words = {"name": name, "what": _what(happening), "before": "–", "after": "–"}
        words |= {key: str(detail[key]) for key in ("before", "after") if detail.get(key) is not None}
        return _(_FROM_DETAIL[happening.kind]) % words
    if happening.sentence:
        return happening.sentence
    if happening.kind is Kind.POWER:
        return _(_POWER.get(str(detail.get("after")), _POWER["unknown"])) % {"name": name}
    if happening.kind is Kind.SUPPLY_LEVEL:
        return _level(name, happening)
    said = _KINDS.get(happening.kind)
    return _(said) % {"name": name} if said else f"{name}: {happening.kind.value.replace('-', ' ')}"


def _what(happening: Happening) -> str:
    """Which supply, as the machine calls it."""
    detail = happening.detail
    what = str(detail.get("description") or f"{detail.get('color') or ''} {detail.get('kind') or ''}".strip())
    return what or happening.subject or _("a supply")


def _level(name: str, happening: Happening) -> str:
    after = happening.detail.get("after")
    named = {"name": name, "what": _what(happening), "percent": after}
    if isinstance(after, int):
        return _("%(name)s: %(what)s is at %(percent)d %%.") % named
    return _("%(name)s: the level of %(what)s changed.") % named


def severity_words(happening: Happening) -> str:
    """How bad it is."""
    detail = happening.detail
    if happening.kind in {Kind.ALERT_BEGAN, Kind.ALERT_CLEARED} and detail.get("level") in _LEVELS:
        return _(_LEVELS[str(detail["level"])])
    if happening.kind is Kind.SEVERITY:
        number = detail.get("after")
        return _(_SEVERITIES[number]) if isinstance(number, int) and number in range(4) else _(_SEVERITIES[0])
    if happening.kind in {Kind.SILENT, Kind.CONFLICT} or detail.get("after") in {"no-response", "conflict"}:
        return _(_SEVERITIES[2])
    return _(_SEVERITIES[1]) if happening.kind in _TO_SEE_TO else _(_SEVERITIES[0])


def helper_words(happening: Happening) -> str:
    """Who can see to it; empty where the machine does not say."""
    said = HELPERS.get(str(happening.detail.get("training")))
    return _(said) if said else ""


def advice_of(happening: Happening) -> str:
    """What to do next; always something."""
    detail = happening.detail
    if happening.kind is Kind.ALERT_BEGAN:
        return _advice_of_alert(detail)
    said = _OF_POWER.get(str(detail.get("after"))) if happening.kind is Kind.POWER else _OF_KIND.get(happening.kind)
    if said is None:
        return _("Nothing has to be done.")
    part = detail.get("part_number")
    return f"{_(said)} {_('Its part number is %(part)s.') % {'part': part}}" if part else _(said)


def _advice_of_alert(detail: Mapping[str, Any]) -> str:
    if detail.get("training") == "field-service":
        return _("Call the service, with the serial number and what stands above.")
    code = as_usual(str(detail.get("code", "")))
    for category, starts in CATEGORIES.items():
        if code.startswith(starts):
            return _(_OF_CATEGORY[category])
    if detail.get("training") == "no-intervention-required":
        return _("Nothing has to be done.")
    return _("See what its display says.")
