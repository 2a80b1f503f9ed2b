"""States of machines, their supplies and readings as words for a person, with the class that gives shape and colour."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop
from django.utils.translation import ngettext

from platen.console.words import device_shown
from platen.fleet.models import Machine, Power, Severity, Supply, SupplyEvent
from platen.policy.job_states import Shown

SOON_DAYS = 7
LOW_PERCENT = 10
_COLORS = {
    "cyan": noop("Cyan"),
    "magenta": noop("Magenta"),
    "yellow": noop("Yellow"),
    "black": noop("Black"),
}
_KINDS = {
    "toner": noop("Toner"),
    "ink": noop("Ink"),
    "opc": noop("Drum"),
    "fuser": noop("Fuser"),
    "developer": noop("Developer"),
    "waste-toner": noop("Waste toner"),
    "waste-ink": noop("Waste ink"),
    "staples": noop("Staples"),
    "transfer-unit": noop("Transfer unit"),
    "cleaner-unit": noop("Cleaner"),
}
_RESTING = {Power.OFF.value: (noop("Off"), "s-off"), Power.ASLEEP.value: (noop("Asleep"), "s-held")}
_WORKING = {"printing": (noop("Printing"), "s-busy"), "warmup": (noop("Warming up"), "s-wait")}
POWER_WORDS = {
    Power.UNKNOWN.value: noop("Not read yet"),
    Power.ON.value: noop("On"),
    Power.ASLEEP.value: noop("Asleep"),
    Power.OFF.value: noop("Off"),
    Power.SILENT.value: noop("Not answering"),
    Power.CONFLICT.value: noop("Another machine answers"),
}
SEVERITY_WORDS = {
    Severity.NONE.value: noop("None"),
    Severity.WARNING.value: noop("Warning"),
    Severity.ERROR.value: noop("Error"),
    Severity.SERVICE.value: noop("Service call"),
}
TRAINING_WORDS = {
    "untrained": noop("Anybody"),
    "trained": noop("Trained people"),
    "management": noop("Administrators"),
    "field-service": noop("The service"),
    "no-intervention-required": noop("Nobody"),
}


def machine_shown(machine: Machine) -> Shown:
    """Word and class of a machine's state: what would be done about it, rather than the state's name."""
    return _out_of_use(machine) or _in_trouble(machine) or _at_work(machine)


def _out_of_use(machine: Machine) -> Shown | None:
    if machine.device.out_of_service:
        return Shown(_("Out of service"), "s-off")
    return None if machine.managed else Shown(_("Not managed"), "s-off")


def _in_trouble(machine: Machine) -> Shown | None:
    if machine.power in {Power.CONFLICT, Power.SILENT}:
        return Shown(_(POWER_WORDS[machine.power]), "s-fail")
    if machine.severity:
        css = "s-attn" if machine.severity == Severity.WARNING else "s-fail"
        return Shown(machine.trouble or _(SEVERITY_WORDS[machine.severity]), css)
    return None


def _at_work(machine: Machine) -> Shown:
    resting = _RESTING.get(machine.power)
    if resting is not None:
        return Shown(_(resting[0]), resting[1])
    if machine.read_at is None or machine.device.needs_attention:
        return device_shown(machine.device)
    word, css = _WORKING.get(machine.activity, (noop("Ready"), "s-ok"))
    return Shown(_(word), css)


def web_address(machine: Machine) -> str:
    """The machine's own web page (EMC-DLST-08)."""
    return f"http://[{machine.address}]/" if ":" in machine.address else f"http://{machine.address}/"


def supply_name(supply: Supply) -> str:
    """A supply as people call it: its colour, else what it is."""
    if supply.color:
        return _(_COLORS[supply.color]) if supply.color in _COLORS else supply.color.capitalize()
    return _(_KINDS[supply.kind]) if supply.kind in _KINDS else (supply.description or supply.kind).capitalize()


def supply_fill(supply: Supply) -> str:
    """The class that paints it."""
    return {"cyan": "f-c", "magenta": "f-m", "yellow": "f-y", "black": "f-k"}.get(supply.color, "f-o")


def supply_left(supply: Supply) -> str:
    """How much is left, in words."""
    if supply.state == "empty":
        return _("full") if supply.receptacle else _("empty")
    if supply.percent is not None:
        return _("%(percent)d%% room") % {"percent": supply.percent} if supply.receptacle else f"{supply.percent}%"
    if supply.receptacle and supply.state in {"some", "low"}:
        return _("some room") if supply.state == "some" else _("nearly full")
    words = {"some": _("some left"), "low": _("low"), "unlimited": _("no limit"), "missing": _("not there")}
    return words.get(supply.state, _("not known"))


