"""`platen doctor`: looks at everything a server needs, and says what to do about what it finds."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime

import typer
from rich.console import Console
from rich.text import Text

from platen.cli.checks.finding import Finding, Level, problem
from platen.cli.checks.machine import (
    check_clock,
    check_confinement,
    check_data_directory,
    check_descriptors,
    check_keys,
    check_room,
)
from platen.cli.checks.network import check_announcements, check_certificate, check_devices, check_proxies
from platen.cli.checks.ports import check_ports
from platen.cli.main import app
from platen.settings import Settings, load

_SIGNS = {Level.OK: ("✓", "green"), Level.WARNING: ("!", "yellow"), Level.PROBLEM: ("✗", "red")}


@app.command()
def doctor(as_json: bool = typer.Option(False, "--json", help="One JSON list.")) -> None:
    """Check data directory, disk, database, clock, ports, certificates, devices and people.

    Exit status: 0 when nothing stands in the way, 1 when there is a problem.
    """
    settings, _ = load()
    found: list[Finding] = []
    for finding in _examine(settings):
        found.append(finding)
        if not as_json:
            _say(finding)
    if as_json:
        json.dump([asdict(finding) for finding in found], sys.stdout, ensure_ascii=False, indent=2)
        sys.stdout.write("\n")
    problems = sum(finding.level is Level.PROBLEM for finding in found)
    warnings = sum(finding.level is Level.WARNING for finding in found)
    if not as_json:
        typer.echo(f"\n{problems} problems, {warnings} warnings." if problems or warnings else "\nAll is well.")
    if problems:
        raise typer.Exit(1)


def _say(finding: Finding) -> None:
    sign, color = _SIGNS[finding.level]
    line = Text.assemble((sign, color), " ", (finding.area, "bold"), ": ", finding.message)
    console = Console(highlight=False, soft_wrap=True)
    console.print(line)
    if finding.advice:
        console.print(Text.assemble("    → ", finding.advice))


def _examine(settings: Settings) -> Iterator[Finding]:
    now = datetime.now(UTC)
    yield from check_data_directory(settings)
    yield from check_room(settings)
    yield from check_descriptors(settings)
    yield from check_confinement(settings)
    yield from check_keys(settings)
    yield from check_certificate(settings, now)
    yield from check_announcements(settings)
    # Looking further makes what a first start makes: keys and the database.
    if not (settings.data / "keys" / "master").exists():
        yield from check_clock(now, None)
        yield from check_ports(settings, None)
        return
    yield from _examine_data(settings, now)


def _examine_data(settings: Settings, now: datetime) -> Iterator[Finding]:
    from platen.cli.database import set_up

    set_up("error")
    from platen.cli.checks import stores
    from platen.printing.node_spool import node_spool

    try:
        server = node_spool().holder()
    except OSError as error:
        yield problem("keys", str(error), "Restore the data directory's keys from a backup.")
        return
    yield from check_ports(settings, server)
    state = stores.DatabaseState()
    yield from stores.check_database(state)
    if not state.usable:
        yield from check_clock(now, None)
        return
    yield from check_clock(now, stores.last_event_at())
    yield from check_proxies(settings, now)
    yield from stores.check_organisations()
    yield from stores.check_spool(running=server is not None)
    from platen.devices.models import Device

    yield from check_devices(list(Device.everywhere.order_by("id")))
