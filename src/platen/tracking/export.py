"""Usage records as CSV, made while they are read, and marked with the label of their first export."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from platen.eventlog.actor import Actor
from platen.eventlog.changes import record_change
from platen.tenants.context import acting_for, current_tenant_id
from platen.tracking.errors import InvalidQuery
from platen.tracking.export_columns import HEADER, Cell, row_of
from platen.tracking.models import UsageRecord
from platen.tracking.usage_lists import EVERYTHING, UsageFilter, matching

LABEL_LENGTH_MAX = 20
CHUNK = 1000
HIDDEN_NAME = "****"
SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab"}
# A spreadsheet runs a cell that begins so as a formula; document names come from anybody.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class _Export:
    tenant_id: int
    last_id: int  # records that come in while the export runs belong to the next one
    which: UsageFilter
    label: str
    names: bool


def export_csv(
    which: UsageFilter = EVERYTHING,
    *,
    by: Actor,
    label: str = "",
    separator: str = ",",
    header: bool = True,
    names: bool = True,
) -> Iterator[str]:
    """The records that a filter lets through, oldest first, as pieces of a CSV text (RFC 4180).

    label: at most 20 characters, noted in records that were never exported under a label; an earlier label stays.
    names: whether document names are told; else they are asterisks.
    Everything is checked, and the export audited, before this returns; the pieces may be drawn later and elsewhere.
    Raises: InvalidQuery.
    """
    if len(label) > LABEL_LENGTH_MAX:
        raise InvalidQuery(_("An export label has at most %(length)d characters.") % {"length": LABEL_LENGTH_MAX})
    if separator not in SEPARATORS:
        raise InvalidQuery(_("Values are separated by a comma, a semicolon or a tab. Choose one of them."))
    newest = matching(which).order_by("-id").values_list("id", flat=True).first()
    message = "Usage records exported" + (f" as {label}" if label else "")
    period = [str(day) if day else None for day in (which.from_day, which.to_day)]
    record_change(by, "usage_exported", label or "usage", message, label=label, period=period)
    return _pieces(_Export(current_tenant_id(), newest or 0, which, label, names), separator, header=header)


def _pieces(export: _Export, separator: str, *, header: bool) -> Iterator[str]:
    if header:
        yield _text([HEADER], separator)
    last: UsageRecord | None = None
    while rows := _next_rows(export, last):
        last = rows[-1]
        yield _text((row_of(_shown(record, export)) for record in rows), separator)


def _shown(record: UsageRecord, export: _Export) -> UsageRecord:
    if not export.names:
        record.job_name = HIDDEN_NAME
    return record


def _next_rows(export: _Export, last: UsageRecord | None) -> list[UsageRecord]:
    # A page drawn after the request is over runs outside its tenant, so the tenant is chosen for each chunk.
    with acting_for(export.tenant_id):
        rest = matching(export.which).filter(id__lte=export.last_id)
        if last is not None:
            rest = rest.filter(stopped_at__gte=last.stopped_at).exclude(stopped_at=last.stopped_at, id__lte=last.id)
        chosen = rest.order_by("stopped_at", "id")[:CHUNK]
        if not export.label:
            return list(chosen)
        with transaction.atomic():
            rows = list(chosen)
            fresh = [record.id for record in rows if not record.export_label]
            marked = UsageRecord.objects.filter(id__in=fresh, export_label="").update(export_label=export.label)
            return rows if not marked else list(chosen.all())


def _text(rows: Iterable[Iterable[Cell]], separator: str) -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=separator).writerows([_harmless(cell) for cell in row] for row in rows)
    return text.getvalue()


def _harmless(cell: Cell) -> Cell:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell
