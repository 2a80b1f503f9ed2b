"""Many objects in few octets: which of them to ask for one by one, and which by rows.

A GET names every object in the request and again in the answer. GETBULK names a place once and gives what follows, as
many rows for each place; asked for objects that lie next to each other it needs half the octets. So objects are put
into runs of neighbours, and of all numbers of rows the one is taken that makes the fewest octets.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from platen.protocols.snmp import Oid, Prepared, Version
from platen.protocols.snmp.oids import encode_oid

HEADERS_OCTETS = 28
"""IPv4 and UDP."""
MESSAGE_OCTETS = 33
"""Of a message around its bindings, with a community of six letters."""
RESPONSE_OCTETS_MAX = 1400
"""What an answer may have so that it travels in one packet anywhere; agents cut off what is more."""
ROWS_MAX = 24
PLACES_MAX = 64
VALUE_OCTETS = 3
"""Of a value of which nothing is known."""
_BINDING_OCTETS = 6
_REQUEST_ID = 0x8000


@dataclass(frozen=True, slots=True)
class Run:
    """Objects that follow each other in the machine's order. `after` is a name right before the first of them."""

    after: Oid
    cells: tuple[Oid, ...]
    value_octets: int = VALUE_OCTETS
    """Of their values on the average."""
    open_end: bool = False
    """How many there are is not known: as many rows are taken as the others get, at least as many as `cells` has."""

    @property
    def asked(self) -> int:
        """Octets to name it in a request."""
        return _BINDING_OCTETS + len(encode_oid(self.after))

    @property
    def answered(self) -> int:
        """Octets of one object in an answer."""
        return _BINDING_OCTETS + len(encode_oid(self.cells[0])) + self.value_octets


@dataclass(frozen=True)
class Layout:
    """How runs are asked with a certain number of rows, and the octets of it without headers."""

    rows: int
    singles: tuple[Oid, ...]
    places: tuple[Oid, ...]
    request: int
    response: int

    @cached_property
    def prepared(self) -> Prepared:
        return Prepared.get_bulk(self.singles, self.places, self.rows)


def runs_of(cells: Iterable[Oid], sizes: Mapping[Oid, int] | None = None) -> list[Run]:
    """Objects as runs: those whose last arcs follow each other belong together, nothing can lie between them."""
    runs: list[list[Oid]] = []
    for cell in sorted(set(cells)):
        if runs and cell[:-1] == runs[-1][-1][:-1] and cell[-1] == runs[-1][-1][-1] + 1:
            runs[-1].append(cell)
        else:
            runs.append([cell])
    return [run(cells_, sizes) for cells_ in runs]


