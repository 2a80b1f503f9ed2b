"""Trays, finishers and ports of a machine as its page shows them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop

from platen.fleet.alert_words import trouble_word
from platen.fleet.equipment import Equipment
from platen.fleet.finisher_words import kind_word
from platen.policy.job_states import Shown
from platen.readings.facts import Finisher, Port, SupplyState, Tray

_STATUS: Mapping[str, Shown] = {
    "broken": Shown(noop("Broken"), "s-fail"),
    "critical-alerts": Shown(noop("Stopped"), "s-fail"),
    "missing": Shown(noop("Missing"), "s-fail"),
    "jam": Shown(noop("Paper jam"), "s-fail"),
    "full": Shown(noop("Full"), "s-fail"),
    "empty": Shown(noop("Empty"), "s-attn"),
    "offline": Shown(noop("Offline"), "s-off"),
    "almost-full": Shown(noop("Nearly full"), "s-attn"),
    "almost-empty": Shown(noop("Nearly empty"), "s-attn"),
    "low": Shown(noop("Nearly empty"), "s-attn"),
    "non-critical-alerts": Shown(noop("Needs attention"), "s-attn"),
    "transitioning": Shown(noop("Changing"), "s-busy"),
    "active": Shown(noop("Working"), "s-busy"),
    "busy": Shown(noop("Working"), "s-busy"),
    "standby": Shown(noop("Ready"), "s-ok"),
    "on-request": Shown(noop("On request"), "s-off"),
    "idle": Shown(noop("Ready"), "s-ok"),
}
"""What a part does and what is the matter with it, the worst first."""
_WORDS: Mapping[str, str] = {
    "face-up": noop("face up"),
    "face-down": noop("face down"),
    "first-to-last": noop("first page first"),
    "last-to-first": noop("last page first"),
    "offset": noop("sets apart"),
    "sheets": noop("sheets"),
    "items": noop("pieces"),
}
_COUNTS: Mapping[str, str] = {"maximum-sheets": noop("at most %(n)s sheets"), "positions": noop("%(n)s positions")}
_STANDARDS = {"us": "US", "din": "DIN"}


@dataclass(frozen=True, slots=True)
class Part:
    """A line of the page: what it is, how it is if that is known, and what else is to be said."""

    name: str
    shown: Shown | None
    detail: str


def outputs_shown(equipment: Equipment) -> list[Part]:
    """Where sheets come out, with the room that is left."""
    return [_output(tray) for tray in equipment.outputs]


def finishers_shown(equipment: Equipment) -> list[Part]:
    """What is on the machine; what could be is not shown."""
    return [_finisher(finisher) for finisher in equipment.fitted]


def ports_shown(equipment: Equipment) -> str:
    """The ways by which documents reach it, in a line; not those that are closed."""
    return ", ".join(_port(port) for port in equipment.ports if port.takes_documents is not False)


def _output(tray: Tray) -> Part:
    shown = _worst(tray.status)
    if tray.state is SupplyState.EMPTY and shown is None:
        shown = _translated(_STATUS["full"])
    room = _("some room") if tray.state is SupplyState.SOME else ""
    if tray.percent:
        room = _("%(percent)d%% room") % {"percent": tray.percent}
    return Part(tray.name or tray.key, shown, _list(room, *map(_word, tray.stacking)))


def _finisher(finisher: Finisher) -> Part:
    amount = ""
    if finisher.level is not None and finisher.capacity is not None:
        amount = _("%(level)s of %(capacity)s %(unit)s") % {
            "level": f"{finisher.level:,}",
            "capacity": f"{finisher.capacity:,}",
            "unit": _word(finisher.unit),
        }
    kind = kind_word(finisher.kind)
    own = finisher.name if finisher.name.casefold() not in {kind.casefold(), finisher.kind} else ""
    built = " ".join(filter(None, (finisher.maker, finisher.model)))
    serial = _("serial number %(serial)s") % {"serial": finisher.serial} if finisher.serial else ""
    return Part(kind, _state(finisher), _list(own, built, serial, amount.strip(), *map(_ability, finisher.abilities)))


def _state(finisher: Finisher) -> Shown | None:
    said = next(filter(None, map(trouble_word, finisher.status)), "")
    if said:
        return Shown(said[:1].upper() + said[1:], "s-attn")
    if finisher.presence == "off":
        return Shown(_("Off"), "s-off")
    return _worst(finisher.status)


def _worst(status: tuple[str, ...]) -> Shown | None:
    return next((_translated(shown) for word, shown in _STATUS.items() if word in status), None)


def _translated(shown: Shown) -> Shown:
    return Shown(_(shown.word), shown.css_class)


def _ability(said: str) -> str:
    """ "stitching=staple-top-left" is "staple top left", "maximum-sheets=50" "at most 50 sheets"."""
    name, _equals, value = said.partition("=")
    if name in _COUNTS:
        return _(_COUNTS[name]) % {"n": value}
    return " ".join(_STANDARDS.get(word, word) for word in value.split("-"))


def _word(word: str) -> str:
    return _(_WORDS[word]) if word in _WORDS else word.replace("-", " ")


def _port(port: Port) -> str:
    return " ".join(filter(None, (port.protocol.upper(), str(port.number or ""), port.resource)))


def _list(*parts: str) -> str:
    return ", ".join(filter(None, parts))
