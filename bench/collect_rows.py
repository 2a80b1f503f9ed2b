"""Fills a data directory with machines, and with years of their history (`collect_past`). Rows go straight in.

Run as `python -m bench.collect_rows MACHINES PORT DAYS` with PLATEN_DATA set: so many machines at the addresses of the
simulated fleet, none of them read yet, and the meters of so many days of each.
"""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from bench.running import environment
from bench.seed import hurried
from bench.table import Table, batches
from platen.cli.database import tenant
from platen.demo.fleet.population import address

A_DAY_S = 86_400  # so that machines are read when a benchmark says so
NOT_YET = datetime(2100, 1, 1, tzinfo=UTC)


def fill(data: Path, machines: int, *, port: int = 161, days: int = 0) -> None:
    """Do that in a process of its own. Raises: CalledProcessError."""
    command = [sys.executable, "-m", "bench.collect_rows", str(machines), str(port), str(days)]
    variables = environment(data) | {"DJANGO_SETTINGS_MODULE": "platen.django_settings"}
    subprocess.run(command, env=variables, check=True, stdout=subprocess.DEVNULL)


def add_machines(count: int, port: int) -> None:
    """Machine number n at `address(n)`, which nobody reads until somebody wants it to be."""
    from platen.devices.models import Device
    from platen.fleet.models import FleetSettings, Machine
    from platen.tenants.context import current_tenant_id

    tenant_id = current_tenant_id()
    FleetSettings.objects.create(status_every_s=A_DAY_S, counters_every_s=A_DAY_S)
    table = Table(Device(tenant_id=tenant_id, name="", uri=""), ("name",))
    for numbers in batches(range(count)):
        table.add((_name(number),) for number in numbers)
    ids = list(Device.objects.filter(name__startswith="machine ").order_by("name").values_list("id", flat=True))
    common = {"tenant_id": tenant_id, "port": port, "due_at": NOT_YET, "found_by": "benchmark"}
    for some in batches(enumerate(ids)):
        Machine.objects.bulk_create(
            Machine(device_id=device_id, address=address(number), **common) for number, device_id in some
        )


def _name(number: int) -> str:
    return f"machine {number:06}"


def main() -> None:
    """As the arguments say."""
    machines, port, days = map(int, sys.argv[1:4])
    with tenant(), hurried():
        add_machines(machines, port)
        if days:
            from bench.collect_past import add_past

            add_past(days)
    os.sync()


if __name__ == "__main__":
    main()
