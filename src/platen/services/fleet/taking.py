"""The poller's work in a database thread: taking who is due, for all tenants, and storing what came."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from platen.fleet.adopting import adopt_devices
from platen.fleet.due import DueMachine, due_ids, load_due
from platen.fleet.models import ReadingPlan
from platen.fleet.storing import store
from platen.fleet.visits import Failure, Visit
from platen.services.fleet.snmp_credentials import KnownCredentials, known_credentials
from platen.tenants.context import acting_for, current_tenant_id
from platen.tenants.queries import all_tenant_ids


@dataclass(slots=True)
class Taken:
    """Machines to visit, and what is needed to ask them. more: there may be others that are due."""

    machines: list[DueMachine] = field(default_factory=list)
    credentials: dict[int, KnownCredentials] = field(default_factory=dict)
    plans: dict[int, bytes] = field(default_factory=dict)
    more: bool = False

    def add(self, machines: Sequence[DueMachine]) -> None:
        """The current tenant's."""
        self.machines += machines
        self.credentials[current_tenant_id()] = known_credentials()
        wanted = {machine.plan_id for machine in machines} - self.plans.keys() - {None}
        for plan_id, content in ReadingPlan.objects.filter(id__in=wanted).values_list("id", "content"):
            self.plans[plan_id] = bytes(content)


def take_due(now: datetime, limit: int, in_hand: Collection[int]) -> Taken:
    """Up to `limit` machines of all tenants that are due and not in hand."""
    found = due_ids(now, limit + len(in_hand))
    free = [(machine_id, tenant_id) for machine_id, tenant_id in found if machine_id not in in_hand][:limit]
    by_tenant: dict[int, list[int]] = {}
    for machine_id, tenant_id in free:
        by_tenant.setdefault(tenant_id, []).append(machine_id)
    taken = Taken(more=len(free) == limit)
    for tenant_id, ids in by_tenant.items():
        with acting_for(tenant_id):
            taken.add(load_due(ids, now))
    return taken


def take_these(ids: Collection[int], now: datetime) -> Taken:
    """These machines of the current tenant, whatever is due."""
    taken = Taken()
    taken.add(load_due(ids, now, by_hand=True))
    return taken


def store_for_tenants(by_tenant: Mapping[int, Sequence[Visit | Failure]]) -> None:
    """Store what came, each tenant's in a transaction of its own."""
    for tenant_id, visits in by_tenant.items():
        with acting_for(tenant_id):
            store(visits)


def adopt_all(now: datetime) -> None:
    """Devices that were added by hand become machines, for every tenant."""
    for tenant_id in all_tenant_ids():
        with acting_for(tenant_id):
            adopt_devices(now)
