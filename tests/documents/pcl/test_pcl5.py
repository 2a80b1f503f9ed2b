"""PCL 5: pages, paper, sides, copies, macros and plots."""

from __future__ import annotations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from platen.documents.analysis import analyse
from platen.documents.facts import DocumentFacts, PagesBasis, Sides
from platen.documents.limits import AnalysisLimits, AnalysisOptions
from tests.documents.pcl.jobs import pjl, raster


def facts_of(data: bytes, **options: bool) -> DocumentFacts:
    return analyse(b"\x1bE" + data + b"\x1bE", options=AnalysisOptions(**options))


class TestPages:
    """When a page comes out."""

    @settings(deadline=None)  # the first job compiles patterns
    @given(st.binary(max_size=40))
    def test_binary_payloads_hold_no_pages(self, payload):
        """Form feeds and escapes within raster data and fonts are data. SC-TRACK-03"""
        assume(b"%PDF" not in payload and b"obj" not in payload)
        row = b"\x1b*b%dW%b" % (len(payload), payload)
        assert facts_of(b"text" + row + b"\x0c" + b"\x1b(s%dW%b" % (len(payload), payload)).pages == 1

    @pytest.mark.parametrize("color", [True, False])
    @settings(deadline=None)  # the first job compiles patterns
    @given(rows=st.lists(st.tuples(st.sampled_from([0, 1, 30, 998, 1200]), st.sampled_from([b"W", b"w"])), max_size=30))
    def test_rows_of_every_length_are_passed_over(self, color, rows):
        """Rows alone, and rows joined to one sequence, hide no pages whatever stands in them. SC-TRACK-03"""
        page = b"x\x1b*r1A"
        joined = False
        for length, ends in rows:
            prefix = b"" if joined else b"\x1b*b"
            page += prefix + b"%d%b" % (length, ends) + (b"\x0c\x1bE\x1b&l2A" * 200)[:length]
            joined = ends == b"w"
        page += (b"0W" if joined else b"") + b"\x1b*rC\x0c"
        assert facts_of(page * 2, color=color).pages == 2

    @pytest.mark.parametrize("color", [True, False])
    def test_rows_go_on_behind_a_capital(self, color):
        """Some drivers end a sequence of rows by its letter and write the next row without an escape. SC-TRACK-03"""
        page = b"\x1b*r1A\x1b*b3m\x1b*b208Y2v\x0c\x0c3w\x0c\x0c\x0c0Y\x1b*b0V0v4w\x0c\x0c\x0c\x0c0Y\x1b*rC\x0c"
        assert facts_of(page * 3, color=color).pages == 3

    def test_a_sequence_that_is_broken_off_prints_nothing(self):
        """What begins like an exit and is none is no text on another page. SC-TRACK-03"""
        assert analyse(b"\x1bEone\x0c\x1bE\x1b%-12345\n").pages == 1

    @pytest.mark.parametrize(
        ("data", "pages"),
        [
            (b"one\x1b&l26Atwo", 2),  # another size
            (b"\x1b&l26A\x1b&l26A\x1b&l1H", 0),  # nothing stands on the page
            (b"one\x1b&l1Otwo", 2),  # turned
            (b"one\x1b&l0Otwo", 1),  # turned as it is already
            (b"one\x1b&l0Htwo", 2),  # the page is asked for
            (b"one\x1b&l1Stwo", 2),
            (b"one\x1b&a1Gtwo", 2),
            (b"one\x1b&r1Ftwo", 2),
            (b"\x0c\x0c", 2),  # a form feed brings out empty pages as well
            (b"   \r\n", 0),
            (b"\x1b*c0a5b0P", 0),  # a rule without width
            (b"\x1b*c5a5b0P", 1),
            (b"\x1b&p3X\x0c\x0c\x0c", 1),  # transparent data
            (b"\x1b&k1W\x1b*b2M\x1b&l1Xone\x1b&k2W\x0c", 1),  # a direction has no data
            (b"\x1bY\x0c\x0c\x1bZ", 1),  # display functions
        ],
    )
    def test_what_brings_a_page_out(self, data, pages):
        """A page ends without a form feed where a command forces it out and something stands on it. SC-TRACK-03"""
        assert facts_of(data).pages == pages

    def test_a_job_that_was_cut_off_has_its_last_page(self):
        """What reached the device before the connection broke comes out."""
        assert analyse(b"\x1bEone\x0ctw").pages == 2
        assert analyse(b"\x1bEone\x0c\x1b*b500Wxx").pages == 2

    def test_too_many_commands_are_a_sentence(self):
        """Work is bounded by a count."""
        options = AnalysisOptions(limits=AnalysisLimits(pcl_commands_max=50))
        facts = analyse(b"\x1bEone\x0c" + b"\x1b&k1G" * 100, options=options)
        assert facts.pages == 1
        assert "too many commands" in facts.problems[0]


