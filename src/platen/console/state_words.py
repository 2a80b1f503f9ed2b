"""States of machines over time, as words and as parts of a bar."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop

from platen.fleet.state_shares import STATES, Shares

STATE_WORDS = {
    "ready": (noop("Ready or asleep"), "s-ok", "f5"),
    "warning": (noop("Warning"), "s-attn", "f-attn"),
    "error": (noop("Error"), "s-fail", "f-fail"),
    "service": (noop("Service call"), "s-fail", "f-fail"),
    "off": (noop("Off"), "s-off", "f3"),
    "silent": (noop("Not answering"), "s-fail", "f3"),
    "unknown": (noop("Not seen"), "s-unknown", "f4"),
}
"""Word, class of the state, class of its part of a bar."""


def percent_of(shares: Shares, *states: str) -> str:
    """A share for people."""
    share = shares.of(*states)
    return "–" if not share else f"{100 * share:.1f}%" if share >= 0.001 else "<0.1%"


def share_strip(shares: Shares) -> list[tuple[str, str, str]]:
    """One bar: class, start and width of each part in percent."""
    strip, at = [], 0.0
    for state in STATES:
        width = 100 * shares.of(state)
        if width:
            strip.append((STATE_WORDS[state][2], f"{at:.2f}", f"{max(width - 0.3, 0.3):.2f}"))
        at += width
    return strip


def share_parts(shares: Shares) -> list[tuple[str, str, str]]:
    """Word, class and share of each state."""
    return [(_(STATE_WORDS[state][0]), STATE_WORDS[state][1], percent_of(shares, state)) for state in STATES]
