"""`platen fleet doubles` and `platen fleet merge`: two records of one machine made one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from platen.cli.database import Refusal, tenant
from platen.cli.fleet import fleet
from platen.cli.listing import Column, show, show_one
from platen.cli.options import AsJson, SeenBy, Tenant, actor

if TYPE_CHECKING:
    from platen.fleet.models import Machine


@fleet.command("doubles")
def doubles(seen_by: SeenBy = None, tenant_slug: Tenant = None, as_json: AsJson = False) -> None:
    """List records that share what should be one machine's own."""
    with tenant(tenant_slug, seen_by=seen_by):
        from platen.fleet.doubles import all_doubles

        rows = [
            {"mark": each.mark, "value": each.value, "name": machine.device.name, "address": machine.address}
            for each in all_doubles()
            for machine in each.machines
        ]
        columns = [Column("mark"), Column("value"), Column("name"), Column("address")]
        show(rows, columns, as_json=as_json, empty="No two records share a serial number, hardware address or UUID.")


@fleet.command("merge")
def merge_two(
    kept: Annotated[str, typer.Argument(help="The record that stays: name, address or UUID.")],
    gone: Annotated[str, typer.Argument(help="The record that goes.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do it; without, it is only said what would happen.")] = False,
    seen_by: SeenBy = None,
    tenant_slug: Tenant = None,
    as_json: AsJson = False,
) -> None:
    """Make two records of one machine one. Nothing is lost; it cannot be undone."""
    with tenant(tenant_slug, seen_by=seen_by, changes=True):
        from platen.fleet.merging import merge, plan_merge

        plan = plan_merge(machine_named(kept), machine_named(gone))
        row: dict[str, object] = {
            "kept": plan.kept.device.name,
            "gone": plan.gone.device.name,
            "read_from": plan.read_from.device.name,
            "moved": dict(plan.counts),
            "warnings": list(plan.warnings),
            "done": yes,
        }
        if yes:
            merge(plan.kept, plan.gone, by=actor())
        show_one(row, _told(row, plan.counts, plan.warnings, done=yes), as_json=as_json)


def _told(row: dict[str, object], counts: tuple[tuple[str, int], ...], warnings: tuple[str, ...], *, done: bool) -> str:
    moved = ", ".join(f"{count:,} {word}" for word, count in counts) or "nothing else"
    last = "Done." if done else "Nothing was changed. Say --yes to do it; it cannot be undone."
    said = f"{row['gone']} goes into {row['kept']}, with {moved}. What was read comes from {row['read_from']}."
    return " ".join([said, *warnings, last])


def machine_named(text: str) -> Machine:
    """A machine by its device's name or UUID, or its address. Raises: Refusal for none and for several."""
    from django.db.models import Q

    from platen.console.lookup import uuid_in
    from platen.fleet.models import Machine

    named = Q(device__name=text) | Q(address=text)
    uuid = uuid_in(text)
    if uuid is not None:
        named |= Q(device__uuid=uuid)
    found: list[Machine] = list(Machine.objects.select_related("device").filter(named)[:2])
    if len(found) != 1:
        raise Refusal(f"There is no machine {text}." if not found else f"{text} are several. Give the name.")
    return found[0]
