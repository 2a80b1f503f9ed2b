"""A tenant to act for, and people in it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from platen.directory.models import User
from platen.directory.services import create_user
from platen.eventlog.actor import Actor
from platen.tenants.context import acting_for
from platen.tenants.models import Policy, Tenant
from platen.tenants.services import create_tenant

ADMIN = Actor("root", None, "test")


@pytest.fixture
def tenant(db: None) -> Iterator[Tenant]:
    """The default tenant; the test runs as acting for it."""
    made = create_tenant("Acme", "acme", is_default=True)
    with acting_for(made.id):
        yield made


@pytest.fixture
def other_tenant(db: None) -> Tenant:
    """A second tenant, whose data must never show in the first."""
    return create_tenant("Umbrella", "umbrella", hosts=("print.umbrella.test",))


@pytest.fixture
def policy(tenant: Tenant) -> Policy:
    """The tenant's policy; change and save it."""
    return Policy.objects.get(tenant=tenant)


@pytest.fixture
def anna(tenant: Tenant) -> User:
    """A person with nothing but a name."""
    return create_user("anna", by=ADMIN, full_name="Anna Lind", email="anna@acme.test")


@pytest.fixture
def bert(tenant: Tenant) -> User:
    """Another person."""
    return create_user("bert", by=ADMIN, full_name="Bert Holm")
