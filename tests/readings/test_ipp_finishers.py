"""Finishers, their supplies and trays over IPP."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from platen.protocols.ipp import attributes as a
from platen.protocols.ipp.decoder import decode_response
from platen.protocols.ipp.values import Attribute, Attributes
from platen.readings.both_ways import with_ipp
from platen.readings.facts import Finisher, Reading, Supply, SupplyState, Tray
from platen.readings.finisher_words import FINISHER_KINDS
from platen.readings.ipp import read_printer
from tests.readings.told import IPP
from tests.testdata import needs_testdata


def read(*attributes: Attribute) -> Reading:
    return read_printer(Attributes(attributes))


STAPLER = a.octets(
    "printer-finisher",
    b"type=stitcher;unit=sheets;maxcapacity=50;capacity=20;index=1;presentonoff=on;status=0;",
    b"type=puncher;unit=other;maxcapacity=-2;index=2;presentonoff=off;status=5;",
    b"type=folder;unit=sheets;maxcapacity=-2;index=3;presentonoff=notPresent;status=5;",
)
STAPLES = a.octets(
    "printer-finisher-supplies",
    b"class=supplyThatIsConsumed;type=staples;unit=items;maxcapacity=5000;level=3500;color=;index=1;deviceindex=1;",
    b"class=receptacleThatIsFilled;type=wastePaper;unit=percent;maxcapacity=100;level=-3;index=2;deviceindex=2;",
    b"class=supplyThatIsConsumed;type=stitchingWire;unit=items;maxcapacity=-2;level=-2;index=3;deviceindex=3;",
)


def test_finishers_are_read_with_what_belongs_to_them() -> None:
    """Kind, words, presence, status, capacity and the supplies of each (PWG 5100.1). EMC-DSTA-07."""
    words = a.text("printer-finisher-description", "Staple unit", "Punch unit", "")
    stitcher, puncher, folder = read(STAPLER, words, STAPLES).finishers
    assert (stitcher.kind, stitcher.name, stitcher.presence, stitcher.status) == (
        "stitcher",
        "Staple unit",
        "on",
        ("idle",),
    )
    assert (stitcher.level, stitcher.capacity, stitcher.unit) == (20, 50, "sheets")
    assert (stitcher.supplies, puncher.supplies) == (("ipp.fin.1",), ("ipp.fin.2",))
    assert (puncher.presence, puncher.status, puncher.unit) == ("off", (), "")
    assert not folder.is_there


def test_supplies_of_finishers_stand_among_the_others() -> None:
    """With their kinds and levels; those of a finisher that is not there do not."""
    words = a.text("printer-finisher-supplies-description", "Staples", "", "")
    supplies = read(STAPLER, STAPLES, words).supplies
    assert [(each.key, each.kind, each.description, each.state, each.percent) for each in supplies] == [
        ("ipp.fin.1", "staples", "Staples", SupplyState.LEVEL, 70),
        ("ipp.fin.2", "waste-paper", "", SupplyState.SOME, None),
    ]
    assert supplies[1].receptacle


def test_staples_that_are_told_twice_are_there_once() -> None:
    """printer-supply has them too, and measures them."""
    twice = a.octets(
        "printer-supply", b"type=staples;maxcapacity=100;level=40;class=supplyThatIsConsumed;unit=percent;"
    )
    supplies = [each for each in read(STAPLER, STAPLES, twice).supplies if each.kind == "staples"]
    assert [(each.key, each.percent) for each in supplies] == [("ipp.1", 40)]


def test_what_says_nothing_of_a_finisher_is_none() -> None:
    """Empty values, words without a type, attributes of another syntax."""
    assert read(a.octets("printer-finisher", b"", b"none", b"index=1;status=0;")).finishers == ()
    assert read(a.text("printer-finisher", "stapler"), a.integer("printer-finisher-supplies", 3)).finishers == ()
    assert read(a.octets("printer-finisher", b"type=laminator;")).finishers[0].kind == "other"


def test_outputs_say_how_sheets_come_to_lie() -> None:
    """By labels and by numbers; what is no such word is left out."""
    trays = read(
        a.octets(
            "printer-output-tray",
            b"type=removableBin;maxcapacity=500;remaining=100;status=3;name=Top;stackingorder=lastToFirst;"
            b"pagedelivery=faceUp;offsetstacking=3;",
            b"name=Rear;status=5;stackingorder=unknown;pagedelivery=faceUp:name=x;offsetstacking=notPresent;",
        )
    ).trays
    assert [(each.name, each.percent, each.status, each.stacking) for each in trays] == [
        ("Top", 20, ("broken",), ("face-up", "last-to-first", "offset")),
        ("Rear", None, (), ()),
    ]


def test_ipp_adds_finishers_that_snmp_does_not_tell() -> None:
    """With their supplies; where SNMP tells finishers, its own stay, and staples are there once."""
    ipp = read(STAPLER, STAPLES)
    toner = Supply("1.1", "toner", "black")
    both = with_ipp(Reading(supplies=(toner,), trays=(Tray("in.1.1"),)), ipp)
    assert both.finishers == ipp.finishers
    assert [each.key for each in both.supplies] == ["1.1", "ipp.fin.1", "ipp.fin.2"]
    known = Reading(supplies=(toner, Supply("fin.1.1", "staples")), finishers=(Finisher("1.1", "stitcher"),))
    both = with_ipp(known, ipp)
    assert [each.key for each in both.finishers] == ["1.1"]
    assert [(each.key, each.percent) for each in both.supplies] == [("1.1", None), ("fin.1.1", 70)]


@needs_testdata
def test_recorded_machines_that_name_the_attribute_and_have_no_finisher() -> None:
    """An HP OfficeJet Pro 7740 answers printer-finisher with an empty value."""
    (path,) = IPP.rglob("HP_OfficeJet_Pro_7740.Get-Printer-Attributes*")
    attributes = decode_response(path.read_bytes()).printer
    assert "printer-finisher" in attributes
    reading = read_printer(attributes)
    assert reading.finishers == ()
    assert [each.stacking for each in reading.trays if each.output] == [("face-up",)]


VALUES = st.lists(st.binary(max_size=60), min_size=1, max_size=4)


@given(VALUES, VALUES)
def test_anything_in_these_attributes_is_read_without_an_error(finishers: list[bytes], supplies: list[bytes]) -> None:
    """Whatever follows the type, kinds are known words and percentages are such."""
    reading = read(
        a.octets("printer-finisher", *(b"type=" + value for value in finishers)),
        a.octets("printer-finisher-supplies", *(b"type=staples;" + value for value in supplies)),
    )
    assert {each.kind for each in reading.finishers} <= set(FINISHER_KINDS.values())
    assert all(each.percent is None or 0 <= each.percent <= 100 for each in reading.supplies)
