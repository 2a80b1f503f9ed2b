"""The fleet's state in the head of every page: counters that lead to their devices, and the icon of the tab."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.utils.translation import ngettext

from platen.fleet.lists import severity_counts
from platen.fleet.models import Severity

ICONS = {
    Severity.NONE: "platen/mark.svg",
    Severity.ERROR: "platen/mark-error.svg",
    Severity.SERVICE: "platen/mark-service.svg",
}


@dataclass(frozen=True, slots=True)
class Sign:
    """One counter. A device is counted under the worst that it reports only (EMC-UI-03)."""

    css_class: str
    text: str
    label: str
    query: str


@dataclass(frozen=True, slots=True)
class Signs:
    """The counters that are not zero (EMC-UI-04), and the icon: all well, errors, service calls (EMC-UI-01)."""

    counts: tuple[Sign, ...]
    icon: str


def fleet_signs() -> Signs:
    """Of the current tenant's managed devices; one query."""
    counts = severity_counts()
    known = (
        ("service", counts.service, "s-fail", ngettext("service call", "service calls", counts.service)),
        ("error", counts.error, "s-fail", ngettext("error", "errors", counts.error)),
        ("warning", counts.warning, "s-attn", ngettext("warning", "warnings", counts.warning)),
    )
    shown = tuple(
        Sign(css, f"{count:,}" if name == "warning" else f"{count:,} {words}", f"{count:,} {words}", _query(name))
        for name, count, css, words in known
        if count
    )
    return Signs(shown, ICONS[counts.worst])


def _query(severity: str) -> str:
    return urlencode({"c": f"severity,is,{severity}"})
