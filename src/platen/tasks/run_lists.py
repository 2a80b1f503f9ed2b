"""Lists of runs: any column's order, of one task or with one outcome, a page at a time by key."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from platen.tasks.models import Result, Run, RunState, Task
from platen.tenants.context import current_regions, current_tenant_id
from platen.tenants.unkept import is_kept

PAGE_SIZE = 50
ORDERS: Mapping[str, str] = {
    "name": "name",
    "state": "state",
    "done": "done",
    "failed": "failed",
    "by": "by",
    "when": "due_at",
}
"""What a list can be ordered by, and where it is stored; each is always known."""
NEWEST = "-when"
OUTCOMES: Mapping[str, tuple[RunState, ...]] = {
    "open": (RunState.WAITING, RunState.RUNNING),
    "done": (RunState.SUCCESS,),
    "failed": (RunState.ERROR, RunState.TIMEOUT),
    "canceled": (RunState.CANCELED,),
}
"""What a list can be narrowed to, and the states that are so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunListing:
    """What a list shows. order: of ORDERS, with a minus before it downwards; outcome: of OUTCOMES, empty: all."""

    task: Task | None = None
    outcome: str = ""
    order: str = NEWEST


@dataclass(frozen=True, slots=True)
class RunPage:
    """Some runs in order; `after` continues after them, None at the end."""

    runs: list[Run]
    after: str | None


def page_of_runs(listing: RunListing, after: str = "", *, size: int = PAGE_SIZE) -> RunPage:
    """A page of runs, with their tasks; of equals the newest first. What `after` does not say well begins the list.

    Whose rights end at regions is shown that something ran which did something to devices of these; its results, and
    what can be done to it, only if it is of their regions alone (EMC-REGN-07): `queries_results.runs_to_open`.
    """
    field, down = _order(listing.order)
    runs = _shown().select_related("task")
    if listing.task is not None:
        runs = runs.filter(task=listing.task)
    if listing.outcome in OUTCOMES:
        runs = runs.filter(state__in=OUTCOMES[listing.outcome])
    key = _decoded(after, field)
    if key is not None:
        value, pk = key
        runs = runs.filter(Q(**{f"{field}__{'lt' if down else 'gt'}": value}) | Q(**{field: value, "pk__lt": pk}))
    found = list(runs.order_by(F(field).desc() if down else F(field).asc(), "-pk")[: size + 1])
    if len(found) <= size:
        return RunPage(found, None)
    return RunPage(found[:size], _encoded(getattr(found[size - 1], field), found[size - 1].pk))


def _shown() -> QuerySet[Run]:
    """The runs that whoever asks may know of."""
    runs: QuerySet[Run] = Run.everywhere.filter(tenant_id=current_tenant_id())
    limit = current_regions()
    if limit is None:
        return runs
    bound = Run.regions.through._default_manager.filter(run_id=OuterRef("pk"))
    # First by the regions, so that of a run that is bound to others no result is looked at.
    region: Any = Run._meta.get_field("regions").related_model
    may_touch = ~Exists(bound) | Exists(bound.filter(region_id__in=region.with_wholes(limit)))
    return runs.filter(Run.within(limit) | Q(may_touch) & Q(Exists(Result.objects.filter(run=OuterRef("pk")))))


def known_order(order: str) -> str:
    """An order that exists."""
    return order if order.removeprefix("-") in ORDERS else NEWEST


def _order(order: str) -> tuple[str, bool]:
    order = known_order(order)
    return ORDERS[order.removeprefix("-")], order.startswith("-")


def _encoded(value: Any, pk: int) -> str:
    plain = value.isoformat() if isinstance(value, datetime) else value
    return base64.urlsafe_b64encode(json.dumps([plain, pk]).encode()).decode().rstrip("=")


def _decoded(after: str, field: str) -> tuple[Any, int] | None:
    """What `_encoded` gave for this column; None: something else."""
    try:
        value, pk = json.loads(base64.urlsafe_b64decode(after + "=" * (-len(after) % 4)))
        if field == "due_at":
            value = datetime.fromisoformat(value)
    except (binascii.Error, ValueError, TypeError, RecursionError):
        return None
    if type(pk) is not int or abs(pk) >= 2**63:
        return None
    return (value, pk) if _fits(value, field) else None


def _fits(value: object, field: str) -> bool:
    """Whether it can be looked for in this column."""
    if isinstance(value, datetime):
        return field == "due_at" and value.tzinfo is not None and 1 < value.year < 9999  # as a moment in UTC is
    if field in {"done", "failed"}:
        return type(value) is int and abs(value) < 2**31
    return field != "due_at" and isinstance(value, str) and is_kept(value)
