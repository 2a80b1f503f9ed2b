"""PCL XL: pages, paper, copies and colour."""

from __future__ import annotations

import io
import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from platen.documents.analysis import analyse
from platen.documents.facts import Sides
from platen.documents.limits import AnalysisOptions
from tests.documents.pcl.jobs import Xl, pjl

RECTANGLE = b"\xe1" + bytes(8) + b"\xf8\x42\xa0"
little = Xl("<")


def colors(*inner: bytes, xl: Xl = little) -> list[bool | None]:
    """The verdict on a page for each of `inner`."""
    facts = analyse(xl.stream(*(xl.page(each) for each in inner)))
    return [run.color for run in facts.page_runs for _ in range(run.pages)]


@pytest.mark.parametrize("order", ["<", ">"])
def test_pages_media_and_copies(order):
    """Each page has its media and its copies; a page of no copies is not printed. SC-TRACK-03"""
    xl = Xl(order)
    facts = analyse(xl.stream(xl.page(), xl.page(media=xl.ubyte(37, 5), copies=0), version="3;0"))
    assert (facts.pages, facts.copies, facts.format_version) == (2, 1, "3.0")
    assert [(run.media, run.copies) for run in facts.page_runs] == [("iso_a4_210x297mm", 1), ("iso_a3_297x420mm", 0)]


@pytest.mark.parametrize(
    ("media", "size_mm"),
    [
        (little.octets(37, b"LETTER"), (215.9, 279.4)),
        (little.reals(47, 4.0, 6.0) + little.ubyte(48, 0), (101.6, 152.4)),
        (little.reals(47, 100.0, 150.0) + little.ubyte(48, 1), (100, 150)),
        (little.reals(47, 1000.0, 1500.0) + little.ubyte(48, 2), (100, 150)),
        (little.ubyte(37, 200), (None, None)),
    ],
)
def test_sizes_by_number_name_and_measure(media, size_mm):
    """Media are numbers, names or measures in inches and millimetres. SC-TDF-132"""
    run = analyse(little.stream(little.page(media=media))).page_runs[0]
    assert (run.width_mm, run.height_mm) == size_mm


@pytest.mark.parametrize("orientation", [1, 3])
def test_landscape_pages(orientation):
    """Turned pages are as they are read. SC-TDF-132"""
    run = analyse(little.stream(little.page(orientation=orientation))).page_runs[0]
    assert (run.width_mm, run.height_mm) == (297, 210)


@pytest.mark.parametrize(("extension", "color"), [(0x68704000, None), (0x68702006, False)])
def test_data_of_a_makers_own_coding_are_passed_over(extension, color):
    """HP's host-based devices take their pages so; operators within the data mean nothing. SC-TRACK-03"""
    data = b"\x44\x43" * 300
    values = struct.pack("<BIBBBIBB", 0xC2, extension, 0xF8, 145, 0xC2, len(data), 0xF8, 146)
    page = little.page(values + b"\x46" + data)
    facts = analyse(little.stream(little.ubyte(145, 1) + b"\x46", page, page, little.page()))
    assert (facts.pages, facts.document_ends) == (3, ())
    assert [run.color for run in facts.page_runs for _ in range(run.pages)] == [color, color, False]
    cut = analyse(little.stream(page)[:-500])
    assert (cut.pages, cut.problems[0]) == (1, "The PCL XL stream ends in the middle of a value.")


def test_copies_of_all_pages_are_those_of_the_document():
    """Three of each page are three copies, not collated; what the stream says wins over PJL."""
    stream = little.stream(little.page(copies=3), little.page(copies=3))
    for job in (stream, pjl("SET COPIES=9", language="PCLXL", data=stream)):
        facts = analyse(job)
        assert (facts.copies, facts.copies_collated, facts.page_runs[0].copies) == (3, False, 1)


def test_pages_that_name_no_copies_have_those_of_the_job():
    """PJL COPIES are the default."""
    assert analyse(pjl("SET COPIES=4", language="PCLXL", data=little.stream(little.page(copies=None)))).copies == 4


