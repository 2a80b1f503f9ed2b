"""The demonstration's fleet as its node gets to know it: by a search, as any other, and then by reading it."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator

from platen.demo.environment import free_udp
from platen.demo.fleet.campus import BUILDINGS, campus
from platen.demo.fleet.network import FleetSocket
from platen.demo.site import BY
from platen.fleet.credentials import ensure_default_credential
from platen.fleet.discovering import SearchValues, start_run
from platen.fleet.models import DiscoveryRun, Machine, Region
from platen.fleet.regions import set_region
from platen.fleet.settings import change_fleet_settings

USUAL_PORT = 8161
READ_EVERY_S = 60
PACKETS_PER_S = 2000
TITLE = "All buildings"


@contextlib.asynccontextmanager
async def switched_on() -> AsyncIterator[FleetSocket]:
    """All machines answer SNMP at addresses of their own on loopback, at one port.

    The usual one if it is free, so that machines that an earlier run found are found again.
    """
    with FleetSocket(campus(), free_udp("0.0.0.0", USUAL_PORT)) as served:  # noqa: S104  # as FleetSocket does
        yield served


def look_for_it(port: int) -> int:
    """Have the node search the campus, and read it every minute. Returns: the search's run."""
    ensure_default_credential()
    change_fleet_settings(by=BY, status_every_s=READ_EVERY_S, counters_every_s=READ_EVERY_S)
    for building in BUILDINGS:
        if not Region.objects.filter(name=building.name).exists():
            set_region(building.name, building.addresses, "", by=BY)
    Machine.objects.exclude(port=port).filter(address__startswith="127.").update(port=port)
    values = SearchValues(
        targets="\n".join(building.addresses for building in BUILDINGS), port=port, packets_per_s=PACKETS_PER_S
    )
    return int(start_run(values, by=BY, title=TITLE).pk)


def found(run_id: int) -> DiscoveryRun | None:
    """The search, when it has ended and what it found was read."""
    run: DiscoveryRun | None = DiscoveryRun.objects.filter(pk=run_id, ended_at__isnull=False).first()
    unread = Machine.objects.filter(address__startswith="127.", read_at__isnull=True, failures=0)
    return run if run is not None and not unread.exists() else None
