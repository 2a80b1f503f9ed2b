"""Slowing down guesses by where they come from: an address, a panel, a reader.

A guess is counted before it is judged and forgiven when it was right, so that many at once gain nothing. How long a
source waits is in platen.policy.lockout. Sources are the node's, not a tenant's: a caller puts into the name of the
source what belongs there.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import transaction

from platen.access.models import Throttle
from platen.policy import lockout

SOURCE_LENGTH_MAX = 120


@dataclass(frozen=True, slots=True)
class Busy:
    """The source has to wait before another guess is looked at."""

    wait_s: int


@dataclass(frozen=True, slots=True)
class Attempt:
    """A guess that may be judged; it counts as a miss until `hit` says otherwise."""

    source: str
    now: datetime

    def hit(self) -> None:
        """It was right: this one does not count, and half of the earlier ones are forgiven."""
        with transaction.atomic():
            row = Throttle.objects.select_for_update().filter(source=self.source).first()
            if row is None:
                return
            row.failures = max(0, row.failures - 1) // 2
            if row.failures:
                row.save(update_fields=["failures"])
            else:
                row.delete()


@dataclass(frozen=True, slots=True)
class SharedAttempt:
    """A guess that many sources' common budget allows; it counts as a miss until it is given back."""

    source: str

    @transaction.atomic
    def give_back(self) -> None:
        """It was right, or was not judged at all."""
        row = Throttle.objects.select_for_update().filter(source=self.source).first()
        if row is not None:
            row.failures = lockout.Budget(row.failures).given_back().misses
            row.save(update_fields=["failures"])


@transaction.atomic
def shared_attempt_from(source: str, now: datetime) -> SharedAttempt | Busy:
    """Ask the common budget of many sources for one guess. Commits by itself, as attempt_from."""
    row, _created = Throttle.objects.select_for_update().get_or_create(source=source, defaults={"last_failure_at": now})
    budget = lockout.Budget(row.failures, row.last_failure_at.timestamp())
    wait_s = budget.wait_s(now.timestamp())
    if wait_s > 0:
        return Busy(math.ceil(wait_s))
    budget = budget.missed(now.timestamp())
    row.failures = budget.misses
    row.last_failure_at = datetime.fromtimestamp(budget.counted_s, tz=UTC)
    row.save(update_fields=["failures", "last_failure_at"])
    return SharedAttempt(source)


@transaction.atomic
def attempt_from(source: str, now: datetime) -> Attempt | Busy:
    """Ask to judge one guess of a source. Commits by itself; call it outside what may be rolled back."""
    source = source[:SOURCE_LENGTH_MAX]
    row, _created = Throttle.objects.select_for_update().get_or_create(source=source, defaults={"last_failure_at": now})
    now_s = now.timestamp()
    state = lockout.Throttle(row.failures, row.last_failure_at.timestamp())
    wait_s = state.wait_s(now_s)
    if wait_s > 0:
        return Busy(math.ceil(wait_s))
    state = state.missed(now_s)
    row.failures, row.last_failure_at = state.misses, now
    row.save(update_fields=["failures", "last_failure_at"])
    return Attempt(source, now)


def remove_forgiven(now: datetime) -> int:
    """Forget sources that have been quiet long enough; to be called now and then."""
    quiet = timedelta(seconds=lockout.THROTTLE_DEFAULT.forgive_after_s)
    deleted, _by_model = Throttle.objects.filter(last_failure_at__lt=now - quiet).delete()
    return deleted
