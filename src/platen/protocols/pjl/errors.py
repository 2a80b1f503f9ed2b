"""PjlError: a call that PJL has no words for. What comes over the wire never raises."""

from __future__ import annotations


class PjlError(ValueError):
    """A value that cannot be said in PJL."""
