"""Years of history: how long the pages take that show it.

Asked are the functions that the pages call, and whole pages of the console as an administrator gets them, over SQLite,
each time for another machine and another moment.
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
from http import HTTPStatus
from typing import TYPE_CHECKING
from uuid import UUID

from bench.collect_past import LAST_DAY
from bench.collect_rows import fill
from bench.release import quantiles
from bench.result import Benchmark, Requirement, Result, say
from bench.running import data_directory, environment
from platen.cli.database import tenant

if TYPE_CHECKING:
    from django.test import Client

    from platen.fleet.models import Machine

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
    found = json.loads(done.stdout)
    pages: dict[str, dict[str, float]] = found.pop("pages")
    for name, times in pages.items():
        say(f"{name}: {times['median']} ms, p95 {times['p95']} ms")
    return Result(
        figures={"written_s": written_s, "database_mb": round(octets / 2**20), **found, **pages},
        requirements=tuple(
            Requirement(f"{name} in less than {PAGE_MS_MAX} ms (p95)", times["p95"] < PAGE_MS_MAX)
            for name, times in pages.items()
        ),
    )


class Chance:
    """A machine, a day, a text by chance."""

    def __init__(self, days: int) -> None:
        from platen.fleet.models import Machine

        self._random, self._days = random.Random(SEED), days
        self._machines = list(Machine.objects.values_list("pk", "device__uuid"))

    def key(self) -> int:
        """Of a machine."""
        return int(self._random.choice(self._machines)[0])

    def machine(self) -> Machine:
        """As it is stored."""
        from platen.fleet.models import Machine

        found: Machine = Machine.objects.get(pk=self.key())
        return found

    def uuid(self) -> UUID:
        """Of a device."""
        found: UUID = self._random.choice(self._machines)[1]
        return found

    def moment(self) -> datetime:
        """Before today."""
        noon = datetime(LAST_DAY.year, LAST_DAY.month, LAST_DAY.day, 11, tzinfo=UTC)
        return noon - timedelta(days=1 + self._random.randrange(self._days - 2))

    def typed(self) -> str:
        """What somebody types to narrow a list."""
        key = self.key()
        texts = (
            f"floor {key % 9}",
            f"machine {key % 50_000:06}"[:12],
            f"HC{key % 100:02}",
            f"A-{key}",
            "no such thing",
        )
        return self._random.choice(texts)


def functions(chance: Chance) -> Iterator[tuple[str, Callable[[], object]]]:
    """What pages ask, each by its name."""
    from platen.fleet.forecasts import orders_due, supplies_due
    from platen.fleet.history import days_of, months_of, page_of_days, top_machines
    from platen.fleet.lists import Listing, first_page_and_count, page_of_machines
    from platen.fleet.meters_at import meters_at
    from platen.fleet.state_summaries import shares_of_days

    yield "device_days", lambda: page_of_days(chance.machine(), chance.moment().date())
    yield "device_year_by_day", lambda: days_of(chance.machine(), LAST_DAY - timedelta(days=365), LAST_DAY)
    yield "device_months", lambda: months_of(chance.machine())
    yield "fleet_by_pages_of_a_month", lambda: top_machines(chance.moment().date(), 50)
    yield "fleet_by_pages_of_this_month", lambda: page_of_machines(Listing(order="-pages_month")).machines
    yield "fleet_by_name_with_count", lambda: first_page_and_count(Listing())[0].machines
    yield "fleet_narrowed_by_typing", lambda: first_page_and_count(Listing(search=chance.typed()))
    yield "supplies_due", lambda: supplies_due(14)
    yield "orders_due", lambda: orders_due(LAST_DAY)
    yield "meters_at_a_moment", lambda: meters_at(chance.machine(), chance.moment()).values
    yield "shares_of_time", lambda: shares_of_days(90, datetime.now(UTC), "warning").longest


def whole_pages(chance: Chance) -> Iterator[tuple[str, Callable[[], object]]]:
    """Pages of the console, each by its name. The last octets are there when it is answered."""
    client = _signed_in()

    def page(path: str, **query: str) -> bytes:
        answer = client.get(f"/console/{path}", query)
        return answer.content if answer.status_code == HTTPStatus.OK else b""

    def device(**query: str) -> bytes:
        return page(f"devices/{chance.uuid()}/", **query)

    yield "page_device", device
    yield "page_device_by_month", lambda: device(meters="all")
    yield "page_device_at_a_moment", lambda: device(at=chance.moment().isoformat()[:16])
    yield "page_dashboard", lambda: page("fleet/")
    yield "page_list", lambda: page("devices/")
    yield "page_list_by_pages", lambda: page("devices/", order="-pages_month")
    yield "page_list_narrowed_by_typing", lambda: page("devices/", f=chance.typed())
    yield "page_shares_of_time", lambda: page("fleet/states/", days="30", of="warning")


def _signed_in() -> Client:
    from django.test import Client

    from platen.directory.models import Role
    from platen.directory.people import create_user
    from platen.eventlog.actor import Actor

    client = Client()
    somebody = create_user("somebody", by=Actor("benchmark", source="benchmark"), role=Role.ADMINISTRATOR)
    client.force_login(somebody, backend="platen.access.backend.LogonBackend")
    return client


def asked(days: int, times: int) -> dict[str, dict[str, float]]:
    """Milliseconds of each page."""
    took: dict[str, dict[str, float]] = {}
    chance = Chance(days)
    for name, show in (*functions(chance), *whole_pages(chance)):
        show()  # no figure is of code that runs for the first time
        each = []
        for _ in range(times):
            began = time.perf_counter()
            found = show()
            each.append(time.perf_counter() - began)
            if not found:
                raise LookupError(f"{name} shows nothing")
        took[name] = quantiles(each)
    return took


def summed_up() -> float:
    """Sum up the shares of time as a node does in the background. Returns: seconds of it."""
    from platen.fleet.state_summaries import Summing

    began = time.perf_counter()
    summing = Summing(datetime.now(UTC))
    while not summing.step():
        pass
    return round(time.perf_counter() - began, 1)


def main() -> None:
    """Prints what was measured as JSON."""
    days, times = map(int, sys.argv[1:3])
    with tenant():
        print(json.dumps({"shares_summed_up_s": summed_up(), "pages": asked(days, times)}))


BENCHMARK = Benchmark(measure, full=Sizes(), small=Sizes(machines=50, days=100, times=3))

if __name__ == "__main__":
    main()
