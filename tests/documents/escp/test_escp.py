"""ESC/P, ESC/P2 and ESC/P-R."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platen.documents.analysis import analyse
from platen.documents.limits import AnalysisLimits, AnalysisOptions
from tests.testdata import TESTDATA, needs_testdata

RESET = b"\x1b@"


def extended(letter: bytes, *values: int) -> bytes:
    return b"\x1b(" + letter + struct.pack("<H", len(values)) + bytes(values)


def packed(size: int, value: int = 0) -> bytes:
    """Run lengths of `size` like octets."""
    runs = bytearray()
    while size:
        count = min(size, 128)
        runs += bytes([257 - count, value]) if count > 1 else bytes([0, value])
        size -= count
    return bytes(runs)


def row(octets: bytes, size: int, *, color: int = 0, compressed: int = 1) -> bytes:
    """ESC i: one row of one bit, in one ink."""
    return b"\x1bi" + bytes([color, compressed, 1]) + struct.pack("<HH", size, 1) + octets


class TestPages:
    """Form feeds and page lengths."""

    def test_form_feeds_and_a_last_page_without_one(self):
        """What is printed behind the last form feed comes out as well. SC-TRACK-03"""
        assert analyse(RESET + b"one\x0ctwo\x0c").pages == 2
        assert analyse(RESET + b"one\x0ctwo").pages == 2
        assert analyse(RESET + b"one\x0c" + RESET).pages == 1

    def test_a_page_without_marks_is_blank(self):
        """Two form feeds in a row eject an empty sheet."""
        facts = analyse(RESET + b"one\x0c\x0cthree\x0c")
        assert [run.blank for run in facts.page_runs] == [False, True, False]

    @pytest.mark.parametrize(
        ("length", "lines", "pages"),
        [
            (b"\x1bC\x42", 66, 1),
            (b"\x1bC\x42", 67, 2),
            (b"\x1bC\0\x06", 36, 1),
            (b"\x1bC\0\x06", 37, 2),
            (b"\x1b0\x1bC\x30", 49, 2),
            (extended(b"U", 10) + extended(b"C", 0x68, 0x01), 6, 1),
            (extended(b"U", 10) + extended(b"C", 0x68, 0x01), 7, 2),
            (b"", 70, 1),
            (b"", 660, 10),
        ],
    )
    def test_text_runs_off_the_end_of_a_page(self, length, lines, pages):
        """Lines, inches and units; without any, a sheet up to 12 inches or forms of 11."""
        assert analyse(RESET + length + b"line\r\n" * lines).pages == pages

    def test_graphics_run_off_the_end_of_a_page(self):
        """ESC J moves down between strips of pins: 24 pins count in 180ths of an inch, 9 pins in 216ths."""
        strip24 = b"\x1b*\x27\x01\0\xff\xff\xff\x1bJ\x18"  # 24/180 inch
        strip9 = b"\x1bK\x01\0\xff\x1bJ\x18"  # 24/216 inch
        length = b"\x1bC\0\x0b"
        assert analyse(RESET + length + strip24 * 82).pages == 1
        assert analyse(RESET + length + strip24 * 84).pages == 2
        assert analyse(RESET + length + strip9 * 99).pages == 1
        assert analyse(RESET + length + strip9 * 101).pages == 2

    def test_printing_that_begins_above_the_sheet(self):
        """A top margin below nothing is no part of the page length."""
        units = extended(b"U", 5, 1, 1, 0xA0, 0x05)  # pages in 1/288 inch, down in 1/1440
        length = extended(b"C", 0x20, 0x01, 0, 0)  # an inch
        margins = extended(b"c", 0xB8, 0xFF, 0xFF, 0xFF, 0x20, 0x01, 0, 0)  # a quarter of an inch above
        down = extended(b"v", 0xA4, 0x06, 0, 0)  # 1.17 inch
        assert analyse(RESET + units + length + margins + down + b"x\x0c").pages == 1
        assert analyse(RESET + units + length + down + b"x\x0c").pages == 2

    def test_lines_of_a_360th_of_an_inch(self):
        """FS 3, which NEC has beside ESC 3 and ESC +."""
        assert analyse(RESET + b"\x1bC\0\x0b\x1c3\x01" + b"x\n" * 3900).pages == 1
        assert analyse(RESET + b"\x1bC\0\x0b\x1c3\x01" + b"x\n" * 4000).pages == 2

    def test_absolute_and_relative_moves(self):
        """ESC ( V goes to a position, ESC ( v moves on."""
        length = extended(b"U", 10) + extended(b"C", 0x68, 0x01)  # an inch
        assert analyse(RESET + length + extended(b"V", 0x30, 0x01) + b"x").pages == 1
        assert analyse(RESET + length + extended(b"V", 0x30, 0x01) + extended(b"v", 0x50, 0) + b"x").pages == 2


class TestPayloads:
    """Octets that are no commands."""

    @given(st.binary(max_size=50))
    def test_payloads_hold_no_pages(self, octets):
        """Every command with data is skipped by its length."""
        size = struct.pack("<H", len(octets))
        for head in (b"\x1bK" + size, b"\x1bL" + size, b"\x1bY" + size, b"\x1bZ" + size, b"\x1b*\0" + size):
            assert analyse(RESET + b"x" + head + octets + b"\x0c").pages == 1
        assert analyse(RESET + b"x\x1b*\x27" + size + octets * 3 + b"\x0c").pages == 1
        assert analyse(RESET + b"x\x1b^\0" + size + octets * 2 + b"\x0c").pages == 1
        assert analyse(RESET + b"x\x1b(B" + size + octets + b"\x0c").pages == 1
        assert analyse(RESET + b"x" + row(octets, len(octets), compressed=0) + b"\x0c").pages == 1
        assert (
            analyse(RESET + b"x\x1b.\0\x0a\x0a\x01" + struct.pack("<H", len(octets) * 8) + octets + b"\x0c").pages == 1
        )

    @given(st.lists(st.tuples(st.integers(1, 128), st.binary(min_size=1, max_size=128)), max_size=6))
    def test_run_lengths_are_walked(self, runs):
        """Repeats and literals add up to the rows."""
        packed_row, size = b"", 0
        for count, octets in runs:
            if count > 1:
                packed_row += bytes([257 - count]) + octets[:1]
                size += count
            packed_row += bytes([len(octets) - 1]) + octets
            size += len(octets)
        assert analyse(RESET + b"x" + row(packed_row, size) + b"\x0c").pages == 1

    def test_a_run_of_129_octets(self):
        """The number 128 repeats as the others do: a page goes on behind a row that has it."""
        full = b"\x1b.\1\x28\x0a\1" + struct.pack("<H", 131 * 8) + b"\x80\xff\x01\x0c\x0c"
        facts = analyse((RESET + full * 3 + b"\x1br\2" + full + RESET + b"\x0c") * 3)
        assert (facts.pages, facts.has_color, facts.problems) == (3, True, ())

    def test_tiff_commands(self):
        """ESC . 2 goes on to EXIT; its rows count in the ink in use."""
        black = b"\x1b.\2\x0a\x0a\1\0\0" + b"\x22\x0c\xff\x61\xe3"
        red = b"\x1b.\2\x0a\x0a\1\0\0" + b"\x81\x31\x03\xff\x0c\x0c\xe2\xe3"
        assert (analyse(RESET + black + b"\x0c").pages, analyse(RESET + black).has_color) == (1, False)
        assert (analyse(RESET + red + b"\x0c").pages, analyse(RESET + red).has_color) == (1, True)

    def test_remote_mode_is_skipped(self):
        """ESC ( R up to ESC NUL NUL NUL."""
        remote = b"\x1b(R\x08\0\0REMOTE1PM\x02\0\x0c\x0cSN\x03\0\0\x0c\x01\x1b\0\0\0"
        assert analyse(RESET + remote + b"x\x0c").pages == 1


class TestColour:
    """Inks that mark."""

    def test_colour_is_what_is_marked(self):
        """An empty row in a coloured ink is none. SC-TDF-134"""
        empty, full = packed(20), packed(20, 0xFF)
        assert analyse(RESET + row(full, 20) + row(empty, 20, color=2) + b"\x0c").has_color is False
        assert analyse(RESET + row(full, 20) + row(full, 20, color=2) + b"\x0c").has_color is True
        assert analyse(RESET + row(empty, 20) + b"\x0c").page_runs[0].blank is True
        assert analyse(RESET + row(full, 20, color=0x12) + b"\x0c").has_color is True

    def test_monochrome_mode_prints_no_colour(self):
        """ESC ( K asks for black."""
        assert analyse(RESET + extended(b"K", 0, 1) + row(packed(9, 1), 9, color=1) + b"\x0c").has_color is False

    def test_text_in_colour(self):
        """ESC r chooses a ribbon."""
        assert analyse(RESET + b"\x1br\x01red\x0c").has_color is True
        assert analyse(RESET + b"\x1br\x01 \x1br\x00black\x0c").has_color is False

    def test_colour_that_was_not_asked_for(self):
        """Without the option colour is not known."""
        assert analyse(RESET + b"\x1br\x01red\x0c", options=AnalysisOptions(color=False)).has_color is None


def test_the_paper():
    """ESC ( S states it; a sheet stated longer for printing to its edge is the standard one. SC-TDF-132"""
    units = extended(b"U", 4, 4, 4, 0x40, 0x0B)  # a base of 2880, 720 to the inch
    size = b"\x1b(S\x08\0" + struct.pack("<II", 5950, 8660)
    facts = analyse(RESET + units + size + b"x\x0c")
    assert facts.page_runs[0].media == "iso_a4_210x297mm"


def test_a_very_long_job_is_estimated():
    """When the runs are too many to walk, form feeds are still found."""
    rows = row(packed(2000, 1), 2000) * 40
    options = AnalysisOptions(limits=AnalysisLimits(escp_runs_max=100))
    facts = analyse(RESET + (rows + b"\x0c" + RESET) * 3, options=options)
    assert facts.pages == 3
    assert "too long" in facts.problems[0]


class TestEscpR:
    """The language of Epson's own driver."""

    @staticmethod
    def command(kind: bytes, name: bytes, payload: bytes = b"") -> bytes:
        return b"\x1b" + kind + struct.pack("<I", len(payload)) + name + payload

    def job(self, *pages: bytes, mono: int = 0) -> bytes:
        start = RESET + b"\x1b(R\x06\0\0ESCPR" + self.command(b"q", b"setq", bytes([0, 0, mono, 0, 0, 0, 0, 0, 0]))
        size = struct.pack(">IIHHIIBB", 2976, 4209, 0, 0, 2976, 4209, 0, 0)
        bands = [
            self.command(b"p", b"sttp") + self.command(b"d", b"dsnd", pixels) + self.command(b"p", b"endp", b"\1")
            for pixels in pages
        ]
        return start + self.command(b"j", b"setj", size) + b"".join(bands) + self.command(b"j", b"endj")

    @staticmethod
    def band(pixels: bytes, compressed: int = 0) -> bytes:
        return struct.pack(">HHBH", 0, 0, compressed, len(pixels)) + pixels

    def test_pages_are_begun_and_ended(self):
        """Each page says what is on it; the paper is in dots. SC-TRACK-03, SC-TDF-132, SC-TDF-134"""
        white, grey, red = b"\xff" * 30, b"\x80" * 30, b"\xff\0\0" * 10
        facts = analyse(self.job(*(self.band(pixels) for pixels in (white, grey, red))))
        assert [(run.blank, run.color) for run in facts.page_runs] == [(True, False), (False, False), (False, True)]
        assert (facts.page_runs[0].media, facts.resolution_dpi) == ("iso_a4_210x297mm", (360, 360))

    def test_compressed_pixels(self):
        """Run lengths of pixels of three octets."""
        assert analyse(self.job(self.band(b"\xf0\xff\xff\xff\1\x10\x10\x10\x20\x20\x20", 1))).has_color is False
        assert analyse(self.job(self.band(b"\xf0\xff\xff\xff\1\x10\x10\x10\x20\x20\x90", 1))).has_color is True

    def test_monochrome_quality_prints_no_colour(self):
        """The device makes grey of it."""
        assert analyse(self.job(self.band(b"\xff\0\0" * 9), mono=1)).has_color is False

    def test_a_job_cut_off_keeps_its_pages(self):
        """The page that was begun counts."""
        whole = self.job(self.band(b"\0" * 30), self.band(b"\0" * 30))
        facts = analyse(whole[:-50])
        assert facts.pages == 2
        assert "cut off" in facts.problems[0]


@needs_testdata
@pytest.mark.parametrize(
    ("name", "pages", "color", "media"),
    [
        ("escp/dosprint__pmmain_000.prt", 1, False, None),
        ("made/epson9pin-a4-4p.escp", 4, False, None),
        ("made/gutenprint-stylus-c88-a4-1p.escp", 1, False, "iso_a4_210x297mm"),
        ("made/stcolor-a4-colour-1p.escp", 1, True, "iso_a4_210x297mm"),
    ],
)
def test_jobs_of_real_drivers(name, pages, color, media):
    """Pages, colour and paper of what drivers made. SC-TDF-110, SC-TDF-134"""
    with (TESTDATA / "pdl" / name).open("rb") as file:
        facts = analyse(file)
    assert (facts.pages, facts.has_color, facts.page_runs[0].media) == (pages, color, media)


@pytest.mark.parametrize(
    ("rest", "pages"),
    [
        (b"", 1),
        (b"\x1b9\x00" + bytes(range(128, 256)) * 4, 1),
        (b"\x1b9More\x0c", 2),
        (b"\r\n\x1b*\x27\x20\x00" + b"\xaa" * 96 + b"\r\n\x0c", 2),
    ],
)
def test_garbage_behind_the_last_reset_is_no_page(rest, pages):
    """What nobody wrote behind a job is named and not charged; text and pictures behind a reset are a page."""
    facts = analyse(b"\x1b@Page\r\n\x0c\x1b@" + rest)
    assert facts.pages == pages
    assert any("was not counted" in problem for problem in facts.problems) is (len(rest) > 0 and pages == 1)


@pytest.mark.parametrize("lost", [1, 4, 9])
def test_a_job_of_pictures_that_is_cut_off_says_so(lost):
    """The last page of a driver's job ends with a form feed; text alone may end anywhere. SC-TDF-132"""
    page = RESET + b"\x1b*\x00\x06\x00abcdef\r\x0c"
    assert analyse(page * 2 + RESET).problems == ()
    assert any("cut off" in problem for problem in analyse((page * 2)[:-lost]).problems)
    assert analyse(RESET + b"one line\r\n").problems == ()
    assert analyse(RESET + b"one\x0ctwo\x0c").problems == ()
    assert "form feed" in analyse(RESET + b"one\x0ctwo").problems[0]


def test_a_page_length_of_a4_gives_its_size():
    """A medium that is known by name is known in millimetres."""
    run = analyse(RESET + extended(b"U", 24) + extended(b"C", 0xDA, 0x06) + b"x\x0c").page_runs[0]
    assert (run.media, run.width_mm, run.height_mm) == ("iso_a4_210x297mm", 210, 297)


@pytest.mark.parametrize("end", [b"\x0c", b"\x0c" + RESET, RESET + b"\x0c"])
def test_octets_that_nobody_wrote_behind_a_job_are_no_page(end):
    """With a reset at its end or without: what follows is named and not charged."""
    job = RESET + b"one\r\n\x0ctwo\r\n" + end
    facts = analyse(job + bytes(range(256)) * 20)
    assert (facts.pages, len(facts.problems)) == (2, 1)
    assert "was not counted" in facts.problems[0]
    assert analyse(job + "drei: Größe\r\n".encode("cp437")).pages == 3
