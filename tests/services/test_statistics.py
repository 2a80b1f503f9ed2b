"""What SQLite's planner knows of large tables."""

from __future__ import annotations

import pytest
from django.db import connection

from platen.printing.models import Job
from platen.services import statistics
from platen.services.statistics import Statistics
from platen.tenants.models import Tenant

pytestmark = pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL gathers its own")


@pytest.fixture
def jobs(tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> int:
    """Many jobs, as far as this test is concerned."""
    from platen.devices.services import ensure_default_queue

    monkeypatch.setattr(statistics, "ROWS_MIN", 100)
    queue = ensure_default_queue()
    Job.objects.bulk_create(Job(tenant=tenant, queue=queue, name=f"Job {number}") for number in range(2_000))
    return 2_000


def plan_of(statement: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {statement}")
        return " ".join(row[3] for row in cursor.fetchall())


def test_jobs_by_key_are_found_by_key(jobs: int) -> None:
    """Once a table is large, a tenant's jobs that are named by their keys are found by these, not among all of the
    tenant's."""
    keys = ", ".join(map(str, range(1, 21)))
    statement = f"SELECT name FROM printing_job WHERE tenant_id = 1 AND id IN ({keys})"
    assert "tenant_id" in plan_of(statement)
    assert "printing_job" in Statistics().gather()
    assert "PRIMARY KEY" in plan_of(statement)


@pytest.mark.untraced
def test_a_table_is_looked_at_again_when_it_has_grown(jobs: int, tenant: Tenant) -> None:
    """A table that has not grown much is left alone, a small one always."""
    gathered = Statistics()
    assert "printing_job" in gathered.gather()
    assert gathered.gather() == []
    queue_id = Job.objects.values_list("queue_id", flat=True)[0]
    Job.objects.bulk_create(Job(tenant=tenant, queue_id=queue_id, name="Another") for _ in range(4 * jobs))
    assert gathered.gather() == ["printing_job"]
