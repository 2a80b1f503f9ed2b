"""Years of history: how long the pages take that show it.

Asked are the functions that the pages call, over SQLite, each time for another machine and another moment.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bench.collect_rows import LAST_DAY, fill
from bench.release import quantiles
from bench.result import Benchmark, Requirement, Result, say
from bench.running import data_directory, environment
from platen.cli.database import tenant

PAGE_MS_MAX = 200
SEED = 20260101


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """How much of it. times: how often each page is asked."""

    machines: int = 50_000
    days: int = 3 * 365
    times: int = 50


def measure(sizes: Sizes) -> Result:
    """Fill, then ask in a process of its own."""
    with data_directory() as data:
        say(f"writing {sizes.machines * sizes.days:,} days of {sizes.machines:,} machines")
        began = time.monotonic()
        fill(data, sizes.machines, days=sizes.days)
        written_s = round(time.monotonic() - began)
        octets = (data / "platen.sqlite3").stat().st_size
        variables = environment(data) | {"DJANGO_SETTINGS_MODULE": "platen.django_settings"}
        command = [sys.executable, "-m", "bench.collect_history", str(sizes.days), str(sizes.times)]
        done = subprocess.run(command, env=variables, check=True, stdout=subprocess.PIPE, text=True)
    pages: dict[str, dict[str, float]] = json.loads(done.stdout)
    for name, times in pages.items():
        say(f"{name}: {times['median']} ms, p95 {times['p95']} ms")
    return Result(
        figures={"written_s": written_s, "database_mb": round(octets / 2**20), **pages},
        requirements=tuple(
            Requirement(f"{name} in less than {PAGE_MS_MAX} ms (p95)", times["p95"] < PAGE_MS_MAX)
            for name, times in pages.items()
        ),
    )


def pages(days: int) -> Iterator[tuple[str, Callable[[], object]]]:
    """Each by its name, and what shows it for a machine and a moment by chance. Raises: LookupError if it is empty."""
    from platen.fleet.forecasts import orders_due, supplies_due
    from platen.fleet.history import days_of, months_of, page_of_days, top_machines
    from platen.fleet.lists import Listing, first_page_and_count, page_of_machines
    from platen.fleet.meters_at import meters_at
    from platen.fleet.models import Machine

    chance = random.Random(SEED)
    machines = list(Machine.objects.values_list("pk", flat=True))

    def machine() -> Machine:
        found: Machine = Machine.objects.get(pk=chance.choice(machines))
        return found

    def day() -> datetime:
        return datetime(LAST_DAY.year, LAST_DAY.month, LAST_DAY.day, 11, tzinfo=UTC) - timedelta(
            days=chance.randrange(days - 2)
        )

    yield "device_days", lambda: page_of_days(machine(), day().date())
    yield "device_year_by_day", lambda: days_of(machine(), LAST_DAY - timedelta(days=365), LAST_DAY)
    yield "device_months", lambda: months_of(machine())
    yield "fleet_by_pages_of_a_month", lambda: top_machines(day().date(), 50)
    yield "fleet_by_pages_of_this_month", lambda: page_of_machines(Listing(order="-pages_month")).machines
    yield "fleet_by_name_with_count", lambda: first_page_and_count(Listing())[0].machines
    yield (
        "fleet_narrowed_by_typing",
        lambda: first_page_and_count(Listing(search=f"floor {chance.choice(machines) % 9}"))[1],
    )
    yield "supplies_due", lambda: supplies_due(14)
    yield "orders_due", lambda: orders_due(LAST_DAY)
    yield "meters_at_a_moment", lambda: meters_at(machine(), day()).values


def asked(days: int, times: int) -> dict[str, dict[str, float]]:
    """Milliseconds of each page."""
    took: dict[str, dict[str, float]] = {}
    for name, show in pages(days):
        each = []
        for _ in range(times):
            began = time.perf_counter()
            found = show()
            each.append(time.perf_counter() - began)
            if not found:
                raise LookupError(f"{name} shows nothing")
        took[name] = quantiles(each)
    return took


def main() -> None:
    """Prints what was measured as JSON."""
    days, times = map(int, sys.argv[1:3])
    with tenant():
        print(json.dumps(asked(days, times)))


BENCHMARK = Benchmark(measure, full=Sizes(), small=Sizes(machines=50, days=100, times=3))

if __name__ == "__main__":
    main()
