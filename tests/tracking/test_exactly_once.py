"""One record for each activity, also when its end is reported by two at once."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from django.db import connection, connections, transaction

from platen.directory.services import create_user
from platen.printing.deliveries import end
from platen.printing.models import DeliveryState
from platen.printing.spool import Spool
from platen.tenants.context import acting_for
from platen.tenants.services import create_tenant
from platen.tracking.models import UsageDay, UsagePersonDay, UsageRecord
from tests.fixtures_tenant import ADMIN
from tests.tracking.printed import A4, Printing, document


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite in memory lets one connection write")
def test_two_ends_and_many_devices_at_once(tmp_path: Path) -> None:
    """Of ends that are reported at the same moment one is recorded, and no sum loses an addition. SC-RECORD-05"""
    spool = Spool(tmp_path / "spool", b"k" * 32)
    tenant = create_tenant("Acme", "acme", is_default=True)
    with acting_for(tenant.id):
        anna = create_user("anna", by=ADMIN)
        printing = Printing(spool)
        deliveries = [printing.delivery(printing.job(anna, document((3, A4, False)))) for _number in range(8)]
    start, outcomes = threading.Barrier(16), []

    def report(delivery_id: int) -> None:
        with acting_for(tenant.id):
            start.wait(10)
            outcomes.append(end(spool, delivery_id, DeliveryState.COMPLETED))
        connections.close_all()

    threads = [threading.Thread(target=report, args=[delivery.id]) for delivery in deliveries * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(outcomes) == [False] * 8 + [True] * 8
    with acting_for(tenant.id):
        assert UsageRecord.objects.count() == 8
        for kept in (UsageDay.objects.get(), UsagePersonDay.objects.get()):
            assert (kept.records, kept.pages) == (8, 24)


@pytest.mark.django_db(transaction=True)
def test_a_record_is_as_true_as_its_delivery(tmp_path: Path) -> None:
    """When the transaction that ends a delivery fails, neither its end nor its record nor its sum remains.
    SC-RECORD-05"""
    spool = Spool(tmp_path / "spool", b"k" * 32)
    tenant = create_tenant("Acme", "acme", is_default=True)
    with acting_for(tenant.id):
        printing = Printing(spool)
        delivery = printing.delivery(printing.job(create_user("anna", by=ADMIN), document((3, A4, False))))

        with transaction.atomic():
            assert end(spool, delivery.id, DeliveryState.COMPLETED)
            transaction.set_rollback(True)  # as when the process dies before the commit
        delivery.refresh_from_db()
        assert delivery.state == DeliveryState.SENDING
        assert (UsageRecord.objects.count(), UsageDay.objects.count()) == (0, 0)
        assert end(spool, delivery.id, DeliveryState.COMPLETED)
        assert (UsageRecord.objects.count(), UsageDay.objects.get().pages) == (1, 3)
