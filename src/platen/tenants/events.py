"""What tenants tell others."""

from __future__ import annotations

from django.dispatch import Signal

# sender: Policy; policy, changed: dict of field to [before, after], by: whoever changed it. Inside the transaction.
policy_changed = Signal()
