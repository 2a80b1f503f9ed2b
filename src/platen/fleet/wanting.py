"""Somebody wants to know now: readings at the press of a button."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.dispatch import Signal

from platen.eventlog.actor import Actor
from platen.eventlog.changes import record_change
from platen.fleet.due import BY_HAND
from platen.fleet.models import Machine

AT_ONCE_MAX = 5_000

# sender: Machine. After the transaction that asked for readings: whoever reads looks at once.
readings_wanted = Signal()


@transaction.atomic
def want_readings(ids: Iterable[int], *, by: Actor, survey: bool = False) -> int:
    """Read these machines of the current tenant now, whatever their interval and the time of the day (EMC-COMM-17).

    survey: ask everything. Returns: how many will be read.
    """
    wanted = list(dict.fromkeys(ids))[:AT_ONCE_MAX]
    values = {"due_at": BY_HAND} | ({"surveyed_at": None} if survey else {})
    count = 0
    for start in range(0, len(wanted), 500):
        some = Machine.objects.filter(pk__in=wanted[start : start + 500], managed=True, collector="")
        count += some.exclude(address="").update(**values)
    if count:
        record_change(by, "readings_wanted", "fleet", f"{count} machines are read now", machines=count)
        transaction.on_commit(lambda: readings_wanted.send(Machine))
    return count
