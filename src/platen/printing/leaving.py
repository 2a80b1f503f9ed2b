"""A release's first delivery begins in the release's own commit, when its device is ready before that.

    release:  jobs locked   deliveries written   jobs pending   first one begun   committed   settled
    device:                          connected, its document read ... ready                   octets leave

A person stands there and waits for paper: the way to the device is opened while the database works, and one commit does
for two. Nothing of the document leaves before the release is settled, and a delivery is begun, as ever, only when there
is a connection. A device that is not ready in time is begun by its line once it is (`deliveries.begin_planned`).
"""

from __future__ import annotations

import enum
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol, cast

from django.db import connection, transaction

from platen.devices.models import Device
from platen.printing.deliveries import Plan, start
from platen.printing.events import delivery_leaving, jobs_released
from platen.printing.models import Delivery

PATIENCE_S = 0.003  # less than a commit takes on most disks; other writers wait as long


class Settled(enum.Enum):
    """What became of a release."""

    BEGUN = enum.auto()  # durable, and so is that the first delivery's octets are about to leave
    WAITING = enum.auto()  # durable; the delivery waits to be begun
    UNDONE = enum.auto()  # there is no such delivery


class Departure(Protocol):
    """A device's turn, taken for a delivery whose release is not durable yet. Called in the release's thread."""

    def is_ready(self, patience_s: float) -> bool:
        """Whether octets could leave as soon as the release is durable; waits so long for it."""

    def settle(self, outcome: Settled) -> None:
        """Say what became of the release. Called once, whatever happens."""


class Leaving:
    """What a release's transaction has for its device."""

    def __init__(self, *, owns_transaction: bool) -> None:
        # Inside somebody else's transaction nobody here knows when it is durable, or whether it ever is.
        self._may_depart = owns_transaction
        self._plan: Plan | None = None
        self._departure: Departure | None = None

    def prepare(self, plan: Plan) -> None:
        """The delivery that comes first is written; its device may open the way, if it has nothing else to do."""
        if self._may_depart:
            answers = (cast("Departure | None", answer) for _, answer in delivery_leaving.send(Delivery, plan=plan))
            self._departure = next(filter(None, answers), None)
        if self._departure is None:
            tell_output(plan.tenant_id, plan.device_id)
        self._plan = plan

    def begin(self) -> Settled:
        """The last step before the commit. Returns: what the commit makes true."""
        if self._departure is None or self._plan is None or not self._departure.is_ready(PATIENCE_S):
            return Settled.WAITING
        return Settled.BEGUN if start(self._plan) else Settled.WAITING

    def settle(self, outcome: Settled) -> None:
        """The transaction is over."""
        if self._departure is not None:
            self._departure.settle(outcome)


@contextmanager
def leaving() -> Iterator[Leaving]:
    """The transaction of a release."""
    first, outcome = Leaving(owns_transaction=not connection.in_atomic_block), Settled.UNDONE
    try:
        with transaction.atomic():
            yield first
            to_be = first.begin()
        outcome = to_be
    finally:
        first.settle(outcome)


def tell_output(tenant_id: int, device_id: int) -> None:
    """Once the transaction is committed, say that a device has something to print."""
    transaction.on_commit(lambda: jobs_released.send(Device, tenant_id=tenant_id, device_id=device_id))
