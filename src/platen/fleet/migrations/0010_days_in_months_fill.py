"""Days that were rows of their own go into the months that they belong to, a machine at a time."""

import json
from collections.abc import Sequence
from itertools import groupby
from typing import Any

from django.db import migrations

TOTALS = {"total": "pages", "total.color": "color"}


def fill(apps: Any, _editor: Any) -> None:
    """Days of months that are kept no longer become months again."""
    days, months = apps.get_model("fleet", "DayMeters"), apps.get_model("fleet", "MonthMeters")
    machines = days.objects.order_by("machine_id").values_list("machine_id", flat=True).distinct()
    for machine_id in machines.iterator(chunk_size=500):
        rows = days.objects.filter(machine_id=machine_id).order_by("day")
        for first, of_month in groupby(rows, key=lambda row: row.day.replace(day=1)):
            in_it = list(of_month)
            text = packed(in_it)
            if not months.objects.filter(machine_id=machine_id, day=first).update(days=text):
                months.objects.create(
                    tenant_id=in_it[0].tenant_id,
                    machine_id=machine_id,
                    day=first,
                    pages=sum(row.pages for row in in_it),
                    color=sum(row.color for row in in_it),
                    days=text,
                )


def packed(rows: Sequence[Any]) -> str:
    """As a month keeps its days."""
    names: list[str] = []
    days: list[list[int]] = []
    notes: dict[str, list[Any]] = {}
    for row in rows:
        moved = {name: getattr(row, column) for name, column in TOTALS.items()} | row.moved
        names += [name for name, move in moved.items() if move and name not in names]
        moves = [moved.get(name, 0) for name in names]
        while moves and not moves[-1]:
            moves.pop()
        days.append([row.day.day, *moves])
        if row.gap or row.at_end:
            notes[str(row.day.day)] = [row.gap, row.at_end]
    return json.dumps([names, days, notes], separators=(",", ":"), ensure_ascii=False)


def unfill(apps: Any, _editor: Any) -> None:
    """Days are rows of their own again."""
    days, months = apps.get_model("fleet", "DayMeters"), apps.get_model("fleet", "MonthMeters")
    for month in months.objects.exclude(days="").order_by("machine_id", "day").iterator(chunk_size=500):
        names, rows, notes = json.loads(month.days)
        for number, *moves in rows:
            moved = dict(zip(names, moves, strict=False))
            totals = {column: moved.pop(name, 0) for name, column in TOTALS.items()}
            gap, at_end = notes.get(str(number), ("", {}))
            days.objects.create(
                tenant_id=month.tenant_id,
                machine_id=month.machine_id,
                day=month.day.replace(day=number),
                moved={name: move for name, move in moved.items() if move},
                gap=gap,
                at_end=at_end,
                **totals,
            )


class Migration(migrations.Migration):
    dependencies = [
        ("fleet", "0009_days_in_months_add"),
    ]

    operations = [
        migrations.RunPython(fill, unfill, elidable=True),
    ]
