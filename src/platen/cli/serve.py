"""`platen serve`: the node itself."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import signal

import typer
import uvloop

from platen.cli.database import Refusal, tenant
from platen.cli.main import app
from platen.settings import Settings


@app.command()
def serve(
    services: str = typer.Option("", help="Services to run, by commas: console, print, panel, output, work."),
) -> None:
    """Run the server until it is told to stop (SIGTERM, Ctrl-C)."""
    if services:
        os.environ["PLATEN_SERVICES"] = services
    from platen.settings import load

    settings, _ = load()
    password = prepare(settings)
    from platen.printing.spool import SpoolInUse

    try:
        uvloop.run(_serve(settings, password))
    except SpoolInUse as error:
        raise Refusal(str(error)) from error
    except OSError as error:
        if error.errno not in {errno.EADDRINUSE, errno.EACCES}:
            raise
        raise Refusal(f"{error.strerror}. Another program may have the port; `platen doctor` says which.") from error


def prepare(settings: Settings) -> str | None:
    """Make a new data directory usable. Returns: the one-time administrator password, when one was just made."""
    from platen.services.allocator import keep_arenas_few

    keep_arenas_few()
    settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tenant(log_level=settings.log_level):
        from platen.access.passwords import ensure_administrator
        from platen.devices.services import ensure_default_queue

        ensure_default_queue()
        return ensure_administrator()


async def _serve(settings: Settings, password: str | None) -> None:
    from platen.services.node import Node

    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    node = Node(settings)
    async with node.running() as addresses:
        _say(settings, addresses.http, password)
        await stop.wait()
        for number in (signal.SIGTERM, signal.SIGINT):  # a second one ends at once
            with contextlib.suppress(ValueError):
                loop.remove_signal_handler(number)


def _say(settings: Settings, port: int, password: str | None) -> None:
    host = "localhost" if settings.bind in {"0.0.0.0", "::"} else settings.bind  # noqa: S104  # compared, not bound
    address = settings.public_url.rstrip("/") or f"http://{host}:{port}"
    typer.echo(f"Platen is ready. Console: {address}/   Print to: {address.replace('http', 'ipp', 1)}/ipp/print")
    if password is not None:
        typer.echo(f"First sign-in: admin / {password}   (you choose your own password then)")
