"""The audit trail shows tampering."""

from __future__ import annotations

import pytest

from platen.eventlog.audit import FIRST_HASH, record_audit, verify
from platen.eventlog.models import AuditEntry
from platen.tenants.context import acting_for
from platen.tenants.models import Tenant
from tests.fixtures_tenant import ADMIN

pytestmark = pytest.mark.django_db


@pytest.fixture
def entries(tenant: Tenant) -> list[AuditEntry]:
    """Five entries."""
    return [record_audit(ADMIN, "thing_changed", f"thing {n}", before=n, after={"value": [n, "ä"]}) for n in range(5)]


def test_an_untouched_trail_is_intact(entries: list[AuditEntry]) -> None:
    """Every entry fits the one before it, also after a round through the database."""
    found = verify()
    assert found.intact
    assert (found.entries, found.head_hash) == (5, entries[-1].entry_hash)
    assert entries[0].previous_hash == FIRST_HASH


@pytest.mark.parametrize("field", ["actor", "source", "verb", "subject", "detail", "at", "actor_id"])
def test_an_altered_entry_shows(entries: list[AuditEntry], field: str) -> None:
    """Whatever is altered, the chain breaks there."""
    other = {"detail": {"before": 99}, "at": entries[0].at, "actor_id": 99}.get(field, "somebody else")
    AuditEntry.objects.filter(id=entries[2].id).update(**{field: other})
    assert verify().broken_at == entries[2].id


def test_a_removed_entry_shows(entries: list[AuditEntry]) -> None:
    """An entry that is left out breaks the chain at the next one."""
    AuditEntry.objects.filter(id=entries[1].id).delete()
    assert verify().broken_at == entries[2].id


def test_a_cut_end_shows_by_the_head(entries: list[AuditEntry]) -> None:
    """Without the newest entry the head is not the one that was logged."""
    AuditEntry.objects.filter(id=entries[4].id).delete()
    found = verify()
    assert found.intact
    assert found.head_hash != entries[4].entry_hash


def test_an_entry_of_another_tenant_does_not_fit(entries: list[AuditEntry], other_tenant: Tenant) -> None:
    """Each tenant has a chain of its own, and an entry cannot move from one to the other."""
    with acting_for(other_tenant.id):
        assert verify().entries == 0
    AuditEntry.objects.filter(id=entries[4].id).update(tenant_id=other_tenant.id, previous_hash=FIRST_HASH)
    with acting_for(other_tenant.id):
        assert verify().broken_at == entries[4].id