def run(cells: Sequence[Oid], sizes: Mapping[Oid, int] | None = None, after: Oid = ()) -> Run:
    """Objects that are known to follow each other, as one run. sizes: octets of values that were read before."""
    octets = sum((sizes or {}).get(cell, VALUE_OCTETS) for cell in cells)
    return Run(after or before(cells[0]), tuple(cells), -(-octets // len(cells)))


def together(runs: Iterable[Run], parts_of: Mapping[Oid, str]) -> list[tuple[Run, ...]]:
    """Runs in groups of which all or nothing is of use. parts_of: objects that are parts of one sum, by its name."""
    groups: list[tuple[set[str], list[Run]]] = []
    for one in runs:
        names = {parts_of[cell] for cell in one.cells if cell in parts_of}
        alike = [group for group in groups if group[0] & names]
        if alike:
            first, *rest = alike
            first[0].update(names, *(group[0] for group in rest))
            first[1].extend((*(each for group in rest for each in group[1]), one))
            groups = [group for group in groups if group not in rest]
        else:
            groups.append((names, [one]))
    return [tuple(members) for _, members in groups]


def before(cell: Oid) -> Oid:
    """A name that nothing but `cell` can follow: instances of one object have indexes of one length."""
    return (*cell[:-1], cell[-1] - 1) if cell[-1] else cell[:-1]


def compose(runs: Sequence[Run], octets_max: int = RESPONSE_OCTETS_MAX) -> list[Layout]:
    """The requests that ask for all of it in the fewest octets, each answered in one packet."""
    return list(_composed(tuple(runs), octets_max))


# Machines of a model are asked the same, and finding the best way to ask takes longer than the asking.
@lru_cache(maxsize=1024)
def _composed(runs: tuple[Run, ...], octets_max: int) -> tuple[Layout, ...]:
    if not runs:
        return ()
    layouts = _by_length(sorted(runs, key=lambda one: len(one.cells)))
    fitting: list[Layout] = []
    for some, layout in layouts:
        if layout.response <= octets_max and len(layout.singles) + len(layout.places) <= PLACES_MAX:
            fitting.append(layout)
            continue
        first, second = _halves(some)
        fitting += [*compose(first, octets_max), *compose(second, octets_max)] if second else [layout]
    return tuple(fitting)


def _by_length(runs: Sequence[Run]) -> list[tuple[Sequence[Run], Layout]]:
    """All in one request, or short runs in one and long ones in another, if that makes up for the second packet."""
    best = [(runs, best_layout(runs))]
    for place in range(1, len(runs)):
        if len(runs[place - 1].cells) == len(runs[place].cells):
            continue
        parts = [(some, best_layout(some)) for some in (runs[:place], runs[place:])]
        if _whole(parts) < _whole(best):
            best = parts
    return best


def _whole(parts: Sequence[tuple[Sequence[Run], Layout]]) -> int:
    return sum(layout.request + layout.response + 2 * HEADERS_OCTETS for _, layout in parts)


def best_layout(runs: Sequence[Run]) -> Layout:
    """The number of rows that makes the fewest octets, and is enough for what has an open end."""
    most = min(max(len(run_.cells) for run_ in runs), ROWS_MAX)
    least = max((len(run_.cells) for run_ in runs if run_.open_end), default=1)
    layouts = (_laid_out(runs, rows) for rows in range(least, max(most, least) + 1))
    return min(layouts, key=lambda layout: layout.request + layout.response)


def request_octets(prepared: Prepared, community: bytes = b"public") -> int:
    """Of a request on the wire, with the headers of IP and UDP."""
    return HEADERS_OCTETS + len(prepared.message(Version.V2C, community, _REQUEST_ID))


def _halves(runs: Sequence[Run]) -> tuple[list[Run], list[Run]]:
    """Divided so that both have about as much to answer; a single run is divided itself. The second may be empty."""
    if len(runs) == 1:
        whole = runs[0]
        half = len(whole.cells) // 2
        if not half or whole.open_end:
            return [whole], []
        return (
            [replace(whole, cells=whole.cells[:half])],
            [replace(whole, cells=whole.cells[half:], after=whole.cells[half - 1])],
        )
    weights = [run_.answered * len(run_.cells) for run_ in runs]
    so_far, number = weights[0], 1
    while number < len(runs) - 1 and 2 * so_far < sum(weights):
        so_far += weights[number]
        number += 1
    return list(runs[:number]), list(runs[number:])


def _laid_out(runs: Sequence[Run], rows: int) -> Layout:
    singles: list[Oid] = []
    places: list[Oid] = []
    request = response = MESSAGE_OCTETS
    for run_ in runs:
        starts = (run_.after, *run_.cells)
        whole, rest = (1, 0) if run_.open_end else divmod(len(run_.cells), rows)
        if rows == 1 and not run_.open_end:
            whole, rest = 0, len(run_.cells)
        # What whole stretches leave over: one stretch more, with rows that nobody wants, or one by one.
        elif rest and run_.asked + rows * run_.answered <= rest * (run_.asked + run_.answered):
            whole, rest = whole + 1, 0
        places += [starts[number * rows] for number in range(whole)]
        singles += starts[whole * rows : whole * rows + rest]
        request += (whole + rest) * run_.asked
        response += (whole * rows + rest) * run_.answered
    return Layout(rows, tuple(singles), tuple(places), request, response)
