"""A state as every page shows it: shape, colour and word."""

from __future__ import annotations

from django.utils.html import format_html
from django.utils.safestring import SafeString


def state_html(css_class: str, word: str, *, badge: bool = False) -> SafeString:
    """css_class: of the sign, such as `s-ok`. badge: with a ground of its colour."""
    return format_html('<span class="state {}{}">{}</span>', css_class, " badge" if badge else "", word)
