"""The fleet's housekeeping: what is too old is forgotten, days that pass are counted, and the shares of time of a large
fleet are summed up. A step a minute."""

from __future__ import annotations

from datetime import datetime

from platen.fleet.forecasts import pass_day
from platen.fleet.retention import begin_month, forget_notices, forget_old, forget_runs
from platen.fleet.state_summaries import EVERY, Summing, is_large
from platen.policy.fleet.rollups import day_of, zone
from platen.tenants.context import acting_for
from platen.tenants.queries import all_tenant_ids, current_policy

STEPS = 2
"""Of 250 machines each: 50,000 in an hour and a half, and nobody waits for it."""


class FleetKeeping:
    """Goes through all machines of all tenants once a day."""

    def __init__(self) -> None:
        self._after: dict[int, int] = {}  # by tenant: where today's round stands
        self._days: dict[int, object] = {}  # by tenant: the day whose round has begun
        self._done: dict[int, object] = {}
        self._summing: dict[int, Summing | None] = {}  # None: rests until `_sum_at`
        self._sum_at: dict[int, datetime] = {}

    def step(self, now: datetime) -> None:
        """The next step of every tenant. In a database thread."""
        for tenant_id in all_tenant_ids():
            with acting_for(tenant_id):
                self._step(tenant_id, now)
                self._sum(tenant_id, now)

    def _step(self, tenant_id: int, now: datetime) -> None:
        today = day_of(now, zone(current_policy().time_zone))
        if self._days.get(tenant_id) != today:
            pass_day(now)
            begin_month(now)
            forget_runs(now)
            forget_notices(now)
            self._days[tenant_id], self._after[tenant_id] = today, 0
        for _ in range(STEPS):
            if self._done.get(tenant_id) == today:
                return
            after = forget_old(now, self._after[tenant_id])
            if after is None:
                self._done[tenant_id] = today
            else:
                self._after[tenant_id] = after

    def _sum(self, tenant_id: int, now: datetime) -> None:
        """Of a large fleet, a step of the round that goes on, or the beginning of one that is due."""
        summing = self._summing.get(tenant_id)
        if summing is None and now >= self._sum_at.get(tenant_id, now):
            self._sum_at[tenant_id] = now + EVERY
            summing = Summing(now) if is_large() else None
        done = summing is None or summing.step()
        self._summing[tenant_id] = None if done else summing
