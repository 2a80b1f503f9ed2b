"""Entry point: finds the settings, then the command."""

from __future__ import annotations

import importlib
import os
import sys

import typer
from rich.console import Console

from platen import __version__

app = typer.Typer(
    name="platen",
    help="Open print management: hold, release with a card, count, price.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
_errors = Console(stderr=True)


def main() -> None:
    """Run the command line. Exit status: 0 done, 1 refused with a sentence on standard error, 2 wrong usage."""
    # Whatever a command makes (keys, database, spool) is for the server's user alone.
    os.umask(0o077)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "platen.django_settings")
    from platen.cli.refusal import Refusal
    from platen.settings import SettingsError

    # A collector alone is small: only its own commands are loaded, and no Django.
    importlib.import_module("platen.cli.collector" if sys.argv[1:2] == ["collector"] else "platen.cli.commands")
    try:
        app()
    except (SettingsError, Refusal) as error:
        _errors.print(f"platen: {error}", style="red", highlight=False, markup=False, soft_wrap=True)
        sys.exit(1)


@app.command()
def version() -> None:
    """Show the version."""
    typer.echo(f"Platen {__version__}")
