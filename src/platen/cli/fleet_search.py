"""`platen fleet discover`: a search as its page has it, begun, watched and shown; `platen fleet searches`."""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from platen.cli.database import Refusal, tenant
from platen.cli.fleet import fleet
from platen.cli.fleet_names import group_key, region_key
from platen.cli.listing import Column, show
from platen.cli.options import AsJson, Tenant, actor
from platen.cli.search_credentials import asked_with
from platen.cli.secrets_given import Secrets, SecretsFile, secrets_in
from platen.cli.snmp_options import AUTH_HELP, LEVELS, PRIVACY_HELP, communities_of, user_values
from platen.policy.fleet.condition_texts import HELP, conditions_in

if TYPE_CHECKING:
    from platen.fleet.credentials import CredentialValues
    from platen.fleet.discovering import SearchValues
    from platen.fleet.models import DiscoveryRun

LOOK_S = 0.5


Targets = Annotated[
    list[str] | None,
    typer.Argument(help="Addresses, ranges, networks, names: 10.1.2.3, 10.1.2.10-99, 10.1.0.0/16, printer.example"),
]
Methods = Annotated[
    list[str] | None, typer.Option("--method", help="snmp, broadcast, dns-sd, wsd, ipp. May be repeated.")
]
Credentials = Annotated[
    list[str] | None,
    typer.Option("--credential", help="Ask with this stored one; all if none is given. May be repeated."),
]
Communities = Annotated[
    list[str] | None, typer.Option("--community", help="Ask with this one; - to type it unseen. May be repeated.")
]
Outcome = Annotated[
    str,
    typer.Option(
        "--outcome",
        help="Those that fit the conditions: managed (the others unmanaged), unmanaged (the others managed), only "
        "(the others are left out) or ignore (these are left out).",
    ),
]


