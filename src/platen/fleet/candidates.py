"""Who of those that are registered may be one of many that were found, looked up together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from platen.fleet.models import Machine
from platen.fleet.registering import MARKS, FoundMachine, marks_of, named_at_collectors, named_there
from platen.policy.fleet.same_device import Known, Marks

_SHARED_MAX = 100
"""So many machines are looked at that share one mark, as `register` does."""


class Candidates:
    """Everybody who shares a mark or, here, the address with one of those that were found."""

    def __init__(self, found: Sequence[FoundMachine]) -> None:
        self._named = named_at_collectors(found)
        self._by_mark: dict[tuple[str, str], list[Known]] = defaultdict(list)
        said: dict[str, set[str]] = defaultdict(set)
        for name, value in (each for one in found for each in said_marks(marks_of(one))):
            said[name].add(value)
        for name, values in said.items():
            column = {"uuid": "printer_uuid"}.get(name, name)
            rows = Machine.objects.filter(**{f"{column}__in": values}).order_by("pk")
            if name == "address":
                rows = rows.filter(collector="")  # sites use the same private addresses
            for row in rows.values_list(*MARKS):
                self._keep(name, row)

    def of(self, found: FoundMachine) -> list[Known]:
        """The candidates for one of them."""
        shared = [known for mark in said_marks(marks_of(found)) for known in self._by_mark[mark]]
        return list({known.id: known for known in named_there(found, self._named) + shared}.values())

    def _keep(self, name: str, row: tuple[int, str, str, str, str, str]) -> None:
        marks = Marks(*row[1:])
        sharing = self._by_mark[name, getattr(marks, name)]
        if len(sharing) < _SHARED_MAX:
            sharing.append(Known(row[0], marks))


def said_marks(marks: Marks) -> set[tuple[str, str]]:
    """By what it can share a machine with another: name and value of what it says."""
    return {(name, value) for name in ("serial", "mac", "uuid", "address") if (value := getattr(marks, name))}
