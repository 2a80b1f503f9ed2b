"""Host-based streams: pages by their structure."""

from __future__ import annotations

import struct

import pytest

from platen.documents.analysis import analyse
from platen.documents.facts import Sides
from tests.documents.pcl.jobs import pjl, raster
from tests.documents.samples import UEL
from tests.testdata import TESTDATA, needs_testdata


def chunk(kind: int, order: str = ">", data: bytes = b"", **items: int) -> bytes:
    """One ZjStream chunk; items are named i2, i3, ..."""
    body = b"".join(struct.pack(f"{order}IHBBI", 12, int(name[1:]), 1, 0, value) for name, value in items.items())
    size = 16 + len(body) + len(data)
    return struct.pack(f"{order}IIIHH", size, kind, len(items), len(body), 0x5A5A) + body + data


def zjstream(*pages: bytes, order: str = ">") -> bytes:
    magic = b"JZJZ" if order == ">" else b"ZJZJ"
    return magic + chunk(0, order, i2=2) + b"".join(pages) + chunk(1, order)


@pytest.mark.parametrize("order", [">", "<"])
def test_pages_of_zjstream(order):
    """Pages, paper, copies, sides and resolution stand in its items. SC-TRACK-03, SC-TDF-132, SC-TDF-133"""
    page = chunk(2, order, i3=9, i4=2, i7=1, i8=600, i9=600) + chunk(4, order, data=b"ZZ\2\3JZJZ") + chunk(3, order)
    facts = analyse(UEL + b"@PJL JOB\n" + UEL + zjstream(page, page, order=order) + UEL)
    assert (facts.pages, facts.copies, facts.sides) == (2, 2, Sides.TWO_SIDED_LONG_EDGE)
    assert (facts.page_runs[0].media, facts.page_runs[0].color) == ("iso_a4_210x297mm", False)
    assert facts.resolution_dpi == (600, 600)


def test_a_damaged_zjstream_keeps_its_pages():
    """What was found before the damage counts."""
    page = chunk(2, i3=9) + chunk(3)
    facts = analyse(b"JZJZ" + page + page + b"rubbish that is no chunk")
    assert facts.pages == 2
    assert "no chunk" in facts.problems[0]


def test_a_zjstream_cut_within_a_page_does_not_call_it_blank():
    """What is missing of the last page may have marked it; a page that ends without data is blank."""
    facts = analyse(b"JZJZ" + chunk(2, i3=9) + chunk(3) + chunk(2, i3=9))
    assert [run.blank for run in facts.page_runs] == [True, None]


def qpdl_page(version: int, *bands: bytes) -> bytes:
    header = bytearray(17)
    header[1], header[16], header[3], header[4], header[14] = 6, 6, 1, 2, version
    return bytes(header) + b"".join(bands) + b"\x01\x00\x01"


def band(data: bytes, *, colors: tuple[int, ...] = (), version: int = 2) -> bytes:
    head = b"\x0c\x00" + bytes(4)
    if not colors:
        return head + b"\x11" + struct.pack(">I", len(data) - (4 if version == 0 else 0)) + data
    planes = [bytes([color]) + b"\x11" + struct.pack(">I", len(data)) + data for color in colors]
    if version in (1, 5):
        return head + b"".join(planes) + b"\0"
    return b"".join(head + plane for plane in planes)


@pytest.mark.parametrize("version", [0, 1, 2, 3])
def test_pages_of_qpdl(version):
    """Records of every version, in black and in four colours, are passed over by their lengths. SC-TRACK-03"""
    data = b"\0\1\x09\x0c" * 8
    black = qpdl_page(version, band(data, version=version), band(data, version=version))
    facts = analyse(pjl(language="QPDL", data=black + black + b"\x09"))
    assert (facts.pages, facts.page_runs[0].color, facts.page_runs[0].media) == (2, False, "iso_a4_210x297mm")
    assert facts.resolution_dpi == (600, 600)


