"""Whose data the running code may see: the current tenant, carried in a context variable.

Everything owned by a tenant is read and written through `ScopedManager` (platen.tenants.models), which asks here.
With no tenant set it refuses: forgetting to choose one is an error, never a view over all tenants.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_current: ContextVar[int | None] = ContextVar("platen_tenant", default=None)


class NoTenant(LookupError):
    """Code touched a tenant's data without saying which tenant's."""


def current_tenant_id() -> int:
    """The tenant in force. Raises: NoTenant."""
    tenant_id = _current.get()
    if tenant_id is None:
        raise NoTenant("No tenant is chosen here. Wrap the call in acting_for(tenant_id).")
    return tenant_id


@contextmanager
def acting_for(tenant_id: int) -> Iterator[None]:
    """Everything inside sees and writes this tenant's data only."""
    token = _current.set(tenant_id)
    try:
        yield
    finally:
        _current.reset(token)
