"""Fills a data directory with machines, and with years of their history. Rows go straight into the tables.

Run as `python -m bench.collect_rows MACHINES PORT DAYS` with PLATEN_DATA set: so many machines at the addresses of the
simulated fleet, none of them read yet, and the meters of so many days of each.
"""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from django.db import connection, transaction

from bench.running import environment
from bench.seed import hurried
from bench.table import Table, batches
from platen.cli.database import tenant
from platen.demo.fleet.population import address

LAST_DAY = date(2026, 10, 31)
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


def add_days(days: int) -> None:
    """The meters of each of the last days before LAST_DAY, of every machine, and of the months that these make.

    Written by SQLite itself: tens of millions of rows that differ by machine and day, with quiet weekends.
    """
    if connection.vendor != "sqlite":
        raise SystemExit("History is measured on SQLite: its rows are made by a statement of SQLite's own.")
    first = LAST_DAY - timedelta(days=days - 1)
    with connection.cursor() as cursor:  # what is written is right; looking at every row again takes most of the time
        cursor.execute("PRAGMA foreign_keys=OFF")
        cursor.execute("PRAGMA ignore_check_constraints=ON")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DROP INDEX day_of_fleet")
        cursor.execute("CREATE TEMPORARY TABLE day_moves (pages INTEGER PRIMARY KEY, moved TEXT)")
        cursor.execute(_DAY_MOVES)
        cursor.execute(_DAYS, {"first": first.isoformat(), "days": days})
        cursor.execute('CREATE INDEX day_of_fleet ON fleet_daymeters ("tenant_id", "day")')
        cursor.execute(_MONTHS)
        for statement in (_MACHINES, _PLACES, _SUPPLIES):
            cursor.execute(statement)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


_MOVED = """printf('{"print":%d,"print.mono":%d,"copy":%d,"scan":%d}', pages*4/5, pages*3/5, pages/5, pages/7)"""
_AT_END = """json_object('total', 10000 + machine_id % 900000, 'total.color', 2000, 'print', 8000, 'print.mono', 6000,
    'copy', 2000, 'scan', 1500)"""
_DAY_MOVES = f"""
INSERT INTO day_moves
WITH RECURSIVE counts(pages) AS (SELECT 1 UNION ALL SELECT pages + 1 FROM counts WHERE pages < 600)
SELECT pages, {_MOVED} FROM counts
"""
_DAYS = f"""
INSERT INTO fleet_daymeters (tenant_id, machine_id, day, pages, color, moved, at_end, gap)
WITH RECURSIVE numbers(number, day) AS (
    SELECT 0, %(first)s UNION ALL SELECT number + 1, date(day, '+1 day') FROM numbers WHERE number + 1 < %(days)s
), days AS MATERIALIZED (
    SELECT number, day, strftime('%%w', day) IN ('0', '6') AS is_weekend FROM numbers
), counted AS (
    SELECT tenant_id, device_id AS machine_id, number, day,
        iif(is_weekend, 3, 1 + (device_id * 7919 + number * 104729) %% 600) AS pages
    FROM fleet_machine CROSS JOIN days
)
SELECT tenant_id, machine_id, day, counted.pages, counted.pages * 27 / 100, moved,
    CASE number WHEN 0 THEN {_AT_END.replace("%", "%%")} ELSE '{{}}' END, ''
FROM counted CROSS JOIN day_moves ON day_moves.pages = counted.pages
"""
_MONTHS = f"""
INSERT INTO fleet_monthmeters (tenant_id, machine_id, day, pages, color, moved, at_end, gap)
SELECT tenant_id, machine_id, day, pages, pages * 27 / 100, {_MOVED}, {_AT_END}, ''
FROM (
    SELECT tenant_id, machine_id, substr(day, 1, 7) || '-01' AS day, sum(pages) AS pages
    FROM fleet_daymeters GROUP BY tenant_id, machine_id, substr(day, 1, 7)
)
"""

_MACHINES = """
UPDATE fleet_machine SET pages = 10000 + device_id % 900000, pages_month = device_id * 7919 % 12000,
    meters = json_object('total', 10000 + device_id % 900000), maker = 'Halden', model = 'C' || (device_id % 97),
    serial = 'HC' || printf('%08d', device_id * 7919 % 99999999), asset_number = 'A-' || device_id,
    host_name = 'prn-' || device_id || '.campus.example', mac = printf('%012x', device_id * 104729)
"""
_PLACES = "UPDATE devices_device SET location = 'Building ' || (id % 40) || ', floor ' || (id % 9)"
_SUPPLIES = """
INSERT INTO fleet_supply (tenant_id, machine_id, key, kind, color, description, state, percent, unit, receptacle,
    part_number, serial, source, days_left, empty_on, order_by, low, forecast_due)
WITH colors(number, color) AS (VALUES (0, 'black'), (1, 'cyan'), (2, 'magenta'), (3, 'yellow')), supplies AS (
    SELECT tenant_id, device_id, number, color, (device_id * 7919 + number * 31) % 400 AS days
    FROM fleet_machine, colors
)
SELECT tenant_id, device_id, number, 'toner', color, '', 'level', 1 + days % 100, '', 0, '', '', '',
    CASE WHEN days % 10 THEN days END, date('2026-10-31', days || ' days'),
    CASE WHEN days % 10 THEN date('2026-10-31', (days - 7) || ' days') END, days % 90 = 0, 0
FROM supplies
"""


def main() -> None:
    """As the arguments say."""
    machines, port, days = map(int, sys.argv[1:4])
    with tenant(), hurried():
        add_machines(machines, port)
        if days:
            add_days(days)
    os.sync()


if __name__ == "__main__":
    main()