def test_duplex_by_binding():
    """Vertical binding of a portrait page is long edge. SC-TDF-133"""
    assert analyse(little.stream(little.page(duplex=1))).sides is Sides.TWO_SIDED_LONG_EDGE
    assert analyse(little.stream(little.page(duplex=0))).sides is Sides.TWO_SIDED_SHORT_EDGE
    assert analyse(little.stream(little.page(duplex=1, orientation=1))).sides is Sides.TWO_SIDED_SHORT_EDGE
    assert analyse(little.stream(little.page())).sides is Sides.ONE_SIDED


def test_a_page_whose_back_stays_empty_is_alone_on_its_sheet():
    """A front that follows a front begins a new sheet where the job names backs as well."""
    sides = [little.page(duplex=1, side=side) for side in (0, 1, 0, 0, 1)]
    facts = analyse(little.stream(*sides))
    assert [(run.pages, run.sides) for run in facts.page_runs] == [(2, None), (1, Sides.ONE_SIDED), (2, None)]
    fronts = analyse(little.stream(*(little.page(duplex=1, side=0) for _ in range(4))))
    assert [(run.pages, run.sides) for run in fronts.page_runs] == [(4, None)]


def test_units_are_the_resolution():
    """UnitsPerMeasure of a session, where PJL names none."""
    session = b"\xd1" + (600).to_bytes(2, "little") * 2 + b"\xf8\x89" + little.ubyte(134, 0) + b"\x41"
    assert analyse(b") HP-PCL XL;2;0;x\n" + session + little.page()).resolution_dpi == (600, 600)


class TestColor:
    """Colour by what is painted."""

    def test_a_coloured_brush_makes_a_colour_page_where_it_paints(self):
        """A brush of unlike channels is colour, of like ones grey; unused it is nothing. SC-TDF-144"""
        rgb = little.space(2)
        used = [rgb + little.brush(*each) + RECTANGLE for each in ((9, 9, 9), (9, 9, 99))]
        assert colors(*used, rgb + little.brush(9, 9, 99)) == [False, True, False]

    def test_the_graphics_state_is_saved_and_restored(self):
        """Behind PopGS the brush is what it was."""
        red = little.space(2) + little.brush(255, 0, 0)
        assert colors(b"\x61" + red + b"\x60" + RECTANGLE, b"\x61" + red + RECTANGLE + b"\x60") == [False, True]

    def test_every_page_begins_in_black(self):
        """A brush does not last to the next page."""
        red = little.space(2) + little.brush(255, 0, 0) + RECTANGLE
        assert colors(red, RECTANGLE) == [True, False]

    @pytest.mark.parametrize("order", ["<", ">"])
    @pytest.mark.parametrize(
        ("mode", "gray", "colored"),
        [
            (0, b"\x11\x11\x11\x99\x99\x99\0\0", b"\x11\x11\x11\x99\x99\xff\0\0"),
            (1, b"\xfb\x11\xff\0", b"\xfc\x11\x00\x99\xff\0"),
            (3, b"\x04\x00\x40\x11\x11\x11", b"\x02\x00\x00\x99"),
        ],
    )
    def test_pixels_of_images(self, order, mode, gray, colored):
        """Grey that is written in red, green and blue is grey. SC-TDF-144"""
        xl = Xl(order)
        images = [xl.space(2) + xl.image(samples, width=2, height=1, mode=mode) for samples in (gray, colored)]
        assert colors(*images, xl=xl) == [False, True]

    @pytest.mark.parametrize(("rgb", "is_color"), [((99, 99, 99), False), ((200, 30, 30), True)])
    def test_pictures_in_jpeg(self, rgb, is_color):
        """JPEG within PCL XL is decoded. SC-TDF-144"""
        octets = io.BytesIO()
        Image.new("RGB", (32, 32), rgb).save(octets, "JPEG")
        image = little.space(6) + little.image(octets.getvalue(), width=32, height=32, mode=2)
        assert colors(image) == [is_color]

    def test_indexes_of_a_palette(self):
        """What counts is the colours that pixels use. SC-TDF-144"""
        palette = little.space(2, b"\0\0\0\xff\0\0\x99\x99\x99")
        images = [
            palette + little.image(bytes(row), width=4, height=1, mapping=1) for row in ((0, 2, 2, 0), (0, 1, 2, 0))
        ]
        assert colors(*images) == [False, True]

    def test_not_asked_for_it_is_not_known(self):
        """Without looking, an image in colour space is open."""
        image = little.space(2) + little.image(bytes(8), width=2, height=1)
        facts = analyse(little.stream(little.page(image)), options=AnalysisOptions(color=False))
        assert facts.page_runs[0].color is None

    def test_a_page_that_nothing_is_painted_on_is_blank(self):
        """White paint leaves a page blank, too."""
        white = little.space(2) + little.brush(255, 255, 255) + little.ubyte(5, 0) + b"\x79" + RECTANGLE
        facts = analyse(little.stream(little.page(), little.page(white), little.page(RECTANGLE)))
        assert [run.blank for run in facts.page_runs for _ in range(run.pages)] == [True, True, False]

    def test_an_empty_path_is_no_mark(self):
        """Drivers end every page by painting a path that they have just emptied. SC-TDF-110"""
        emptied, line = b"\x85\x86", b"\xd3\x01\x00\x01\x00\xf8\x4c\x9b"
        pages = (emptied, b"\x85" + line + b"\x86" + emptied, RECTANGLE + emptied, emptied + RECTANGLE)
        facts = analyse(little.stream(*map(little.page, pages)))
        assert [run.blank for run in facts.page_runs for _ in range(run.pages)] == [True, False, False, False]

    def test_streams_paint_where_they_are_run(self):
        """A stream that the job defines marks nothing until it is executed. SC-TDF-144"""
        inner = b") HP-PCL XL;2;0;x\n" + little.space(2) + little.brush(255, 0, 0) + RECTANGLE
        name = little.octets(139, b"logo")
        kept = name + b"\x5b" + little.uint16(140, len(inner)) + b"\x5c" + little.data(inner) + b"\x5d"
        facts = analyse(little.stream(kept, little.page(), little.page(name + b"\x5e")))
        assert [run.color for run in facts.page_runs] == [False, True]

    def test_pcl_within_a_page_paints_on_it(self):
        """PassThrough holds PCL 5, whose form feeds end no page here. SC-TRACK-03"""
        red = b"\xbf" + little.data(b"\x1b*r3U\x1b*v1Sred\x0c")
        facts = analyse(little.stream(little.page(red), little.page()))
        assert [(run.pages, run.color) for run in facts.page_runs] == [(1, True), (1, False)]


