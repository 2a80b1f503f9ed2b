"""One message for one event: what two rules would tell the same person, or the same webhook, is told once.

Every rule has a notice of its own, so that its end and its repetition are told as the rule says. Whom it goes to is
decided when its time has come: to those whom no other notice of the same event told, or is telling, by then. Of those
whose time comes together, the one of the rule that comes first goes out.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from platen.fleet.models import Notice

TOLD = "told"
"""In a notice's payload: to whom it goes, once that is decided."""
_OF_EVENT = ("kind", "subject", "at", "turn")


def reached_by(notice: Notice) -> list[str]:
    """Whom its rule would tell, as comparable words."""
    if notice.webhook_id is not None:
        return [f"webhook {notice.webhook_id}"]
    mail = notice.payload.get("mail") or {}
    return list(dict.fromkeys(_who(each) for name in ("to", "cc") for each in mail.get(name) or ()))


def told_by_others(notice: Notice, now: datetime) -> dict[str, str]:
    """Whom other notices of the same event tell, and the name of the rule of each."""
    if notice.machine_id is None or notice.rule_id is None:
        return {}
    same = {f"payload__{name}": notice.payload.get(name) for name in _OF_EVENT}
    others = Notice.objects.filter(machine=notice.machine_id, channel=notice.channel, failed_at=None, **same)
    others = others.exclude(pk=notice.pk).exclude(rule=None).select_related("rule").order_by("-pk")
    told: dict[str, str] = {}
    for other in others:
        if other.payload.get("number", 1) == notice.payload.get("number", 1):
            told |= dict.fromkeys(_told_by(other, notice, now), other.rule.name)
    return told


def mail_of(notice: Notice) -> dict[str, Any]:
    """Its mail, to those only to whom it goes."""
    mail = dict(notice.payload.get("mail") or {})
    told = notice.payload.get(TOLD)
    if told is None:
        return mail
    to, cc = ([each for each in mail.get(name) or () if _who(each) in told] for name in ("to", "cc"))
    return {**mail, "to": to or cc, "cc": cc if to else []}


def repeated(payload: Mapping[str, Any], number: int) -> dict[str, Any]:
    """What is told when it is said again: to everybody of the rule whom no other tells by then."""
    return {name: value for name, value in payload.items() if name != TOLD} | {"number": number}


def _told_by(other: Notice, notice: Notice, now: datetime) -> list[str]:
    if other.sent_at is not None or other.tries:
        told = other.payload.get(TOLD)
        return reached_by(other) if told is None else [str(each) for each in told]
    # Its turn has come as well, and before this one's.
    return reached_by(other) if other.due_at <= now and other.pk < notice.pk else []


def _who(address: object) -> str:
    return str(address).casefold()
