"""A Printer and requests to it, as the tests of the semantics need them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from platen.protocols.ipp import (
    Attribute,
    Group,
    GroupTag,
    JobView,
    Message,
    Operation,
    PrinterDescription,
    PrinterUri,
    Version,
)
from platen.protocols.ipp import attributes as a

NOW = datetime(2024, 5, 1, 12, tzinfo=UTC)
URI = "ipp://print.example:8631/ipp/print"

PRINTER = PrinterDescription(
    name="follow-me",
    info="Follow me",
    uuid=UUID("3f0c1a54-6f6e-4c2e-9a52-0d7f2b3c4d5e"),
    uris=(PrinterUri(URI), PrinterUri("ipps://print.example:8631/ipp/print", "tls")),
    up_since=NOW - timedelta(days=2),
    config_changed_at=NOW - timedelta(days=1),
    more_info="http://print.example:8631/",
    icons=("http://print.example:8631/static/printer-128.png",),
)


def request(
    operation: int,
    *attributes: Attribute,
    job: tuple[Attribute, ...] = (),
    version: Version = (2, 0),
    request_id: int = 1,
    target: Attribute | None = None,
) -> Message:
    """A request to PRINTER with those operation and job attributes."""
    head = [
        a.charset("attributes-charset", "utf-8"),
        a.language("attributes-natural-language", "en"),
        target or a.uri("printer-uri", URI),
    ]
    groups = [Group(GroupTag.OPERATION_ATTRIBUTES, [*head, *attributes])]
    if job:
        groups.append(Group(GroupTag.JOB_ATTRIBUTES, job))
    return Message(version, operation, request_id, tuple(groups))


def print_job(*attributes: Attribute, job: tuple[Attribute, ...] = ()) -> Message:
    """A Print-Job request."""
    return request(Operation.PRINT_JOB, *attributes, job=job)


JOB = JobView(
    id=7,
    uuid=UUID("018f3f2e-1111-7000-8000-000000000007"),
    printer_uri=URI,
    state=4,
    state_reasons=("job-hold-until-specified",),
    name="plan.pdf",
    originating_user_name="karin",
    created_at=NOW - timedelta(minutes=10),
    up_since=PRINTER.up_since,
    now=NOW,
    document_name="plan.pdf",
    document_format="application/pdf",
    size_bytes=2049,
)
