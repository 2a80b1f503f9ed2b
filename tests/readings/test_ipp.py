"""Readings from what a printer answers to Get-Printer-Attributes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platen.protocols.ipp import attributes as a
from platen.protocols.ipp.decoder import decode_response
from platen.protocols.ipp.errors import DecodeError
from platen.protocols.ipp.values import Attribute, Attributes
from platen.readings.facts import Activity, AlertSeverity, Reading, SupplyState, Training
from platen.readings.ipp import read_printer
from platen.readings.ipp_supplies import color_of
from platen.readings.ipp_values import keyword, pairs, unit_of
from tests.readings.told import IPP
from tests.testdata import needs_testdata


def read(*attributes: Attribute) -> Reading:
    return read_printer(Attributes(attributes))


def test_nothing_said_is_nothing_read():
    """Of an answer without attributes nothing is made up."""
    assert read() == Reading()


def test_who_it_is():
    """Maker, model without the maker, serial number, firmware, uuid and place."""
    who = read(
        a.text("printer-make-and-model", "Xerox(R) B235 MFP"),
        a.text("printer-device-id", "MFG:Xerox;MDL:B235;SN:3921847765;CLS:PRINTER;"),
        a.name_("printer-firmware-name", "IPP", "URF", "FirmwareVersion"),
        a.text("printer-firmware-string-version", "2.0", "1.5", "MXLSG.230.090"),
        a.uri("printer-uuid", "urn:uuid:67BBB526-3a17-474f-a567-2ca5f6156613"),
        a.text("printer-location", "Second floor"),
        a.boolean("color-supported", False),
        a.keyword("sides-supported", "one-sided", "two-sided-long-edge"),
    ).identity
    assert (who.maker, who.model, who.serial, who.firmware) == ("Xerox", "B235 MFP", "3921847765", "MXLSG.230.090")
    assert (who.uuid, who.location) == ("67bbb526-3a17-474f-a567-2ca5f6156613", "Second floor")
    assert (who.color, who.duplex, who.functions) == (False, True, frozenset({"print"}))


def test_what_is_not_said_is_not_known():
    """Colour and duplex are unknown, not absent, of a machine that says nothing about them."""
    who = read(a.text("printer-make-and-model", "ECOSYS M2540dn")).identity
    assert (who.maker, who.color, who.duplex) == ("Kyocera", None, None)


def test_a_serial_number_of_its_own_comes_first():
    """printer-serial-number counts before the identification string."""
    who = read(a.text("printer-serial-number", "AB12345"), a.text("printer-device-id", "MFG:HP;SN:OTHER1;")).identity
    assert who.serial == "AB12345"


def test_state_reasons_and_message():
    """State, reasons without “none”, the message as the display's line, and for how long it runs."""
    status = read(
        a.enum("printer-state", 5),
        a.keyword("printer-state-reasons", "media-jam-error", "none"),
        a.text("printer-state-message", "Paper jam inside of printer."),
        a.integer("printer-up-time", 1891),
    ).status
    assert status.activity is Activity.STOPPED
    assert status.reasons == {"media-jam-error"}
    assert (status.console, status.uptime_s) == (("Paper jam inside of printer.",), 1891)


def test_a_date_is_no_time_of_running():
    """Machines that give the seconds since 1970 as printer-up-time have no known time of running."""
    assert read(a.integer("printer-up-time", 1_630_259_029)).status.uptime_s is None


def test_supplies_with_their_descriptions():
    """printer-supply by its pairs, the words from the attribute beside it, receptacles by their class."""
    supplies = read(
        a.octets(
            "printer-supply",
            b"type=toner;maxcapacity=5000;level=2450;class=supplyThatIsConsumed;unit=impressions;colorantname=cyan;",
            b"type=wasteToner;maxcapacity=100;level=-3;class=receptacleThatIsFilled;unit=19;",
            b"index=3;type=fuser;maxcapacity=-2;level=-2;unit=percent;colorantname=none;",
        ),
        a.text("printer-supply-description", "Cyan Toner, P/N CF411A", "Waste Toner Box", "Fuser"),
    ).supplies
    assert [(one.key, one.kind, one.color, one.state, one.percent) for one in supplies] == [
        ("ipp.1", "toner", "cyan", SupplyState.LEVEL, 49),
        ("ipp.2", "waste-toner", "", SupplyState.SOME, None),
        ("ipp.3", "fuser", "", SupplyState.UNKNOWN, None),
    ]
    assert [one.receptacle for one in supplies] == [False, True, False]
    assert (supplies[0].unit, supplies[0].part_number, supplies[1].unit) == ("impressions", "CF411A", "percent")


