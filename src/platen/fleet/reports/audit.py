"""The audit trail as a report."""

from __future__ import annotations

import json
from collections.abc import Iterator

from django.utils.translation import gettext as _

from platen.access.rights import Right, allowed
from platen.directory.models import User
from platen.eventlog.areas import area_of
from platen.eventlog.event_lists import AuditFilter, each_audit
from platen.eventlog.models import AuditEntry
from platen.fleet.reports.columns import Column, Report
from platen.fleet.reports.wishes import Wish
from platen.tenants.context import acting_within, current_regions

ROWS_MAX = 100_000


def audit(wish: Wish) -> Report:
    """Who changed what, newest first; by one person or about one area, where the wish says so."""
    return audit_table(each_audit(AuditFilter(person=wish.person, area=wish.area), ROWS_MAX))


def why_not_mailed(by: str) -> str:
    """Why the trail is not mailed for a task that this person made or started; empty: it is.

    It is of the whole organisation, and a mail of it tells what its person would see on its page: nothing, where the
    rights end at regions. Who is no person here, such as an administrator at the command line, is not asked.
    """
    if current_regions() is not None:
        return _("The audit trail is of the whole organisation. A task that is for some regions cannot mail it.")
    with acting_within(None):
        people = list(User.objects.filter(logon=by))
    if people and not any(allowed(each, Right.SEE_AUDIT) for each in people):
        text = _("%(who)s may not see the audit trail. Let somebody who may see it make this task anew, or start it.")
        return text % {"who": by}
    return ""


def audit_table(entries: Iterator[AuditEntry]) -> Report:
    """Entries as a table."""
    columns = [
        Column("at", _("Time"), lambda entry: entry.at),
        Column("actor", _("Who"), lambda entry: entry.actor),
        Column("verb", _("What"), lambda entry: entry.verb),
        Column("area", _("About"), lambda entry: _(area_of(entry.verb)) if area_of(entry.verb) else ""),
        Column("subject", _("Whom or which"), lambda entry: entry.subject),
        Column("source", _("By way of"), lambda entry: entry.source),
        Column("detail", _("Details"), lambda entry: json.dumps(entry.detail, ensure_ascii=False)),
    ]
    return Report(columns, entries, lambda entry: None)
