"""Reads on tenants."""

from __future__ import annotations

import copy
import time

from django.db.models.signals import post_save

from platen.rows import RowsOf, one_row
from platen.tenants.context import current_tenant_id
from platen.tenants.models import Domain, Policy, Tenant

POLICY_FRESH_S = 1.0  # every card, job and price asks for it
_policies: dict[int, tuple[float, Policy]] = {}
_POLICIES, _TENANTS = RowsOf(Policy), RowsOf(Tenant)
_POLICY_OF_TENANT = (
    f"SELECT {_POLICIES.columns('policy')}, {_TENANTS.columns('tenant')} FROM tenants_policy policy "  # noqa: S608  # our own names
    "JOIN tenants_tenant tenant ON tenant.id = policy.tenant_id WHERE policy.tenant_id = %s"
)


def tenant_id_of_host(host: str) -> int | None:
    """The tenant that a host name selects, port left out.

    A name bound to a tenant selects it; any other goes to the default tenant. Where no tenant is the default, None: an
    unknown name never falls through to a tenant that did not ask for it.
    """
    name = host.rsplit(":", 1)[0] if not host.endswith("]") else host
    bound = Domain.objects.filter(host=name.lower().rstrip(".")).values_list("tenant_id", flat=True).first()
    if bound is not None:
        return int(bound)
    return default_tenant_id()


def default_tenant_id() -> int | None:
    """The tenant that answers when none is named."""
    found = Tenant.objects.filter(is_default=True).values_list("id", flat=True).first()
    return None if found is None else int(found)


def current_policy() -> Policy:
    """What the current tenant decided: as it was at most POLICY_FRESH_S ago where another process changed it."""
    tenant_id, now = current_tenant_id(), time.monotonic()
    kept = _policies.get(tenant_id)
    if kept is None or kept[0] < now:
        kept = now + POLICY_FRESH_S, _policy_of(tenant_id)
        _policies[tenant_id] = kept
    return copy.copy(kept[1])  # a caller may change its own


def _policy_of(tenant_id: int) -> Policy:
    row = one_row(_POLICY_OF_TENANT, tenant_id)
    if row is None:
        raise Policy.DoesNotExist(f"Tenant {tenant_id} has no policy.")
    policy = _POLICIES.object(row)
    policy.tenant = _TENANTS.object(row, _POLICIES.end())
    return policy


def forget_policies(**_signal: object) -> None:
    """A policy was written: read it anew."""
    _policies.clear()


post_save.connect(forget_policies, sender=Policy, dispatch_uid="tenants.forget_policies")


def all_hosts() -> tuple[dict[str, int], int | None]:
    """Every host name with its tenant's id, and the default tenant's id."""
    return dict(Domain.objects.values_list("host", "tenant_id")), default_tenant_id()


def all_tenant_ids() -> list[int]:
    """Every tenant of the node."""
    return list(Tenant.objects.order_by("id").values_list("id", flat=True))
