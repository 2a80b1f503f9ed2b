"""The node tells of collectors that fall silent."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from platen.eventlog.models import Event
from platen.fleet.collectors import add_collector
from platen.services.database import Database
from platen.services.fleet.collectors import CollectorWatch
from platen.tenants.context import acting_for
from platen.tenants.models import Tenant
from platen.tenants.services import create_tenant
from tests.fixtures_tenant import ADMIN

pytestmark = pytest.mark.django_db(transaction=True)


def silent_ones() -> int:
    """How many the log of the current organisation tells of."""
    return Event.objects.filter(kind="collector_silent").count()


async def test_of_every_organisation(transactional_db: None) -> None:
    """One that spoke long ago is told of once, in the log of its own organisation."""

    def arrange() -> list[Tenant]:
        tenants = [create_tenant("Acme", "acme", is_default=True), create_tenant("Umbrella", "umbrella")]
        for tenant, ago_s in zip(tenants, (10, 100_000), strict=True):
            with acting_for(tenant.pk):
                collector, _ = add_collector("north", by=ADMIN)
                collector.last_seen = timezone.now() - timedelta(seconds=ago_s)
                collector.save()
        return tenants

    database = Database(threads=1)
    try:
        tenants = await database.run_for_node(arrange)
        watch = CollectorWatch(database)
        assert await watch.run_once() == 1
        assert await watch.run_once() == 0
        told = [await database.run(tenant.pk, silent_ones) for tenant in tenants]
    finally:
        database.close()
    assert told == [0, 1]
