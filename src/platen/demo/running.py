"""The demonstration's server and printers, all in one process."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import time
from collections.abc import AsyncIterator
from pathlib import Path

from django.utils import timezone
from rich.console import Console

from platen.demo import site
from platen.demo.campus_fleet import switched_on
from platen.demo.printers import PrintEngine, VirtualIppPrinter, VirtualRawPrinter
from platen.demo.show import Show, Unexpected
from platen.demo.show_fleet import NotFound, give_past, show_fleet
from platen.devices.queries import device_by_name
from platen.devices.services import new_pairing_code
from platen.services.database import Database
from platen.services.node import Addresses, Node
from platen.settings import Settings

PAGE_S = 0.15  # slow enough to watch the progress at the panel
_BINDS_TO_ALL = {"0.0.0.0", "::"}  # noqa: S104  # compared, not bound


@contextlib.asynccontextmanager
async def printers(keep_in: Path) -> AsyncIterator[tuple[VirtualIppPrinter, VirtualRawPrinter]]:
    """Two virtual printers, switched on: IPP in colour, and raw with PJL."""
    colour = VirtualIppPrinter(site.IPP_DEVICE, PrintEngine(page_s=PAGE_S, keep_in=keep_in / "copy-room"))
    black = VirtualRawPrinter(site.RAW_DEVICE, PrintEngine(page_s=PAGE_S, keep_in=keep_in / "warehouse"))
    async with colour, black:
        yield colour, black


async def demonstrate(settings: Settings, tenant_id: int, console: Console, *, started: float, once: bool) -> None:
    """Set everything up, show it, and stay until told to stop. Raises: Unexpected; OSError for a port that is taken."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with printers(settings.data / "printed") as (colour, black), switched_on() as campus:
        node = Node(settings)
        password = await node.database.run(tenant_id, site.set_up, colour.uri, black.uri)
        async with node.running() as addresses:
            console.print(f"Started in {time.monotonic() - started:.1f} s.")
            show = Show(console, node.database, tenant_id, addresses, colour, black)
            task = asyncio.create_task(_everything(show, console, node.database, tenant_id, campus.port), name="show")
            stopped = asyncio.create_task(stop.wait(), name="stop")
            await asyncio.wait({task, stopped}, return_when=asyncio.FIRST_COMPLETED)
            if not task.done():
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)
                stopped.cancel()
                return
            task.result()
            codes = await node.database.run(tenant_id, _pairing_codes)
            _say_where(console, settings, addresses, password, codes)
            past = asyncio.create_task(give_past(node.database, tenant_id), name="past")
            await asyncio.wait({stopped} if not once else {past, stopped}, return_when=asyncio.FIRST_COMPLETED)
            for each in (past, stopped):
                each.cancel()
            for ended in await asyncio.gather(past, return_exceptions=True):
                if isinstance(ended, Exception):
                    raise ended
            console.print("\nStopping.")


async def _everything(show: Show, console: Console, database: Database, tenant_id: int, snmp_port: int) -> None:
    """The main job, then the fleet. Raises: Unexpected."""
    await show.run()
    try:
        await show_fleet(console, database, tenant_id, snmp_port)
    except NotFound as error:
        raise Unexpected(str(error)) from error


def _pairing_codes() -> dict[str, str]:
    codes = {}
    for name in (site.IPP_DEVICE, site.RAW_DEVICE):
        device = device_by_name(name)
        if device is not None:
            codes[name] = new_pairing_code(device, by=site.BY, now=timezone.now())
    return codes


def _say_where(
    console: Console, settings: Settings, addresses: Addresses, password: str, codes: dict[str, str]
) -> None:
    host = "localhost" if settings.bind in {*_BINDS_TO_ALL, site.LOOPBACK} else settings.bind
    base = f"http://{host}:{addresses.http}"
    lines = [
        "",
        "[bold]Look for yourself[/bold]",
        f"   Console   {base}/   sign in as [bold]admin[/bold] with [bold]{password}[/bold]",
        f"   Panel     {base}/panel/   pair it with a code, valid for 15 minutes:",
        *(f"             {name}: [bold]{code}[/bold]" for name, code in codes.items()),
        f"   Printer   ipp://{host}:{addresses.http}/ipp/print (held), …/ipp/print/{site.PUSH_QUEUE} (at once)",
        f"   Add it    lpadmin -p platen -E -m everywhere -v ipp://{host}:{addresses.http}/ipp/print (where CUPS runs)",
        "   Cards     " + ", ".join(f"{each.name} {each.card}" for each in site.PEOPLE),
        f"             at the reader: printf '0417A2C4\\r\\n' | nc -q1 {site.LOOPBACK} {addresses.readers}",
        f"   Printed   {settings.data / 'printed'}",
        f"   Commands  PLATEN_DATA={settings.data} platen jobs list (or usage list, users list, doctor, …)",
    ]
    for line in lines:
        console.print(line, highlight=False, soft_wrap=True)
    console.print("\nCtrl-C stops everything.", highlight=False)