class TestText:
    """Text that flows over the foot of the page."""

    @pytest.mark.parametrize(
        ("setup", "lines", "pages"),
        [
            (b"\x1b&l2A", 60, 1),
            (b"\x1b&l2A", 61, 2),
            (b"\x1b&l26A", 64, 1),
            (b"\x1b&l26A", 65, 2),
            (b"\x1b&l2A\x1b&l1O", 45, 1),
            (b"\x1b&l2A\x1b&l1O", 46, 2),
            (b"\x1b&l2A\x1b&l8D", 80, 1),
            (b"\x1b&l2A\x1b&l8D", 81, 2),
            (b"\x1b&l2A\x1b&l6C", 81, 2),  # the same spacing as vertical motion index
            (b"\x1b&l2A\x1b&l0E\x1b&l66F", 66, 1),
            (b"\x1b&l2A\x1b&l10F", 11, 2),
            (b"\x1b&l2A\x1b&l0L", 63, 1),  # perforation skip off
            (b"\x1b&l2A\x1b&l0L", 64, 2),
            (b"\x1b&l84P", 78, 1),  # as long as Legal
            (b"\x1b&l84P", 79, 2),
        ],
    )
    def test_lines_that_a_page_holds(self, setup, lines, pages):
        """Size, spacing, margins and text length decide how many lines stand on a page. SC-TRACK-03"""
        text = b"\r\n".join(b"line" for _ in range(lines))
        assert (facts_of(setup + text).pages, facts_of(setup + text, color=False).pages) == (pages, pages)

    def test_a_carriage_return_may_feed_a_line(self):
        """Line termination makes of each code what the host means by it."""
        text = b"\r".join(b"line" for _ in range(70))
        assert facts_of(b"\x1b&l2A" + text).pages == 1
        assert facts_of(b"\x1b&l2A\x1b&k1G" + text).pages == 2

    def test_long_lines_wrap_where_that_is_on(self):
        """Wrapping is off by default, and what leaves the line is lost."""
        text = b"\r\n".join(b"x" * 170 for _ in range(30))
        assert facts_of(b"\x1b&l2A" + text).pages == 1
        assert facts_of(b"\x1b&l2A\x1b&s0C" + text).pages == 2

    def test_a_place_on_the_page_is_where_text_goes_on(self):
        """After a move to the last lines there is room for few."""
        assert facts_of(b"\x1b&l2A\x1b*p2900Ya\nb").pages == 1
        assert facts_of(b"\x1b&l2A\x1b*p2900Ya\nb\nc\nd").pages == 2

    def test_without_a_paper_size_the_count_is_an_estimate(self):
        """How many lines fit depends on the device. SC-TDF-140"""
        assert facts_of(b"line\r\n" * 100).pages_basis is PagesBasis.ESTIMATED
        assert facts_of(b"\x1b&l2A" + b"line\r\n" * 100).pages_basis is PagesBasis.COUNTED


class TestPaper:
    """Size, sides and copies."""

    def test_paper_sides_and_copies(self):
        """Combined sequences are taken apart. SC-TDF-132, SC-TDF-133"""
        facts = facts_of(b"\x1b&l1x26a1o2S\x1b&l4Xone\x0c")
        assert (facts.copies, facts.copies_collated, facts.sides) == (4, False, Sides.TWO_SIDED_SHORT_EDGE)
        run = facts.page_runs[0]
        assert (run.media, run.width_mm, run.height_mm) == ("iso_a4_210x297mm", 297, 210)

    @pytest.mark.parametrize("order", [b"\x1b&l101A\x1b&f2880i4320J", b"\x1b&f2880I\x1b&f4320J\x1b&l101A"])
    def test_a_custom_size(self, order):
        """Width and length in decipoints. SC-TDF-132"""
        run = facts_of(order + b"x\x0c").page_runs[0]
        assert (run.width_mm, run.height_mm) == (101.6, 152.4)

    def test_copies_that_change_within_the_job(self):
        """Each page is printed as often as the number in force when it comes out."""
        facts = facts_of(b"\x1b&l2Xone\x0ctwo\x0c\x1b&l3Xthree\x0c\x1b&l1Xfour\x0c")
        assert facts.copies == 1
        assert [(run.pages, run.copies) for run in facts.page_runs] == [(2, 2), (1, 3), (1, 1)]

    def test_copies_within_the_data_win_over_those_around_it(self):
        """PJL COPIES are the default that PCL replaces."""
        assert analyse(pjl("SET COPIES=5", language="PCL", data=b"\x1bE\x1b&l2Xone\x0c")).copies == 2
        assert analyse(pjl("SET COPIES=5", language="PCL", data=b"\x1bEone\x0c")).copies == 5

    def test_sides_that_change_within_the_job(self):
        """Pages that differ from the first say so. SC-TDF-133"""
        facts = facts_of(b"\x1b&l1Sa\x0cb\x0c\x1b&l0Sc\x0c")
        assert facts.sides is Sides.TWO_SIDED_LONG_EDGE
        assert [(run.pages, run.sides) for run in facts.page_runs] == [(2, None), (1, Sides.ONE_SIDED)]

    def test_a_page_whose_back_stays_empty_is_alone_on_its_sheet(self):
        """A front side that is asked for begins a new sheet."""
        facts = facts_of(b"\x1b&l1Sa\x0cb\x0cc\x0c\x1b&a1Gd\x0ce\x0c")
        assert [(run.pages, run.sides) for run in facts.page_runs] == [(2, None), (1, Sides.ONE_SIDED), (2, None)]

    def test_a_reset_returns_to_the_device_defaults(self):
        """Paper, copies and sides of one job do not hold for the next."""
        facts = analyse(b"\x1bE\x1b&l26a2x1Sone\x0c\x1bEtwo\x0c\x1bE")
        assert [(run.media, run.copies) for run in facts.page_runs] == [("iso_a4_210x297mm", 2), (None, 1)]

    def test_the_finest_resolution(self):
        """Raster resolution, unless PJL states that of the device."""
        data = b"\x1bE\x1b*t75R\x1b*t600Rx\x0c"
        assert analyse(data).resolution_dpi == (600, 600)
        assert analyse(pjl("SET RESOLUTION=1200", language="PCL", data=data)).resolution_dpi == (1200, 1200)


