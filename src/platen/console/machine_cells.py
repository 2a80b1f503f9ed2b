"""The rows of the list of machines, drawn.

Composed here and not in a template: a page has hundreds of cells, and half of its time would go into a template's
choices of how to draw each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache

from django.urls import reverse
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from platen.console.machine_columns import COLUMNS, Column, Row
from platen.console.machine_words import ago, supply_fill, supply_left, supply_name, web_address, when
from platen.console.state_html import state_html
from platen.policy.job_states import Shown

BARS_MAX = 6
BAR_PITCH = 11
WORD_MAX = 30
"""A word of more letters is broken, so that it does not widen the list."""
_ROW = (
    '<tr><td class="pick"><input type="checkbox" name="id" value="{}" aria-label="{}"></td>'
    '<th scope="row"><a class="name" href="{}">{}</a><span class="second only-narrow">{}{}</span></th>{}</tr>'
)
_LEVELS = (
    '<svg class="levels" viewBox="0 0 63 20" preserveAspectRatio="xMinYMid meet" role="img" aria-label="{0}">'
    "<title>{0}</title>{1}</svg>"
)


def row_html(row: Row, columns: Iterable[str]) -> SafeString:
    """A row of the table: the box that picks it, the name, and the columns."""
    device = row.machine.device
    address = reverse("console:device", args=[device.uuid])
    first = row.first_out
    return format_html(
        _ROW,
        row.machine.pk,
        _("Select %(name)s") % {"name": device.name},
        address,
        device.name,
        device.location,
        format_html("<br>{}", state_html(first.css_class, first.word)) if first and first.css_class else "",
        mark_safe("".join(_cell(COLUMNS[name], row, address) for name in columns if name != "name")),  # noqa: S308
    )


def supplies_html(row: Row, first: Shown | None) -> SafeString:
    """The supplies as bars, and which of them is out first; or why there are none."""
    if not row.supplies:
        return _faint(_("None told") if row.machine.read_at else _("No reading yet"))
    said = SafeString("")
    if first is not None and first.css_class:
        said = state_html(first.css_class, first.word)
    elif first is not None:
        said = format_html('<span class="muted nowrap">{}</span>', first.word)
    return format_html('<span class="supply-cell">{}{}</span>', _bars(row), said)


def _cell(column: Column, row: Row, address: str) -> str:
    drawn = _DRAWN.get(column.cell, _text)(column, row, address)
    return f'<td class="{column.css}">{conditional_escape(drawn)}</td>'


def _text(column: Column, row: Row, _address: str) -> str:
    value = column.value(row)
    if value in (None, ""):
        return "–"
    text = str(value)
    if len(text) > WORD_MAX and max(map(len, text.split()), default=0) > WORD_MAX:
        return format_html('<span class="long">{}</span>', text)
    return text


def _number(column: Column, row: Row, _address: str) -> str:
    value = column.value(row)
    return "–" if value is None else f"{value:,}"


def _ago(column: Column, row: Row, _address: str) -> str:
    return ago(getattr(row.machine, column.name))


def _when(column: Column, row: Row, _address: str) -> str:
    return when(getattr(row.machine, column.name))


def _mono(column: Column, row: Row, address: str) -> str:
    return format_html('<span class="mono">{}</span>', _text(column, row, address))


def _state(_column: Column, row: Row, address: str) -> str:
    shown = row.shown
    return format_html('<a class="now" href="{}#now">{}</a>', address, state_html(shown.css_class, shown.word))


def _now(column: Column, row: Row, address: str) -> str:
    return format_html('<a class="now" href="{}#now">{}</a>', address, _text(column, row, address))


def _web(column: Column, row: Row, address: str) -> str:
    if not row.machine.address:
        return _text(column, row, address)
    return format_html('<a href="{}" rel="noreferrer">{}</a>', web_address(row.machine), row.machine.address)


def _link(column: Column, row: Row, address: str) -> str:
    if not row.machine.link:
        return _text(column, row, address)
    label = _("Link of %(name)s") % {"name": row.machine.device.name}
    return format_html('<a href="{}" rel="noreferrer" aria-label="{}">{}</a>', row.machine.link, label, _("Open"))


def _supplies(_column: Column, row: Row, _address: str) -> str:
    return supplies_html(row, row.first_out)


_DRAWN: dict[str, Callable[[Column, Row, str], str]] = {
    "state": _state,
    "now": _now,
    "supplies": _supplies,
    "address": _web,
    "link": _link,
    "mono": _mono,
    "number": _number,
    "ago": _ago,
    "when": _when,
}


def _bars(row: Row) -> SafeString:
    """As high as they are full; without a level only their place is drawn."""
    shown = row.supplies[:BARS_MAX]
    words = ", ".join(f"{supply_name(each)} {supply_left(each)}" for each in shown)
    bars = "".join(_bar(at, each.percent or 0, supply_fill(each)) for at, each in enumerate(shown))
    return format_html(_LEVELS, words, mark_safe(bars))  # noqa: S308  # numbers and class names of ours


@lru_cache(4096)
def _bar(at: int, percent: int, css_class: str) -> str:
    x, full = at * BAR_PITCH, percent / 5
    return (
        f'<rect class="f-track" x="{x}" width="8" height="20" rx="1"/>'
        f'<rect class="{css_class}" x="{x}" y="{20 - full:.1f}" width="8" height="{full:.1f}" rx="1"/>'
    )


def _faint(words: str) -> SafeString:
    return format_html('<span class="faint">{}</span>', words)
