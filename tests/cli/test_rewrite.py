"""`platen rewrite`: a changed copy, or the reason why there is none."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from platen.documents.analysis import analyse
from platen.documents.facts import Sides
from tests.documents.samples import pdf


def rewrite(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "platen", "rewrite", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture
def job(tmp_path: Path) -> Path:
    path = tmp_path / "job.pcl"
    path.write_bytes(b"\x1bE\x1b&l26aone\x0ctwo\x0c\x1bE")
    return path


def test_a_changed_copy(job, tmp_path):
    """The copy prints on both sides; the original is as it was. SC-RBPACT-05"""
    before = job.read_bytes()
    done = rewrite(job, tmp_path / "new.pcl", "--sides", "two-sided-long-edge")
    assert done.stdout.strip().endswith("new.pcl: 2 pages of A4.")
    assert analyse((tmp_path / "new.pcl").read_bytes()).sides is Sides.TWO_SIDED_LONG_EDGE
    assert job.read_bytes() == before


def test_pages_of_a_pdf(tmp_path):
    """A range of pages is taken out."""
    (tmp_path / "a.pdf").write_bytes(pdf(b"0 g", b"0 g", b"0 g"))
    assert rewrite(tmp_path / "a.pdf", tmp_path / "b.pdf", "--pages", "2-").returncode == 0
    assert analyse((tmp_path / "b.pdf").read_bytes()).pages == 2


def test_what_cannot_be_done_leaves_no_file(tmp_path):
    """The sentence says why, and nothing half made remains."""
    (tmp_path / "notes.txt").write_bytes(b"hello\n")
    done = rewrite(tmp_path / "notes.txt", tmp_path / "new.txt", "--monochrome")
    assert (done.returncode, (tmp_path / "new.txt").exists()) == (1, False)
    assert "cannot be changed" in done.stderr


def test_nothing_is_overwritten(job):
    """A file that is there stays as it is."""
    done = rewrite(job, job, "--copies", "2")
    assert done.returncode == 1
    assert "is there already" in done.stderr


def test_a_wish_is_needed(job, tmp_path):
    """Without one there is nothing to do."""
    assert rewrite(job, tmp_path / "new.pcl").returncode == 2
