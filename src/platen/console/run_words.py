"""The list of runs in words: its columns, and what it can be narrowed to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop

OUTCOME_WORDS: Mapping[str, str] = {
    "open": noop("Going on"),
    "done": noop("Done"),
    "failed": noop("With failures"),
    "canceled": noop("Called off"),
}
"""As `tasks.run_lists.OUTCOMES`."""
_COLUMNS = (
    ("name", noop("Task"), ""),
    ("state", noop("State"), ""),
    ("done", noop("Done"), "num mid"),
    ("failed", noop("Failed"), "num mid"),
    ("by", noop("By"), "mid"),
    ("when", noop("When"), "num mid"),
)
_LARGEST_FIRST = frozenset({"done", "failed", "when"})


@dataclass(frozen=True, slots=True)
class Head:
    """What stands above a column. order: the list's when it is followed; sort: as it is now, for aria-sort."""

    title: str
    css: str
    order: str
    sort: str = ""


def run_heads(order: str) -> list[Head]:
    """The columns; the one that the list is ordered by turns it round."""
    heads = []
    for key, title, css in _COLUMNS:
        if order.removeprefix("-") == key:
            down = order.startswith("-")
            heads.append(Head(_(title), css, key if down else f"-{key}", "descending" if down else "ascending"))
        else:
            heads.append(Head(_(title), css, f"-{key}" if key in _LARGEST_FIRST else key))
    return heads
