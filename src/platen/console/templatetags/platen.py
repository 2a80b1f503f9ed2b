"""Template tags and filters of console and panel: states, fields, times, amounts."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import forms, template
from django.forms import BoundField
from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from platen.console import machine_words
from platen.console.machine_words import (
    TRAINING_WORDS,
    every_text,
    machine_shown,
    run_shown,
    supply_happened,
    web_address,
    when,
)
from platen.console.machine_words import duration as length_of_time
from platen.console.notice_words import watched_words
from platen.console.state_html import state_html
from platen.console.words import device_shown, job_shown
from platen.policy.currency import minor_digits, money_text

register = template.Library()


register.simple_tag(state_html, name="state")
register.filter(web_address)
register.filter(when)


@register.simple_tag
def job_state(job: Any, *, badge: bool = False) -> SafeString:
    """The state of a job."""
    shown = job_shown(job)
    return state_html(shown.css_class, shown.word, badge=badge)


@register.simple_tag
def device_state(device: Any, *, badge: bool = False) -> SafeString:
    """The state of a device."""
    shown = device_shown(device)
    return state_html(shown.css_class, shown.word, badge=badge)


@register.simple_tag
def machine_state(machine: Any, *, badge: bool = False) -> SafeString:
    """The state of a machine."""
    shown = machine_shown(machine)
    return state_html(shown.css_class, shown.word, badge=badge)


@register.simple_tag
def run_state(state: str, *, badge: bool = False) -> SafeString:
    """The state of a task's run or of one of its results."""
    shown = run_shown(state)
    return state_html(shown.css_class, shown.word, badge=badge)


@register.inclusion_tag("console/components/field.html")
def field(bound: BoundField, unit: str = "", *, main: bool = False) -> dict[str, object]:
    """A field of a form with label, hint and errors. main: what the form is about, even if it may be empty."""
    widget = bound.field.widget
    groups = (forms.RadioSelect, forms.CheckboxSelectMultiple)
    return {
        "field": bound,
        "unit": unit,
        "main": main,
        "is_check": isinstance(widget, forms.CheckboxInput),
        "is_group": isinstance(widget, groups),
        "is_select": isinstance(widget, forms.Select) and not isinstance(widget, groups),
    }


@register.inclusion_tag("console/components/empty.html")
def empty(
    title: str, text: str = "", address: str = "", action: str = "", *, primary: bool = False
) -> dict[str, object]:
    """What would be here, why it is not, and the first step."""
    return {"title": title, "text": text, "address": address, "action": action, "primary": primary}


@register.inclusion_tag("console/components/chart.html")
def chart(drawing: Any) -> dict[str, object]:
    """A chart (platen.console.charts)."""
    return {"chart": drawing}


@register.inclusion_tag("console/components/progress.html")
def progress(id: str, label: str, value: int, maximum: int) -> dict[str, object]:  # noqa: A002  # the HTML attribute
    """How far something got."""
    return {"id": id, "label": label, "value": value, "maximum": maximum}


@register.inclusion_tag("console/components/confirm.html", takes_context=True)
def confirm(  # noqa: PLR0917  # one argument for each thing that the dialog says; templates read better so
    context: template.Context,
    id: str,  # noqa: A002  # the HTML attribute
    address: str,
    verb: str,
    title: str,
    text: str,
    *,
    label: str = "",
    small: bool = False,
    hidden_name: str = "",
    hidden_value: str = "",
) -> dict[str, object]:
    """A button for what cannot be undone, and the dialog that asks before."""
    return {
        "id": id,
        "address": address,
        "verb": verb,
        "title": title,
        "text": text,
        "label": label,
        "small": small,
        "hidden_name": hidden_name,
        "hidden_value": hidden_value,
        "csrf_token": context.get("csrf_token"),
    }


@register.simple_tag(takes_context=True)
def address_with(context: template.Context, **changes: object) -> str:
    """This page's address with other parameters; an empty value takes one away."""
    request: HttpRequest = context["request"]
    query: QueryDict = request.GET.copy()
    for name, value in changes.items():
        if value in (None, ""):
            query.pop(name, None)
        else:
            query[name] = str(value)
    return f"{request.path}?{query.urlencode()}" if query else request.path


@register.filter
def day(value: date | None) -> str:
    """A day: 12 Nov, and its year where that is another one: 12 Nov 2028."""
    if value is None:
        return "–"
    return date_format(value, "j M" if value.year == timezone.localdate().year else "j M Y")


