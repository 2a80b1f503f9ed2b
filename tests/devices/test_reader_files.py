"""Card readers from a file."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from platen.devices.models import Reader
from platen.devices.reader_files import import_readers
from platen.devices.services import add_device
from platen.tenants.models import Tenant
from tests.fixtures_tenant import ADMIN

pytestmark = pytest.mark.django_db


def test_devices_are_looked_up_once_for_a_file(tenant: Tenant) -> None:
    """By host name or address in any case; rows that name no device ask nothing of the database, so that a long file
    is not searched for row by row in a large fleet. SC-DEVADD-08"""
    add_device("first", "ipp://Copier-1.example.org/ipp/print", by=ADMIN)
    add_device("second", "socket://127.0.0.11:9100", by=ADMIN)
    rows = "127.0.1.1,copier-1.EXAMPLE.org\n127.0.1.2,127.0.0.11\n127.0.1.3,127.0.0.1\n"
    done = import_readers(rows.encode(), by=ADMIN)
    assert [(row.device, row.added) for row in done] == [("first", True), ("second", True), ("127.0.0.1", False)]
    unknown = "".join(f"127.0.2.{number},1\n" for number in range(50)).encode()
    with CaptureQueriesContext(connection) as asked:
        assert not any(row.added for row in import_readers(unknown, by=ADMIN))
    assert len(asked) == 1


def test_many_readers_are_added_together(tenant: Tenant) -> None:
    """Ten times as many cost no more questions; what is there already, or twice in the file, is said of its row alone.
    SC-DEVADD-08"""
    add_device("copier", "socket://127.0.0.11:9100", by=ADMIN)
    counts = []
    for net, count in ((1, 4), (2, 40)):
        file = "".join(f"127.0.{net}.{number + 1},127.0.0.11\n" for number in range(count))
        with CaptureQueriesContext(connection) as asked:
            assert all(row.added for row in import_readers(file.encode(), by=ADMIN))
        counts.append(sum(not each["sql"].startswith("INSERT") for each in asked.captured_queries))
    assert counts[1] <= counts[0]
    again = import_readers(b"127.0.3.1,127.0.0.11\n127.0.1.1,127.0.0.11\n127.0.3.1,127.0.0.11\n", by=ADMIN)
    assert [row.added for row in again] == [True, False, False]
    assert "127.0.1.1" in again[1].message
    assert Reader.objects.count() == 45
