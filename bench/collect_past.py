"""Years of history of a fleet, straight into the tables: months with their days, readings, states, supplies, alerts.

Days follow a pattern by machine and day, with quiet weekends: there are so few different months that each is
made once, as Platen stores it, and SQLite copies it to the machines. They are written one after the other, as they
pass, so that the months of a machine lie as far apart as in life.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import groupby

from django.db import connection, transaction

from platen.policy.fleet.month_days import MonthDays
from platen.policy.fleet.rollups import month_of, total_of
from platen.services.statistics import Statistics

PATTERNS = 600
LAST_DAY = datetime.now(UTC).date()


def add_past(days: int) -> None:
    """The meters of each of the last days of every machine, and what else is kept of these and shorter times."""
    if connection.vendor != "sqlite":
        raise SystemExit("History is measured on SQLite: its rows are made by a statement of SQLite's own.")
    first = LAST_DAY - timedelta(days=days - 1)
    with connection.cursor() as cursor:  # what is written is right; looking at every row again takes most of the time
        cursor.execute("PRAGMA journal_mode=OFF")
        cursor.execute("PRAGMA foreign_keys=OFF")
        cursor.execute("PRAGMA ignore_check_constraints=ON")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMPORARY TABLE past (pattern, day, pages, color, moved, days, PRIMARY KEY (day, pattern))"
        )
        cursor.executemany("INSERT INTO past VALUES (%s, %s, %s, %s, %s, %s)", list(_months(first, days)))
        known: dict[str, str | int] = {
            "last": LAST_DAY.isoformat(),
            "month": month_of(LAST_DAY).isoformat(),
            "days": days,
        }
        known |= {name: json.dumps(value) for name, value in _SAID.items()}
        for statement in (_MONTHS, _FLEET, _READINGS, _MACHINES, _PLACES, _STATES, _SUPPLIES, _LEVELS, _ALERTS):
            cursor.execute(statement, known)
    Statistics().gather()


def _months(first: date, days: int) -> Iterator[tuple[str | int, ...]]:
    """Every different month, each with its days."""
    for pattern in range(PATTERNS):
        of_machine = [(first + timedelta(days=number), number) for number in range(days)]
        for month, in_it in groupby(of_machine, key=lambda each: month_of(each[0])):
            kept, moves = MonthDays(), []
            for day, number in in_it:
                moves.append(_moved(pattern, day, number))
                kept.add(day.day, moves[-1], at_end=_BEGUN if number == 0 else None)
            moved = total_of(moves)
            pages, color = moved.pop("total"), moved.pop("total.color", 0)
            yield pattern, month.isoformat(), pages, color, json.dumps(moved), kept.text


def _moved(pattern: int, day: date, number: int) -> dict[str, int]:
    pages = 3 if day.weekday() > 4 else 1 + (pattern + number * 104_729) % PATTERNS
    parts = {"total.color": pages * 27 // 100, "print": pages * 4 // 5, "print.mono": pages * 3 // 5}
    return {"total": pages} | {name: move for name, move in parts.items() if move} | {"copy": pages // 5 or 1}


_TRAY = {"media": "iso_a4_210x297mm", "capacity": 500, "level": 120, "percent": 24, "state": "level", "source": ""}
_SAID: dict[str, object] = {
    "trays": [{"key": str(number), "name": f"Tray {number}"} | _TRAY for number in range(1, 5)],
    "facts": {
        "description": "Halden C458; firmware 4.12; controller 2.0; network 1.8",
        "functions": ["copy", "print", "scan"],
        "color": True,
        "duplex": True,
        "reasons": [],
        "lights": {"Ready": "on", "Attention": "off"},
        "notes": [],
    },
    "latest": [["idle", ["Ready to copy, print or scan."], [], {"Ready": "on"}, 1854485, None], []],
}
"""What is stored of each machine beside its meters: as much as of a real one."""
_BEGUN = {"total": 10_000, "total.color": 2_000, "print": 8_000, "print.mono": 6_000, "copy": 2_000}
_PATTERN = f"(device_id * 7919 %% {PATTERNS})"
_MONTHS = f"""
INSERT INTO fleet_monthmeters (tenant_id, machine_id, day, pages, color, moved, at_end, gap, days)
SELECT tenant_id, device_id, day, past.pages, color, moved, iif(day < %(month)s, json_object(
    'total', 10000 + device_id * 997 %% 900000, 'total.color', 2000, 'print', 8000, 'print.mono', 6000, 'copy', 2000
), '{{}}'), '', days
FROM (SELECT DISTINCT day FROM past) CROSS JOIN fleet_machine JOIN past USING (day)
WHERE past.pattern = {_PATTERN} ORDER BY day, device_id
"""
_FLEET = """
INSERT INTO fleet_fleetday (tenant_id, day, pages, color)
WITH RECURSIVE numbers(number) AS (SELECT 0 UNION ALL SELECT number + 1 FROM numbers WHERE number + 1 < %(days)s)
SELECT id, date(%(last)s, (-number) || ' days'), 9000000 + number %% 7 * 1000000, 3000000
FROM numbers CROSS JOIN (SELECT min(tenant_id) AS id FROM fleet_machine)
"""
_READINGS = """
INSERT INTO fleet_meterreading (tenant_id, machine_id, at, moved, pages, suspicion, raw)
WITH RECURSIVE numbers(number) AS (SELECT 59 UNION ALL SELECT number - 1 FROM numbers WHERE number > 0)
SELECT tenant_id, device_id, datetime(%(last)s, (-number) || ' days', '7 hours'), '{"total":30,"print":20,"copy":10}',
    10000 + device_id %% 900000, iif((device_id + number) %% 900 = 0, 'The counter fell.', ''),
    iif((device_id + number) %% 900 = 0, x'78', NULL)
