"""`platen fleet groups` and `platen fleet views`: the names that `platen fleet list` takes."""

from __future__ import annotations

from platen.cli.database import tenant
from platen.cli.fleet import fleet
from platen.cli.listing import Column, show
from platen.cli.options import AsJson, SeenBy, Tenant


@fleet.command("groups")
def groups(seen_by: SeenBy = None, tenant_slug: Tenant = None, as_json: AsJson = False) -> None:
    """List groups; `platen fleet list --group NAME` lists the machines of one."""
    with tenant(tenant_slug, seen_by=seen_by):
        from platen.fleet.group_paths import in_tree
        from platen.fleet.queries_places import members_by_hand
        from platen.fleet.queries_rows import groups_by_name

        counts = members_by_hand()
        rows = [
            {
                "name": group.name,
                "path": path,
                "kept": "by hand" if group.conditions is None else "by conditions",
                "machines": counts.get(group.pk, 0) if group.conditions is None else None,
                "conditions": group.conditions,
                "comment": group.comment,
            }
            for group, path in in_tree(groups_by_name())
        ]
        columns = [Column("path", "group"), Column("kept"), Column("machines", right=True), Column("comment")]
        show(rows, columns, as_json=as_json, empty="There is no group yet.")


@fleet.command("views")
def views(seen_by: SeenBy = None, tenant_slug: Tenant = None, as_json: AsJson = False) -> None:
    """List saved views: everybody's, and with --as a person's own; `platen fleet list --view NAME` shows one."""
    with tenant(tenant_slug, seen_by=seen_by):
        from platen.console.list_address import from_view, label_of
        from platen.directory.queries import find_by_logon
        from platen.fleet.queries_rows import saved_views

        person = find_by_logon(seen_by) if seen_by else None
        rows = []
        for view in saved_views(person.pk if person is not None else 0):
            address = from_view(view.query)
            conditions = [" ".join(label_of(each)) for each in address.conditions]
            row = {"name": view.name, "search": address.text, "conditions": conditions, "order": address.order}
            rows.append(row | {"columns": list(address.columns), "own": view.owner_id is not None})
        columns = [Column("name"), Column("conditions"), Column("order"), Column("columns", length_max=80)]
        show(rows, columns, as_json=as_json, empty="No view is saved yet.")
