"""Lines in the event log about peers that were turned away: each address gets one a minute, not one a try."""

from __future__ import annotations

import time

import structlog
from django.db import DatabaseError

from platen.eventlog.models import Severity
from platen.eventlog.services import record_event
from platen.services.database import Database

log = structlog.get_logger("platen.refusals")

INTERVAL_S = 60.0
ADDRESSES_MAX = 4096


class RefusalLog:
    """Writes event lines of severity warning, at most one a minute for the same kind and address."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._last: dict[tuple[str, str], float] = {}

    async def note(
        self, tenant_id: int | None, kind: str, message: str, *, address: str, device_id: int | None = None
    ) -> None:
        """Write a line, unless this address got one a moment ago. tenant_id None: only the structured log has it."""
        now, key = time.monotonic(), (kind, address)
        if now - self._last.get(key, -INTERVAL_S) < INTERVAL_S:
            return
        if len(self._last) >= ADDRESSES_MAX:  # somebody tries many addresses: forget the oldest half
            for old in sorted(self._last, key=self._last.__getitem__)[: ADDRESSES_MAX // 2]:
                del self._last[old]
        self._last[key] = now
        if tenant_id is None:
            log.warning(kind, message=message, address=address)
            return
        try:
            await self._database.run(
                tenant_id,
                record_event,
                kind,
                message,
                severity=Severity.WARNING,
                device_id=device_id,
                address=address,
            )
        except DatabaseError as error:  # a line lost is better than a listener lost
            log.warning(kind, message=message, address=address, error=str(error))
