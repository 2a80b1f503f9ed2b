"""The first visit: everything that a machine has to say, asked in as few octets as its shape allows.

Without a socket: `requests()` says what to ask now, `take()` gets what was answered, until nothing is left to ask.

1. `PROBE` finds out whose machine it is.
2. A column of each table, a few rows at a time, shows how many supplies, trays and alerts there are. Where a table is
   shorter than that, GETBULK goes on with the next column, so the columns are those that lie before a wanted one.
3. Now every object that is still missing is known by name, and what the maker keeps in private ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from platen.protocols.snmp import Oid, PduKind, Prepared, Tag, Value, VarBind, in_subtree
from platen.readings import objects as o
from platen.readings.requests import Run, compose, run, runs_of
from platen.readings.survey_objects import (
    FIRST_ROWS,
    LONG_ROWS,
    LONG_TABLES,
    ROWS_MAX,
    SHORT_ROWS,
    SHORT_TABLES,
    TABLES,
    Wanted,
    further_cells,
    further_columns,
    last_resorts,
    private_table,
)
from platen.readings.tables import Tables

PROBE: tuple[Oid, ...] = (o.SYS_OBJECT_ID, o.SYS_DESCR)
"""Asked of an address of which nothing is known; every agent has them, and they decide what to ask next."""
ROUNDS_MAX = 40
OBJECTS_MAX = 4000
_TRIES_MAX = 2
_PRIVATE_ROWS = 10
_PRIVATE_CELLS = 40
"""Of makers' tables, whose length nobody knows: so many rows, and so many objects in one packet."""
_FEW = 4
"""So few single objects go along with rows; for more a packet of their own is cheaper."""
_NAMED_MAX = 32
_SHAPES = frozenset(wanted.shape for wanted in TABLES)
_BEYOND: Oid = (2**32,)  # behind every object identifier


