"""`platen usage list`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from platen.cli.database import tenant
from platen.cli.listing import Column, show
from platen.cli.main import app
from platen.cli.options import AsJson, Limit, Tenant

if TYPE_CHECKING:
    from platen.tracking.models import UsageRecord

usage = typer.Typer(help="Usage records: what came out and what it cost.", no_args_is_help=True)
app.add_typer(usage, name="usage")


@usage.command("list")
def list_usage(limit: Limit = 100, tenant_slug: Tenant = None, as_json: AsJson = False) -> None:
    """List usage records, newest first."""
    with tenant(tenant_slug):
        from platen.tracking.models import UsageRecord

        rows = [_row(record) for record in UsageRecord.objects.order_by("-id")[:limit]]
        columns = [Column("stopped"), Column("user"), Column("job_name", "document"), Column("device")]
        columns += [Column("pages", right=True), Column("color_pages", "colour", right=True)]
        columns += [Column("sheets", right=True), Column("price", right=True), Column("currency"), Column("state")]
        rows_shown = rows if as_json else [row | {"state": _ended(row["state"])} for row in rows]
        show(rows_shown, columns, as_json=as_json, empty="Nothing was printed yet.")


def _ended(state: object) -> str:
    return str(state).removeprefix("TRACKING_STATE_").lower()


def _row(record: UsageRecord) -> dict[str, object]:
    return {
        "id": record.id,
        "activity": record.activity,
        "type": record.job_type,
        "state": record.tracking_state,
        "stopped": record.stopped_at,
        "user": record.user_logon,
        "job_id": record.job_id,
        "job_uuid": record.job_uuid,
        "job_name": record.job_name,
        "device": record.device_name,
        "pages": record.tracking_page_count,
        "color_pages": record.tracking_color_page_count,
        "sheets": record.job_sheet_count,
        "media": record.job_page_format,
        "duplex": record.job_is_duplex,
        "price": record.job_price,
        "price2": record.job_price2,
        "currency": record.currency,
    }
