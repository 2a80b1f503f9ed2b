"""The CUPS peer does what the tests of the product rely on."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.peers.cups import Cups, JobState
from tests.peers.ippeveprinter import IppEvePrinter
from tests.peers.ipptool import job_attributes
from tests.peers.rawprinter import Behaviour, RawPrinter
from tests.peers.running import PeerFailed
from tests.peers.suite_documents import pdf


@pytest.fixture
def document(tmp_path: Path) -> Path:
    path = tmp_path / "report.pdf"
    path.write_bytes(pdf("a4", pages=2))
    return path


class TestQueues:
    def test_raw_queue_delivers_the_same_octets_to_a_socket(
        self, cups: Cups, raw_printer: RawPrinter, document: Path
    ) -> None:
        """What lp sends through a raw queue arrives unchanged at the printer's port."""
        cups.add_raw_queue("socket", raw_printer.uri)
        job_id = cups.lp(document, "socket", user="anna", title="Report")
        assert raw_printer.wait_for_jobs() == [document.read_bytes()]
        assert cups.wait_for_job(job_id) is JobState.COMPLETED

    def test_raw_queue_delivers_the_same_octets_over_ipp(
        self, cups: Cups, ippeveprinter: IppEvePrinter, document: Path
    ) -> None:
        """A raw queue to an IPP printer leaves the document as it is."""
        cups.add_raw_queue("ipp", ippeveprinter.uri)
        job_id = cups.lp(document, "ipp")
        assert cups.wait_for_job(job_id) is JobState.COMPLETED, cups.log_of_job(job_id)
        (printed,) = ippeveprinter.wait_for_printed()
        assert printed.read_bytes() == document.read_bytes()

    def test_driverless_queue_is_made_from_the_printers_attributes(
        self, cups: Cups, ippeveprinter: IppEvePrinter, document: Path
    ) -> None:
        """lpadmin -m everywhere accepts the printer, and a PDF comes out as PDF, through CUPS's own filters."""
        cups.add_everywhere_queue("everywhere", ippeveprinter.uri)
        job_id = cups.lp(document, "everywhere", copies=1, options={"media": "A4"})
        assert cups.wait_for_job(job_id) is JobState.COMPLETED, cups.log_of_job(job_id)
        (printed,) = ippeveprinter.wait_for_printed()
        assert printed.read_bytes().startswith(b"%PDF-")

    def test_job_carries_its_user_and_title(self, cups: Cups, raw_printer: RawPrinter, document: Path) -> None:
        """-U and -t become job-originating-user-name and job-name."""
        cups.add_raw_queue("named", raw_printer.uri)
        job_id = cups.lp(document, "named", user="anna", title="Minutes of May")
        attributes = job_attributes(f"ipp://{cups.server}/jobs/{job_id}")
        assert attributes["job-originating-user-name"] == "anna"
        assert attributes["job-name"] == "Minutes of May"


class TestRefusals:
    def test_unknown_queue_is_told_with_the_clients_own_words(self, cups: Cups, document: Path) -> None:
        """lp's message is in the error."""
        with pytest.raises(PeerFailed, match="does not exist"):
            cups.lp(document, "nowhere")

    def test_canceled_job_ends_canceled(self, cups: Cups, raw_printer: RawPrinter, document: Path) -> None:
        """A job whose printer stalls can be canceled."""
        raw_printer.behaviour = Behaviour(stall_after_bytes=1)
        cups.add_raw_queue("stalling", raw_printer.uri)
        job_id = cups.lp(document, "stalling")
        raw_printer.wait_for_bytes()
        cups.cancel(job_id)
        assert cups.wait_for_job(job_id) is JobState.CANCELED