class Survey:
    """One machine's first visit. `raw` is what was answered so far; `notes` what was strange, in sentences."""

    def __init__(self, raw: Mapping[Oid, Value] | None = None) -> None:
        self.raw: dict[Oid, Value] = dict(raw or {})
        self.notes: list[str] = []
        self._cursors: dict[Oid, Oid] = {}  # of columns that are walked, how far they were seen
        self._rows_max: dict[Oid, int] = {}
        self._ended: set[Oid] = set()
        self._absent: set[Oid] = set()
        self._asked: dict[Oid, int] = {}
        self._firsts: dict[Oid, int] = {}  # columns of which the first row has not been answered yet, and tries
        self._rounds = 0

    def requests(self) -> tuple[Prepared, ...]:
        """What to ask now, one packet each; nothing: it is finished."""
        self._rounds += 1
        if self._rounds > ROUNDS_MAX or len(self.raw) > OBJECTS_MAX:
            self.notes.append("The machine names more objects than a printer has; those until then are taken.")
            return ()
        unknown = self._outstanding(PROBE)
        if unknown:
            self._count(unknown)
            return (Prepared.get(unknown),)
        return self._following() if self._cursors else self._first()

    def take(self, prepared: Prepared, varbinds: Sequence[VarBind]) -> None:
        """What was answered to one of the requests, perhaps less than was asked."""
        if prepared.kind is PduKind.GET:
            for asked, varbind in zip(prepared.oids, varbinds, strict=False):
                if varbind.oid == asked and not varbind.missing:
                    self.raw[asked] = varbind.value
                else:
                    self._absent.add(asked)
            return
        count = prepared.non_repeaters
        for place, varbind in zip(prepared.oids[:count], varbinds, strict=False):
            self._firsts.pop(place, None)
            self._passed(place, [varbind])
        places = prepared.oids[count:]
        for number, place in enumerate(places):
            self._passed(place, varbinds[count + number :: len(places)])

    def _first(self) -> tuple[Prepared, ...]:
        """The shape of every table, and what the maker has of its own."""
        self._firsts = dict.fromkeys(FIRST_ROWS, 1)
        for wanted in TABLES:
            self._walk(wanted.shape, wanted.rows_max)
        long_, short = ([wanted.shape for wanted in tables] for tables in (LONG_TABLES, SHORT_TABLES))
        requests = [
            Prepared.get_bulk((), (o.SYS_OBJECT_ID, *long_), LONG_ROWS),
            Prepared.get_bulk(FIRST_ROWS, short, SHORT_ROWS),
        ]
        table = private_table(self.raw)
        if table is not None and table.columns:
            for column in table.columns:
                self._walk(column)
            rows = max(2, min(_PRIVATE_ROWS, _PRIVATE_CELLS // len(table.columns)))
            requests.append(Prepared.get_bulk((), table.columns, rows))
        return (*requests, *self._ask(runs_of(table.objects if table is not None else ())))

    def _following(self) -> tuple[Prepared, ...]:
        """Tables that were longer, and every object whose name is known by now."""
        tables = Tables(self.raw)
        for column in further_columns(tables):
            self._walk(column)
        table = private_table(self.raw)
        cells = [*further_cells(tables), *(table.objects if table is not None else ())]
        runs = [one for wanted in TABLES if wanted.shape in self._ended for one in self._runs(wanted, tables)]
        runs += runs_of(self._outstanding(cells))
        if not any(column not in self._ended for column in self._cursors):
            runs += runs_of(self._outstanding(last_resorts(tables, self.raw)))
        return (*self._longer(), *self._ask(runs))

    def _longer(self) -> list[Prepared]:
        """Columns that have not ended, and first rows that an answer was too short for."""
        walked = {column: cursor for column, cursor in self._cursors.items() if column not in self._ended}
        for column, cursor in walked.items():
            # Asked for twice from the same place without an answer, it has ended.
            self._asked[cursor] = self._asked.get(cursor, 0) + 1
            if self._asked[cursor] > _TRIES_MAX:
                self._ended.add(column)
        firsts = [column for column, tries in self._firsts.items() if tries < _TRIES_MAX]
        self._firsts.update(dict.fromkeys(firsts, _TRIES_MAX))
        if not walked and not firsts:
            return []
        rows = max(2, min(_PRIVATE_ROWS, _PRIVATE_CELLS // max(1, len(walked)))) if walked else 0
        rows = min(rows, LONG_ROWS) if any(column in _SHAPES for column in walked) else rows
        return [Prepared.get_bulk(firsts, list(walked.values()), rows)]

    def _runs(self, wanted: Wanted, tables: Tables) -> Iterator[Run]:
        """What is missing of a table whose rows are known, in runs of rows."""
        rows = tables.rows(wanted.shape)[: wanted.rows_max]
        for column in wanted.columns:
            start: list[Oid] = []
            after = previous = column
            for row in rows:
                cell = (*column, *row)
                if self._is_outstanding(cell):
                    after = after if start else previous
                    start.append(cell)
                elif start:
                    yield run(start, after=after)
                    start = []
                previous = cell
            if start:
                yield run(start, after=after)

    def _ask(self, runs: Iterable[Run]) -> list[Prepared]:
        """Several in a row by rows; single ones, and what was not answered so, by name: GET says what is not there."""
        rows: list[Run] = []
        named: list[Oid] = []
        for one in runs:
            if len(one.cells) > 1 and not any(self._asked.get(cell) for cell in one.cells):
                rows.append(one)
            else:
                named += one.cells
        if len(named) <= _FEW and rows:
            rows += [run([cell]) for cell in named if not self._asked.get(cell)]
            named = [cell for cell in named if self._asked.get(cell)]
        self._count(named)
        self._count(cell for one in rows for cell in one.cells)
        by_name = [Prepared.get(named[first : first + _NAMED_MAX]) for first in range(0, len(named), _NAMED_MAX)]
        return [*(layout.prepared for layout in compose(rows)), *by_name]

    def _walk(self, column: Oid, rows_max: int = ROWS_MAX) -> None:
        if column not in self._cursors:
            self._cursors[column] = column
            self._rows_max[column] = rows_max

    def _passed(self, place: Oid, found: Sequence[VarBind]) -> None:
        """What GETBULK gave behind one place. What lies between the place and the last of it is known by now."""
        last = place
        for varbind in found:
            if varbind.tag == Tag.END_OF_MIB_VIEW:
                last = _BEYOND
                break
            if varbind.missing or varbind.oid <= last:
                break  # an agent that goes in a circle, or answers something else
            last = varbind.oid
            self.raw[last] = varbind.value
        if last == place:
            return
        for cell, tries in self._asked.items():
            if tries and place < cell < last and cell not in self.raw:
                self._absent.add(cell)
        for column, cursor in self._cursors.items():
            if cursor == place and column not in self._ended:
                self._advance(column, last)

    def _advance(self, column: Oid, last: Oid) -> None:
        rows = [oid for oid in self.raw if in_subtree(oid, column)]
        self._cursors[column] = max(rows, default=column)
        if not in_subtree(last, column) or len(rows) >= self._rows_max[column]:
            self._ended.add(column)

    def _count(self, cells: Iterable[Oid]) -> None:
        for cell in cells:
            self._asked[cell] = self._asked.get(cell, 0) + 1

    def _is_outstanding(self, cell: Oid) -> bool:
        return cell not in self.raw and cell not in self._absent and self._asked.get(cell, 0) < _TRIES_MAX

    def _outstanding(self, cells: Iterable[Oid]) -> list[Oid]:
        return [cell for cell in dict.fromkeys(cells) if self._is_outstanding(cell)]
