"""What a tenant decides, and who changed it."""

from __future__ import annotations

import pytest

from platen.eventlog.models import AuditEntry
from platen.tenants.errors import InvalidPolicy
from platen.tenants.models import Fidelity, Policy, Tenant
from platen.tenants.services import change_policy
from tests.fixtures_tenant import ADMIN

pytestmark = pytest.mark.django_db


def test_a_change_is_kept_and_audited(policy: Policy) -> None:
    """The audit trail holds each value before and after. SC-ROLE-10"""
    change_policy(by=ADMIN, ids_per_person_max=5, fidelity=Fidelity.WARN, time_zone="Europe/Berlin")
    policy.refresh_from_db()
    assert (policy.ids_per_person_max, policy.fidelity, policy.time_zone) == (5, "warn", "Europe/Berlin")
    entry = AuditEntry.objects.get(verb="policy_changed")
    assert entry.detail["changed"]["ids_per_person_max"] == [3, 5]
    assert entry.actor == "root"


def test_no_change_is_no_entry(policy: Policy) -> None:
    """Saving what is already so leaves no trace."""
    change_policy(by=ADMIN, ids_per_person_max=policy.ids_per_person_max)
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("login_attempts_max", 0),
        ("login_attempts_max", True),
        ("ids_per_person_max", 0),
        ("job_retention_hours", -1),
        ("id_code_pattern", "11yy"),
        ("id_code_pattern", ""),
        ("currency", "euro"),
        ("time_zone", "Mars/Olympus"),
        ("time_zone", "../../etc/passwd"),
        ("unknown_owner", "burn"),
        ("self_registered_period", "forever"),
        ("email_domain", "a b"),
        ("no_such_setting", 1),
        ("tenant_id", 7),
    ],
)
def test_what_cannot_be_is_refused(policy: Policy, name: str, value: object) -> None:
    """A wrong value is refused with a sentence that names the setting, and nothing changes."""
    with pytest.raises(InvalidPolicy, match=name.replace("_", " ").split()[0]):
        change_policy(by=ADMIN, **{name: value})  # type: ignore[misc]  # wrong on purpose
    assert not AuditEntry.objects.exists()


def test_another_tenant_keeps_its_own(policy: Policy, other_tenant: Tenant) -> None:
    """A change counts for the tenant that is acted for alone."""
    change_policy(by=ADMIN, pin_required=True)
    assert not Policy.objects.get(tenant=other_tenant).pin_required