def test_markers_stand_in_where_supplies_are_not_said():
    """marker-* of CUPS as percentages; -1 and -2 are not known, -3 is some."""
    supplies = read(
        a.name_("marker-names", "Color", "Photo Black ink", "BK", "Waste Toner Box"),
        a.keyword("marker-types", "inkCartridge", "ink-cartridge", "toner", "waste-toner"),
        a.name_("marker-colors", "#00FFFF#FF00FF#FFFF00", "#000000", "#101010", "none"),
        a.integer("marker-levels", 40, -2, 0, -3),
    ).supplies
    assert [(one.kind, one.color, one.state, one.percent) for one in supplies] == [
        ("ink-cartridge", "tri-color", SupplyState.LEVEL, 40),
        ("ink-cartridge", "photo black", SupplyState.UNKNOWN, None),
        ("toner", "black", SupplyState.EMPTY, 0),
        ("waste-toner", "", SupplyState.SOME, None),
    ]
    assert (
        read(a.name_("marker-names", "Black"), a.integer("marker-levels", -1)).supplies[0].state is SupplyState.UNKNOWN
    )


def test_a_level_of_a_waste_marker_is_how_full_it_is():
    """Of a receptacle marker-levels count up, and what is told is the room that is left; printer-supply counts down,
    as the Printer MIB does. EMC-DSTA-07"""
    full = read(
        a.name_("marker-names", "Waste Toner Box", "MC"),
        a.keyword("marker-types", "waste-toner", "waste-ink"),
        a.integer("marker-levels", 0, 100),
    ).supplies
    assert [(one.state, one.percent, one.level) for one in full] == [
        (SupplyState.LEVEL, 100, 0),
        (SupplyState.EMPTY, 0, 100),
    ]
    room = b"type=wasteToner;maxcapacity=100;level=90;class=receptacleThatIsFilled;unit=percent;"
    assert read(a.octets("printer-supply", room)).supplies[0].percent == 90


def test_a_record_that_says_when_it_is_too_full_counts_up():
    """printer-supply of a receptacle is the room that is left, unless it has a level that is too high."""
    tank = b"type=wasteToner;maxcapacity=100;level=0;class=receptacleThatIsFilled;unit=percent;"
    supplies = read(a.octets("printer-supply", tank, tank + b"highlevel=95;")).supplies
    assert [(one.state, one.percent) for one in supplies] == [(SupplyState.EMPTY, 0), (SupplyState.LEVEL, 100)]


def test_levels_that_nobody_says_anything_of_are_left_out():
    """More levels than names, kinds and colours are no supplies; where there are levels alone, they all are."""
    levels = a.integer("marker-levels", 41, 38, 40, 79, 84)
    named = (a.name_("marker-names", "Black", "C"), a.keyword("marker-types", "toner", "toner"))
    assert [(one.color, one.percent) for one in read(*named, levels).supplies] == [("black", 41), ("cyan", 38)]
    assert len(read(levels).supplies) == 5


def test_a_name_of_letters_alone_is_a_colour():
    """Photo black and matte black have one colour in marker-colors, and two in their names."""
    inks = read(
        a.name_("marker-names", "PK", "MK", "LGY", "m", "K2"),
        a.name_("marker-colors", "#000000", "#000000", "#C0C0C0", "#000000", "#000000"),
        a.integer("marker-levels", 1, 2, 3, 4, 5),
    ).supplies
    assert [ink.color for ink in inks] == ["photo black", "matte black", "light gray", "magenta", "black"]


