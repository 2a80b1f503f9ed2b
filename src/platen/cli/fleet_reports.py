"""`platen fleet report`: what was counted, held, reported, as a table, JSON or a file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from platen.cli.database import Refusal, tenant
from platen.cli.fleet import fleet
from platen.cli.fleet_names import group_key, region_key
from platen.cli.listing import Column, show
from platen.cli.options import AsJson, SeenBy, Tenant
from platen.cli.table_out import write_table


@fleet.command("report")
def report_of_fleet(
    kind: Annotated[
        str,
        typer.Argument(help="usage, counters, status, shares, alerts, supplies, firmware, devices or audit."),
    ],
    by: Annotated[
        str,
        typer.Option(help="Lines of usage: device, counter, region, group, model, maker, location or collector."),
    ] = "device",
    counter: Annotated[str, typer.Option(help="Which counter, by its name: total, copy.color, …")] = "total",
    interval: Annotated[str, typer.Option(help="Periods of usage or shares: day, week, month or year.")] = "",
    periods: Annotated[int, typer.Option(help="How many; as many as usual if left out.", min=0)] = 0,
    of: Annotated[str, typer.Option(help="States of shares: service, error, warning, off or silent.")] = "error",
    days: Annotated[int, typer.Option(help="How far alerts, and shares in one, go back.", min=1)] = 30,
    category: Annotated[str, typer.Option(help="Only printer, multifunction, color or mono.")] = "",
    model: Annotated[str, typer.Option(help="Only devices of this model.")] = "",
    supply: Annotated[str, typer.Option(help="Only supplies that are toner, ink, drum, waste or other.")] = "",
    group: Annotated[str, typer.Option(help="Only devices of this group, by its name or its path.")] = "",
    region: Annotated[str, typer.Option(help="Only devices of this region.")] = "",
    order: Annotated[str, typer.Option(help="name, location, model, most or month.")] = "name",
    person: Annotated[str, typer.Option(help="Of the audit trail: by whom.")] = "",
    area: Annotated[str, typer.Option(help="Of the audit trail: about what.")] = "",
    columns: Annotated[str, typer.Option(help="Which columns, by their keys in --json, divided by commas.")] = "",
    out: Annotated[Path | None, typer.Option(help="Into this file: .csv, .txt or .xlsx.", dir_okay=False)] = None,
    seen_by: SeenBy = None,
    tenant_slug: Tenant = None,
    as_json: AsJson = False,
) -> None:
    """Make a report of the fleet."""
    if seen_by and kind == "audit":
        raise Refusal("The audit trail is of the whole organisation. Leave out --as.")
    with tenant(tenant_slug, seen_by=seen_by):
        from platen.fleet.errors import InvalidValue
        from platen.fleet.reports import report, wish_of

        given = {"by": by, "counter": counter, "interval": interval, "periods": periods, "of": of, "days": days}
        given |= {"category": category, "model": model, "supply": supply, "order": order, "columns": columns}
        given |= {"person": person, "area": area}
        given |= {"group": group_key(group), "region": region_key(region)}
        try:
            table = report(wish_of(kind, given))
        except InvalidValue as error:
            raise Refusal(str(error)) from error
        if out is not None:
            write_table(out, table.head, list(table.rows))
            return
        shown = [Column(each.key, each.title) for each in table.columns]
        rows = [dict(zip((each.key for each in table.columns), row, strict=True)) for row in table.rows]
        show(rows, shown, as_json=as_json, empty="No device fits, or nothing is known of it yet.")
