"""Whose data the running code may see: the current tenant, and the regions that whoever asks is limited to.

Both are carried in context variables. Everything owned by a tenant is read and written through `ScopedManager`
(platen.tenants.models), which asks here. With no tenant set it refuses: forgetting to choose one is an error, never a
view over all tenants. With no limit of regions set all of the tenant's are seen: that is the node itself, and people
without a limit.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_current: ContextVar[int | None] = ContextVar("platen_tenant", default=None)
_regions: ContextVar[frozenset[int] | None] = ContextVar("platen_regions", default=None)


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


def current_regions() -> frozenset[int] | None:
    """The regions outside of which nothing is seen or changed; None: no limit."""
    return _regions.get()


@contextmanager
def acting_within(regions: Collection[int] | None) -> Iterator[None]:
    """Everything inside sees and changes what is of these regions only; None: of all of them.

    A limit may be changed inside by `limit_to`; what was before comes back at the end.
    """
    token = _regions.set(None if regions is None else frozenset(regions))
    try:
        yield
    finally:
        _regions.reset(token)


def limit_to(regions: Collection[int] | None) -> None:
    """From here to the end of the surrounding `acting_within`: where who asks is only known inside."""
    _regions.set(None if regions is None else frozenset(regions))
