"""What a device's line does next, read from the database in one go."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from platen.printing.deliveries import STOPPING, Plan, plan_of
from platen.printing.delivery_rows import next_deliveries
from platen.printing.models import Delivery, DeliveryState

# Nothing is put off for longer: a try that seems to be due later was set before the clock was put back.
RETRY_AHEAD_MAX = timedelta(minutes=10)
LOOK_AGAIN_S = 1.0  # while somebody is signed in, or the device is out of service
_LIMITS = (1, 20, 1000)  # mostly the first is next; pushed jobs may stand in front of what a person waits for


@dataclass(frozen=True, slots=True)
class Work:
    """A delivery to carry out; state says how far it is. stop: somebody asked to stop it while it waited."""

    plan: Plan
    state: DeliveryState
    stop: bool = False


@dataclass(frozen=True, slots=True)
class Later:
    """Nothing to do for so long."""

    pause_s: float


def look(device_id: int, is_occupied: Callable[[int], bool], *, impatient: bool) -> Work | Later | None:
    """The next thing to do at a device; None: nothing at all is waiting.

    impatient: somebody has just released something there, so what waits for its next try is tried now.
    """
    occupied: bool | None = None
    for limit in _LIMITS:
        waiting = next_deliveries(device_id, limit=limit)
        if not waiting:
            return None
        if waiting[0].device.out_of_service and waiting[0].state == DeliveryState.WAITING:
            return Later(LOOK_AGAIN_S)
        if occupied is None and not all(delivery.pull for delivery in waiting):
            occupied = is_occupied(device_id)
        first = _first(waiting, occupied=bool(occupied))
        if first is not None:
            return _work(first, timezone.now(), impatient=impatient)
        if len(waiting) < limit:
            break
    return Later(LOOK_AGAIN_S)


def _first(waiting: Sequence[Delivery], *, occupied: bool) -> Delivery | None:
    """The first in order; while somebody is signed in, pushed jobs stand back (they would land among theirs)."""
    for delivery in waiting:
        if delivery.pull or not occupied or delivery.state != DeliveryState.WAITING:
            return delivery
    return None


def _work(delivery: Delivery, now: datetime, *, impatient: bool) -> Work | Later:
    plan, state = plan_of(delivery), DeliveryState(delivery.state)
    if state == DeliveryState.WAITING:
        if STOPPING in delivery.job.state_reasons:
            return Work(plan, state, stop=True)
        if delivery.retry_at is not None and now < delivery.retry_at < now + RETRY_AHEAD_MAX and not impatient:
            # In order: what is behind it waits for the same device.
            return Later((delivery.retry_at - now).total_seconds())
    return Work(plan, state)
