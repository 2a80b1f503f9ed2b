"""What the planes of QPDL mark: by every compression, and in which colours."""

from __future__ import annotations

import random
import struct

import pytest

from platen.documents.analysis import DEFECT, analyse
from platen.documents.facts import DocumentFacts
from platen.documents.limits import AnalysisLimits, AnalysisOptions
from tests.documents.hostbased.coding import Rows, jbig
from tests.documents.pcl.jobs import pjl
from tests.testdata import TESTDATA, needs_testdata

CYAN, MAGENTA, YELLOW, BLACK = 1, 2, 3, 4
WIDTH, HEIGHT = 256, 64
LINE_0D = 0x9A0  # pixels of a line in 0x0D and 0x0E at 300 dpi


def rows_with(*boxes: tuple[int, int, int, int]) -> Rows:
    """A band with marked boxes: left, top, right, bottom."""
    rows = [[0] * WIDTH for _ in range(HEIGHT)]
    for left, top, right, bottom in boxes:
        for row in rows[top:bottom]:
            row[left:right] = [1] * (right - left)
    return rows


def octets_of(row: list[int], size: int) -> bytes:
    """A row of pixels in octets that are inverted: 0xFF is white."""
    bits = int("".join(map(str, row)).ljust(size * 8, "0"), 2)
    return bytes(0xFF ^ octet for octet in bits.to_bytes(size, "big"))


def packets(rows: Rows) -> bytes:
    """0x0D."""
    out, at = b"", 0
    for y, row in enumerate(rows):
        x = 0
        while 1 in row[x:]:
            begin = row.index(1, x)
            x = [*row, 0].index(0, begin)
            place = y * LINE_0D + begin
            step, run, at = place - at, x - begin, place
            if step < 128 and run < 64:
                out += bytes([run, step])
            elif LINE_0D - 8000 < step - LINE_0D < 8000 and run < 4096:
                out += struct.pack(">HH", 0x8000 | (step - LINE_0D) & 0x3FFF, 0x8000 | 1 << 12 | run)
            else:
                out += b"\xc0" + step.to_bytes(3, "big") + struct.pack(">H", 0xC000 | run)
    return out + bytes(-len(out) % 4)


def runs(rows: Rows) -> bytes:
    """0x0E: each line as one run where it is all alike, else its first octets as they are, then white to its end."""
    out, size = b"", LINE_0D // 8
    for row in rows:
        octets = octets_of(row, size)
        if len(set(octets)) == 1:
            out += struct.pack(">H", 0x10001 - size) + octets[:1]
        else:
            out += struct.pack(">H", 0x8000 | 31) + octets[:32] + struct.pack(">H", 0x10001 - (size - 34)) + b"\xff"
            out += bytes([129 - 2]) + b"\xff"
    return out + bytes(-len(out) % 4)


