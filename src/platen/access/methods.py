"""The ways to identify oneself at a device."""

from __future__ import annotations

from enum import StrEnum


class LoginMethod(StrEnum):
    """One way; a device offers all of them unless it names some."""

    CARD = "card"
    ID_CODE = "id-code"
    PASSWORD = "password"  # noqa: S105  # the name of a method