def days_text(days: int) -> str:
    """So many days, or weeks where a day more or less is not known anyway."""
    if days > 6 * 7:
        return ngettext("%(n)d week", "%(n)d weeks", days // 7) % {"n": days // 7}
    return ngettext("%(n)d day", "%(n)d days", days) % {"n": days}


def supply_shown(supply: Supply) -> Shown:
    """When it is out, or how much is left where nothing says when."""
    urgent = supply.state in {"empty", "low"} or (supply.percent is not None and supply.percent <= LOW_PERCENT)
    if supply.days_left is not None:
        urgent = urgent or supply.days_left <= SOON_DAYS
        return Shown(days_text(supply.days_left), "s-attn" if urgent else "")
    return Shown(supply_left(supply), "s-attn" if urgent else "")


def certainty(supply: Supply) -> str:
    """How well the days are known, in words."""
    confidence = supply.days_confidence
    if supply.days_left is None or confidence is None:
        return _("No forecast yet: its level has to fall a few times first.")
    if confidence >= 0.75:
        return _("Well supported by its history.")
    return _("A rough forecast.") if confidence >= 0.4 else _("A guess from a short history.")


def when(moment: datetime | None) -> str:
    """A moment as people say it: 10:41, Tue 14:30, 12 Nov, 12 Nov 2025."""
    if moment is None:
        return "–"
    local, now = timezone.localtime(moment), timezone.localtime()
    days = (now.date() - local.date()).days
    if days == 0:
        return date_format(local, "H:i")
    if -6 <= days <= 6:
        return date_format(local, "D H:i")
    return date_format(local, "j M" if local.year == now.year else "j M Y")


def ago(moment: datetime | None) -> str:
    """How long ago, shortly."""
    if moment is None:
        return _("never")
    minutes = int((timezone.now() - moment).total_seconds() // 60)
    if minutes < 1:
        return _("now")
    if minutes < 60:
        return _("%(n)d min") % {"n": minutes}
    if minutes < 24 * 60:
        return _("%(n)d h") % {"n": minutes // 60}
    return ngettext("%(n)d day", "%(n)d days", minutes // 1440) % {"n": minutes // 1440}


def duration(seconds: int | None) -> str:
    """A length of time in its two largest units."""
    if seconds is None:
        return "–"
    days, rest = divmod(int(seconds), 86_400)
    hours, minutes = rest // 3600, rest % 3600 // 60
    if days:
        return _("%(d)d d %(h)d h") % {"d": days, "h": hours}
    return _("%(h)d h %(m)d min") % {"h": hours, "m": minutes}


_METHODS = {
    "snmp": noop("SNMP"),
    "broadcast": noop("SNMP broadcast"),
    "dns-sd": noop("DNS-SD"),
    "wsd": noop("WS-Discovery"),
    "ipp": noop("IPP"),
    "hand": noop("by hand"),
    "file": noop("a file"),
}


def method_name(method: str) -> str:
    """How a machine was found, or a search asks."""
    return _(_METHODS[method]) if method in _METHODS else method


def mac_text(mac: str) -> str:
    """A hardware address as people write it: 00:1b:a9:…"""
    return ":".join(mac[at : at + 2] for at in range(0, 12, 2)) if len(mac) == 12 else mac


def every_text(seconds: int) -> str:
    """How often: every 5 minutes, every 2 days."""
    if seconds % 86_400 == 0:
        return ngettext("every day", "every %(n)d days", seconds // 86_400) % {"n": seconds // 86_400}
    if seconds % 3600 == 0:
        return ngettext("every hour", "every %(n)d hours", seconds // 3600) % {"n": seconds // 3600}
    if seconds % 60 == 0:
        return ngettext("every minute", "every %(n)d minutes", seconds // 60) % {"n": seconds // 60}
    return ngettext("every second", "every %(n)d seconds", seconds) % {"n": seconds}


_EVENTS = {
    "replaced": noop("was replaced"),
    "early": noop("was replaced early"),
    "missing": noop("is no longer reported"),
    "low": noop("is low"),
}


def supply_happened(event: SupplyEvent) -> str:
    """What became of a supply, as a sentence: Cyan toner was replaced with 3% left after 11,240 pages."""
    detail = event.detail if isinstance(event.detail, dict) else {}
    what = str(detail.get("description") or detail.get("color") or event.key).capitalize()
    words = [what, _(_EVENTS[event.kind]) if event.kind in _EVENTS else event.kind]
    if isinstance(detail.get("before"), int) and event.kind in {"replaced", "early"}:
        words.append(_("with %(percent)d%% left") % {"percent": detail["before"]})
    if isinstance(detail.get("yield_pages"), int):
        words.append(_("after %(pages)s pages") % {"pages": f"{detail['yield_pages']:,}"})
    return " ".join(words)


_RUNS = {
    "waiting": (noop("Waiting"), "s-wait"),
    "running": (noop("Under way"), "s-busy"),
    "done": (noop("Done"), "s-ok"),
    "success": (noop("Done"), "s-ok"),
    "error": (noop("With errors"), "s-fail"),
    "failed": (noop("Failed"), "s-fail"),
    "timeout": (noop("Out of time"), "s-fail"),
    "canceled": (noop("Canceled"), "s-off"),
    "skipped": (noop("Left out"), "s-off"),
}


def run_shown(state: str) -> Shown:
    """Word and class of a task's run, of one of its results, or of a search."""
    word, css_class = _RUNS.get(state, (state, "s-unknown"))
    return Shown(_(word), css_class)
