"""When somebody is told: conditions on what happens to machines, and when what happened is over.

A condition names what it is about and which values count:

    {"what": "severity", "values": ["critical", "warning"]}            an alert of these levels
    {"what": "training", "values": ["field-service"]}                  an alert that these people can see to
    {"what": "code", "values": ["jam", "media"]}                       alerts of these codes, or of a whole category
    {"what": "remaining", "values": ["toner", "ink"], "at_most": 10}   a supply falls to so many percent
    {"what": "power", "values": ["off", "no-response"]}                a machine enters this state
    {"what": "event", "values": ["supply-replaced", "added"]}          something else happened

`any` of them is enough, or `all` that speak of the same thing have to fit: a critical alert *and* one for the service.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from platen.policy.fleet.alert_codes import as_usual

CONDITIONS_MAX = 30
LEVELS = ("critical", "warning", "warning-binary-change", "other")
TRAINING = ("untrained", "trained", "management", "field-service", "other", "unknown", "no-intervention-required")
POWER = ("on", "asleep", "off", "no-response", "conflict")
EVENTS = (
    "supply-replaced",
    "supply-early",
    "supply-missing",
    "suspicious",
    "believed",
    "rebooted",
    "firmware",
    "moved",
    "added",
    "removed",
)
SUPPLIES: dict[str, frozenset[str]] = {
    "toner": frozenset({"toner", "toner-cartridge", "ink", "ink-cartridge", "ink-ribbon", "solid-wax", "ribbon-wax"}),
    "drum": frozenset({"opc", "photo-conductor"}),
    "developer": frozenset({"developer"}),
    "waste": frozenset({"waste-toner", "waste-ink", "waste-wax", "waste-water"}),
    "staples": frozenset({"staples"}),
    "fuser": frozenset({"fuser", "fuser-cleaning-pad", "fuser-oil", "fuser-oil-wick", "fuser-oiler"}),
    "other": frozenset(),
}
"""Kinds of supplies as people speak of them; "other" is everything that no other name holds."""
CATEGORIES: dict[str, tuple[str, ...]] = {
    "jam": ("jam",),
    "media": ("input-", "media-", "subunit-empty", "subunit-almost-empty"),
    "cover": ("cover-", "interlock-", "door-"),
    "supplies": ("marker-toner", "marker-ink", "marker-waste", "marker-developer", "marker-opc", "marker-supply"),
    "output": ("output-", "subunit-full", "subunit-almost-full"),
    "failure": ("subunit-unrecoverable", "subunit-recoverable", "fuser-", "interpreter-", "configuration-"),
}
"""Alert codes by the beginnings of their names; those of finishers as they are called of the machine itself."""


class NoticeError(ValueError):
    """A condition cannot be used; the sentence says why."""


class Turn(StrEnum):
    """Whether what a rule watches begins or is over."""

    BEGAN = "began"
    CLEARED = "cleared"


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition, checked."""

    what: str
    values: frozenset[str]
    at_most: int = 0


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened, as fleet.events.Happening says it."""

    kind: str
    subject: str
    detail: Mapping[str, Any]


_KNOWN = {
    "severity": LEVELS,
    "training": TRAINING,
    "power": POWER,
    "event": EVENTS,
    "remaining": tuple(SUPPLIES),
}


def parse_notice_conditions(stored: object) -> tuple[Condition, ...]:
    """What is stored or came from a form. Raises: NoticeError."""
    if not isinstance(stored, list | tuple) or not stored:
        raise NoticeError("A notice needs at least one condition.")
    if len(stored) > CONDITIONS_MAX:
        raise NoticeError(f"A notice has at most {CONDITIONS_MAX} conditions.")
    return tuple(_parsed(each) for each in stored)


def _parsed(stored: object) -> Condition:
    if not isinstance(stored, Mapping):
        raise NoticeError("A condition says what it is about, and which values count.")
    what, given = str(stored.get("what", "")), stored.get("values")
    values = frozenset(str(each) for each in given) if isinstance(given, list | tuple) else frozenset()
    if what not in {*_KNOWN, "code"}:
        raise NoticeError(f"There is nothing called “{what}”. Choose of {', '.join([*_KNOWN, 'code'])}.")
    unknown = values - set(_KNOWN[what]) if what in _KNOWN else set()
    if unknown or not values:
        known = ", ".join(_KNOWN.get(what, ())) or "codes of alerts"
        raise NoticeError(f"“{what}” needs values of: {known}.")
    at_most = stored.get("at_most", 0)
    if not isinstance(at_most, int) or not 0 <= at_most <= 100:
        raise NoticeError("A remaining share is a number from 0 to 100 percent.")
    return Condition(what, values, at_most)


def turn_of(conditions: Iterable[Condition], event: Event, *, all_of_them: bool = False) -> Turn | None:
    """Whether what the conditions watch begins with this event, is over with it, or neither."""
    turns = [_turn(condition, event) for condition in conditions]
    speaking = [turn for turn in turns if turn is not None]
    if not speaking or (all_of_them and None in turns):
        return None
    return speaking[0] if len(set(speaking)) == 1 else Turn.BEGAN


def _turn(condition: Condition, event: Event) -> Turn | None:
    if condition.what in {"severity", "training", "code"}:
        return _turn_of_alert(condition, event)
    if condition.what == "remaining":
        return _turn_of_supply(condition, event)
    if condition.what == "power":
        return _turn_of_power(condition, event)
    return Turn.BEGAN if event.kind in condition.values else None


def _turn_of_alert(condition: Condition, event: Event) -> Turn | None:
    turn = {"alert-began": Turn.BEGAN, "alert-cleared": Turn.CLEARED}.get(event.kind)
    field = {"severity": "level", "training": "training", "code": "code"}[condition.what]
    said = str(event.detail.get(field, ""))
    fits = _code_fits(condition.values, said) if field == "code" else said in condition.values
    return turn if fits else None


def _code_fits(values: frozenset[str], code: str) -> bool:
    if code in values:
        return True
    usual = as_usual(code)
    return any(usual.startswith(CATEGORIES[value]) for value in values if value in CATEGORIES)


def _turn_of_supply(condition: Condition, event: Event) -> Turn | None:
    if event.kind not in {"supply-level", "supply-replaced", "supply-early"}:
        return None
    if not _is_of(condition.values, str(event.detail.get("kind", ""))):
        return None
    before, after = event.detail.get("before"), event.detail.get("after")
    was = isinstance(before, int) and before <= condition.at_most
    now = isinstance(after, int) and after <= condition.at_most
    if now and not was:
        return Turn.BEGAN
    return Turn.CLEARED if was and not now else None


def _is_of(values: frozenset[str], kind: str) -> bool:
    if any(kind in SUPPLIES[value] for value in values):
        return True
    return "other" in values and not any(kind in kinds for kinds in SUPPLIES.values())


def _turn_of_power(condition: Condition, event: Event) -> Turn | None:
    if event.kind != "power":
        return None
    was = event.detail.get("before") in condition.values
    now = event.detail.get("after") in condition.values
    if now and event.detail.get("before") != event.detail.get("after"):
        return Turn.BEGAN
    return Turn.CLEARED if was and not now else None
