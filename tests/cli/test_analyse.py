"""`platen analyse`: what print files hold, for people and for programs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.documents.samples import UEL, pdf, pwg_header

COLORED, GREY = b"1 0 0 rg 0 0 99 99 re f", b"0 g 0 0 99 99 re f"


def analyse(*arguments: str | Path, stdin: bytes = b"", status: int = 0) -> str:
    """What the command prints."""
    ended = subprocess.run(
        [sys.executable, "-m", "platen", "analyse", *map(str, arguments)], input=stdin, capture_output=True, check=False
    )
    assert ended.returncode == status, ended.stderr
    return ended.stdout.decode()


def rows(*arguments: str | Path, **more: Any) -> list[dict[str, Any]]:
    return [json.loads(line) for line in analyse("--json", *arguments, **more).splitlines()]


@pytest.fixture
def report(tmp_path: Path) -> Path:
    """Five A4 pages, the second in colour."""
    path = tmp_path / "report.pdf"
    path.write_bytes(pdf(GREY, COLORED, GREY, GREY, GREY))
    return path


def test_one_object_a_line_says_what_a_file_holds(report):
    """Pages, impressions, sheets, copies and sides, and runs of equal pages. SC-TDF-110, SC-TDF-132"""
    (row,) = rows(report)
    counts = {key: row[key] for key in ("path", "format", "pages", "impressions", "sheets", "copies", "sides")}
    assert counts == {
        "path": str(report),
        "format": "application/pdf",
        "pages": 5,
        "impressions": 5,
        "sheets": 5,
        "copies": 1,
        "sides": "one-sided",
    }
    assert [(run["first"], run["last"], run["color"]) for run in row["page_runs"]] == [
        (1, 1, False),
        (2, 2, True),
        (3, 5, False),
    ]
    assert (row["page_runs"][0]["media"], row["page_runs"][0]["width_mm"]) == ("iso_a4_210x297mm", 210.0)
    assert row["problems"] == []


def test_a_jobs_attributes_change_what_it_comes_to(report):
    """Two copies of pages 2 to 5, two on a side, both sides: four impressions on two sheets. SC-PRICE-04"""
    ticket = ("--copies", "2", "--pages", "2-5", "--number-up", "2", "--sides", "two-sided-long-edge")
    (row,) = rows(report, *ticket)
    assert (row["pages"], row["impressions"], row["sheets"], row["copies"]) == (5, 4, 2, 2)


def test_what_comes_out_is_told_by_paper_and_colour(report, tmp_path):
    """Pages picked, black only and other paper change what comes out, and not what the file holds. SC-PRICE-04"""
    (row,) = rows(report, "--pages", "2-3", "--copies", "3")
    assert (row["color_pages"], row["impressions"], row["color_impressions"]) == (1, 6, 3)
    (row,) = rows(report, "--monochrome", "--media", "A3")
    assert (row["color_pages"], row["color_impressions"]) == (1, 0)
    on_a3 = {"impressions": 5, "color_impressions": 0, "color_unknown_impressions": 0, "sheets": 5}
    assert row["media"] == [{"media": "iso_a3_297x420mm", **on_a3}]
    assert analyse(report, "--media", "foolscap-ish", status=2) == ""
    (tmp_path / "empty").mkdir()
    assert analyse("--json", tmp_path / "empty") == ""


def test_many_files_come_in_the_order_given(tmp_path, report):
    """A folder stands for its files in the order of their names, whichever is done first."""
    (tmp_path / "a.pwg").write_bytes(b"RaS2" + (pwg_header(width=9, height=600) + (b"\0" + b"\0\xff" * 9) * 600) * 20)
    (tmp_path / "b.pcl").write_bytes(b"\x1bEone\x0ctwo\x0c\x1bE")
    found = rows(tmp_path, report)
    assert [Path(row["path"]).name for row in found] == ["a.pwg", "b.pcl", "report.pdf", "report.pdf"]
    assert [row["pages"] for row in found] == [20, 2, 5, 5]


def test_a_document_from_standard_input():
    """A pipe is a document too, under the name that the client gave its format."""
    (row,) = rows("-", "--declared", "application/postscript", stdin=b"0 0 moveto (x) show showpage\n")
    assert (row["path"], row["format"], row["pages"]) == ("-", "application/postscript", 1)


def test_what_cannot_be_read_does_not_keep_the_others_from_being_shown(tmp_path, report):
    """A file that is not there has a line that says so; the exit status is 1."""
    missing, found = rows(tmp_path / "missing.pdf", report, status=1)
    assert missing["pages"] is None
    assert missing.keys() == found.keys()
    assert "cannot be read" in missing["problems"][0]
    assert found["pages"] == 5


def test_a_hostile_file_costs_its_own_line(tmp_path, report):
    """Rubbish, a bomb and an endless claim are answered; the file after them is right."""
    (tmp_path / "1.bin").write_bytes(bytes(range(255, -1, -1)) * 20)
    (tmp_path / "2.pdf").write_bytes(b"%PDF-1.4\n1 0 obj<</Type/Pages/Count 1000000000/Kids[1 0 R]>>endobj\n")
    (tmp_path / "3.ps").write_bytes(b"%!PS\n{ } loop\n")
    found = rows(tmp_path)
    assert [row["pages"] for row in found][-1] == 5
    assert all(row["problems"] for row in found[:-1])


def test_the_table_adds_up(tmp_path, report):
    """People get a line a file, the everyday names of paper, and the sum."""
    (tmp_path / "job.prn").write_bytes(UEL + b"@PJL SET QTY=3\r\n@PJL ENTER LANGUAGE=PCL\r\n\x1bE\x1b&l26Ax\x0c\x1bE")
    text = analyse(tmp_path)
    assert "A4" in text
    assert "2 files: 6 pages, 8 impressions, 8 sheets" in text


@pytest.mark.parametrize("pages", ["0", "3-1", "x", "1,,2"])
def test_pages_that_are_no_ranges_are_refused(report, pages):
    """The sentence says what to write instead."""
    assert analyse(report, "--pages", pages, status=2) == ""


def test_a_pipe_is_refused_and_keeps_nobody_waiting(tmp_path, report):
    """Opening a pipe would wait for its writer for ever, and a device has no end: both have a line that says so."""
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "zeros").symlink_to("/dev/zero")
    pipe, zeros, found = rows(tmp_path / "pipe", tmp_path / "zeros", report, status=1)
    assert "not a file" in pipe["problems"][0]
    assert "not a file" in zeros["problems"][0]
    assert found["pages"] == 5


def test_names_that_steer_a_terminal_or_are_no_text_are_escaped(tmp_path):
    """Lines are JSON whatever a file is called, and hold nothing that a terminal obeys."""
    names = [b"csi\xc2\x9b31m.ps", b"none\xff.ps"]
    for name in names:
        (tmp_path / os.fsdecode(name)).write_bytes(b"%!PS\nshowpage\n")
    text = analyse("--json", tmp_path)
    assert "\x9b" not in text
    assert [os.fsencode(Path(json.loads(line)["path"]).name) for line in text.splitlines()] == names
    assert "2 files: 2 pages" in analyse(tmp_path)


def test_a_time_may_be_given(tmp_path):
    """A file that takes longer is shown as far as it was looked at. SC-TDF-132"""
    raster = b"RaS2" + (pwg_header(width=9, height=600) + (b"\0" + b"\0\xff" * 9) * 600) * 20
    (tmp_path / "a.pwg").write_bytes(raster)
    assert rows(tmp_path / "a.pwg", "--time", "60")[0]["pages"] == 20
    analyse(tmp_path, "--time", "0", status=2)
