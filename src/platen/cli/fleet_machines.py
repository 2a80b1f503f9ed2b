"""`platen fleet discover|list|show`: what the pages of the fleet do, from the command line."""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from platen.cli.database import Refusal, tenant
from platen.cli.equipment_words import equipment_lines
from platen.cli.fleet import fleet
from platen.cli.listing import Column, show
from platen.cli.options import AsJson, Limit, SeenBy, Tenant, actor
from platen.cli.supply_words import left

if TYPE_CHECKING:
    from platen.fleet.discovering import SearchValues
    from platen.fleet.models import DiscoveryRun, Machine, Supply

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


@fleet.command("list")
def list_machines(
    search: Annotated[str, typer.Option("--search", help="Name, place, model, address or serial number.")] = "",
    order: Annotated[str, typer.Option("--order", help="A column, with a minus before it downwards.")] = "name",
    where: Annotated[
        list[str] | None, typer.Option("--where", help="ITEM:OPERATOR:VALUE[,VALUE…], e.g. maker:equals:Canon.")
    ] = None,
    removed: Annotated[bool, typer.Option("--removed", help="Those removed from management.")] = False,
    limit: Limit = 1000,
    seen_by: SeenBy = None,
    tenant_slug: Tenant = None,
    as_json: AsJson = False,
) -> None:
    """List machines."""
    with tenant(tenant_slug, seen_by=seen_by):
        from platen.fleet.lists import ORDERS, PAGE_MAX, Listing, page_of_machines
        from platen.policy.fleet.conditions import parse_conditions

        if order.removeprefix("-") not in ORDERS:
            raise Refusal(f"There is no column “{order}” to order by. Choose of {', '.join(ORDERS)}.")
        conditions = parse_conditions([_condition(each) for each in where or ()])
        listing = Listing(conditions=conditions, search=search, order=order, managed=not removed)
        rows: list[dict[str, object]] = []
        after: str | None = None
        while len(rows) < limit:
            page = page_of_machines(listing, after, size=min(PAGE_MAX, limit - len(rows)))
            rows += [_row(machine) for machine in page.machines]
            after = page.after
            if after is None:
                break
        columns = [Column("name"), Column("state"), Column("machine"), Column("address"), Column("serial")]
        columns += [Column("pages", right=True), Column("supply_days", "days left", right=True), Column("read")]
        empty = "No machine. Search for some with `platen fleet discover`, or add a device."
        show(rows, columns, as_json=as_json, empty=empty)


def _condition(text: str) -> dict[str, object]:
    item, _, rest = text.partition(":")
    op, _, values = rest.partition(":")
    return {"item": item, "op": op, "values": values.split(",")}


def _row(machine: Machine) -> dict[str, object]:
    from platen.console.machine_words import machine_shown

    return {
        "name": machine.device.name,
        "state": str(machine_shown(machine).word),
        "power": machine.power,
        "severity": machine.get_severity_display(),
        "machine": f"{machine.maker} {machine.model}".strip(),
        "address": machine.address,
        "serial": machine.serial,
        "mac": machine.mac,
        "location": machine.device.location,
        "pages": machine.pages,
        "pages_color": machine.pages_color,
        "pages_month": machine.pages_month,
        "supply_percent": machine.supply_percent,
        "supply_days": machine.supply_days,
        "firmware": machine.firmware,
        "finishers": machine.finishing,
        "read": machine.read_at.isoformat(timespec="minutes") if machine.read_at else "",
    }


@fleet.command("show")
def show_machine(name: str, seen_by: SeenBy = None, tenant_slug: Tenant = None, as_json: AsJson = False) -> None:
    """Show one machine: by its name, address or serial number."""
    with tenant(tenant_slug, seen_by=seen_by):
        from django.db.models import Q

        from platen.fleet.models import Alert, Machine, Supply

        named = Machine.objects.select_related("device").filter(Q(device__name=name) | Q(address=name) | Q(serial=name))
        found = list(named[:2])
        if len(found) != 1:
            raise Refusal(f"There is no machine {name}." if not found else f"{name} are several. Give the name.")
        (machine,) = found
        supplies = Supply.objects.filter(machine=machine).order_by("key")
        alerts = Alert.objects.filter(machine=machine, cleared_at__isnull=True).order_by("-severity", "began_at")
        row = _row(machine) | {
            "contact": machine.contact,
            "asset_number": machine.asset_number,
            "uptime_s": machine.uptime_s,
            "reboots": machine.reboots,
            "failure": machine.failure,
            "suspicion": machine.suspicion,
            "display": machine.console_text,
        }
        more: dict[str, object] = {
            "meters": machine.meters,
            "supplies": [
                {"supply": str(each), "color": each.color, "percent": each.percent, "days_left": each.days_left}
                for each in supplies
            ],
            "alerts": [
                {"alert": str(each), "severity": each.get_severity_display(), "code": each.code} for each in alerts
            ],
            "trays": machine.trays,
            "finishers": machine.finishers or [],
            "ports": machine.ports or [],
        }
        if as_json:
            show([row | more], [], as_json=True)
            return
        said = [{"what": key, "value": value} for key, value in row.items() if value not in (None, "")]
        said += [{"what": f"meter {key}", "value": value} for key, value in sorted(machine.meters.items())]
        said += [{"what": f"supply {each}", "value": _left(each)} for each in supplies]
        said += [{"what": what, "value": value} for what, value in equipment_lines(machine)]
        said += [{"what": "alert", "value": str(each)} for each in alerts]
        show(said, [Column("what", " "), Column("value", " ")], as_json=False)


def _left(supply: Supply) -> str:
    return left(supply.percent, supply.state, receptacle=supply.receptacle)
