"""printer-state-reasons in words for the person who stands at the device (RFC 8011 section 5.4.12, PWG 5100.9)."""

from __future__ import annotations

from collections.abc import Iterable

_SEVERITIES = ("-error", "-warning", "-report")

WORDS: dict[str, str] = {
    "connecting-to-device": "The device is being called",
    "cover-open": "A cover is open",
    "developer-empty": "The developer is used up",
    "developer-low": "The developer is running low",
    "door-open": "A door is open",
    "fuser-over-temp": "The fuser is too hot",
    "fuser-under-temp": "The fuser is warming up",
    "hibernate": "The device is asleep",
    "hold-new-jobs": "The device holds new jobs",
    "identify-printer-requested": "The device is identifying itself",
    "input-manual-input-request": "Paper must be put in by hand",
    "input-media-size-change": "The paper in the tray has another size",
    "input-tray-missing": "A paper tray is missing",
    "interlock-open": "A cover is open",
    "interpreter-resource-unavailable": "The device has too little memory for the document",
    "marker-supply-empty": "Toner or ink is empty",
    "marker-supply-low": "Toner or ink is running low",
    "marker-supply-missing": "A toner or ink cartridge is missing",
    "marker-waste-almost-full": "The waste toner container is nearly full",
    "marker-waste-full": "The waste toner container is full",
    "media-empty": "Paper tray is empty",
    "media-jam": "Paper is jammed",
    "media-low": "Paper is running low",
    "media-needed": "The right paper is missing",
    "moving-to-paused": "The device is being paused",
    "offline": "The device does not answer",
    "opc-life-over": "The drum is worn out",
    "opc-near-eol": "The drum is nearly worn out",
    "other": "The device needs attention; look at its display",
    "output-area-almost-full": "The output tray is nearly full",
    "output-area-full": "The output tray is full",
    "output-tray-missing": "The output tray is missing",
    "paused": "The device is paused",
    "shutdown": "The device is switched off",
    "spool-area-full": "The device's memory is full",
    "stopped-partly": "A part of the device has stopped",
    "stopping": "The device is stopping",
    "timed-out": "The device does not answer",
    "toner-empty": "Toner is empty",
    "toner-low": "Toner is running low",
}


def in_words(reasons: Iterable[str]) -> str:
    """The worst reasons as one line, errors before warnings and reports. Empty for none."""
    ranked = sorted({reason for reason in reasons if reason and reason != "none"}, key=_rank)
    return ", ".join(dict.fromkeys(_words(reason) for reason in ranked[:3]))


def hinders(reason: str) -> bool:
    """Whether a reason is one that keeps paper from coming out: an error, or one of no stated severity."""
    return reason not in {"", "none"} and not reason.endswith(("-warning", "-report"))


# Some devices call it a warning while they stand still and wait for a hand.
_NEEDS_A_HAND = (
    "media-empty",
    "media-needed",
    "media-jam",
    "cover-open",
    "door-open",
    "toner-empty",
    "marker-supply-empty",
)


def needs_a_hand(reason: str) -> bool:
    """Whether somebody at the device could do something about it, however severe the device finds it."""
    return reason.startswith(_NEEDS_A_HAND)


def _rank(reason: str) -> tuple[int, str]:
    # Without a suffix the severity is that of an error (RFC 8011 section 5.4.12).
    return {"-warning": 1, "-report": 2}.get(reason[reason.rfind("-") :], 0), reason


def _words(reason: str) -> str:
    plain = next((reason.removesuffix(end) for end in _SEVERITIES if reason.endswith(end)), reason)
    return WORDS.get(plain, plain.replace("-", " ").capitalize())
