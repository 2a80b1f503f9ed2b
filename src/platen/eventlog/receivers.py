"""Auditing what happens in layers that do not know the audit trail."""

from __future__ import annotations

from typing import Any

from platen.eventlog.actor import Actor
from platen.eventlog.changes import record_change


def policy_was_changed(*, changed: dict[str, list[object]], by: Actor, **_signal: Any) -> None:
    """A tenant's policy changed: who, what, from which value to which."""
    named = ", ".join(name.replace("_", " ") for name in sorted(changed))
    record_change(by, "policy_changed", "policy", f"Settings changed: {named}", changed=changed)
