"""What machines report, in words, by its code (PrtAlertCodeTC): where they give none, or in another language."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop

from platen.fleet.finisher_words import KINDS
from platen.policy.fleet.alert_codes import part_and_trouble

SOURCE = "en"
WORDS: Mapping[str, str] = {
    "cover-open": noop("A cover is open"),
    "interlock-open": noop("An interlock is open"),
    "door-open": noop("A door is open"),
    "configuration-change": noop("Its configuration changed"),
    "jam": noop("Paper jam"),
    "subunit-missing": noop("A part is missing"),
    "subunit-life-almost-over": noop("A part is nearly worn out"),
    "subunit-life-over": noop("A part is worn out"),
    "subunit-almost-empty": noop("A part is nearly empty"),
    "subunit-empty": noop("A part is empty"),
    "subunit-almost-full": noop("A part is nearly full"),
    "subunit-full": noop("A part is full"),
    "subunit-offline": noop("A part is offline"),
    "subunit-power-saver": noop("A part saves power"),
    "subunit-warming-up": noop("It warms up"),
    "subunit-recoverable-failure": noop("A part failed and may recover"),
    "subunit-unrecoverable-failure": noop("A part failed for good"),
    "subunit-motor-failure": noop("A motor failed"),
    "subunit-memory-exhausted": noop("Its memory is full"),
    "subunit-under-temperature": noop("A part is too cold"),
    "subunit-over-temperature": noop("A part is too hot"),
    "input-media-tray-missing": noop("A tray is missing"),
    "input-media-size-change": noop("A tray holds another size"),
    "input-media-type-change": noop("A tray holds another kind of paper"),
    "input-media-supply-low": noop("A tray is nearly empty"),
    "input-media-supply-empty": noop("A tray is empty"),
    "input-media-change-request": noop("Other paper has to be put in"),
    "input-manual-input-request": noop("Paper has to be put in by hand"),
    "output-media-tray-missing": noop("An output tray is missing"),
    "output-media-tray-almost-full": noop("An output tray is nearly full"),
    "output-media-tray-full": noop("An output tray is full"),
    "marker-fuser-under-temperature": noop("The fuser is too cold"),
    "marker-fuser-over-temperature": noop("The fuser is too hot"),
    "marker-toner-empty": noop("Toner is out"),
    "marker-toner-almost-empty": noop("Toner is nearly out"),
    "marker-toner-cartridge-missing": noop("A toner cartridge is missing"),
    "marker-ink-empty": noop("Ink is out"),
    "marker-ink-almost-empty": noop("Ink is nearly out"),
    "marker-print-ribbon-empty": noop("The ribbon is used up"),
    "marker-waste-toner-receptacle-almost-full": noop("The waste toner box is nearly full"),
    "marker-waste-toner-receptacle-full": noop("The waste toner box is full"),
    "marker-waste-ink-receptacle-almost-full": noop("The waste ink box is nearly full"),
    "marker-waste-ink-receptacle-full": noop("The waste ink box is full"),
    "marker-opc-life-almost-over": noop("A drum is nearly worn out"),
    "marker-opc-life-over": noop("A drum is worn out"),
    "marker-developer-almost-empty": noop("Developer is nearly out"),
    "marker-developer-empty": noop("Developer is out"),
    "marker-adjusting-print-quality": noop("It adjusts its print quality"),
}

_PARTS: Mapping[str, str] = {"stapler": KINDS["stitcher"], **KINDS}
_TROUBLES: Mapping[str, str] = {
    "cover-open": noop("a cover is open"),
    "interlock-open": noop("an interlock is open"),
    "configuration-change": noop("its configuration changed"),
    "jam": noop("jam"),
    "missing": noop("missing"),
    "life-almost-over": noop("nearly worn out"),
    "life-over": noop("worn out"),
    "almost-empty": noop("nearly empty"),
    "empty": noop("empty"),
    "almost-full": noop("nearly full"),
    "full": noop("full"),
    "near-limit": noop("nearly at its limit"),
    "at-limit": noop("at its limit"),
    "opened": noop("open"),
    "turned-off": noop("switched off"),
    "offline": noop("offline"),
    "power-saver": noop("saves power"),
    "warming-up": noop("warms up"),
    "recoverable-failure": noop("failed and may recover"),
    "unrecoverable-failure": noop("failed for good"),
    "motor-failure": noop("a motor failed"),
    "memory-exhausted": noop("its memory is full"),
    "under-temperature": noop("too cold"),
    "over-temperature": noop("too hot"),
    "timing-failure": noop("its timing failed"),
    "thermistor-failure": noop("a thermistor failed"),
}
"""Of finishers, each of which can have each of these."""


def has_words(code: str) -> bool:
    """Whether what a code means is known in words."""
    return bool(_meaning(code))


def trouble_word(code: str) -> str:
    """What is the matter by a code of a finisher, without which finisher that is; nothing for any other code."""
    _part, trouble = part_and_trouble(code) or ("", "")
    return _(_TROUBLES[trouble]) if trouble in _TROUBLES else ""


def _meaning(code: str) -> str:
    """In the language in force; nothing for a code that says nothing to a person."""
    if code in WORDS:
        return _(WORDS[code])
    part, trouble = part_and_trouble(code) or ("", "")
    if trouble not in _TROUBLES:
        return ""
    return _("%(part)s: %(trouble)s") % {"part": _(_PARTS[part]), "trouble": _(_TROUBLES[trouble])}


def alert_words(code: str, description: str) -> str:
    """In the language in force, with the machine's own words; these alone where they are all that there is, or where
    English is read, as most machines speak it."""
    words = _meaning(code)
    if description and (not words or is_source()):
        return description
    return f"{words} ({description})" if words and description else words or code


def is_source() -> bool:
    """Whether the language in force is the one in which sentences are made as things happen."""
    return (get_language() or SOURCE).startswith(SOURCE)
