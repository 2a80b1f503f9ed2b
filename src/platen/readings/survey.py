"""The first visit: everything that a machine has to say, asked in as few octets as its shape allows.

Without a socket: `requests()` says what to ask now, `take()` gets what was answered, until nothing is left to ask.

1. Who it is, and how many supplies and trays it has: a column of each table, a few rows at a time. Where a table is
   shorter than that, GETBULK goes on with the next column, so the columns are those that lie before a wanted one.
2. The other tables in the same way, single objects, and what its maker keeps in private ones.
3. Every object whose name is known by now, until nothing is missing; at last what is asked only because something
   better was not there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from platen.protocols.snmp import Oid, PduKind, Prepared, Tag, Value, VarBind, in_subtree
from platen.readings import objects as o
from platen.readings.makers import MakerTable, table_of
from platen.readings.requests import Run, before, compose, run, runs_of
from platen.readings.survey_objects import (
    ALERTS,
    ATTRIBUTES,
    BRIEF_ALERTS,
    CHANNELS,
    CONSOLE,
    FINISHERS,
    INPUTS,
    LIGHTS,
    LONG_ROWS,
    PORTS,
    ROWS_MAX,
    SUPPLIES,
    TABLES,
    WHOLE,
    Depth,
    Wanted,
    first_cells,
    further_cells,
    further_columns,
    last_resorts,
    names_elsewhere,
)
from platen.readings.tables import Tables

_WHO = (o.SYS_DESCR, o.SYS_OBJECT_ID)
_BEHIND_IT = (o.SYS_UP_TIME, o.SYS_CONTACT, o.SYS_NAME, o.SYS_LOCATION)
"""What GETBULK gives along with sysObjectID, as rows that follow it; where that does not work it is asked by name."""
ROUNDS_MAX = 40
OBJECTS_MAX = 4000
_CIRCLE = "The machine's names do not rise where they should; what it says behind that was not taken."
_TRIES_MAX = 2
_BEYOND: Oid = (2**32,)  # behind every object identifier
_PRIVATE_ROWS = 10
_PRIVATE_CELLS = 40
"""Of makers' tables, whose length nobody knows: so many rows, and so many objects in one packet."""
_FEW = 12
"""So few single objects go along with rows; for more a packet of their own is cheaper."""
_NAMED_MAX = 40
_MORE_ROWS, _FEW_ROWS = 5, 2
"""How far long tables, and short ones, go on in a further request."""
_LONG = (SUPPLIES, INPUTS, ALERTS, LIGHTS, FINISHERS, ATTRIBUTES, PORTS, CHANNELS)
_SHORT = frozenset(wanted.shape for wanted in TABLES if wanted not in _LONG)
_BRIEFLY = (SUPPLIES, BRIEF_ALERTS, CONSOLE)
_ROWS_MAX = {wanted.shape: wanted.rows_max for wanted in TABLES}