@register.filter
def clock(moment: datetime) -> str:
    """The time of day with seconds."""
    return date_format(timezone.localtime(moment), "H:i:s")


@register.filter
def moment(value: datetime | None) -> str:
    """A moment in full."""
    return "–" if value is None else date_format(timezone.localtime(value), "D j M Y, H:i:s")


@register.filter
def duration(seconds: int | None) -> str:
    """A length of time."""
    return length_of_time(seconds)


@register.filter
def training(level: str) -> str:
    """Who can see to an alert."""
    return _(TRAINING_WORDS[level]) if level in TRAINING_WORDS else _("not said")


@register.filter
def media_name(media: str) -> str:
    """A media size as people call it: iso_a4_210x297mm is A4 (PWG 5101.1 section 5)."""
    parts = media.split("_")
    return parts[1].replace("-", " ").capitalize() if len(parts) == 3 else media


@register.filter
def supply_event(event: Any) -> str:
    """What became of a supply."""
    return supply_happened(event)


@register.filter
def notice_subject(notice: Any) -> str:
    """What a notice says, in one line."""
    payload = notice.payload if isinstance(notice.payload, dict) else {}
    sentence = str(payload.get("sentence") or "")
    if sentence:  # a subject of a rule's own need not say what happened
        return _("Over: %(event)s") % {"event": sentence} if payload.get("turn") == "cleared" else sentence
    mail = payload.get("mail")
    subject = mail.get("subject") if isinstance(mail, dict) else ""
    return str(subject or payload.get("subject") or notice.event_key)


@register.filter
def watched(condition: Any) -> str:
    """What a rule of notices watches."""
    return watched_words(condition) if isinstance(condition, dict) else ""


@register.filter
def mac_text(mac: str) -> str:
    """A hardware address as people write it."""
    return machine_words.mac_text(mac)


@register.filter
def group_name(group: str) -> str:
    """The part of a machine that an alert speaks of (PrtAlertGroupTC): marker-supplies are Marker supplies."""
    return group.replace("-", " ").capitalize()


@register.filter
def method_name(method: str) -> str:
    """How a machine was found."""
    return machine_words.method_name(method)


@register.simple_tag(takes_context=True)
def refresh(context: template.Context, seconds: int, part: str) -> SafeString:
    """Attributes of a part of a page that is read again every so many seconds while something goes on (platen.js).

    part: its id. What comes stands in its place, and goes on asking only if it has these attributes as well.
    """
    return format_html(
        ' hx-get="{}" hx-select="#{}" hx-target="this" hx-swap="outerHTML"'
        ' hx-trigger="platen:refresh" data-refresh="{}"',
        context["request"].get_full_path(),
        part,
        seconds,
    )


@register.filter
def method_names(methods: Any) -> str:
    """How a search asks."""
    return ", ".join(machine_words.method_name(str(each)) for each in methods or ())


@register.filter
def every(seconds: int | None) -> str:
    """How often, in the largest unit that fits."""
    return every_text(seconds) if seconds else "–"


@register.filter
def light_name(name: str) -> str:
    """A light as its machine calls it; one without a name by its number."""
    number = name.removeprefix("light ")
    return _("Light %(number)s") % {"number": number} if number != name else name


@register.filter
def light_state(state: str) -> str:
    """What a light does."""
    return {"on": _("on"), "off": _("off"), "blink": _("blinks")}.get(state, state)


@register.filter
def unlocal(value: float) -> str:
    """A number for a drawing's attribute: with a point, whatever the language."""
    return f"{value:g}"


@register.filter
def number(value: int | Decimal | None) -> str:
    """A count with its thousands apart."""
    return "–" if value is None else f"{value:,}"


@register.filter
def money(amount: Decimal | None, currency: str = "EUR") -> str:
    """An amount with its currency."""
    return "–" if amount is None else money_text(amount, currency)


@register.filter
def yes_no(value: bool | None) -> str:
    """Yes, no or not known."""
    return {True: _("yes"), False: _("no"), None: _("not known")}[value]


@register.filter
def amount(value: Decimal | None, currency: str = "EUR") -> str:
    """A sum with its currency, in whole coins and with its thousands apart."""
    if value is None:
        return "–"
    text = money_text(value, currency, decimals=minor_digits(currency))
    whole, sign, rest = text.partition(".")
    digits = whole.lstrip("-€$£¥₹₩₪₴₫ABCDEFGHIJKLMNOPQRSTUVWXYZ ")
    return f"{whole.removesuffix(digits)}{int(digits):,}{sign}{rest}"
