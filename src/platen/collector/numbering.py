"""Rows are numbered for ever. A data directory that is put back from an older copy would give numbers a second time,
and home would pass those rows over as repeats: then the collector goes on after what home has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import structlog

from platen.collector.database import Database
from platen.collector.machines import Machines
from platen.collector.outbox import Outbox
from platen.protocols.collector.requests import AGE_MAX_S

log = structlog.get_logger("platen.collector")


def go_on_after_home(said: Mapping[str, Any], database: Database, *, clock_is_right: bool = True) -> bool:
    """Whether this directory was an older copy than home knows; what waits is numbered anew then.

    said: what home answers to who asks for the configuration. clock_is_right: of this computer.
    """
    last, last_ms = said.get("last"), said.get("last_at_ms")
    if said.get("stream") != database.fact("stream") or type(last) is not int:
        return False
    outbox = Outbox(database)
    with database.transaction():
        if not _is_copy(outbox, last, last_ms if clock_is_right else None):
            return False
        log.warning("data_directory_is_an_older_copy", home_has=last, here=outbox.highest)
        outbox.go_on_after(last, last_ms if type(last_ms) is int else None)
        Machines(database, outbox).want_whole()
    return True


def _is_copy(outbox: Outbox, last: int, last_ms: object) -> bool:
    """Home has a number that was never given here, or has it for a row that was seen long before the one that is here.

    Long: home takes times that are in its future for earlier ones, and clocks may be apart by AGE_MAX_S.
    """
    if last > outbox.highest:
        return True
    seen_ms = outbox.seen_ms(last)
    return type(last_ms) is int and seen_ms is not None and seen_ms > last_ms + AGE_MAX_S * 1000
