"""Verbs on tenants."""

from __future__ import annotations

from django.db import transaction

from platen.tenants.models import Domain, Policy, Tenant
from platen.tenants.policy_changes import PolicyValues, change_policy

__all__ = ["PolicyValues", "change_policy", "create_tenant", "ensure_default_tenant"]


@transaction.atomic
def create_tenant(name: str, slug: str, *, is_default: bool = False, hosts: tuple[str, ...] = ()) -> Tenant:
    """A new tenant with its policy and the host names that select it."""
    tenant = Tenant.objects.create(name=name, slug=slug, is_default=is_default)
    Policy.objects.create(tenant=tenant)
    for host in hosts:
        Domain.objects.create(host=host.lower(), tenant=tenant)
    return tenant


def ensure_default_tenant() -> Tenant:
    """The tenant of a node that serves one organisation; made at the first start."""
    tenant = Tenant.objects.filter(is_default=True).first()
    return tenant or create_tenant("Your organisation", "default", is_default=True)
