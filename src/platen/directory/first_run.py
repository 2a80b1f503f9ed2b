"""Whether the first administrator is still the one whose password the server wrote at its first start."""

from __future__ import annotations

from platen.directory.models import Role, User


def administrator_took_over() -> bool:
    """True once an administrator has chosen a password of their own."""
    administrators = User.objects.filter(role=Role.ADMINISTRATOR, must_change_password=False)
    return bool(administrators.filter(last_login__isnull=False).exists())
