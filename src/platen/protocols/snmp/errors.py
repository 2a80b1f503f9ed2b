"""The one error of this package."""

from __future__ import annotations


class SnmpError(ValueError):
    """A message cannot be read or made; the text is a sentence for a person and says where it broke off."""
