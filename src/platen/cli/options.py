"""Options that many commands share."""

from __future__ import annotations

import getpass
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from platen.eventlog.actor import Actor

AsJson = Annotated[bool, typer.Option("--json", help="JSON instead of a table.")]
Tenant = Annotated[str | None, typer.Option("--tenant", help="Tenant by its short name; the default one if left out.")]
SeenBy = Annotated[str | None, typer.Option("--as", help="Only what this person may see and change, by their logon.")]
Limit = Annotated[int, typer.Option("--limit", help="At most so many.", min=1, max=100_000)]


def actor() -> Actor:
    """Whoever runs the command, for the audit trail."""
    from platen.eventlog.actor import Actor

    try:
        name = getpass.getuser()
    except (KeyError, OSError):  # a container without an entry for its user
        name = "unknown"
    return Actor(name, None, "command line")
