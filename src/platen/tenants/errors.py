"""What can be wrong when a tenant is changed."""

from __future__ import annotations


class TenantError(Exception):
    """A verb on tenants refused; nothing was changed."""


class InvalidPolicy(TenantError):
    """A value of the policy cannot be used; the sentence says which and why."""
