"""The texts of a notice: subject and body with their variables, and what a webhook is told."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from platen.fleet.alert_words import SOURCE
from platen.fleet.events import Happening
from platen.fleet.models import Machine, NoticeRule
from platen.fleet.notice_words import advice_of, helper_words, sentence_of, severity_words
from platen.fleet.page_links import page_link
from platen.policy.fleet.notices import Turn

VARIABLES = {
    "EVENT": gettext_lazy("what happened, in a sentence"),
    "DEVICENAME": gettext_lazy("the device's name"),
    "PRODUCTNAME": gettext_lazy("its model"),
    "MANUFACTURER": gettext_lazy("its maker"),
    "SERIALNUMBER": gettext_lazy("its serial number"),
    "ASSETNUMBER": gettext_lazy("its asset number"),
    "IPADDRESS": gettext_lazy("its address"),
    "HOSTNAME": gettext_lazy("its host name"),
    "LOCATION": gettext_lazy("where it stands"),
    "SINCE": gettext_lazy("since when"),
    "SEVERITY": gettext_lazy("how bad it is"),
    "HELPER": gettext_lazy("who can see to it, where the device says so"),
    "ADVICE": gettext_lazy("what to do"),
    "LINK": gettext_lazy("the address of its page"),
}
"""What may stand in a subject or a body, with a $ in front, and what it becomes."""


def payload_of(rule: NoticeRule, machine: Machine, happening: Happening, turn: Turn, zone: ZoneInfo) -> dict[str, Any]:
    """All that is told of one event, by mail or to a webhook, in the rule's language."""
    with override(rule.language or SOURCE):
        return _payload(rule, machine, happening, turn, zone)


def _payload(rule: NoticeRule, machine: Machine, happening: Happening, turn: Turn, zone: ZoneInfo) -> dict[str, Any]:
    said = variables_of(machine, happening, turn, zone)
    return {
        "turn": turn.value,
        "kind": happening.kind.value,
        "subject": happening.subject,
        "sentence": said["EVENT"],
        "at": happening.at.astimezone(UTC).isoformat(),
        "detail": happening.detail,
        "device": str(machine.device.uuid),
        "link": said["LINK"],
        "said": said,
        "mail": {
            "to": rule.mail_to,
            "cc": rule.mail_cc,
            "subject": subject_of(rule.subject, said, turn),
            "body": body_of(rule, said, turn),
            "important": rule.important,
        },
    }


def variables_of(machine: Machine, happening: Happening, turn: Turn, zone: ZoneInfo) -> dict[str, str]:
    """Each of VARIABLES with what it becomes."""
    over = turn is Turn.CLEARED
    return {
        "EVENT": sentence_of(machine.device.name, happening),
        "DEVICENAME": machine.device.name,
        "PRODUCTNAME": machine.model,
        "MANUFACTURER": machine.maker,
        "SERIALNUMBER": machine.serial,
        "ASSETNUMBER": machine.asset_number,
        "IPADDRESS": machine.address,
        "HOSTNAME": machine.host_name,
        "LOCATION": _where(machine),
        "SINCE": _moment(_began(happening), zone),
        "SEVERITY": severity_words(happening),
        "HELPER": "" if over else helper_words(happening),
        "ADVICE": _("Nothing has to be done any more.") if over else advice_of(happening),
        "LINK": page_link("device", machine.device.uuid),
    }


def subject_of(template: str, said: dict[str, str], turn: Turn) -> str:
    """The subject: a rule's own, or the device's name and what happened."""
    over = _("Over: ") if turn is Turn.CLEARED else ""
    if template:
        return over + filled(template, said)
    name, event = said["DEVICENAME"], said["EVENT"]
    return over + (event if name in event else f"{name}: {event}")


def body_of(rule: NoticeRule, said: dict[str, str], turn: Turn) -> str:
    """The body: a rule's own, or everything that is known. It always says what happened, if the subject does not."""
    event = (_("Over: ") if turn is Turn.CLEARED else "") + said["EVENT"]
    if not rule.body.strip():
        return "\n".join([event, "", *_facts(said), "", _("Told by the rule “%(rule)s”.") % {"rule": rule.name}])
    body = filled(rule.body, said)
    silent = bool(rule.subject) and "$EVENT" not in rule.subject and "$EVENT" not in rule.body
    return f"{event}\n\n{body}" if silent else body


def filled(template: str, said: dict[str, str]) -> str:
    """A text with $DEVICENAME and its like filled in, in one pass: what is filled in is never read again."""
    start, parts = 0, []
    names = sorted(said, key=len, reverse=True)
    while (dollar := template.find("$", start)) >= 0:
        name = next((each for each in names if template.startswith(each, dollar + 1)), None)
        parts += [template[start:dollar], "$" if name is None else said[name]]
        start = dollar + 1 + len(name or "")
    return "".join([*parts, template[start:]])


def _facts(said: dict[str, str]) -> list[str]:
    model = f"{said['MANUFACTURER']} {said['PRODUCTNAME']}".strip()
    host = said["HOSTNAME"]
    address = f"{said['IPADDRESS']} ({host})" if host and host != said["IPADDRESS"] else said["IPADDRESS"]
    rows = (
        (_("Device"), said["DEVICENAME"]),
        (_("Model"), model),
        (_("Serial number"), said["SERIALNUMBER"]),
        (_("Asset number"), said["ASSETNUMBER"]),
        (_("Address"), address),
        (_("Place"), said["LOCATION"]),
        (_("Since"), said["SINCE"]),
        (_("How bad"), said["SEVERITY"]),
        (_("Who can help"), said["HELPER"]),
        (_("What to do"), said["ADVICE"]),
        (_("Its page"), said["LINK"]),
    )
    width = max(len(label) for label, value in rows if value) + 2
    return [f"{label + ':':<{width}}{value}" for label, value in rows if value]


def _where(machine: Machine) -> str:
    """The place on a plan, and what the device says of itself; once, where they are the same."""
    said = [machine.place.name if machine.place else "", machine.device.location]
    return ", ".join(dict.fromkeys(each for each in said if each))


def _began(happening: Happening) -> datetime:
    began = happening.detail.get("began_at")
    try:
        return datetime.fromisoformat(began) if isinstance(began, str) else happening.at
    except ValueError:
        return happening.at


def _moment(moment: datetime, zone: ZoneInfo) -> str:
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M} ({zone.key})"
