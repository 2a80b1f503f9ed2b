"""Label printers that are sent dots: Dymo's LabelWriter, Brother's P-touch and QL."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platen.documents.analysis import analyse
from platen.documents.limits import AnalysisLimits, AnalysisOptions

DYMO = b"\x1b" * 84 + b"@\x1bL\x04\x1a\x1bD\x08\x1be"
BROTHER = bytes(350) + b"\x1b@\x1biM\x40\x1biK\x08\x1bid\x23\0"


class TestLabelWriter:
    """Labels end where they are fed."""

    @given(st.lists(st.binary(min_size=8, max_size=8), min_size=1, max_size=20))
    def test_rows_hold_no_labels(self, rows):
        """Rows are as long as was said. SC-TRACK-03"""
        label = b"".join(b"\x16" + row for row in rows) + b"\x1bE"
        facts = analyse(DYMO + label * 3)
        assert (facts.format, facts.pages, facts.problems) == ("application/vnd.dymo-labelwriter", 3, ())
        assert facts.page_runs[0].blank is not any(row.strip(b"\0") for row in rows)

    def test_runs_go_on_to_the_last_dot(self):
        """Runs of dots make a row; a short feed ends a label as well."""
        facts = analyse(DYMO + (b"\x17\x1b\x85\x1d" + b"\x16" + bytes(8) + b"\x1bG") * 2 + b"\x17\x3f\x1bE")
        assert [(run.pages, run.blank) for run in facts.page_runs] == [(2, False), (1, True)]

    def test_what_is_no_command(self):
        """Labels before it count, and it is said."""
        facts = analyse(DYMO + b"\x16" + b"\xff" * 8 + b"\x1bE" + b"hello")
        assert (facts.pages, len(facts.problems)) == (1, 1)
        cut = analyse(DYMO + b"\x16" + b"\xff" * 8)
        assert (cut.pages, len(cut.problems)) == (1, 1)


class TestPTouch:
    """Labels end where they are printed."""

    @given(st.lists(st.binary(min_size=1, max_size=90), min_size=1, max_size=20))
    def test_rows_hold_no_labels(self, rows):
        """Rows say how long they are. SC-TRACK-03"""
        sent = [
            b"G" + len(row).to_bytes(2, "little") + row if len(row) % 2 else b"g\0%c" % len(row) + row for row in rows
        ]
        facts = analyse(BROTHER + b"Z".join(sent) + b"\x0c" + b"ZZ\x0c" + b"".join(sent) + b"\x1a")
        assert (facts.format, facts.pages, facts.problems) == ("application/vnd.brother-ptouch", 3, ())
        assert [run.blank for run in facts.page_runs][1 if len(facts.page_runs) > 1 else 0] is True

    def test_rows_in_runs_and_a_second_ink(self):
        """Nothing in runs is nothing; red is a colour; the label is as large as its paper."""
        start = BROTHER + b"\x1biz\x86\x0a\x3e\x1d\0\0\0\0\0\0" + b"M\x02"
        black, red = b"w\x01\x02\xff\x0f", b"w\x02\x02\xff\x0f"
        facts = analyse(start + b"G\x02\0\xa7\0\x0c" + black + b"\x0c" + black + red + b"\x1a")
        assert [(run.color, run.blank) for run in facts.page_runs] == [(False, True), (False, False), (True, False)]
        assert (facts.page_runs[0].width_mm, facts.page_runs[0].height_mm) == (62, 29)

    @pytest.mark.parametrize("start", [DYMO, BROTHER])
    def test_work_is_bounded(self, start):
        """What was found by then is kept, with a reason."""
        options = AnalysisOptions(limits=AnalysisLimits(device_steps_max=1000))
        facts = analyse(start + b"\0" * 5000 + b"\x1bE", options=options)
        assert (facts.pages or 0) == 0
        assert "too many commands" in facts.problems[0]

    @pytest.mark.parametrize("end", [b"", b"G\x40\0\xff", b"hello"])
    def test_a_job_without_its_end(self, end):
        """Labels before it count, and it is said."""
        facts = analyse(BROTHER + b"g\0\x01\xff\x0c" + end + b"g\0\x01\xff")
        assert (facts.pages or 0) >= 1
        assert facts.problems
