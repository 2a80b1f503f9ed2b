"""Readings of real machines' answers against what other programs and projects say about the same answers."""

import functools
from pathlib import Path

import pytest

from platen.policy.fleet.meters import BEGIN_MAX, Verdict, judge
from platen.readings.reading import read
from tests.readings.accuracy import compared, row_of, total
from tests.readings.differences import DIFFERENCES
from tests.readings.recog import recognised
from tests.readings.told import IPP, ipp_facts
from tests.testdata import needs_testdata
from tests.walks import all_walks, load_walk, main_walks, values_of, walk_of

ROOT = Path(__file__).resolve().parents[2]

pytestmark = needs_testdata
found = functools.cache(compared)


def test_every_recorded_answer_is_compared():
    """The comparison leaves out no walk and no answer that names a printer. DCA-DATA-01"""
    scores, _ = found()
    assert total(scores).answers == len(main_walks()) + len(ipp_facts()) > 70


def test_every_difference_is_known_with_its_reason():
    """What a reading says otherwise than others is listed with the reason, and nothing else is. DCA-DATA-01"""
    _, differences = found()
    assert {(name, check.which) for name, check in differences} == set(DIFFERENCES)


def test_the_page_on_accuracy_says_what_is_so():
    """docs/fleet-accuracy.md holds the table as it comes out now, every difference, and what is recognised."""
    page = (ROOT / "docs" / "fleet-accuracy.md").read_text()
    scores, _ = found()
    rows = [row_of(maker, score) for maker, score in scores.items()]
    assert [row for row in (*rows, row_of("all", total(scores))) if row not in page] == []
    assert [key for key, why in DIFFERENCES.items() if f"`{key[0]}`" not in page or why not in page] == []
    known = recognised()
    assert f"{known.right.total()} of {known.told.total()}" in page


def test_makers_are_recognised_by_their_descriptions():
    """Nearly nine of ten descriptions that a collection of fingerprints counts as printers are recognised."""
    known = recognised()
    assert known.right.total() / known.told.total() > 0.89
    not_printers = {"Lantronix", "D-Link", "Emulex"}
    missed = {maker for maker, _ in known.otherwise.values()} - not_printers
    assert missed == {"Ricoh", "Kyocera Mita", "Compuprint"}, "InfoPrint, a Fiery, and one that says little"


def test_no_machine_is_doubted_at_its_first_reading():
    """What recorded machines have counted is believed; all of them together came nowhere near the bound."""
    walks = [read(values_of(load_walk(path))) for path in all_walks().values()]
    said = [{meter.name: meter.value for meter in reading.meters} for reading in walks if reading.meters]
    assert {judge({}, meters, before_s=0, now_s=0).verdict for meters in said} == {Verdict.FIRST}
    assert len(said) > 10
    assert max(max(meters.values()) for meters in said) < BEGIN_MAX / 1_000


@pytest.mark.parametrize("name", sorted(all_walks()))
def test_no_recording_is_read_wrongly_because_half_of_it_is_missing(name):
    """A machine that answers half of its objects, every second one, is read without an error."""
    walk = load_walk(all_walks()[name])
    reading = read(dict(list(values_of(walk).items())[::2]))
    assert all(supply.percent is None or 0 <= supply.percent <= 100 for supply in reading.supplies)


@pytest.mark.parametrize("name", main_walks())
def test_no_recording_is_read_differently_for_its_order(name):
    """The order in which a machine's objects came plays no part."""
    values = values_of(walk_of(name))
    assert read(dict(reversed(values.items()))) == read(values)


def test_recordings_lie_where_they_are_looked_for():
    """Both kinds of recordings are there, so that a comparison with nothing cannot pass."""
    assert all_walks()
    assert IPP.is_dir()
