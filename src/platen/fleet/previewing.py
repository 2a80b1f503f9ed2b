"""What would become of the rows of a file, each after those before it, while nothing is stored."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from platen.fleet.candidates import Candidates, said_marks
from platen.fleet.models import Machine
from platen.fleet.registering import (
    FoundMachine,
    Registered,
    Rules,
    marks_of,
    outcome_of_known,
    outcome_of_new,
    stays,
    why_taken,
)
from platen.policy.fleet.same_device import Known, Marks, Recognition, Verdict, recognise

Asked = tuple[FoundMachine, Rules]


@dataclass(slots=True)
class Preview:
    """Rows that were looked at, and where machines would be by now; new ones have negative keys."""

    now: datetime
    _machines: dict[int, Machine] = field(default_factory=dict)
    _marks: dict[int, Marks] = field(default_factory=dict)
    _sharing: dict[tuple[str, str], list[int]] = field(default_factory=lambda: defaultdict(list))
    _new: int = 0

    def of(self, asked: Sequence[Asked]) -> list[Registered]:
        """What would become of some more rows, in their order."""
        together = Candidates([found for found, _ in asked])
        candidates = [together.of(found) for found, _ in asked]
        keys = {each.id for some in candidates for each in some} - self._machines.keys()
        self._machines |= Machine.objects.select_related("device").in_bulk(keys)
        return [self._row(found, rules, some) for (found, rules), some in zip(asked, candidates, strict=True)]

    def _row(self, found: FoundMachine, rules: Rules, candidates: Sequence[Known]) -> Registered:
        by_now = self._by_now(marks_of(found), candidates)
        recognition = recognise(marks_of(found), by_now)
        taken = why_taken(found, recognition, self.now)
        if taken:
            became = self._row(replace(found, address="", uri=""), rules, candidates)
            return replace(became, outcome="conflict", message=f"{taken} {became.message}".strip())
        if recognition.id is None:
            became = self._added(found, rules, recognition)
        else:
            became = self._known(recognition.id, found, recognition)
        if became.outcome not in {"known", "ignored"}:
            self._displace(recognition, found, by_now)
        return became

    def _known(self, key: int, found: FoundMachine, recognition: Recognition) -> Registered:
        machine = self._machines.get(key)
        if machine is not None:
            became = outcome_of_known(machine, found, recognition, self.now)
            if not stays(machine, found, self.now):
                marks = Marks(machine.serial, machine.mac, machine.printer_uuid, found.address, machine.maker)
                self._plan(machine.pk, marks)
            return became
        if not found.address:
            return Registered("known")
        self._plan(key, replace(self._marks[key], address=found.address))
        return Registered("moved" if recognition.verdict is Verdict.MOVED else "known", None, recognition.sentence)

    def _added(self, found: FoundMachine, rules: Rules, recognition: Recognition) -> Registered:
        became = outcome_of_new(found, rules, recognition)
        if became.outcome != "ignored":
            self._new -= 1
            self._plan(self._new, marks_of(found))
        return became

    def _displace(self, recognition: Recognition, found: FoundMachine, by_now: Sequence[Known]) -> None:
        for each in by_now:
            machine = self._machines.get(each.id)
            if each.id == recognition.displaced and (machine is None or machine.collector == found.collector):
                self._plan(each.id, replace(each.marks, address=""))

    def _plan(self, key: int, marks: Marks) -> None:
        self._marks[key] = marks
        for mark in said_marks(marks):
            self._sharing[mark].append(key)

    def _by_now(self, marks: Marks, candidates: Sequence[Known]) -> list[Known]:
        """The candidates as rows before would have left them, and those that such rows would have made."""
        keys = dict.fromkeys(key for mark in said_marks(marks) for key in self._sharing[mark])
        return [Known(key, self._marks[key]) for key in keys] + [
            each for each in candidates if each.id not in self._marks
        ]
