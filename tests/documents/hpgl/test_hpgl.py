"""Plots in HP-GL and HP-GL/2."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platen.documents.analysis import analyse
from platen.documents.hpgl.plotter import Plotter
from platen.documents.limits import AnalysisLimits, AnalysisOptions
from tests.testdata import TESTDATA, needs_testdata


def encoded(*numbers: int, seven_bits: bool = False) -> bytes:
    """Numbers as PE writes them."""
    base, more, last = (32, 63, 95) if seven_bits else (64, 63, 191)
    octets = bytearray()
    for number in numbers:
        value = abs(number) << 1 | (number < 0)
        while value >= base:
            octets.append(more + value % base)
            value //= base
        octets.append(last + value)
    return bytes(octets)


def page(*commands: bytes) -> bytes:
    return b"IN;PS11880,8400;SP1;" + b"".join(commands) + b"PU;SP0;PG;"


class TestPages:
    """PG, and what a page has to hold."""

    def test_every_page_advance_ends_a_page_that_is_drawn_on(self):
        """Empty pages do not come out; what follows the last advance does. SC-TRACK-03"""
        facts = analyse(b"IN;SP1;PD9,9;PG;PG;PU1,1;PG;PD2,2;PU;")
        assert facts.pages == 2

    def test_the_size_is_that_of_the_plot(self):
        """PS is in fortieths of a millimetre, its first number along x."""
        facts = analyse(page(b"PD9,9;"))
        run = facts.page_runs[0]
        assert (run.width_mm, run.height_mm, run.media) == (297, 210, "iso_a4_210x297mm")
        assert facts.problems == ()

    def test_without_a_size_the_drawing_has_one(self):
        """The box around what is drawn stands for the paper, and the sentence says so."""
        facts = analyse(b"IN;SP1;PU400,400;PD4400,400,4400,2400;PR-4000,-2000;PU;SP0;")
        assert (facts.page_runs[0].width_mm, facts.page_runs[0].height_mm) == (100, 50)
        assert "its size is that of what is drawn" in facts.problems[0]

    def test_user_units_are_scaled_between_the_input_points(self):
        """SC from 0 to 100 between points 4000 apart makes a unit of a millimetre."""
        facts = analyse(b"IN;IP0,0,4000,4000;SC0,100,0,100;SP1;PU10,10;PD60,40;PU;")
        assert (facts.page_runs[0].width_mm, facts.page_runs[0].height_mm) == (50, 30)

    def test_scaled_without_input_points_the_size_is_the_devices(self):
        """What only the device knows is not guessed."""
        facts = analyse(b"IN;SC0,100,0,100;SP1;PU10,10;PD60,40;PU;")
        assert facts.page_runs[0].width_mm is None
        assert "does not say what size" in facts.problems[0]

    def test_more_copies_of_a_plot(self):
        """RP asks for more of the plot before it, BP for copies of the one that follows."""
        facts = analyse(page(b"PD9,9;") + b"RP2;" + page(b"PD9,9;"))
        assert [(run.pages, run.copies) for run in facts.page_runs] == [(1, 3), (1, 1)]
        assert analyse(b'BP1,"Plan",2,4;IN;SP1;PD9,9;PG;').page_runs[0].copies == 4

    def test_the_name_of_the_plot_is_its_title(self):
        """BP 1 names the picture."""
        assert analyse(b'\x1b%-1BBP1,"Ground floor PD;",5,1;IN;SP1;PD9,9;PG;').title == "Ground floor PD;"

    def test_a_plot_that_draws_nothing(self):
        """Moving a raised pen is no drawing."""
        facts = analyse(b"IN;SP1;PU0,0;PA100,100;PU;SP0;PD200,200;")
        assert facts.pages == 0
        assert "draws nothing" in facts.problems[0]


class TestColour:
    """Pens."""

    @pytest.mark.parametrize(
        ("commands", "color"),
        [
            (b"PD9,9;", False),
            (b"PD9,9;PU;SP2;PU20,20;", False),
            (b"PD9,9;PU;SP2;PD20,20;", True),
            (b"NP2;PC2,128,128,128;SP2;PD9,9;", False),
            (b"PC1,0,128,255;PD9,9;", True),
            (b"CR0,1000,0,1000,0,1000;PC3,500,500,500;SP3;PD9,9;", False),
            (b"SP12;PD9,9;", None),
            (b"SP2;LBtext\x03", True),
            (b"SP2;LB  \x03SP1;PD1,1;", False),
            (b"SP5;PM0;PD9,9,9,0,0,0;PM2;SP1;FP;", False),
            (b"SP1;PM0;PD9,9,9,0,0,0;PM2;SP5;FP;", True),
            (b"SP2;PU;PR5,5;PA7,7;SP1;PD1,1", False),
        ],
    )
    def test_a_coloured_pen_counts_when_it_draws(self, commands, color):
        """Choosing a pen is no colour, drawing with it is. SC-TDF-134"""
        assert analyse(page(commands)).has_color is color

    def test_white_leaves_nothing(self):
        """Pen 0 draws white."""
        assert analyse(b"IN;PS400,400;SP0;PD9,9;PG;").pages == 0


class TestStrings:
    """Commands with ends of their own."""

    def test_labels_end_with_their_terminator(self):
        """Commands within a label are text."""
        facts = analyse(page(b"LBPG;PG;SP2;PD5,5;\x03"))
        assert (facts.pages, facts.has_color) == (1, False)

    def test_the_terminator_can_be_another(self):
        """DT takes the very next octet."""
        assert analyse(page(b"DT*;LBPG;\x03PG;*PD9,9;")).pages == 1

    def test_comments_and_symbols(self):
        """CO is skipped; SM draws its octet at every position."""
        assert analyse(page(b'CO"SP2;PD9,9;PG;"PD9,9;')).has_color is False
        assert analyse(b"IN;PS400,400;SP1;SM*PU10,10;PG;").pages == 1

    @given(st.binary(max_size=60).filter(lambda octets: b"\x03" not in octets))
    def test_any_octets_in_a_label_are_text(self, octets):
        """Labels hide whatever they hold."""
        assert analyse(page(b"PD9,9;LB" + octets + b"\x03")).pages == 1

    def test_device_control_is_passed_over(self):
        """ESC . sequences of serial plotters are no commands."""
        assert analyse(b"\x1b.(\x1b.I81;;17:\x1b.N;19:IN;SP1;PD5,5;\x1b.)").pages == 1


class TestEncodedLines:
    """PE."""

    @pytest.mark.parametrize("seven_bits", [False, True])
    def test_lines_are_followed_exactly(self, seven_bits):
        """Both bases, pen up, absolute and relative."""
        lines = (b"7" if seven_bits else b"") + b"<=" + encoded(400, 400, seven_bits=seven_bits)
        lines += encoded(4000, 0, seven_bits=seven_bits) + encoded(-1000, 2000, seven_bits=seven_bits)
        facts = analyse(b"IN;SP1;PE" + lines + b";PU;SP0;")
        assert (facts.page_runs[0].width_mm, facts.page_runs[0].height_mm) == (100, 50)

    def test_a_pen_in_between(self):
        """A colon chooses a pen; only what it draws counts."""
        drawn = b"PE" + encoded(5, 5) + b":" + encoded(2) + encoded(5, 5) + b";"
        moved = b"PE" + encoded(5, 5) + b":" + encoded(2) + b"<" + encoded(5, 5) + b":" + encoded(1) + b";"
        assert analyse(page(drawn)).has_color is True
        assert analyse(page(moved)).has_color is False

    def test_letters_in_encoded_lines_are_digits(self):
        """What spells PG within PE is none."""
        assert analyse(page(b"PE" + b"PGSP" + encoded(5) + encoded(7) + b";")).pages == 1


class TestWithinAnotherLanguage:
    """The plotter alone, as a page description language uses it."""

    def test_it_stops_where_the_language_changes(self):
        """The escape sequence is left to the caller."""
        plotter = Plotter(pen=0)
        data = b"IN;SP1;PD10,10;\x1b%0A rest"
        assert plotter.read(data, 0, len(data)) == data.index(b"\x1b")
        assert plotter.marked

    def test_no_pen_no_line(self):
        """On a page nothing is drawn until a pen is chosen."""
        plotter = Plotter(pen=0)
        plotter.read(b"IN;PD10,10;", 0, 11)
        assert not plotter.marked

    def test_raster_between_plots(self):
        """RTL rows mark the plot; their octets are no commands."""
        facts = analyse(b"\x1b%-1BBP;IN;PS400,400;\x1b%1A\x1b*r3U\x1b*b6WPG;\x1b%0\x1b*rC\x1b%0BPG;")
        assert (facts.pages, facts.has_color) == (1, True)


def test_a_long_plot_keeps_its_pages():
    """Beyond the positions that are followed, only the size is lost."""
    options = AnalysisOptions(limits=AnalysisLimits(hpgl_points_max=50))
    facts = analyse(b"IN;SP1;" + b"PD9,9;PU8,8;" * 100 + b"SP2;PD3,3;PG;PD4,4;PG;", options=options)
    assert (facts.pages, facts.color_pages) == (2, 2)
    assert facts.page_runs[0].width_mm is None


@needs_testdata
@pytest.mark.parametrize(
    ("name", "color"),
    [
        ("chiplotle__bird_by_brian_whitman_and_kelly_dobson.hpgl", False),
        ("chiplotle__square.hpgl", False),
        ("hpgl2__test-Model2.PLT", False),
        ("hpgl2__test1-Model.plt", False),
        ("hpgl2__test3-Model.PLT", False),
        ("hpgl2ps__test1h.hpgl", False),
        ("hpgl2ps__test3h.hpgl", True),
        ("hpglrendering__feature-exercise.plt", True),
    ],
)
def test_real_plots(name, color):
    """One page each, coloured where another pen than the first draws. SC-TDF-110, SC-TDF-134"""
    with (TESTDATA / "pdl/hpgl" / name).open("rb") as file:
        facts = analyse(file)
    assert (facts.format, facts.pages, facts.has_color) == ("application/vnd.hp-HPGL", 1, color)
