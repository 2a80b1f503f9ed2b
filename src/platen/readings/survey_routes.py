"""Surveys of machines that answer alike are asked alike: what was worked out for one is remembered for the others.

What a survey asks next follows from what it was answered. Of most values it only matters that they are there: how far a
meter has counted, what a display says, what somebody called the machine. So a survey goes along a route of rounds:
where all that matters in the answers of a round is as it was for a machine before, the next requests are known; where
it is not, the survey is worked out from its beginning, and the route has a new branch.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from platen.protocols.snmp import Oid, PduKind, Prepared, Value, VarBind
from platen.protocols.snmp.values import MISSING
from platen.readings import objects as o
from platen.readings.makers import table_of
from platen.readings.physical_address import as_mac, is_local
from platen.readings.survey import Survey
from platen.readings.survey_objects import ALERTS, WHOLE, Depth, is_plain
from platen.readings.tables import column_of, is_in_tables
from platen.readings.text import decoded

STEPS_MAX = 1000
"""Remembered at once; then all are forgotten and begin anew."""

Matters = tuple[object, ...]
_Taken = list[tuple[Prepared, Sequence[VarBind]]]

_ONLY_THERE: frozenset[Oid] = frozenset(
    {
        *(column_of(oid) for oid in (o.SYS_DESCR, o.SYS_UP_TIME, o.SYS_CONTACT, o.SYS_NAME, o.SYS_LOCATION)),
        *((*o.HOST, 1, number, 0) for number in range(1, 8)),  # hrSystem, with its clock: behind what is asked
        *((*o.IF_ENTRY, column) for column in range(1, 23) if (*o.IF_ENTRY, column) != o.IF_PHYS_ADDRESS),
        o.HR_DEVICE_STATUS,
        o.HR_PRINTER_STATUS,
        o.HR_PRINTER_DETECTED_ERROR_STATE,
        o.PRT_GENERAL_PRINTER_NAME,
        o.PRT_ALERT_ALL_EVENTS,
        o.PRT_INPUT_CURRENT_LEVEL,
        o.PRT_OUTPUT_REMAINING_CAPACITY,
        o.PRT_MARKER_LIFE_COUNT,
        o.PRT_MARKER_POWER_ON_COUNT,
        o.PRT_MARKER_SUPPLIES_LEVEL,
        o.PRT_CONSOLE_DISPLAY_BUFFER_TEXT,
        o.PRT_CONSOLE_ON_TIME,
        o.PRT_CONSOLE_OFF_TIME,
        ALERTS.shape,
        *ALERTS.columns,
        o.FIN_SUPPLY_CURRENT_LEVEL,
        o.FIN_DEVICE_CURRENT_CAPACITY,
        o.FIN_DEVICE_STATUS,
        o.FIN_ATTRIBUTE_OCTETS,
        o.PPM_PRINTER_IEEE1284_DEVICE_ID,
        o.ENT_PHYSICAL_SERIAL_NUM,
        o.ENT_PHYSICAL_ASSET_ID,
        o.IC_IMAGE_TOTAL,
        o.IC_IMPRESSION_TOTAL,
        o.IC_IMPRESSION_MONOCHROME,
        o.IC_IMPRESSION_FULL_COLOR,
        o.IC_IMPRESSION_HIGHLIGHT_COLOR,
        o.IC_SHEET_TOTAL,
    }
)
"""Columns and scalars of which a survey only looks whether they are there, and whether a text is in plain letters; of
sysDescr also, whose private objects there are (`table_of`)."""


_ARCS = len(o.ENTERPRISES)
_PWG = o.PWG[_ARCS:]
_MISSING = {int(tag): f"missing {int(tag)}" for tag in MISSING}


@dataclass(slots=True)
class _Step:
    """What to ask, and where the answers lead."""

    requests: tuple[Prepared, ...] = ()
    notes: tuple[str, ...] = ()
    next: dict[Matters, _Step] = field(default_factory=dict)


class Routes:
    """What was worked out for surveys so far."""

    def __init__(self, steps_max: int = STEPS_MAX) -> None:
        self._steps_max = steps_max
        self._begin = _Step()
        self.steps = 0

    def find(self, before: _Step | None, matters: Matters) -> _Step | None:
        """What follows on such answers to a step, or begins a survey of which so much is known."""
        return (before or self._begin).next.get(matters)

    def add(self, before: _Step | None, matters: Matters, step: _Step) -> _Step:
        """Remember it there."""
        if self.steps >= self._steps_max:
            self._begin, self.steps = _Step(), 0
        (before or self._begin).next[matters] = step
        self.steps += 1
        return step


ROUTES = Routes()
"""Of this process."""


class RoutedSurvey:
    """Asks and takes as a `Survey` does, by which it is worked out where nothing is remembered."""

    def __init__(self, raw: Mapping[Oid, Value] | None = None, depth: Depth = WHOLE, routes: Routes = ROUTES) -> None:
        """raw: what is known already."""
        self.raw: dict[Oid, Value] = dict(raw or {})
        self._known, self._depth, self._routes = dict(self.raw), depth, routes
        self._past: list[_Taken] = []
        self._taken: _Taken = []
        self._step: _Step | None = None
        self._survey: Survey | None = None  # once it was needed
        self._macs: dict[str, int] = {}
        self._keys: tuple[Oid, ...] = ()  # columns of the maker's that say what a row is

    @property
    def notes(self) -> list[str]:
        """What was strange, in sentences."""
        if self._taken:
            return self._worked_out([*self._past, self._taken]).notes
        return [] if self._step is None else list(self._step.notes)

    def requests(self) -> tuple[Prepared, ...]:
        """What to ask now, one packet each; nothing: it is finished."""
        before, matters = self._step, self._matters()
        if before is not None:
            self._past.append(self._taken)
            self._taken = []
        found = self._routes.find(before, matters)
        if found is None:
            survey = self._caught_up()
            found = self._routes.add(before, matters, _Step(survey.requests(), tuple(survey.notes)))
        else:
            self._survey = None
        self._step = found
        return found.requests

    def take(self, prepared: Prepared, varbinds: Sequence[VarBind]) -> None:
        """What was answered to one of the requests, perhaps less than was asked."""
        self.raw.update(_answered(prepared, varbinds))
        self._taken.append((prepared, varbinds))

    def _caught_up(self) -> Survey:
        """The survey itself, to be asked for what is next."""
        if self._survey is None:
            self._survey = self._worked_out(self._past)
        elif self._past:
            _take(self._survey, self._past[-1])
        return self._survey

    def _worked_out(self, rounds: Sequence[_Taken]) -> Survey:
        survey = Survey(self._known, self._depth)
        for taken in rounds:
            survey.requests()
            _take(survey, taken)
        return survey

    def _matters(self) -> Matters:
        """All that what is asked next can depend on, of the answers since the last requests."""
        table = table_of(self.raw)
        self._keys = () if table is None else table.key_columns
        if self._step is None:
            known = [each for oid, value in self._known.items() for each in (oid, self._bearing(oid, value))]
            return (self._depth, table, *known)
        return (table, *(self._of(varbinds) for _, varbinds in self._taken))

    def _of(self, varbinds: Sequence[VarBind]) -> Matters:
        found: list[object] = []
        for oid, tag, value in varbinds:
            found.append(oid)
            found.append(self._bearing(oid, value) if tag not in _MISSING else _MISSING[tag])
        return tuple(found)

    def _bearing(self, oid: Oid, value: Value) -> object:
        """What of a value matters."""
        if oid[:_ARCS] == o.ENTERPRISES and oid[_ARCS : _ARCS + 1] != _PWG:
            return value if any(oid[: len(key)] == key for key in self._keys) else _kind(value)
        column = column_of(oid)
        if column in _ONLY_THERE or not is_in_tables(oid):
            return _kind(value)
        if isinstance(value, bytes):
            if column == o.PRT_GENERAL_SERIAL_NUMBER:
                return _kind(value), bool(decoded(value))
            if column == o.IF_PHYS_ADDRESS:
                mac = as_mac(value)
                which = self._macs.setdefault(mac, len(self._macs)) if mac and not is_local(mac) else None
                return _kind(value), which
        return value


def _answered(prepared: Prepared, varbinds: Sequence[VarBind]) -> Iterator[tuple[Oid, Value]]:
    """What an answer says of objects, as far as it can be believed: as `Survey.take` has it."""
    if prepared.kind is PduKind.GET:
        for asked, varbind in zip(prepared.oids, varbinds, strict=False):
            if varbind.oid == asked and not varbind.missing:
                yield asked, varbind.value
        return
    count = prepared.non_repeaters
    places = prepared.oids[count:]
    for place, varbind in zip(prepared.oids[:count], varbinds, strict=False):
        yield from _behind(place, [varbind])
    for number, place in enumerate(places):
        yield from _behind(place, varbinds[count + number :: len(places)])


def _behind(place: Oid, found: Sequence[VarBind]) -> Iterator[tuple[Oid, Value]]:
    for varbind in found:
        if varbind.missing or varbind.oid <= place:
            return
        place = varbind.oid
        yield place, varbind.value


def _take(survey: Survey, taken: _Taken) -> None:
    for prepared, varbinds in taken:
        survey.take(prepared, varbinds)


def _kind(value: Value) -> str:
    """Whether it is there at all, and whether it is in plain letters."""
    if isinstance(value, bytes):
        return "plain" if is_plain(value) else "odd"
    return "nothing" if value is None else "there"