@settings(deadline=None)  # the first job compiles patterns
@given(st.binary(max_size=600), st.sampled_from(["<", ">"]), st.booleans())
def test_embedded_data_are_passed_over(data, order, color):
    """Octets of an image that look like operators are data. SC-TRACK-03"""
    xl = Xl(order)
    short = b"\xfb" + bytes([len(data[:255])]) + data[:255]
    inner = xl.data(data) + short + xl.octets(168, data) + b"\xa8"
    assert analyse(xl.stream(xl.page(inner)), options=AnalysisOptions(color=color)).pages == 1


def test_a_stream_cut_off_counts_the_page_that_was_begun():
    """What reached the printer would come out."""
    assert analyse(little.stream(little.page(), little.page())[:-3]).pages == 2


def test_the_text_form_is_not_counted():
    """Printers do not take it, so no number is made up."""
    facts = analyse(b"' HP-PCL XL;2;0;x\nBeginSession\n")
    assert facts.pages is None
    assert "text form" in facts.problems[0]


def test_a_white_area_and_a_path_without_a_part_leave_a_page_blank():
    """Nothing that is seen was painted, whatever the brush was afterwards. SC-TDF-132"""
    xl = Xl()
    white = xl.space(1) + b"\xc0\xff\xf8\x09\x63\xc0\x00\xf8\x05\x79" + b"\xe1" + bytes(8) + b"\xf8\x42\xa0"
    nothing = b"\xc0\x00\xf8\x09\x63\x85\x86"
    facts = analyse(
        xl.stream(xl.page(white + nothing), xl.page(nothing + white), xl.page(white + nothing[:-2] + b"\x86"))
    )
    assert [run.blank for run in facts.page_runs for _ in range(run.pages)] == [True, True, False]
