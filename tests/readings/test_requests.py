"""Objects put together to requests."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from platen.protocols.snmp import Oid
from platen.readings.requests import (
    RESPONSE_OCTETS_MAX,
    Run,
    before,
    best_layout,
    compose,
    request_octets,
    run,
    runs_of,
)
from tests.readings.replay import Replay, counter

ROOT: Oid = (1, 3, 6, 1, 4, 1, 99999)
_CELLS = st.sets(st.tuples(st.integers(1, 4), st.integers(1, 30)), min_size=1, max_size=60)


@given(_CELLS)
def test_every_object_is_asked_for(cells: set[tuple[int, int]]) -> None:
    """Whatever runs objects make, a good agent's answers have all of them, each answer in one packet."""
    wanted = [(*ROOT, *cell) for cell in cells]
    replay = Replay({oid: counter(7) for oid in wanted})
    answered = {varbind.oid for layout in compose(runs_of(wanted)) for varbind in replay.answer(layout.prepared)}
    assert set(wanted) <= answered


@given(_CELLS)
def test_asking_by_rows_never_costs_more_than_by_name(cells: set[tuple[int, int]]) -> None:
    """The number of rows that is chosen is the cheapest one; one row is asking by name."""
    runs = runs_of([(*ROOT, *cell) for cell in cells])
    layout = best_layout(runs)
    by_name = sum(len(one.cells) * (one.asked + one.answered) for one in runs)
    assert layout.request + layout.response <= by_name + 2 * 33


def test_neighbours_make_a_run() -> None:
    """Last arcs that follow each other; a gap, or another parent, begins a new run."""
    cells = [(*ROOT, 1, 1), (*ROOT, 1, 2), (*ROOT, 1, 4), (*ROOT, 2, 5)]
    assert [one.cells for one in runs_of(cells)] == [tuple(cells[:2]), (cells[2],), (cells[3],)]


def test_the_name_before_an_object_leads_to_it() -> None:
    """An instance that ends with 0 is the first below its object; others follow the one with a smaller last arc."""
    assert before((*ROOT, 3, 0)) == (*ROOT, 3)
    assert before((*ROOT, 3, 5)) == (*ROOT, 3, 4)


def test_a_long_run_is_divided_so_that_its_answers_fit() -> None:
    """No answer is expected to be longer than a packet."""
    cells = [(*ROOT, 1, number) for number in range(1, 200)]
    layouts = compose([run(cells, dict.fromkeys(cells, 60))])
    assert len(layouts) > 5
    assert all(layout.response <= RESPONSE_OCTETS_MAX for layout in layouts)


def test_a_table_without_a_known_end_gets_its_rows() -> None:
    """As many rows as its run has at least, whatever else is asked."""
    unknown = Run(ROOT, tuple((*ROOT, 1, row) for row in range(5)), open_end=True)
    (layout,) = compose([unknown, run([(*ROOT, 9, 1)])])
    assert layout.rows >= 5
    assert ROOT in layout.places


def test_octets_of_a_request_are_those_on_the_wire() -> None:
    """With the headers of IPv4 and UDP."""
    (layout,) = compose([run([(*ROOT, 9, 1)])])
    assert request_octets(layout.prepared) == 28 + len(layout.prepared.message(1, b"public", 0x8000))  # type: ignore[arg-type]
