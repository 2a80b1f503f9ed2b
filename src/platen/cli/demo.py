"""`platen demo`: a running Platen with people, cards, prices and two virtual printers, and its main job shown."""

from __future__ import annotations

import os
import shutil
import sys
import time
from pathlib import Path

import typer
import uvloop
from rich.console import Console

from platen.cli.database import Refusal, tenant
from platen.cli.main import app

_MARK = "demo"  # a file that says: this directory is a demonstration's and may be emptied


@app.command()
def demo(
    data: Path = typer.Option(Path("demo-data"), help="Its own data directory."),
    fresh: bool = typer.Option(False, "--fresh", help="Begin with an empty data directory."),
    once: bool = typer.Option(False, "--once", help="End after the show; exit status 0 if all went as it should."),
) -> None:
    """Show the main job: printed, held, released with a card, counted, priced. Then stay up to be looked at."""
    started = time.monotonic()
    _prepare(data, fresh=fresh)
    from platen.demo.environment import choose_environment

    choose_environment(os.environ, data.resolve())
    from platen.settings import load

    settings, _ = load()
    console = Console(highlight=False, soft_wrap=True)
    console.print("[bold]Platen[/bold]: a demonstration with virtual printers, on this machine only.")
    from platen.cli.serve import prepare

    prepare(settings)
    with tenant(log_level=settings.log_level) as tenant_id:
        from platen.demo.running import demonstrate
        from platen.demo.show import Unexpected

        try:
            uvloop.run(demonstrate(settings, tenant_id, console, started=started, once=once))
        except Unexpected as error:
            raise Refusal(f"The demonstration did not go as it should: {error}.") from error
        except OSError as error:
            raise Refusal(f"The demonstration could not start: {error}.") from error
    sys.exit(0)


def _prepare(data: Path, *, fresh: bool) -> None:
    mark = data / _MARK
    if data.exists() and any(data.iterdir()) and not mark.exists():
        raise Refusal(f"{data} holds something else. Name another directory with --data.")
    if fresh and data.exists():
        shutil.rmtree(data)
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    mark.touch()
