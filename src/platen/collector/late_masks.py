"""Masks that came after a row was stored: what waits is masked with them as it goes, and what is masked stays so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from platen.collector.machines import Machines
from platen.collector.masking import Masks
from platen.collector.outbox import MARK
from platen.protocols.collector.rows import Row
from platen.readings.parts import parts_of, reading_of


def masked_now(row: Row, masks: Masks, machines: Machines) -> Row:
    """A row as it goes out."""
    mark = row.content.get(MARK)
    content = {name: value for name, value in row.content.items() if name != MARK}
    late = masks.beyond(mark) if isinstance(mark, str) else None
    if late is not None:
        content |= _masked(row.machine, content, late, machines)
    return replace(row, content=content)


def _masked(token: str, content: Mapping[str, Any], late: Masks, machines: Machines) -> dict[str, Any]:
    """Names and places are taken out of other texts as well: who does not say its own with the row is asked for it."""
    parts = content["parts"]
    reading = reading_of(parts)
    address, known = machines.seen_here(token)
    if "identity" not in parts and known is not None:
        reading = replace(reading, identity=known.identity)
    masked = parts_of(late.reading(reading, address or content["address"]))
    return {"address": late.address(content["address"]), "parts": {name: masked[name] for name in parts}}
