"""Canon's ink-jet raster and XQX: pages by their structure."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platen.documents.analysis import analyse
from platen.documents.facts import PagesBasis, Sides
from platen.documents.limits import AnalysisLimits, AnalysisOptions
from tests.documents.pcl.jobs import pjl


def bj(letter: bytes, values: bytes, lead: bytes = b"(") -> bytes:
    return b"\x1b" + lead + letter + struct.pack("<H", len(values)) + values


RESET = bj(b"K", b"\0\x0f", b"[")
A4 = struct.pack(">HHHHHIIIIIIIII", 0x02AA, 0, 0x01E0, 0, 0, 600, 83, 75, 4791, 6816, 0, 0, 4961, 7016)


class TestCanon:
    """BJ raster."""

    @given(st.binary(max_size=60))
    def test_data_hold_no_pages(self, octets):
        """Every command is skipped by its length. SC-TRACK-03"""
        page = bj(b"A", b"K" + octets) + bj(b"g", b"\x10" + octets, b"[") + b"\r\n\x0c"
        assert analyse(RESET + page * 3 + b"\x1b@").pages == 3

    @pytest.mark.parametrize(
        ("marks", "color", "blank"),
        [
            (bj(b"A", b"K\x0f"), False, False),
            (bj(b"A", b"C\x0f"), True, False),
            (bj(b"A", b"Y\0\0") + bj(b"A", b"M"), False, True),
            (bj(b"b", b"\1") + bj(b"A", b"C\x81\0\xc0\0"), False, True),
            (bj(b"b", b"\1") + bj(b"A", b"C\x81\0\xc0\1"), True, False),
            (bj(b"L", b"CMYK") + bj(b"F", b"\x80" * 16) * 3 + bj(b"F", b"\x01\xff\xff\x80"), False, False),
            (bj(b"L", b"CMYK") + bj(b"F", b"\x80" * 16) + bj(b"F", b"\x01\xff\xff\x80"), True, False),
            (bj(b"L", b"CMYK") + bj(b"F", b"\x80" * 16) * 8, False, True),
            (bj(b"F", b"\x80" * 16), None, None),
        ],
    )
    def test_inks_decide(self, marks, color, blank):
        """Rows name their ink, or follow each other in an order that was named before. SC-TDF-144"""
        run = analyse(RESET + marks + b"\x0c").page_runs[0]
        assert (run.color, run.blank) == (color, blank)
        assert analyse(RESET + marks + b"\x0c", options=AnalysisOptions(color=False)).page_runs[0].color is None

    def test_newer_devices_are_told_in_xml_and_words(self):
        """What steers the device marks no page; paper is measured in the units that stand beside it. SC-TDF-132"""
        xml = b'<?xml version="1.0" encoding="utf-8" ?><cmd xmlns:ivec="http://www.canon.com/ns/cmd/2008/07/common/">'
        words = bj(b"K", b"\0\x1f", b"[") + b"BJLSTART\nControlMode=Common\nBJLEND\n"
        page = bj(b"d", b"\x02\x58\x04\xb0") + bj(b"p", A4) + bj(b"L", b"K") + bj(b"F", b"\0\x01\x80") + b"\x0c"
        facts = analyse(xml + words + RESET + page * 2 + bj(b"b", b"\0") + b"\x1b@" + xml)
        assert (facts.format, facts.pages, facts.problems) == ("application/vnd.canon-bj", 2, ())
        assert (facts.page_runs[0].media, facts.resolution_dpi) == ("iso_a4_210x297mm", (1200, 600))

    def test_work_is_bounded(self):
        """What was found by then is kept, with a reason."""
        options = AnalysisOptions(limits=AnalysisLimits(device_steps_max=100))
        facts = analyse(RESET + b"\x0c" + b"\x1b5\1" * 500 + b"\x0c", options=options)
        assert (facts.pages, facts.pages_basis) == (1, PagesBasis.ESTIMATED)
        assert "too many commands" in facts.problems[0]

    def test_a_job_that_is_cut_off(self):
        """A page that nothing brings out is counted and said to be cut."""
        facts = analyse(RESET + bj(b"A", b"K\1") + b"\x0c" + bj(b"A", b"K\1\1\1\1")[:-2])
        assert (facts.pages, len(facts.problems)) == (2, 2)


def record(kind: int, **items: int) -> bytes:
    return struct.pack(">II", kind, len(items)) + b"".join(
        struct.pack(">III", int(key[1:], 16), 4, value) for key, value in items.items()
    )


def image(octets: bytes) -> bytes:
    return struct.pack(">II", 7, len(octets)) + octets


class TestXqx:
    """Records of laser devices."""

    def test_pages(self):
        """Paper, copies, sides and resolution stand in items; image data are passed over. SC-TRACK-03, SC-TDF-133"""
        begin = record(3, x20000001=9, x20000005=2, x20000008=600, x20000009=1200)
        page = begin + record(5) + image(b"\0\0\0\3\0\0\0\4" * 9) + record(6) + record(4)
        data = b",XQX" + record(1, x10000002=3) + page * 2 + begin + record(4) + record(2)
        facts = analyse(pjl("SET X=1", language="XQX", data=data))
        assert (facts.format, facts.pages, facts.copies) == ("application/vnd.hp-XQX", 3, 2)
        assert (facts.sides, facts.resolution_dpi) == (Sides.TWO_SIDED_SHORT_EDGE, (600, 1200))
        assert [(run.media, run.color, run.blank) for run in facts.page_runs] == [
            ("iso_a4_210x297mm", False, None),
            ("iso_a4_210x297mm", False, True),
        ]

    @given(st.integers(1, 400))
    def test_cut_anywhere(self, keep):
        """What was begun is kept, with a reason."""
        page = record(3, x20000001=9) + image(bytes(150)) + record(4)
        data = b",XQX" + record(1) + page * 2 + record(2)
        facts = analyse(data[: min(12 + keep, len(data) - 1)])
        assert facts.problems
        assert (facts.pages or 0) <= 2