FROM numbers CROSS JOIN fleet_machine
"""
_MACHINES = """
UPDATE fleet_machine SET pages = 10000 + device_id %% 900000, pages_month = device_id * 7919 %% 12000,
    meters = json_object('total', 10000 + device_id %% 900000, 'total.color', 2000, 'print', 8000, 'print.mono', 6000,
    'copy', 2000, 'scan', 900), trays = %(trays)s, facts = %(facts)s, latest = %(latest)s,
    maker = 'Halden', model = 'C' || (device_id %% 97),
    serial = 'HC' || printf('%%08d', device_id * 7919 %% 99999999), asset_number = 'A-' || device_id,
    host_name = 'prn-' || device_id || '.campus.example', mac = printf('%%012x', device_id * 104729),
    power = iif(device_id %% 25 = 0, 'no-response', 'on'), severity = iif(device_id %% 11 = 0, device_id %% 3 + 1, 0),
    read_at = datetime(%(last)s, '7 hours'), counted_at = datetime(%(last)s, '7 hours'),
    found_at = datetime(%(last)s, '-1100 days')
"""
_PLACES = "UPDATE devices_device SET location = 'Building ' || (id %% 40) || ', floor ' || (id %% 9)"
_STATES = """
INSERT INTO fleet_statespan (tenant_id, machine_id, state, began_at, ended_at)
WITH RECURSIVE numbers(number) AS (SELECT 59 UNION ALL SELECT number - 1 FROM numbers WHERE number > 0), begun AS (
    SELECT tenant_id, device_id, number,
        datetime(%(last)s, -(2 * number + 1) || ' days', ((device_id * 7919 + number * 31) %% 1440) || ' minutes') AS at
    FROM numbers CROSS JOIN fleet_machine
)
SELECT tenant_id, device_id, CASE device_id * 31 %% 5 WHEN 0 THEN 'error' WHEN 1 THEN 'off' WHEN 2 THEN 'silent'
    WHEN 3 THEN 'service' ELSE 'warning' END, at, datetime(at, (1 + device_id %% 500) || ' minutes') FROM begun
UNION ALL
SELECT tenant_id, device_id, 'ready', datetime(at, (1 + device_id %% 500) || ' minutes'), CASE number WHEN 0 THEN NULL
    ELSE datetime(%(last)s, -(2 * number - 1) || ' days',
    ((device_id * 7919 + (number - 1) * 31) %% 1440) || ' minutes')
    END FROM begun
"""
_COLORS = "colors(number, color) AS (VALUES (0, 'black'), (1, 'cyan'), (2, 'magenta'), (3, 'yellow'))"
_SUPPLIES = f"""
INSERT INTO fleet_supply (tenant_id, machine_id, key, kind, color, description, state, percent, unit, receptacle,
    part_number, serial, source, days_left, empty_on, order_by, low, forecast_due)
WITH {_COLORS}, supplies AS (
    SELECT tenant_id, device_id, number, color, (device_id * 7919 + number * 31) %% 400 AS days
    FROM fleet_machine, colors
)
SELECT tenant_id, device_id, number, 'toner', color, '', 'level', 1 + days %% 100, '', 0, '', '', '',
    CASE WHEN days %% 10 THEN days END, date(%(last)s, days || ' days'),
    CASE WHEN days %% 10 THEN date(%(last)s, (days - 7) || ' days') END, days %% 90 = 0, 0
FROM supplies
"""
_LEVELS = f"""
INSERT INTO fleet_supplyevent (tenant_id, machine_id, key, at, kind, percent, pages, detail)
WITH RECURSIVE numbers(number) AS (SELECT 19 UNION ALL SELECT number - 1 FROM numbers WHERE number > 0), {_COLORS}
SELECT tenant_id, device_id, colors.number, datetime(%(last)s, (-numbers.number * 7) || ' days', '7 hours'),
    iif(numbers.number = 9, 'replaced', 'level'), 5 * (1 + (numbers.number + 11) %% 20), 10000, '{{}}'
FROM numbers CROSS JOIN fleet_machine CROSS JOIN colors
"""
_ALERTS = """
INSERT INTO fleet_alert (tenant_id, machine_id, key, severity, level, training, code, description, "group", source,
    began_at, cleared_at)
WITH RECURSIVE numbers(number) AS (SELECT 19 UNION ALL SELECT number - 1 FROM numbers WHERE number > 0)
SELECT tenant_id, device_id, 'tray.' || number, 1 + number %% 3, 'warning', 'untrained', 'input-media-supply-empty',
    'Tray empty', 'input', '', datetime(%(last)s, (-number * 5) || ' days', '7 hours'),
    iif(number, datetime(%(last)s, (-number * 5) || ' days', '9 hours'), NULL)
FROM numbers CROSS JOIN fleet_machine WHERE number OR device_id %% 11 = 0
"""
