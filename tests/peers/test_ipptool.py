"""ipptool's verdicts are read as it means them, and the documents made for its suites are real ones."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.peers.ippeveprinter import PDF, PWG_RASTER, IppEvePrinter, ippeveprinter
from tests.peers.ipptool import ipptool, printer_attributes
from tests.peers.programs import require
from tests.peers.rawprinter import refusing_port
from tests.peers.running import LOOPBACK, PeerFailed
from tests.peers.suite_documents import RASTER_TYPES, pwg_raster, suite_document

SUITE = """
{
    NAME "Printer answers"
    OPERATION Get-Printer-Attributes
    GROUP operation-attributes-tag
    ATTR charset attributes-charset utf-8
    ATTR naturalLanguage attributes-natural-language en
    ATTR uri printer-uri $uri
    STATUS successful-ok
    EXPECT printer-uuid OF-TYPE uri
}
{
    NAME "Printer has feathers"
    OPERATION Get-Printer-Attributes
    GROUP operation-attributes-tag
    ATTR charset attributes-charset utf-8
    ATTR naturalLanguage attributes-natural-language en
    ATTR uri printer-uri $uri
    STATUS successful-ok
    EXPECT printer-feathers-supported
}
"""


class TestReport:
    def test_passes_and_failures_are_told_apart(self, ippeveprinter: IppEvePrinter, tmp_path: Path) -> None:
        """A test that fails is named with the reason that ipptool gives."""
        suite = tmp_path / "two.test"
        suite.write_text(SUITE)
        report = ipptool(ippeveprinter.uri, suite, options=("-I",))
        assert [test.name for test in report.passed] == ["Printer answers"]
        assert [test.name for test in report.failed] == ["Printer has feathers"]
        assert "EXPECTED: printer-feathers-supported" in report.failures
        assert report.returncode != 0

    def test_included_suites_belong_to_the_report(
        self, ippeveprinter: IppEvePrinter, ipptool_suites: Path, tmp_path: Path
    ) -> None:
        """ipptool begins its report anew for every file it includes; all of them count."""
        (tmp_path / "inner.test").write_text(SUITE)
        (tmp_path / "outer.test").write_text('INCLUDE "inner.test"\n' + SUITE)
        report = ipptool(ippeveprinter.uri, tmp_path / "outer.test", options=("-I",))
        assert (len(report.passed), len(report.failed)) == (2, 2)

    def test_suite_that_stops_is_no_report(self, ippeveprinter: IppEvePrinter, tmp_path: Path) -> None:
        """A suite that could not run to its end is an error, not a short list of passes."""
        suite = tmp_path / "stops.test"
        suite.write_text(SUITE + SUITE.replace("STATUS successful-ok", "FILE nowhere.pdf"))
        with pytest.raises(PeerFailed, match=r"nowhere\.pdf"):
            ipptool(ippeveprinter.uri, suite, options=("-I",))

    def test_nobody_listening_is_an_error(self) -> None:
        """An address where nothing listens is no empty report."""
        with pytest.raises(PeerFailed):
            ipptool(f"ipp://{LOOPBACK}:{refusing_port()}/ipp/print", "get-printer-attributes.test")


class TestPrinter:
    def test_formats_and_attributes(self) -> None:
        """The printer announces the formats that it was started with."""
        with ippeveprinter("Peer", formats=(PDF, PWG_RASTER)) as printer:
            attributes = printer_attributes(printer.uri)
            assert {PDF, PWG_RASTER} <= set(attributes["document-format-supported"])

    def test_prints_what_it_is_sent(self, ippeveprinter: IppEvePrinter, ipptool_suites: Path) -> None:
        """Print-Job's document lies in the printer's tray, octet by octet."""
        document = ipptool_suites / "document-a4.pdf"
        report = ipptool(ippeveprinter.uri, "print-job.test", document=document, define={"filetype": PDF})
        assert report.failures == ""
        (printed,) = ippeveprinter.wait_for_printed()
        assert printed.read_bytes() == document.read_bytes()


class TestSuiteDocuments:
    @pytest.mark.parametrize("raster_type", sorted(RASTER_TYPES))
    def test_pwg_raster_is_read_by_cups(self, raster_type: str, tmp_path: Path) -> None:
        """CUPS's own filter turns the raster into a PDF of as many pages."""
        source = tmp_path / "page.pwg"
        source.write_bytes(pwg_raster("a4", raster_type, 150, pages=2))
        rastertopdf = require("rastertopdf", "cups-filters", also_in=("/usr/lib/cups/filter",))
        command: list[str | Path] = [rastertopdf, "1", "anna", "page", "1", "", source]
        done = subprocess.run(command, capture_output=True, check=True, timeout=60)
        (tmp_path / "page.pdf").write_bytes(done.stdout)
        info = subprocess.run(
            [require("pdfinfo", "poppler-utils"), tmp_path / "page.pdf"], capture_output=True, text=True, check=True
        )
        assert "Pages:           2" in info.stdout
        assert "(A4)" in info.stdout

    def test_unknown_document_is_an_error(self) -> None:
        """A newer suite with other documents is noticed."""
        with pytest.raises(ValueError, match="holiday"):
            suite_document("holiday.heic")