def test_markers_name_supplies_that_have_no_words():
    """A description that is empty is that of the marker at the same place."""
    supplies = read(
        a.octets("printer-supply", b"type=inkCartridge;maxcapacity=100;level=80;colorantname=multi-color;"),
        a.text("printer-supply-description", ""),
        a.name_("marker-names", "tri-color ink"),
        a.name_("marker-colors", "#00FFFF#FF00FF#FFFF00"),
        a.integer("marker-levels", 80),
    ).supplies
    assert [(one.description, one.color, one.percent) for one in supplies] == [("tri-color ink", "tri-color", 80)]


def test_a_marker_measures_what_a_record_does_not():
    """Where printer-supply knows no level and marker-levels do, of as many supplies, theirs counts."""
    supplies = read(
        a.octets("printer-supply", b"type=toner;level=-3;maxcapacity=-2;", b"type=opc;level=30;maxcapacity=100;"),
        a.name_("marker-names", "Black", "Drum"),
        a.integer("marker-levels", 60, 99),
    ).supplies
    assert [(one.state, one.percent) for one in supplies] == [(SupplyState.LEVEL, 60), (SupplyState.LEVEL, 30)]


def test_trays():
    """Inputs with their medium and level, outputs with the room that is left; “auto” is no place."""
    trays = read(
        a.octets(
            "printer-input-tray",
            b"type=other;maxcapacity=250;level=-3;name=auto;",
            b"type=sheetFeedAutoRemovableTray;maxcapacity=500;level=125;unit=sheets;name=Tray\\ 1;medianame=A4;",
        ),
        a.octets("printer-output-tray", b"type=unRemovableBin;maxcapacity=150;remaining=-3;name=face-down;"),
    ).trays
    assert [(one.key, one.name, one.media, one.output, one.state, one.percent) for one in trays] == [
        ("ipp.in.2", "Tray 1", "A4", False, SupplyState.LEVEL, 25),
        ("ipp.out.1", "face-down", "", True, SupplyState.SOME, None),
    ]


def test_alerts():
    """Codes and groups as keywords, with words and places; values that say “none” are no alerts."""
    alerts = read(
        a.octets(
            "printer-alert",
            b"none",
            b"printer-alert[1] = code=jam;index=1;severity=critical;group=mediaPath;groupindex=2;"
            b"location=8600;training=fieldService;time=126508",
        ),
        a.text("printer-alert-description", "none", "printer-alert-description[1] = 'Paper jam in the duplexer.'"),
    ).alerts
    assert len(alerts) == 1
    jam = alerts[0]
    assert (jam.code, jam.severity, jam.group, jam.group_index) == ("jam", AlertSeverity.CRITICAL, "media-path", 2)
    assert (jam.location, jam.training, jam.description) == (8600, Training.FIELD_SERVICE, "Paper jam in the duplexer.")
    assert jam.key


@pytest.mark.parametrize("reasons", ["none", "media-empty-warning"])
def test_what_a_display_shows_is_no_alert_while_nothing_is_wrong(reasons):
    """A bare code “other” with the display's words is left out of a machine without trouble, and kept of another."""
    found = read(
        a.text("printer-make-and-model", "Brother MFC-L2730DW series"),
        a.keyword("printer-state-reasons", reasons),
        a.octets("printer-alert", b"code=other"),
        a.text("printer-alert-description", "Sleep"),
    )
    assert [alert.description for alert in found.alerts] == ([] if reasons == "none" else ["Sleep"])


def test_meters():
    """Impressions by colour with both sides' members in one, sheets, and those of them that have two sides."""
    done = read(
        a.integer("printer-impressions-completed", 1000),
        a.integer("printer-media-sheets-completed", 700),
        a.collection(
            "printer-impressions-completed-col",
            [a.integer("monochrome", 300), a.integer("monochrome-two-sided", 400), a.integer("full-color", 200)],
        ),
        a.collection(
            "printer-media-sheets-completed-col",
            [
                a.integer("monochrome", 500),
                a.integer("monochrome-two-sided", 190),
                a.integer("full-color-two-sided", 10),
            ],
        ),
    )
    assert {meter.name: (meter.value, meter.unit) for meter in done.meters} == {
        "total": (1000, "impressions"),
        "sheets": (700, "sheets"),
        "duplex": (200, "sheets"),
        "total.mono": (700, "impressions"),
        "total.full-color": (200, "impressions"),
        "total.color": (200, "impressions"),
    }


