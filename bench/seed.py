"""Fills a data directory as years of use would: people with cards, and held jobs with real, encrypted documents.

Run as `python -m bench.seed PEOPLE JOBS PANELS` with PLATEN_DATA set. Rows go straight into the tables, thousands at a
time: what is measured afterwards is the server, not this.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any, TypeVar

from platen.cli.database import tenant

T = TypeVar("T")
BATCH = 2_000
DOCUMENT = b"%!PS-Adobe-3.0\n%%Pages: 1\n%%EndComments\n%%Page: 1 1\nshowpage\n%%EOF\n" + b"% filler\n" * 100


def batches(items: Iterable[T], size: int = BATCH) -> Iterator[list[T]]:
    """Items in lists of at most `size`."""
    source = iter(items)
    while batch := list(islice(source, size)):
        yield batch


def card_number(person: int) -> str:
    """The card of the n-th person."""
    return f"{person:014X}"


def seed(people: int, jobs: int, panels: int) -> None:
    """Add people `p0` to `p{n-1}` with a card each, jobs spread evenly over them, and devices with a reader each."""
    from platen.devices.models import Queue
    from platen.devices.queues import ensure_default_queue
    from platen.directory.models import Card, User

    ensure_default_queue()
    add_panels(panels)
    add_people(people, User, Card)
    queue = Queue.objects.get(is_default=True)
    owners = list(User.objects.filter(logon__startswith="p").order_by("id").values_list("id", flat=True))
    add_jobs(jobs, owners, queue)


def add_people(people: int, user_model: Any, card_model: Any) -> None:
    """Rows of people and cards."""
    from platen.directory.cards import PURPOSE, card_key
    from platen.directory.seals import seal
    from platen.tenants.context import current_tenant_id

    for numbers in batches(range(people)):
        users = user_model.objects.bulk_create(
            user_model(
                tenant_id=current_tenant_id(),
                logon=f"p{number}",
                logon_key=f"p{number}",
                full_name=f"Person {number}",
                print_all_at_login=True,
            )
            for number in numbers
        )
        card_model.objects.bulk_create(
            card_model(
                tenant_id=current_tenant_id(),
                user=user,
                key=card_key(card_number(number)),
                sealed=seal(PURPOSE, card_number(number)),
            )
            for number, user in zip(numbers, users, strict=True)
        )


def add_jobs(jobs: int, owners: list[int], queue: Any) -> None:
    """Rows of held jobs, each with a document of its own."""
    from platen.documents.analysis import analyse
    from platen.identifiers import uuid7
    from platen.printing.models import Job
    from platen.printing.node_spool import node_spool
    from platen.tenants.context import current_tenant_id

    spool, now = node_spool(), datetime.now(UTC)
    facts = analyse(DOCUMENT).to_dict()
    for numbers in batches(range(jobs)):
        stored = spool.store_batch([(uuid7(), DOCUMENT) for _ in numbers])
        Job.objects.bulk_create(
            Job(
                tenant_id=current_tenant_id(),
                uuid=document.document,
                queue=queue,
                owner_id=owners[number % len(owners)],
                name=f"Document {number}",
                state_reasons="job-hold-until-specified",
                document_format="application/postscript",
                size_bytes=document.size_bytes,
                spool_pack=document.pack,
                spool_offset=document.offset,
                spool_length=document.length,
                spool_key=document.wrapped_key,
                facts=facts,
                pages=1,
                color_pages=0,
                sheets=1,
                created_at=now,
                expires_at=now + timedelta(days=30),
            )
            for number, document in zip(numbers, stored, strict=True)
        )


def add_panels(panels: int) -> None:
    """Devices that print everything at login, each with a network reader."""
    from bench.release import PRINTER_PORT, printer_address, reader_address
    from platen.devices.machines import add_device
    from platen.devices.readers import add_reader
    from platen.eventlog.actor import Actor

    by = Actor("bench")
    for panel in range(panels):
        uri = f"socket://{printer_address(panel)}:{PRINTER_PORT}"
        device = add_device(f"device-{panel}", uri, by=by, print_all_at_login=True)
        add_reader(f"reader-{panel}", device, reader_address(panel), by=by)


if __name__ == "__main__":
    with tenant():
        seed(*map(int, sys.argv[1:4]))
