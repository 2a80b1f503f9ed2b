"""`platen fleet discover`: a search as its page has it, begun, watched and shown."""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from platen.cli.database import Refusal, tenant
from platen.cli.fleet import fleet
from platen.cli.listing import Column, show
from platen.cli.options import AsJson, Tenant, actor

if TYPE_CHECKING:
    from platen.fleet.discovering import SearchValues
    from platen.fleet.models import DiscoveryRun

LOOK_S = 0.5


@fleet.command("discover")
def discover(
    targets: Annotated[
        list[str] | None,
        typer.Argument(help="Addresses, ranges, networks, names: 10.1.2.3, 10.1.2.10-99, 10.1.0.0/16, printer.example"),
    ] = None,
    exclude: Annotated[list[str] | None, typer.Option("--exclude", help="Addresses to leave out.")] = None,
    methods: Annotated[
        list[str] | None, typer.Option("--method", help="snmp, broadcast, dns-sd, wsd, ipp. May be repeated.")
    ] = None,
    known_subnets: Annotated[
        bool, typer.Option("--known-subnets", help="Also around the machines that are known.")
    ] = False,
    port: Annotated[int, typer.Option("--port", help="UDP port of SNMP.", min=1, max=65_535)] = 161,
    pace: Annotated[int, typer.Option("--packets-per-s", help="At most so many questions a second.")] = 200,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Find and list, change nothing.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="However many addresses these are.")] = False,
    tenant_slug: Tenant = None,
    as_json: AsJson = False,
) -> None:
    """Search for machines and register what is found."""
    if not (targets or known_subnets or methods):
        raise Refusal(
            "Say where to search: addresses, ranges or networks, or --known-subnets; or by --method broadcast, dns-sd "
            "or wsd, which ask the whole network that this computer is in."
        )
    with tenant(tenant_slug) as tenant_id:
        from platen.fleet.discovering import SearchValues, start_run

        values = SearchValues(
            targets="\n".join(targets or ()),
            excluded="\n".join(exclude or ()),
            methods=tuple(methods or ["snmp"]),
            known_subnets=known_subnets,
            port=port,
            packets_per_s=pace,
            confirmed=yes,
        )
        run = _started(start_run, values, dry=dry_run)
        asyncio.run(_search(tenant_id, run.pk))
        _show_run(run.pk, as_json=as_json)


def _started(start_run: Any, values: SearchValues, *, dry: bool) -> DiscoveryRun:
    from platen.fleet.discovering import TooWide

    try:
        run: DiscoveryRun = start_run(values, by=actor(), dry=dry)
    except TooWide as error:
        raise Refusal(f"{error} (--yes)") from error
    return run


async def _search(tenant_id: int, run_id: int) -> None:
    """Here, or by a server that runs over the same data, whichever takes it first; until it has ended."""
    from platen.services.collect.snmp_client import SnmpClient
    from platen.services.database import Database
    from platen.services.fleet.searching import Searches

    database = Database(threads=2)
    try:
        async with SnmpClient() as client:
            searching = asyncio.create_task(Searches(database, client).run_waiting())
            try:
                while not await database.run(tenant_id, _told, run_id):  # perhaps in another process
                    await asyncio.wait([searching], timeout=LOOK_S)
                await searching
            finally:
                searching.cancel()
                await asyncio.gather(searching, return_exceptions=True)
    finally:
        database.close()


def _told(run_id: int) -> bool:
    """Tell how far it is, to a person who waits. Returns: whether it has ended."""
    from platen.fleet.models import DiscoveryRun

    run: DiscoveryRun = DiscoveryRun.objects.get(pk=run_id)
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{run.asked:,} of {run.addresses:,} asked, {run.answered:,} answered ")
    if run.ended_at is not None and sys.stderr.isatty():
        sys.stderr.write("\n")
    return run.ended_at is not None


def _show_run(run_id: int, *, as_json: bool) -> None:
    from platen.fleet.models import DiscoveryRun, Found

    run: DiscoveryRun = DiscoveryRun.objects.get(pk=run_id)
    rows = [
        {
            "address": each.address,
            "outcome": each.outcome,
            "what": " ".join(str(each.identity.get(name, "")) for name in ("maker", "model")).strip(),
            "serial": each.identity.get("serial", ""),
            "how": each.how,
            "message": each.message,
        }
        for each in Found.objects.filter(run=run).order_by("id").iterator()
    ]
    columns = [Column("address"), Column("outcome"), Column("what", "machine"), Column("serial"), Column("message")]
    show(rows, columns, as_json=as_json, empty="Nothing was found.")
    if not as_json:
        typer.echo(f"{run.asked:,} addresses asked, {run.answered:,} answered, {run.octets:,} octets. {run.message}")
    if run.state != "done":
        raise Refusal(run.message or f"The search was {run.state}.")
