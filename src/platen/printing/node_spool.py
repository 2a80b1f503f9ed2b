"""The spool of this node, for whoever runs in its process."""

from __future__ import annotations

from functools import lru_cache

from django.conf import settings

from platen.printing.spool import Spool, open_spool


@lru_cache(maxsize=1)
def node_spool() -> Spool:
    """One spool a process; only the print service stores new documents in it."""
    return open_spool(settings.PLATEN)
