"""Fills a data directory as years of use would: people with cards, and held jobs with real, encrypted documents.

Run as `python -m bench.seed PEOPLE JOBS PANELS` with PLATEN_DATA set. Rows go straight into the tables, thousands at a
time: what is measured afterwards is the server, not this.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.db import connection

from bench.running import environment
from platen.cli.database import tenant

DOCUMENT = b"%!PS-Adobe-3.0\n%%Pages: 1\n%%EndComments\n%%Page: 1 1\nshowpage\n%%EOF\n".ljust(299, b"%") + b"\n"

SINGLES = 200


def fill(data: Path, people: int, jobs: int, panels: int = 0, printer_port: int = 0) -> None:
    """Seed a data directory, in a process of its own. Raises: CalledProcessError."""
    command = [sys.executable, "-m", "bench.seed", str(people), str(jobs), str(panels), str(printer_port)]
    variables = environment(data) | {"DJANGO_SETTINGS_MODULE": "platen.django_settings"}
    subprocess.run(command, env=variables, check=True, stdout=subprocess.DEVNULL)


def card_number(person: int) -> str:
    """The card of the n-th person."""
    return f"{person:014X}"


def seed(people: int, jobs: int, panels: int, printer_port: int) -> None:
    """Add people `p0` to `p{n-1}` with a card each, jobs spread evenly over them, and devices with a reader each.

    SINGLES more people have one job each.
    """
    from platen.devices.queues import ensure_default_queue

    ensure_default_queue()
    add_panels(panels, printer_port)
    with hurried():
        owners = add_people(people + SINGLES)
        add_jobs(jobs, owners[:people])
        add_jobs(SINGLES, owners[people:])
    os.sync()  # what is measured next must not wait for what was written here


@contextmanager
def hurried() -> Iterator[None]:
    """SQLite does not wait for the disk and keeps its indexes in memory: a seed that is cut off is thrown away."""
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous=OFF")
        cursor.execute("PRAGMA cache_size=-400000")
    yield
    connection.close()  # the next connection is set as usual


def add_people(people: int) -> list[int]:
    """Rows of people and cards. Returns: the people's ids, in order."""
    from bench.table import Table, batches
    from platen.directory.cards import PURPOSE, card_key
    from platen.directory.models import Card, User
    from platen.directory.seals import seal
    from platen.tenants.context import current_tenant_id

    example = User(tenant_id=current_tenant_id(), print_all_at_login=True)
    table = Table(example, ("logon", "logon_key", "full_name"))
    for numbers in batches(range(people)):
        table.add((f"p{number}", f"p{number}", f"Person {number}") for number in numbers)
    owners = list(User.objects.filter(logon__startswith="p").order_by("id").values_list("id", flat=True))
    table = Table(Card(tenant_id=current_tenant_id()), ("user_id", "key", "sealed"))
    for numbers in batches(range(people)):
        cards = ((number, card_number(number)) for number in numbers)
        table.add((owners[number], card_key(card), seal(PURPOSE, card)) for number, card in cards)
    return owners


def add_jobs(jobs: int, owners: list[int]) -> None:
    """Rows of held jobs, each with a document of its own."""
    from bench.table import Table, batches
    from platen.devices.models import Queue
    from platen.documents.analysis import analyse
    from platen.identifiers import uuid7
    from platen.printing.models import Job
    from platen.printing.node_spool import node_spool
    from platen.tenants.context import current_tenant_id

    now = datetime.now(UTC)
    example = Job(
        tenant_id=current_tenant_id(),
        queue=Queue.objects.get(is_default=True),
        state_reasons="job-hold-until-specified",
        document_format="application/postscript",
        size_bytes=len(DOCUMENT),
        facts=analyse(DOCUMENT).to_dict(),
        pages=1,
        color_pages=0,
        sheets=1,
        created_at=now,
        expires_at=now + timedelta(days=30),
    )
    own = ("uuid", "owner_id", "name", "spool_pack", "spool_offset", "spool_length", "spool_key")
    spool, table = node_spool(), Table(example, own)
    for numbers in batches(range(jobs)):
        stored = spool.store_batch([(uuid7(), DOCUMENT) for _ in numbers])
        table.add(
            (
                document.document,
                owners[number % len(owners)],
                f"Document {number}",
                document.pack,
                document.offset,
                document.length,
                document.wrapped_key,
            )
            for number, document in zip(numbers, stored, strict=True)
        )


def add_panels(panels: int, printer_port: int) -> None:
    """Devices that print everything at login, each with a network reader."""
    from bench.release import printer_address, reader_address
    from platen.devices.machines import add_device
    from platen.devices.readers import add_reader
    from platen.eventlog.actor import Actor

    by = Actor("bench")
    for panel in range(panels):
        uri = f"socket://{printer_address(panel)}:{printer_port}"
        device = add_device(f"device-{panel}", uri, by=by, print_all_at_login=True)
        add_reader(f"reader-{panel}", device, reader_address(panel), by=by)


if __name__ == "__main__":
    with tenant():
        seed(*map(int, sys.argv[1:5]))