def test_a_record_behind_the_last_band():
    """Version 5 has one of its own there; it ends no page. SC-TRACK-03"""
    page = qpdl_page(5, band(b"x" * 8, version=5), bytes([0x14, 0x10, 0x16, 0x04, 0x0F, 0, 0, 0]))
    facts = analyse(pjl(language="QPDL", data=page * 3 + b"\x09"))
    assert (facts.pages, facts.problems) == (3, ())


def test_qpdl_that_makes_no_sense_has_no_pages():
    """Rubbish is not counted as no pages. SC-TDF-140"""
    facts = analyse(pjl(language="QPDL", data=b"\0\1\2\x0c\x0c"))
    assert facts.pages is None
    assert "QPDL" in facts.problems[0]


def packet(command: int, extra: bytes = b"\0" * 8) -> bytes:
    body = b"\0" + struct.pack(">H", command) + b"\0\1" + extra
    return b"$" + struct.pack(">H", len(body) + 4) + body + b"$"


def test_pages_of_lidil():
    """A page is what is ejected; data of sweeps are passed over. SC-TRACK-03"""
    data = packet(4, struct.pack(">HH", 40, 99) + bytes(4)) + b"$\0\x10\0\0\2" * 6 + b"$$$$"
    page = packet(1) + data + packet(3) + packet(2)
    assert analyse(packet(0) + page + page + packet(0)).pages == 2
    assert analyse(packet(0) + page + packet(1) + packet(3)).pages == 2  # cut off


def test_sheets_of_lidil():
    """A packet may be followed by octets of nothing; what loads a page says how large it is. SC-TDF-132"""
    load = packet(1, bytes(7) + struct.pack(">II", 0x4D78, 0x6DA0) + bytes(9))
    start = packet(7, bytes(240)) + bytes(2048) + packet(0)
    facts = analyse(start + load + packet(3) + packet(2) + load + packet(2) + packet(0) + bytes(2048))
    assert (facts.format, facts.pages) == ("application/vnd.hp-LIDIL", 2)
    assert [(run.media, run.blank) for run in facts.page_runs] == [
        ("iso_a4_210x297mm", False),
        ("iso_a4_210x297mm", True),
    ]


def test_pcl3gui_prints_raster_alone():
    """Words between the rows steer the device; components decide on colour. SC-TRACK-03, SC-TDF-144"""
    configuration = b"\x02\x04" + struct.pack(">HHH", 600, 600, 2) * 4
    setup = b"\x1bE\x1b*g26W" + configuration + b"\x1b%Psweep.start;exit;"
    gray = raster(b"\xf0", b"\0", b"\0", b"\0", planes=4) + b"\x0c"
    cyan = raster(b"\0", b"\xf0", b"\0", b"\0", planes=4) + b"\x0c"
    facts = analyse(pjl(language="PCL3GUI", data=setup + gray + cyan + b"\x1bE"))
    assert facts.format == "application/vnd.hp-PCL3GUI"
    assert [run.color for run in facts.page_runs] == [False, True]
    assert facts.resolution_dpi == (600, 600)


@needs_testdata
@pytest.mark.parametrize(
    ("name", "pages", "media"),
    [
        ("made/foo2zjs-p1102-a4-40p.prn", 40, "iso_a4_210x297mm"),
        ("made/splix-phaser6110-a4-10p.prn", 10, "iso_a4_210x297mm"),
        ("made/brlaser-dcpl2520d-a4-duplex-10p.prn", 10, "iso_a4_210x297mm"),
        ("pcl3/hplip__align4_8xx.pcl", 1, "na_letter_8.5x11in"),
        ("other/hplip__cbccal.ldl", 1, "na_letter_8.5x11in"),
    ],
)
def test_streams_of_real_drivers(name, pages, media):
    """Pages and paper as they were asked of the driver. SC-TRACK-03, SC-TDF-132"""
    with (TESTDATA / "pdl" / name).open("rb") as file:
        facts = analyse(file)
    assert (facts.pages, facts.page_runs[0].media) == (pages, media)