@fleet.command("discover")
def discover(
    targets: Targets = None,
    search: Annotated[str, typer.Option("--search", help="Run this kept search; it says everything else.")] = "",
    exclude: Annotated[list[str] | None, typer.Option("--exclude", help="Addresses to leave out.")] = None,
    methods: Methods = None,
    known_subnets: Annotated[
        bool, typer.Option("--known-subnets", help="Also around the machines that are known.")
    ] = False,
    credential: Credentials = None,
    community: Communities = None,
    v1: Annotated[bool, typer.Option("--v1", help="Communities are asked with by SNMPv1.")] = False,
    v3_user: Annotated[str, typer.Option("--v3", help="Ask with this user of SNMPv3.")] = "",
    v3_level: Annotated[str, typer.Option("--v3-level", help=f"{', '.join(LEVELS)}.")] = LEVELS[2],
    v3_auth: Annotated[str, typer.Option("--v3-auth", help=AUTH_HELP)] = "SHA-256",
    v3_priv: Annotated[str, typer.Option("--v3-priv", help=PRIVACY_HELP)] = "AES-128",
    v3_context: Annotated[str, typer.Option("--v3-context", help="Its context.")] = "",
    secrets: SecretsFile = None,
    where: Annotated[list[str] | None, typer.Option("--where", help=f"A condition on what is found. {HELP}")] = None,
    outcome: Outcome = "managed",
    group: Annotated[str, typer.Option("--group", help="Put new machines into this group.")] = "",
    region: Annotated[str, typer.Option("--region", help="New machines are of this region; else by addresses.")] = "",
    port: Annotated[int, typer.Option("--port", help="UDP port of SNMP.", min=1, max=65_535)] = 161,
    ipp_port: Annotated[int, typer.Option("--ipp-port", help="TCP port of IPP; 0: 443 and 631.", max=65_535)] = 0,
    pace: Annotated[int, typer.Option("--packets-per-s", help="At most so many questions a second.")] = 200,
    keep: Annotated[str, typer.Option("--keep", help="Keep the search under this name as well.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Find and list, change nothing.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="However many addresses these are.")] = False,
    tenant_slug: Tenant = None,
    as_json: AsJson = False,
) -> None:
    """Search for machines and register what is found."""
    if search and (targets or methods or known_subnets or keep):
        raise Refusal(f"The kept search {search} says itself where and how it searches. Leave out the rest.")
    if not (search or targets or known_subnets or methods):
        raise Refusal(
            "Say where to search: addresses, ranges or networks, or --known-subnets; or by --method broadcast, dns-sd "
            "or wsd, which ask the whole network that this computer is in; or --search with the name of a kept search."
        )
    kept = secrets_in(secrets)
    with tenant(tenant_slug) as tenant_id:
        if search:
            run = _of_kept(search, dry=dry_run)
            asyncio.run(_search(tenant_id, run.pk))
            _show_run(run.pk, as_json=as_json)
            return
        given = _communities(community or [], kept, v1=v1)
        if v3_user:
            given.append(user_values(v3_user, v3_level, v3_auth, v3_priv, v3_context, kept))
        rules: dict[str, Any] = {"conditions": conditions_in(where), "outcome": outcome}
        rules |= {"group_id": _group(group), "region_id": region_key(region) or None}
        reach = {"known_subnets": known_subnets, "port": port, "ipp_port": ipp_port, "packets_per_s": pace}
        with asked_with(credential or (), given, keep=bool(keep)) as keys:
            values = _values(targets, exclude, methods, credential_ids=keys, confirmed=yes, **rules, **reach)
            run = _started(values, keep=keep, dry=dry_run)
            asyncio.run(_search(tenant_id, run.pk))
        _show_run(run.pk, as_json=as_json)


@fleet.command("searches")
def searches(tenant_slug: Tenant = None, as_json: AsJson = False) -> None:
    """List kept searches; `platen fleet discover --search NAME` runs one."""
    with tenant(tenant_slug):
        from platen.fleet.queries_searches import kept_searches

        rows = [
            {
                "name": each.name,
                "targets": each.targets.split(),
                "excluded": each.excluded.split(),
                "known_subnets": each.known_subnets,
                "methods": each.methods,
                "conditions": each.conditions,
                "outcome": each.outcome,
                "group": each.group.name if each.group else "",
                "region": each.region.name if each.region else "",
                "port": each.port,
            }
            for each in kept_searches()
        ]
        columns = [Column("name"), Column("targets", length_max=60), Column("methods"), Column("outcome")]
        show(
            rows, columns, as_json=as_json, empty="No search is kept. `platen fleet discover … --keep NAME` keeps one."
        )


def _values(
    targets: list[str] | None, excluded: list[str] | None, methods: list[str] | None, **more: Any
) -> SearchValues:
    from platen.fleet.discovering import SearchValues

    return SearchValues(
        targets="\n".join(targets or ()),
        excluded="\n".join(excluded or ()),
        methods=tuple(methods or ["snmp"]),
        **more,
    )


def _communities(typed: list[str], secrets: Secrets, *, v1: bool) -> list[CredentialValues]:
    from platen.fleet.credentials import CredentialValues

    kind = "snmpv1" if v1 else "snmpv2c"
    return [CredentialValues(kind=kind, community=each) for each in communities_of(typed, secrets)]


def _group(name: str) -> int | None:
    """The key of a group that machines can be put into. Raises: Refusal."""
    from platen.fleet.models import Group

    key = group_key(name)
    if key and Group.objects.filter(pk=key, conditions__isnull=False).exists():
        raise Refusal(f"{name} is kept by its conditions. Name a group that is kept by hand.")
    return key or None


def _of_kept(name: str, *, dry: bool) -> DiscoveryRun:
    """Raises: Refusal, FleetError."""
    from platen.fleet.discovering import start_run, values_of
    from platen.fleet.queries_searches import kept_searches

    kept = {each.name: each for each in kept_searches()}
    if name not in kept:
        known = f" There are {', '.join(kept)}." if kept else " None is kept yet."
        raise Refusal(f"There is no search {name}.{known}")
    return start_run(values_of(kept[name]), by=actor(), discovery=kept[name], dry=dry)


def _started(values: SearchValues, *, keep: str, dry: bool) -> DiscoveryRun:
    from platen.fleet.discovering import TooWide, keep_discovery, start_run

    try:
        kept = keep_discovery(keep, values, by=actor()) if keep else None
        return start_run(values, by=actor(), discovery=kept, dry=dry)
    except TooWide as error:
        raise Refusal(f"{error} (--yes)") from error


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
        asked = f"{run.asked:,} {'address' if run.asked == 1 else 'addresses'} asked"
        typer.echo(f"{asked}, {run.answered:,} answered, {run.octets:,} octets. {run.message}")
    if run.state != "done":
        raise Refusal(run.message or f"The search was {run.state}.")
