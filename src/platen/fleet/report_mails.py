"""A report as a mail: its subject, a sentence, and the table attached, in the language that the task names."""

from __future__ import annotations

import base64
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop
from django.utils.translation import ngettext, override

from platen.fleet.alert_words import SOURCE
from platen.fleet.errors import InvalidValue
from platen.fleet.reports import report, wish_of
from platen.fleet.reports.audit import why_not_mailed
from platen.fleet.table_files import table_file
from platen.tenants.queries import current_policy

TITLES: Mapping[str, str] = {
    "usage": noop("Usage"),
    "counters": noop("Counters"),
    "status": noop("States"),
    "shares": noop("Shares of time"),
    "alerts": noop("Alerts"),
    "supplies": noop("Supplies"),
    "firmware": noop("Firmware"),
    "devices": noop("Devices"),
    "audit": noop("Audit trail"),
}


def report_mail(
    settings: Mapping[str, Any], machine_ids: Collection[int] | None, now: datetime, *, by: str = ""
) -> tuple[Any, int]:
    """The mail that a task's settings ask for, and how many rows its table has. Raises: InvalidValue.

    settings: as `fleet.task_kinds` stores them. machine_ids: of these only. by: whose task it is.
    """
    refusal = why_not_mailed(by) if settings["report"] == "audit" else ""
    if refusal:
        raise InvalidValue(refusal)
    wish = wish_of(settings["report"], {"counters": settings.get("counters"), **(settings.get("wish") or {})})
    here = ZoneInfo(current_policy().time_zone)
    with timezone.override(here), override(settings.get("language") or SOURCE):
        table = report(wish, machine_ids, now=now)
        rows = list(table.rows)
        subject = settings.get("subject") or f"{_(TITLES[wish.kind])}, {now.astimezone(here):%Y-%m-%d}"
        counted = ngettext("%(n)d row, attached.", "%(n)d rows, attached.", len(rows)) % {"n": len(rows)}
        attached = attachment(wish.kind, settings["format"], table.head, rows)
    mail: dict[str, object] = {
        "to": settings["to"],
        "cc": settings.get("cc") or [],
        "subject": subject,
        "body": f"{subject}: {counted}",
        "important": settings.get("important") is True,
        "attachments": [attached],
    }
    return mail, len(rows)


def attachment(name: str, file_format: str, head: Sequence[str], rows: Sequence[Sequence[object]]) -> dict[str, str]:
    """A table as mails hold it."""
    made = table_file(name, file_format, head, rows)
    return {"name": made.name, "type": made.content_type, "data": base64.b64encode(made.content).decode()}