def test_attributes_of_the_wrong_syntax_are_passed_over():
    """A text where a number belongs and the other way round are as good as nothing."""
    odd = read(
        a.text("printer-state", "idle"),
        a.integer("printer-make-and-model", 5),
        a.text("marker-levels", "40"),
        a.integer("printer-supply", 1),
        a.keyword("color-supported", "yes"),
    )
    assert (odd.identity.model, odd.status.activity, odd.supplies) == ("", Activity.UNKNOWN, ())
    assert odd.identity.color is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("code=jam;severity=critical", {"code": "jam", "severity": "critical"}),
        ("unknown;severity=otherother", {"code": "unknown", "severity": "otherother"}),
        ("printer-input-tray[0] =type=other;name=Rear;", {"type": "other", "name": "Rear"}),
        ("a=1;a=2;;=;b", {"a": "1", "": ""}),
        ("type=ink,level=75", {"type": "ink", "level": "75"}),
        ("none", {}),
        ("", {}),
    ],
)
def test_pairs_are_read_as_they_were_meant(text, found):
    """Values with the attribute's name in front, without a first key, with keys twice."""
    assert pairs(text) == found


def test_records_in_one_value():
    """Several supplies in one value, with commas between them, are several."""
    both = (
        b"type=toner;level=40;maxcapacity=100;colorantname=black;,type=opc;level=30;maxcapacity=100;colorantname=none;"
    )
    assert [(one.kind, one.percent) for one in read(a.octets("printer-supply", both)).supplies] == [
        ("toner", 40),
        ("opc", 30),
    ]


def test_labels_of_the_mib_become_keywords():
    """As IPP writes them, whichever of both ways a machine uses; units by number too."""
    assert keyword("receptacleThatIsFilled") == "receptacle-that-is-filled"
    assert keyword("ink-cartridge") == "ink-cartridge"
    assert (unit_of("tenthsOfGrams"), unit_of("8"), unit_of("99"), unit_of(None)) == (
        "tenths-of-grams",
        "sheets",
        "other",
        "",
    )


def test_colors_of_markers():
    """By their parts; several in one belong to one cartridge."""
    assert [color_of(ink) for ink in ("#00FFFF", "#ff00ff", "#FFFF00", "#101010", "none", "#00FFFF#FF00FF", "x")] == [
        "cyan",
        "magenta",
        "yellow",
        "black",
        "",
        "tri-color",
        "",
    ]
    others = (
        "#00A0E9",
        "#E4007F",
        "#FFDA00",
        "#231F20",
        "#80FFFF",
        "#808080",
        "#FFFFFF",
        "#FF8000",
        "#7F0000",
        "#FF0020",
    )
    assert [color_of(ink) for ink in others] == [
        "cyan",
        "magenta",
        "yellow",
        "black",
        "light cyan",
        "gray",
        "white",
        "orange",
        "red",
        "red",
    ]


@needs_testdata
@pytest.mark.parametrize("path", sorted(IPP.rglob("*.*")), ids=lambda path: path.name)
def test_no_recorded_answer_is_an_error(path):
    """Whatever a printer answered, cut off or malformed too, is read as far as it goes, or refused as no message."""
    whole = path.read_bytes()[:200_000]
    for octets in (whole, whole[: len(whole) // 2]):
        try:
            message = decode_response(octets)
        except DecodeError:
            continue
        found = read_printer(message.printer)
        assert all(supply.percent is None or 0 <= supply.percent <= 100 for supply in found.supplies)


@given(
    st.lists(st.binary(max_size=80), max_size=5), st.lists(st.integers(-4, 2**31 - 1), max_size=5), st.text(max_size=50)
)
def test_no_values_are_an_error(octets, numbers, text):
    """Any octets, numbers and words in the attributes are read without an error."""
    attributes = [
        *(a.octets(name, *octets) for name in ("printer-supply", "printer-alert", "printer-input-tray") if octets),
        *(a.integer(name, *numbers) for name in ("marker-levels", "printer-up-time", "printer-state") if numbers),
        *(a.text(name, text) for name in ("printer-make-and-model", "printer-device-id", "marker-names")),
    ]
    found = read(*attributes)
    assert len(found.supplies) <= max(len(octets), len(numbers), 1)
