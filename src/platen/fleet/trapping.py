"""What a trap or an inform brings: the machine that sent it is read now, so that what it says is known at once."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction

from platen.fleet.due import BY_HAND
from platen.fleet.models import Machine
from platen.fleet.wanting import readings_wanted


def read_senders(addresses: Collection[str]) -> int:
    """Read the managed machines at these addresses, of whatever organisation, now. Returns: how many there are.

    A trap is believed in nothing but that something happened: anybody could have sent it.
    """
    known = Machine.everywhere.filter(address__in=list(addresses), managed=True, collector="")
    count = known.update(due_at=BY_HAND)
    if count:
        transaction.on_commit(lambda: readings_wanted.send(Machine))
    return count
