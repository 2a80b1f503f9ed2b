"""What picked machines have in common: the values that a form for all of them begins with (SC-DEVBULK-02)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

from platen.fleet.models import Machine

MIXED: Final = object()
"""They differ."""
_FIELDS: Mapping[str, str] = {
    "location": "device__location",
    "place": "place_id",
    "region": "region_id",
    "credential": "credential_id",
    "managed": "managed",
}
_CHUNK = 500


def common_values(ids: Collection[int]) -> dict[str, object]:
    """By field the value that all of them have, or MIXED."""
    found: dict[str, set[object]] = {name: set() for name in _FIELDS}
    keys = list(ids)
    for start in range(0, len(keys), _CHUNK):
        some = Machine.objects.filter(pk__in=keys[start : start + _CHUNK]).order_by()
        for name, column in _FIELDS.items():
            if len(found[name]) < 2:
                found[name] |= set(some.values_list(column, flat=True).distinct()[:2])
    return {name: values.pop() if len(values) == 1 else MIXED for name, values in found.items() if values}
