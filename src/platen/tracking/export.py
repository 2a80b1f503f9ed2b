"""Usage records as CSV or XML, made while they are read, and marked with the label of their first export."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from platen.eventlog.actor import Actor
from platen.eventlog.changes import record_change
from platen.tenants.context import acting_for, current_tenant_id
from platen.tracking.errors import InvalidQuery
from platen.tracking.export_columns import HEADER, VERSION_COLUMN, row_of
from platen.tracking.export_text import SEPARATORS, Csv, Writing, Xml
from platen.tracking.models import UsageRecord
from platen.tracking.usage_lists import EVERYTHING, UsageFilter, matching

LABEL_LENGTH_MAX = 20
CHUNK = 1000
HIDDEN_NAME = "****"


@dataclass(frozen=True, slots=True)
class _Export:
    tenant_id: int
    last_id: int  # records that come in while the export runs belong to the next one
    which: UsageFilter
    label: str
    names: bool
    fields: tuple[str, ...]


def export_csv(
    which: UsageFilter = EVERYTHING,
    *,
    by: Actor,
    label: str = "",
    separator: str = ",",
    header: bool = True,
    names: bool = True,
    fields: Sequence[str] = (),
) -> Iterator[str]:
    """The records that a filter lets through, oldest first, as pieces of a CSV text (RFC 4180).

    label: at most 20 characters, noted in records that were never exported under a label; an earlier label stays.
    names: whether document names are told; else they are asterisks.
    fields: some names of HEADER, in whatever order; empty: all. The version of the format is always there.
    Everything is checked, and the export audited, before this returns; the pieces may be drawn later and elsewhere.
    Raises: InvalidQuery.
    """
    if separator not in SEPARATORS:
        raise InvalidQuery(_("Values are separated by a comma, a semicolon or a tab. Choose one of them."))
    return _begun(which, by, label, Csv(separator, header), names=names, fields=fields)


def export_xml(
    which: UsageFilter = EVERYTHING, *, by: Actor, label: str = "", names: bool = True, fields: Sequence[str] = ()
) -> Iterator[str]:
    """The same as pieces of an XML text: an element UsageRecord for each, in it an element for each field.

    Raises: InvalidQuery.
    """
    return _begun(which, by, label, Xml("UsageRecords", "UsageRecord"), names=names, fields=fields)


def _begun(
    which: UsageFilter, by: Actor, label: str, writing: Writing, *, names: bool, fields: Sequence[str]
) -> Iterator[str]:
    if len(label) > LABEL_LENGTH_MAX:
        raise InvalidQuery(_("An export label has at most %(length)d characters.") % {"length": LABEL_LENGTH_MAX})
    chosen = _chosen(fields)
    newest = matching(which).order_by("-id").values_list("id", flat=True).first()
    message = "Usage records exported" + (f" as {label}" if label else "")
    period = [str(day) if day else None for day in (which.from_day, which.to_day)]
    record_change(by, "usage_exported", label or "usage", message, label=label, period=period)
    return _pieces(_Export(current_tenant_id(), newest or 0, which, label, names, chosen), writing)


def _chosen(fields: Sequence[str]) -> tuple[str, ...]:
    """The fields in the format's order. Raises: InvalidQuery."""
    unknown = [name for name in fields if name not in HEADER]
    if unknown:
        raise InvalidQuery(
            _("%(unknown)s: no such field. There are %(known)s.")
            % {"unknown": ", ".join(unknown), "known": ", ".join(HEADER)}
        )
    return tuple(name for name in HEADER if not fields or name in fields or name == VERSION_COLUMN)


def _pieces(export: _Export, writing: Writing) -> Iterator[str]:
    places = [HEADER.index(name) for name in export.fields]
    yield writing.start(export.fields)
    last: UsageRecord | None = None
    while records := _next_records(export, last):
        last = records[-1]
        rows = (row_of(_shown(record, export)) for record in records)
        yield writing.rows(export.fields, ([row[place] for place in places] for row in rows))
    yield writing.end()


def _shown(record: UsageRecord, export: _Export) -> UsageRecord:
    if not export.names:
        record.job_name = HIDDEN_NAME
    return record


def _next_records(export: _Export, last: UsageRecord | None) -> list[UsageRecord]:
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
