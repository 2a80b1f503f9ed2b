"""`platen fleet list`: the list of machines as its page has it, on the screen or in a file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from platen.cli.database import Refusal, tenant
from platen.cli.fleet import fleet
from platen.cli.listing import Column, show
from platen.cli.machine_rows import machine_row
from platen.cli.options import AsJson, SeenBy, Tenant
from platen.cli.table_out import checked_format, write_table
from platen.policy.fleet.condition_texts import HELP, conditions_in

if TYPE_CHECKING:
    from platen.console.list_address import ListAddress
    from platen.console.machine_columns import Row
    from platen.directory.models import User
    from platen.fleet.lists import Listing
    from platen.fleet.models import Machine

SHOWN = 1_000
ROWS_MAX = 100_000


@fleet.command("list")
def list_machines(
    search: Annotated[str, typer.Option("--search", help="Name, place, model, address or serial number.")] = "",
    order: Annotated[str, typer.Option("--order", help="A column, with a minus before it downwards.")] = "",
    where: Annotated[list[str] | None, typer.Option("--where", help=HELP)] = None,
    group: Annotated[list[str] | None, typer.Option("--group", help="Of this group. May be repeated.")] = None,
    region: Annotated[str, typer.Option("--region", help="Of this region.")] = "",
    view: Annotated[str, typer.Option("--view", help="As this saved view has it; other options narrow it.")] = "",
    attention: Annotated[bool, typer.Option("--attention", help="Only those that need somebody.")] = False,
    removed: Annotated[bool, typer.Option("--removed", help="Those removed from management.")] = False,
    columns: Annotated[str, typer.Option("--columns", help="Which, divided by commas; “all” for every one.")] = "",
    export: Annotated[
        Path | None, typer.Option("--export", help="Into this file: .csv, .txt or .xlsx.", dir_okay=False)
    ] = None,
    limit: Annotated[
        int | None, typer.Option("--limit", help="At most so many: 1,000, into a file all.", min=1, max=ROWS_MAX)
    ] = None,
    seen_by: SeenBy = None,
    tenant_slug: Tenant = None,
    as_json: AsJson = False,
) -> None:
    """List machines."""
    with tenant(tenant_slug, seen_by=seen_by):
        address = _address(view, seen_by, where, [*(("group", each) for each in group or ()), ("region", region)])
        listing = _listing(address, search or address.text, order or address.order, attention, removed)
        chosen = _columns(columns, address.columns if view else (), seen_by, export=export is not None)
        most = limit or (ROWS_MAX if export else SHOWN)
        if export is not None:
            checked_format(export)
            _export(export, listing, chosen, most)
        elif chosen:
            _show_columns(listing, chosen, most, as_json=as_json)
        else:
            _show_usual(listing, most, as_json=as_json)


def _address(view: str, seen_by: str | None, where: list[str] | None, equal: list[tuple[str, str]]) -> ListAddress:
    """The saved view, narrowed. Raises: Refusal, ConditionError."""
    from dataclasses import replace

    from platen.console.list_address import from_view
    from platen.policy.fleet.conditions import parse_conditions

    address = from_view(_view(view, seen_by) if view else {})
    more = conditions_in(where) + [{"item": item, "op": "equals", "values": [value]} for item, value in equal if value]
    return replace(address, conditions=(*address.conditions, *parse_conditions(more)))


def _view(name: str, seen_by: str | None) -> dict[str, object]:
    from platen.fleet.queries_rows import saved_views

    person = _person(seen_by)
    views = {each.name: each for each in saved_views(person.pk if person is not None else 0)}
    if name not in views:
        known = f" There are {', '.join(views)}." if views else ""
        raise Refusal(f"There is no saved view {name}.{known}")
    return dict(views[name].query)


def _listing(address: ListAddress, search: str, order: str, attention: bool, removed: bool) -> Listing:
    from platen.fleet.lists import ORDERS, Listing

    if order.removeprefix("-") not in ORDERS:
        raise Refusal(f"There is no column “{order}” to order by. Choose of {', '.join(ORDERS)}.")
    narrow = attention or address.attention
    return Listing(address.conditions, search, order, managed=not removed, attention=narrow)


def _columns(wanted: str, of_view: tuple[str, ...], seen_by: str | None, *, export: bool) -> tuple[str, ...]:
    """Names of columns; none: what the command shows usually. Raises: Refusal."""
    from platen.console.machine_columns import COLUMNS, DEFAULT_COLUMNS

    known = [name for name in COLUMNS if name not in _unseen(seen_by)]
    if wanted == "all":
        return tuple(known)
    names = tuple(name.strip() for name in wanted.split(",") if name.strip())
    for name in names:
        if name not in known:
            raise Refusal(f"There is no column “{name}”. Choose of {', '.join(known)}.")
    if names or not export:
        return names or tuple(name for name in of_view if name in known)
    return tuple(name for name in of_view if name in known) or DEFAULT_COLUMNS


def _unseen(seen_by: str | None) -> set[str]:
    """Columns that a person whose eyes the command takes may not see."""
    from platen.access.rights import Right, allowed, may_name_credentials

    person = _person(seen_by)
    if person is None:
        return set()
    unseen = set() if may_name_credentials(person) else {"credential"}
    return unseen if allowed(person, Right.SEE_PRICES) else unseen | {"scheme"}


def _person(logon: str | None) -> User | None:
    from platen.directory.queries import find_by_logon

    return None if logon is None else find_by_logon(logon)


def _machines(listing: Listing, most: int) -> Iterator[list[Machine]]:
    """Page after page, as many as there are."""
    from platen.fleet.lists import PAGE_MAX, page_of_machines

    after: str | None = None
    count = 0
    while count < most:
        page = page_of_machines(listing, after, size=min(PAGE_MAX, most - count))
        yield page.machines
        count, after = count + len(page.machines), page.after
        if after is None:
            return


def _rows(listing: Listing, chosen: tuple[str, ...], most: int) -> Iterator[Row]:
    from platen.console.machine_columns import Row
    from platen.fleet.queries_rows import supplies_of_machines
    from platen.tracking.schemes import tariffs_of

    for machines in _machines(listing, most):
        keys = [machine.pk for machine in machines]
        supplies = supplies_of_machines(keys)
        tariffs = tariffs_of(keys) if "scheme" in chosen else {}
        yield from (Row(machine, supplies[machine.pk], tariffs.get(machine.pk)) for machine in machines)


def _export(out: Path, listing: Listing, chosen: tuple[str, ...], most: int) -> None:
    from platen.console.machine_columns import COLUMNS, export_values

    head = [COLUMNS[name].title for name in chosen]
    write_table(out, head, [export_values(row, chosen) for row in _rows(listing, chosen, most)])


def _show_columns(listing: Listing, chosen: tuple[str, ...], most: int, *, as_json: bool) -> None:
    from platen.console.machine_columns import COLUMNS

    rows = [
        dict(zip(chosen, (COLUMNS[name].value(row) for name in chosen), strict=True))
        for row in _rows(listing, chosen, most)
    ]
    heads = [Column(name, COLUMNS[name].title, right="num" in COLUMNS[name].css.split()) for name in chosen]
    show(rows, heads, as_json=as_json, empty="No machine fits.")


def _show_usual(listing: Listing, most: int, *, as_json: bool) -> None:
    rows = [machine_row(machine) for machines in _machines(listing, most) for machine in machines]
    columns = [Column("name"), Column("state"), Column("machine"), Column("address"), Column("serial")]
    columns += [Column("pages", right=True), Column("supply_days", "days left", right=True), Column("read")]
    empty = "No machine. Search for some with `platen fleet discover`, or add a device."
    show(rows, columns, as_json=as_json, empty=empty)
