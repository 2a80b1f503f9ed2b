"""`platen settings`: every setting with its value and where it came from."""

from __future__ import annotations

import typer

from platen.cli.listing import Column, show
from platen.cli.main import app
from platen.settings import load


@app.command()
def settings(as_json: bool = typer.Option(False, "--json", help="One JSON list.")) -> None:
    """Show each setting, its value and where it came from."""
    _, origins = load()
    rows = [
        {
            "setting": origin.name,
            "value": "***" if origin.secret and origin.value else _text(origin.value),
            "from": origin.source,
            "about": origin.doc,
        }
        for origin in origins
    ]
    show(rows, [Column("setting"), Column("value"), Column("from"), Column("about")], as_json=as_json)


def _text(value: object) -> object:
    return value if isinstance(value, int | float | bool | None) else str(value)