class TestMacros:
    """Commands that are kept and run."""

    def test_what_a_macro_holds_is_printed_when_it_is_called(self):
        """A macro's definition prints nothing. SC-TRACK-03"""
        defined = b"\x1b&f7Y\x1b&f0Xletter head\x1b*b3W\x0c\x0c\x0c\x1b&f1X"
        assert facts_of(defined).pages == 0
        assert facts_of(defined + b"\x1b&f7Y\x1b&f2X").pages == 1

    def test_pages_within_macros(self):
        """A macro may hold whole pages, and call another one."""
        defined = b"\x1b&f1Y\x1b&f0Xone\x0ctwo\x0c\x1b&f1X" + b"\x1b&f2Y\x1b&f0X\x1b&f1y3X\x1b&f1X"
        assert facts_of(defined + b"\x1b&f1y2X\x1b&f2y2X").pages == 4

    def test_an_overlay_stands_on_every_page(self):
        """A coloured letter head makes every page a colour page. SC-TDF-144"""
        overlay = b"\x1b*r3U\x1b&f1Y\x1b&f0X\x1b*v1Shead\x1b&f1X\x1b&f4X"
        facts = facts_of(overlay + b"\x1b*v0Sa\x0cb\x0c")
        assert (facts.pages, facts.color_pages) == (2, 2)

    def test_macros_that_call_themselves_end(self):
        """A circle is not followed."""
        assert facts_of(b"\x1b&f1Y\x1b&f0Xa\x0c\x1b&f2X\x1b&f1X\x1b&f2X").pages == 1


class TestPlots:
    """HP-GL/2 within PCL."""

    @pytest.mark.parametrize(
        ("program", "draws"),
        [
            (b"INSP1WU0PW0;IP0,0,1016,1016;SC0,600,0,600;", False),
            (b"PU0,0;PA100,100;", False),
            (b"PD100,100", True),
            (b"PU;PD;PA5,5;", True),
            (b"PE<" + b"\xc1\xc1" + b";", False),
            (b"PE" + b"\xc1\xc1" + b";", True),
            (b"LBtext\x03", True),
            (b"DT~,1LB ~;", False),
            (b"CI50", True),
            (b'CO"PD100,100";', False),
            (b"PM0PD9,9;PM2;", False),
            (b"PM0PD9,9;PM2;FP;", True),
        ],
    )
    def test_what_marks_the_page(self, program, draws):
        """Set-up and moves draw nothing, so no page comes out."""
        assert facts_of(b"\x1b%0B" + program + b"\x1b%0A").pages == int(draws)

    def test_labels_may_hold_escapes(self):
        """Only what leaves HP-GL/2 ends it."""
        assert facts_of(b"\x1b%1BLBa\x1bb\x0c\x0cc\x03\x1b%0A").pages == 1

    def test_pens_are_the_palette(self):
        """A coloured pen makes a colour page where it draws. SC-TDF-144"""
        three = b"\x1b*r3U\x1b%%0BSP%d;PD9,9;\x1b%%0A\x0c"
        assert facts_of(three % 2).color_pages == 1
        assert facts_of(three % 7).color_pages == 0
        assert facts_of(b"\x1b%0BSP2;PD9,9;\x1b%0A\x0c").color_pages == 0
        assert facts_of(b"\x1b%0BNP8;PC2,255,0,0;SP2;PD9,9;\x1b%0A\x0c").color_pages == 1