class Survey:
    """One machine's first visit. `raw` is what was answered so far; `notes` what was strange, in sentences."""

    def __init__(self, raw: Mapping[Oid, Value] | None = None, depth: Depth = WHOLE) -> None:
        """raw: what is known already."""
        self._depth = depth
        self.raw: dict[Oid, Value] = dict(raw or {})
        self.notes: list[str] = []
        self._cursors: dict[Oid, Oid] = {}  # of columns that are walked, how far they were seen
        self._ended: set[Oid] = set()
        self._absent: set[Oid] = set()
        self._asked: dict[Oid, int] = {}
        self._rounds = 0

    def requests(self) -> tuple[Prepared, ...]:
        """What to ask now, one packet each; nothing: it is finished."""
        self._rounds += 1
        if self._rounds > ROUNDS_MAX or len(self.raw) > OBJECTS_MAX:
            self.notes.append("The machine names more objects than a printer has; those until then are taken.")
            return ()
        if self._rounds == 1:
            return (self._opening(),)
        if self._rounds == 2:
            return self._second()
        return self._following()

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
            self._passed(place, [varbind])
        places = prepared.oids[count:]
        for number, place in enumerate(places):
            self._passed(place, varbinds[count + number :: len(places)])

    def _opening(self) -> Prepared:
        """Who it is, and the shape of the tables that are long."""
        shapes = [wanted.shape for wanted in self._depth.long]
        for shape in shapes:
            self._walk(shape)
        who = self._outstanding(_WHO)
        self._count((*who, *self._outstanding(_BEHIND_IT)))
        return Prepared.get_bulk([before(oid) for oid in who], (o.SYS_OBJECT_ID, *shapes), LONG_ROWS)

    def _second(self) -> tuple[Prepared, ...]:
        """Single objects, whether there is anything in the other tables, and what the maker has of its own."""
        table = table_of(self.raw)
        named = [*self._outstanding((*_BEHIND_IT, *first_cells(self.raw, self._depth))), *self._private(table)]
        self._count(named)
        keys = table.walked if table is not None and self._depth.private_tables else ()
        for column in keys:
            self._walk(column)
        rows = max(2, min(_PRIVATE_ROWS, _PRIVATE_CELLS // max(1, len(keys))))
        walk = [Prepared.get_bulk((), keys, rows)] if keys else []
        return (*_by_name(named), *walk)

    def _following(self) -> tuple[Prepared, ...]:
        """Tables that were longer, and every object whose name is known by now."""
        tables, details = Tables(self.raw), self._depth.details
        for column in (*(wanted.shape for wanted in self._depth.later), *further_columns(tables, self._depth)):
            self._walk(column)
        certain = [one for wanted in (TABLES if details else _BRIEFLY) for one in self._runs(wanted, tables)]
        elsewhere = names_elsewhere(tables, self._absent) if details else ()
        certain += runs_of(self._outstanding((*further_cells(tables, self._depth), *elsewhere)))
        certain += self._longer()
        perhaps = runs_of(self._private(table_of(self.raw)))
        if not certain and not perhaps:
            perhaps = runs_of(self._outstanding(last_resorts(tables, self.raw)))
        return tuple(self._ask(certain, perhaps))

    def _longer(self) -> list[Run]:
        """Columns that have not ended go on from where they were seen to."""
        runs = []
        for column, cursor in self._cursors.items():
            if column in self._ended:
                continue
            # Asked for twice from the same place without an answer, it has ended.
            self._asked[cursor] = self._asked.get(cursor, 0) + 1
            if self._asked[cursor] > _TRIES_MAX:
                self._ended.add(column)
            else:
                rows = _FEW_ROWS if column in _SHORT else _MORE_ROWS
                if column == ALERTS.shape and cursor == column:
                    rows = 1  # there may be none at all, and what comes in their place may be long
                runs.append(Run(cursor, tuple((*cursor, row) for row in range(rows)), open_end=rows > 1))
        return runs

    def _private(self, table: MakerTable | None) -> list[Oid]:
        """The maker's own objects that are still to be asked for."""
        if table is None:
            return []
        if not self._depth.private_tables:
            return self._outstanding(table.listed)
        return self._outstanding((*table.objects, *table.cells(self.raw)))

    def _runs(self, wanted: Wanted, tables: Tables) -> Iterator[Run]:
        """What is missing of a table's known rows, in runs of rows.

        As long as the table may go on, the column right behind the one that is walked is left out: it comes along.
        Rows of a table that is not walked came behind something else, and are not wanted.
        """
        if wanted.shape not in self._cursors:
            return
        rows = tables.rows(wanted.shape)[: wanted.rows_max]
        comes_along = before((*wanted.shape[:-1], wanted.shape[-1] + 2)) if wanted.shape not in self._ended else ()
        for column in wanted.columns:
            if column == comes_along:
                continue
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

    def _ask(self, certain: Iterable[Run], perhaps: Iterable[Run]) -> list[Prepared]:
        """By rows at first; what was not answered so, by name.

        perhaps: objects that may not be there. GET says so in few octets, where GETBULK gives whatever comes next; so
        single ones are asked by name if they are worth a packet of their own.
        """
        certain, perhaps = list(certain), list(perhaps)
        by_name = [cell for one in (*certain, *perhaps) if self._any_asked(one) for cell in one.cells]
        rows = [one for one in (*certain, *perhaps) if not self._any_asked(one) and len(one.cells) > 1]
        rows += [one for one in certain if not self._any_asked(one) and len(one.cells) == 1]
        single = [one for one in perhaps if not self._any_asked(one) and len(one.cells) == 1]
        if rows and len(single) + len(by_name) <= _FEW:
            rows += single
        else:
            by_name += [one.cells[0] for one in single]
        self._count(by_name)
        self._count(cell for one in rows if not one.open_end for cell in one.cells)
        return [*(layout.prepared for layout in compose(rows)), *_by_name(by_name)]

    def _any_asked(self, one: Run) -> bool:
        return not one.open_end and any(self._asked.get(cell) for cell in one.cells)

    def _walk(self, column: Oid) -> None:
        """From its beginning, or from the first row if that was asked for by name."""
        if column not in self._cursors:
            arcs = len(column)
            rows = sorted(oid for oid in self.raw if oid[:arcs] == column)
            self._cursors[column] = rows[0] if rows else column

    def _passed(self, place: Oid, found: Sequence[VarBind]) -> None:
        """What GETBULK gave behind one place. What lies between the place and the last of it is known by now."""
        last = place
        for varbind in found:
            if varbind.tag == Tag.END_OF_MIB_VIEW:
                last = _BEYOND
                break
            if varbind.missing:
                break
            if varbind.oid <= last:
                if _CIRCLE not in self.notes:
                    self.notes.append(_CIRCLE)
                break
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
        if not in_subtree(last, column) or len(rows) >= _ROWS_MAX.get(column, ROWS_MAX):
            self._ended.add(column)

    def _count(self, cells: Iterable[Oid]) -> None:
        for cell in cells:
            self._asked[cell] = self._asked.get(cell, 0) + 1

    def _is_outstanding(self, cell: Oid) -> bool:
        return cell not in self.raw and cell not in self._absent and self._asked.get(cell, 0) < _TRIES_MAX

    def _outstanding(self, cells: Iterable[Oid]) -> list[Oid]:
        return [cell for cell in dict.fromkeys(cells) if self._is_outstanding(cell)]


def _by_name(cells: Sequence[Oid]) -> list[Prepared]:
    return [Prepared.get(cells[first : first + _NAMED_MAX]) for first in range(0, len(cells), _NAMED_MAX)]
