"""`platen collectors …`: the collectors of other sites, as their home knows them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from platen.cli.database import tenant
from platen.cli.listing import Column, show, show_one
from platen.cli.main import app
from platen.cli.options import AsJson, Tenant, actor
from platen.cli.refusal import Refusal

if TYPE_CHECKING:
    from platen.fleet.models import Collector

collectors = typer.Typer(help="Collectors of other sites.", no_args_is_help=True)
app.add_typer(collectors, name="collectors")


@collectors.command("add")
def add(name: str, tenant_slug: Tenant = None, as_json: AsJson = False) -> None:
    """Add a collector; its key is shown this once."""
    with tenant(tenant_slug):
        from platen.fleet.collectors import add_collector

        made, key = add_collector(name, by=actor())
        row = {"name": made.name, "collector": str(made.uuid), "key": key}
        show_one(row, f'{made.name}\ncollector = "{made.uuid}"\nkey = "{key}"', as_json=as_json)


@collectors.command("key")
def make_key(name: str, tenant_slug: Tenant = None, as_json: AsJson = False) -> None:
    """Make a new key and let it in; the one before counts for nothing. What waits at the site goes with the new one."""
    with tenant(tenant_slug):
        from platen.fleet.collectors import let_in_anew

        found = _named(name)
        key = let_in_anew(found, by=actor())
        show_one(
            {"name": name, "collector": str(found.uuid), "key": key},
            f'{name}\ncollector = "{found.uuid}"\nkey = "{key}"',
            as_json=as_json,
        )


@collectors.command("revoke")
def revoke(name: str, tenant_slug: Tenant = None) -> None:
    """Take nothing from it any more, whoever has its key. What it brought stays; a new key lets it in again."""
    with tenant(tenant_slug):
        from platen.fleet.collectors import revoke_key

        revoke_key(_named(name), by=actor())
        typer.echo(f"The key of {name} is revoked.")


@collectors.command("remove")
def remove(name: str, tenant_slug: Tenant = None) -> None:
    """Forget it and its key. Its devices stay in the list, as they were last read."""
    with tenant(tenant_slug):
        from platen.fleet.collectors import remove_collector

        remove_collector(_named(name), by=actor())
        typer.echo(f"{name} is removed. Its devices stay: platen fleet list shows them.")


@collectors.command("list")
def list_collectors(tenant_slug: Tenant = None, as_json: AsJson = False) -> None:
    """List collectors, with when they last spoke."""
    with tenant(tenant_slug):
        from platen.fleet.collectors import collectors_with_counts

        rows = [
            {
                "name": each.name,
                "collector": each.uuid,
                "enabled": each.enabled,
                "machines": each.machine_count,  # type: ignore[attr-defined]  # annotated
                "last_seen": each.last_seen,
                "silent": each.silent_told,
                "waiting": each.waiting,
                "last_row": each.last_sequence,
                "last_row_at": each.last_row_at,
                "version": each.version,
                "configuration": each.configuration,
            }
            for each in collectors_with_counts()
        ]
        columns = ("name", "collector", "enabled", "machines", "last_seen", "silent", "waiting", "version")
        show(
            rows,
            [Column(key) for key in columns],
            as_json=as_json,
            empty="No collector yet. Add one with `platen collectors add`.",
        )


@collectors.command("set")
def change(
    name: str,
    wishes: Annotated[
        str | None, typer.Option("--wants", help="What home wants of it, as JSON: '{\"read_every_s\": 1800}'.")
    ] = None,
    enabled: Annotated[bool | None, typer.Option("--enabled/--disabled")] = None,
    tenant_slug: Tenant = None,
) -> None:
    """Switch a collector, or say what home wants of it; it takes that with its next word."""
    try:
        given = None if wishes is None else dict(json.loads(wishes))
    except (ValueError, TypeError) as error:
        raise Refusal(f"--wants is no JSON object: {error}. For example: '{{\"read_every_s\": 1800}}'") from error
    with tenant(tenant_slug):
        from platen.fleet.collectors import change_collector

        change_collector(_named(name), by=actor(), enabled=enabled, configuration=given)
        typer.echo(f"{name} is changed.")


@collectors.command("import")
def take_files(
    files: Annotated[list[Path], typer.Argument(help="Envelopes that came by FTPS, SFTP or mail; folders of them.")],
    remove: Annotated[bool, typer.Option("--remove", help="Remove each file once it is taken.")] = False,
    skip_gaps: Annotated[bool, typer.Option("--skip-gaps", help="Go on where files are missing for good.")] = False,
    tenant_slug: Tenant = None,
) -> None:
    """Take envelopes that came as files, in their order. A file that was taken before counts no second time.

    Exit status: 1 where a file could not be taken.
    """
    with tenant(tenant_slug):
        from platen.fleet.envelope_files import take_file, waiting_files

        failed = 0
        for path in waiting_files(files):
            taken = take_file(path, skip_gaps=skip_gaps)
            typer.echo(f"{path.name}: {taken.sentence}")
            failed += not taken.done
            if taken.done and remove:
                path.unlink()
    if failed:
        raise typer.Exit(1)


def _named(name: str) -> Collector:
    from platen.fleet.collectors import collector_by_name

    found = collector_by_name(name)
    if found is None:
        raise Refusal(f"There is no collector {name!r}. `platen collectors list` shows all.")
    return found