class TestColor:
    """Colour by what is marked. SC-TDF-144"""

    def test_raster_of_three_planes(self):
        """Of planes that differ come colours, of like ones greys. SC-TDF-144"""
        setup = b"\x1b*r-3U"
        assert facts_of(setup + raster(b"\xf0", b"\x0f", b"\x00", planes=3) + b"\x0c").color_pages == 1
        assert facts_of(setup + raster(b"\xf0", b"\xf0", b"\xf0", planes=3) + b"\x0c").page_runs[0].color is False

    def test_colour_is_of_its_page_alone(self):
        """A grey page behind a coloured one is grey. SC-TDF-144"""
        colored, gray = raster(b"\xff", b"\0", b"\0", planes=3), raster(b"\xff")
        facts = facts_of(b"\x1b*r-3U" + colored + b"\x0c\x1b*r1U" + gray + b"\x0c")
        assert [run.color for run in facts.page_runs] == [True, False]

    @pytest.mark.parametrize(
        ("method", "gray", "colored"),
        [
            (0, b"\x10\x10\x10\x99\x99\x99", b"\x10\x10\x10\x99\x99\xff"),
            (1, b"\x05\x10", b"\x04\x10\x00\x90"),
            (2, b"\xfb\x10", b"\xfc\x10\x00\x90"),
            (3, b"\x40\x10\x10\x10", b"\x00\x90"),
        ],
    )
    def test_pixels_of_three_channels(self, method, gray, colored):
        """Grey written in red, green and blue is grey, however it is compressed. SC-TDF-144"""
        setup = b"\x1b*v6W\x00\x03\x08\x08\x08\x08"
        verdicts = [
            facts_of(setup + raster(row, method=method) + b"\x0c").page_runs[0].color for row in (gray, colored)
        ]
        assert verdicts == [False, True]

    def test_indexes_of_a_palette(self):
        """What counts is the colours that pixels use, not those that the palette holds. SC-TDF-144"""
        setup = b"\x1b*v6W\x00\x01\x08\x08\x08\x08" + b"\x1b*v9a9b9c0I\x1b*v255a0b0c1I\x1b*v99a99b99c2I"
        assert facts_of(setup + raster(b"\x00\x02\x02\x00") + b"\x0c").page_runs[0].color is False
        assert facts_of(setup + raster(b"\x00\x02\x01\x00") + b"\x0c").page_runs[0].color is True

    def test_text_in_the_foreground_colour(self):
        """A colour that is chosen and not used marks nothing. SC-TDF-144"""
        setup = b"\x1b*r3U"
        assert facts_of(setup + b"\x1b*v1Sred\x0c").color_pages == 1
        assert facts_of(setup + b"\x1b*v1S\x1b*v0Sblack\x0c").color_pages == 0
        assert facts_of(setup + b"\x1b*v1S\x1b&b1Mred\x0c").color_pages == 0  # printed in grey

    def test_not_asked_for_it_is_not_known(self):
        """Without looking, data that could be coloured are open, and those that could not are not."""
        data = b"\x1b*r-3U" + raster(b"\xf0", b"\x0f", b"\x00", planes=3) + b"\x0c\x1b*r1U" + raster(b"\xf0") + b"\x0c"
        assert [run.color for run in facts_of(data, color=False).page_runs] == [None, False]

    def test_pages_without_a_visible_mark(self):
        """White rows, white rules and white text leave a blank page."""
        white = b"\x1b*v1T"
        assert facts_of(raster(b"\0\0") + white + b"text\x1b*c9a9b5P\x0cink\x0c").page_runs[0].blank is True
        assert facts_of(raster(b"\0\1") + b"\x0c").page_runs[0].blank is False
        assert facts_of(b"\x0c").page_runs[0].blank is True


@pytest.mark.parametrize(
    ("rest", "pages"),
    [
        (b"", 1),
        (bytes(range(128, 256)) * 4, 1),
        (bytes(range(128, 256)) + b"\x1bE\x0c\x0c", 1),
        (b"More\x0c", 2),
        (b"Gr\xfc\xdfe aus K\xf6ln\x0c", 2),
        (b"\r\n\x1b*r1A\x1b*b200W" + b"\xaa" * 200 + b"\x1b*rB\x0c", 2),
    ],
)
def test_garbage_behind_the_last_reset_is_no_page(rest, pages):
    """What nobody wrote behind a job is named and not charged; text and pictures behind a reset are a page."""
    facts = analyse(b"\x1bEx\x0c\x1bE" + rest)
    assert facts.pages == pages
    assert any("was not counted" in problem for problem in facts.problems) is (len(rest) > 0 and pages == 1)
