"""How much of a machine goes into one row: whatever a machine answers, its row fits an envelope with room to spare."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

ROW_OCTETS_MAX = 256_000
TEXT_MAX = 1_000
LIST_MAX = 300
_FIRST_TO_GO = ("notes", "ports", "trays", "finishers", "alerts", "supplies", "meters")


def bounded(parts: Mapping[str, Any]) -> dict[str, Any]:
    """Long texts and lists are cut; a machine that is still too talkative says less, who it is last of all."""
    kept = {name: _cut(part) for name, part in parts.items()}
    for name in _FIRST_TO_GO:
        if len(json.dumps(kept)) <= ROW_OCTETS_MAX:
            break
        kept[name] = []
    return kept


def _cut(value: Any) -> Any:
    if isinstance(value, str):
        return value[:TEXT_MAX]
    if isinstance(value, list):
        return [_cut(each) for each in value[:LIST_MAX]]
    if isinstance(value, dict):
        return {_cut(name): _cut(each) for name, each in list(value.items())[:LIST_MAX]}
    return value
