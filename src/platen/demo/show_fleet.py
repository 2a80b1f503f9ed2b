"""What the demonstration shows of its fleet: searched, found, read, and what needs somebody."""

from __future__ import annotations

import asyncio

from django.db.models import Count
from django.utils import timezone
from rich.console import Console
from rich.table import Table

from platen.demo.campus_fleet import READ_EVERY_S, found, look_for_it
from platen.demo.campus_furniture import furnish
from platen.demo.campus_history import are_all_read, write_history
from platen.demo.fleet.campus import BUILDINGS
from platen.fleet.models import DiscoveryRun, Machine
from platen.services.database import Database

PATIENCE_S = 90.0
LOOK_S = 0.2
PAST_ROUNDS_MAX, PAST_LOOK_S = 40, 1.0
LISTED = 6
SOMEBODY = "127.20.4.31"


class NotFound(Exception):
    """The campus was not found and read in time; the text says how far it came."""


async def show_fleet(console: Console, database: Database, tenant_id: int, port: int) -> None:
    """Search the campus, wait until it was read, and tell. Raises: NotFound."""
    places = ", ".join(f"{building.name} {building.addresses}" for building in BUILDINGS)
    console.print("\n[bold]4. A campus full of machines answers SNMP. Platen looks for them and reads them.[/bold]")
    console.print(f"   {places}", highlight=False, soft_wrap=True)
    run_id = await database.run(tenant_id, look_for_it, port)
    run = await _eventually(database, tenant_id, run_id)
    machines, worst, models = await database.run(tenant_id, _told)
    octets = f"{run.octets:,} octets" if run.octets else "few octets"
    console.print(f"   {run.asked:,} addresses asked with {octets}; {machines} machines of {models} models found.")
    console.print(_table(worst))
    console.print(f"   Each is read every {READ_EVERY_S} s, and uses up in an hour what others do in five days.")
    console.print(f"   As others see it: snmpget -v2c -c public {SOMEBODY}:{port} 1.3.6.1.2.1.1.5.0", soft_wrap=True)


async def give_past(database: Database, tenant_id: int) -> None:
    """What an administrator has set up, and three months of history, for some machines at a time as they are read."""
    await database.run(tenant_id, furnish)
    for _ in range(PAST_ROUNDS_MAX):
        if not await database.run(tenant_id, lambda: write_history(timezone.now())):
            if await database.run(tenant_id, are_all_read):
                return
            await asyncio.sleep(PAST_LOOK_S)


async def _eventually(database: Database, tenant_id: int, run_id: int) -> DiscoveryRun:
    try:
        async with asyncio.timeout(PATIENCE_S):
            # It shows in the database, which wakes nobody.
            while (run := await database.run(tenant_id, found, run_id)) is None:  # noqa: ASYNC110  # as said
                await asyncio.sleep(LOOK_S)
    except TimeoutError:
        read = await database.run(tenant_id, lambda: Machine.objects.filter(read_at__isnull=False).count())
        raise NotFound(f"after {PATIENCE_S:g} s {read} machines of the campus were read") from None
    return run


def _told() -> tuple[int, list[Machine], int]:
    """How many there are, those that need somebody most, and of how many models."""
    machines = Machine.objects.filter(read_at__isnull=False)
    models = machines.aggregate(models=Count("model", distinct=True))["models"]
    worst = machines.exclude(trouble="").select_related("device").order_by("-severity", "device__name")
    return machines.count(), list(worst[:LISTED]), models


def _table(machines: list[Machine]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("   machine", "model", "pages", "what it says"):
        table.add_column(title, justify="right" if title == "pages" else "left")
    for each in machines:
        model = f"{each.maker} {each.model}".strip()
        table.add_row(f"   {each.device.name}", model, f"{each.pages or 0:,}", each.trouble)
    return table