def copies(rows: Rows) -> bytes:
    """0x11, columns of octets: literals, and copies of the octet before."""
    lines = [octets_of(row, WIDTH // 8) for row in rows]
    octets = bytes(lines[y][x] for x in range(WIDTH // 8) for y in range(HEIGHT))
    out = b"\xef\xcd\xab\x09" + struct.pack("<I64H", 1, 1, *[2] * 63) + octets[:1]
    at = 1
    while at < len(octets):
        count = 0
        while at + count < len(octets) and octets[at + count] == octets[at - 1] and count < 0x202:
            count += 1
        if count >= 3:
            out += bytes([0x80 | (count - 3) & 0x7F, (count - 3) >> 1 & 0xC0])
            at += count
        else:
            out += b"\0" + octets[at : at + 1]
            at += 1
    return out


def signed(octets: bytes) -> bytes:
    return b"\x09\xab\xcd\xef" + octets


def piece(octets: bytes) -> bytes:
    return b"\x39\xab\xcd\xef" + struct.pack(">I", len(octets)) + bytes(24) + octets


def plane(color: int, compression: int, content: bytes) -> bytes:
    checked = content + b"\0\0\0\0"
    return bytes([color, compression]) + struct.pack(">I", len(checked)) + checked


def band(number: int, planes: bytes, *, width: int = WIDTH) -> bytes:
    return b"\x0c" + struct.pack(">BHH", number, width, HEIGHT) + planes


Inks = dict[int, Rows]


def bands(compression: int, inks: Inks) -> bytes:
    """The page's only band in one of the compressions (version 2: a record for each plane)."""
    if compression == 0x13:
        out = b""
        for color, rows in inks.items():
            coded = jbig(rows)
            out += band(0, plane(color, 0x13, piece(coded[:20]))) + band(1, plane(color, 0x13, piece(coded[20:])))
        return out
    if compression == 0x15:
        header = jbig(rows_with(), predicts=False)[:20]
        out = b"\x13\0\0\0\x23\x15" + bytes(9) + b"\x14" + header + bytes(4)
        coded = {color: signed(jbig(rows, predicts=False)[20:]) for color, rows in inks.items()}
        return out + b"".join(band(0, plane(color, 0x15, octets), width=WIDTH // 8) for color, octets in coded.items())
    code = {0x0D: packets, 0x0E: runs, 0x11: copies}[compression]
    return b"".join(band(0, plane(color, compression, code(rows))) for color, rows in inks.items())


def page(content: bytes, version: int = 2) -> bytes:
    header = bytearray(17)
    header[1], header[16], header[3], header[4], header[14] = 3, 3, 1, 2, version
    return bytes(header) + content + b"\x01\x00\x01"


def facts_of(*pages: bytes, options: AnalysisOptions | None = None) -> DocumentFacts:
    return analyse(pjl(language="QPDL", data=b"".join(pages) + b"\x09"), options=options or AnalysisOptions())


BOX = (40, 10, 90, 50)
DOTS = [(x, y, x + 1, y + 1) for x in range(40, 120, 2) for y in range(8, 40, 2)]
ELSEWHERE = [(x + 1, y + 1, x + 2, y + 2) for x, y, _, _ in DOTS]


@pytest.mark.parametrize("compression", [0x0D, 0x0E, 0x11, 0x13, 0x15])
@pytest.mark.parametrize(
    ("inks", "color", "blank"),
    [
        ({BLACK: rows_with(BOX)}, False, False),
        ({CYAN: rows_with(), BLACK: rows_with()}, False, True),
        ({CYAN: rows_with(BOX), BLACK: rows_with()}, True, False),
        ({YELLOW: rows_with((200, 60, 256, 64)), BLACK: rows_with(BOX)}, True, False),
        ({CYAN: rows_with(BOX), MAGENTA: rows_with(BOX), YELLOW: rows_with(BOX)}, False, False),
        ({CYAN: rows_with(*DOTS), MAGENTA: rows_with(*ELSEWHERE), YELLOW: rows_with(*DOTS)}, False, False),
        ({CYAN: rows_with(*DOTS), MAGENTA: rows_with(*ELSEWHERE[::2])}, True, False),
    ],
)
def test_pages_by_what_their_planes_mark(compression, inks, color, blank):
    """White planes are nothing; inks in equal parts are grey, wherever their dots lie. SC-TDF-134"""
    run = facts_of(page(bands(compression, inks))).page_runs[0]
    assert (run.color, run.blank) == (color, blank)


def test_jbig_by_bands_in_version_5_has_a_record_for_each_plane():
    """Other compressions of that version put all planes of a band into one record. SC-TRACK-03"""
    inks = {CYAN: rows_with(BOX), MAGENTA: rows_with(), BLACK: rows_with(BOX)}
    separate = page(bands(0x15, inks), version=5)
    together = page(band(0, b"".join(plane(color, 0x11, copies(rows)) for color, rows in inks.items()) + b"\0"), 5)
    facts = facts_of(separate, separate, together)
    assert (facts.pages, facts.color_pages, facts.problems) == (3, 3, ())


def test_without_a_look_only_the_planes_that_are_there_are_told():
    """Black alone is no colour; what other planes hold is left open."""
    colored, black = page(bands(0x11, {CYAN: rows_with(BOX)})), page(bands(0x11, {BLACK: rows_with(BOX)}))
    facts = facts_of(colored, black, options=AnalysisOptions(color=False))
    assert [(run.color, run.blank) for run in facts.page_runs] == [(None, None), (False, None)]


def test_too_much_work_gives_no_verdict():
    """The pages are counted all the same, and white planes are still told from others."""
    inks = {CYAN: rows_with(*DOTS), MAGENTA: rows_with(*ELSEWHERE), YELLOW: rows_with(*DOTS)}
    few = AnalysisOptions(limits=AnalysisLimits(qpdl_steps_max=1000))
    facts = facts_of(page(bands(0x13, inks)), page(bands(0x13, {CYAN: rows_with()})), options=few)
    assert [(run.color, run.blank) for run in facts.page_runs] == [(None, False), (False, True)]


def test_a_page_cut_off_is_not_called_blank_or_grey():
    """What is missing may hold another ink."""
    whole = page(bands(0x11, {CYAN: rows_with(), BLACK: rows_with(BOX)}))
    run = analyse(pjl(language="QPDL", data=whole[:-200])).page_runs[0]
    assert run.color is None
    blank = page(bands(0x11, {BLACK: rows_with()}))
    assert analyse(pjl(language="QPDL", data=blank[:-20])).page_runs[0].blank is None


@pytest.mark.parametrize("compression", [0x0D, 0x0E, 0x11, 0x13, 0x15])
@pytest.mark.untraced
def test_damaged_planes_are_foreseen(compression):
    """Octets that changed cost verdicts at most."""
    inks = {CYAN: rows_with(*DOTS[:9]), BLACK: rows_with(BOX)}
    whole, choose = page(bands(compression, inks)), random.Random(compression)
    for _ in range(25):
        damaged = bytearray(whole)
        for _ in range(3):
            damaged[choose.randrange(20, len(whole))] = choose.randrange(256)
        assert DEFECT not in facts_of(bytes(damaged)).problems


@needs_testdata
def test_a_driver_puts_inks_around_its_black_text():
    """Smoothed edges are dotted in all inks and look grey; a person sees no colour on these pages. SC-TDF-134"""
    with (TESTDATA / "pdl/made/splix-phaser6110-a4-10p.prn").open("rb") as file:
        facts = analyse(file)
    assert [(run.first, run.last, run.color, run.blank) for run in facts.page_runs] == [(1, 10, False, False)]
