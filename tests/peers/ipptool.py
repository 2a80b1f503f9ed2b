"""CUPS's ipptool: runs conformance suites against a printer, and asks for attributes independently of our own codec."""

from __future__ import annotations

import plistlib
import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.peers.programs import require
from tests.peers.running import PeerFailed

SUITES = Path("/usr/share/cups/ipptool")
PROPERTY_LIST_START = re.compile(rb"<\?xml.*?<key>Tests</key>\s*<array>", re.DOTALL)
PROPERTY_LIST_END = b"</plist>"


@dataclass(frozen=True, slots=True)
class ToolTest:
    """One test of a suite, as ipptool saw it."""

    name: str
    operation: str
    passed: bool
    skipped: bool
    status_code: str
    errors: tuple[str, ...]
    response: tuple[Mapping[str, Any], ...] = field(repr=False)
    """Attribute groups in the order of the answer, the operation group first; values as plist gives them."""

    def __str__(self) -> str:
        verdict = "SKIP" if self.skipped else "PASS" if self.passed else "FAIL"
        return "\n      ".join((f"{verdict} {self.name}: {self.status_code}", *self.errors))


@dataclass(frozen=True, slots=True)
class Report:
    """What a whole suite gave. In an assertion, `report.failures` shows every failed test with ipptool's reasons."""

    tests: tuple[ToolTest, ...]
    returncode: int

    @property
    def passed(self) -> tuple[ToolTest, ...]:
        return tuple(test for test in self.tests if test.passed and not test.skipped)

    @property
    def skipped(self) -> tuple[ToolTest, ...]:
        return tuple(test for test in self.tests if test.skipped)

    @property
    def failed(self) -> tuple[ToolTest, ...]:
        return tuple(test for test in self.tests if not test.passed)

    @property
    def failures(self) -> str:
        """Readable, empty when all is well."""
        return "\n".join(map(str, self.failed))


def ipptool(
    uri: str,
    suite: str | Path,
    *,
    document: Path | None = None,
    define: Mapping[str, str] | None = None,
    options: tuple[str, ...] = (),
    timeout_s: float = 300,
) -> Report:
    """Runs a suite that CUPS ships (by name, such as "ipp-1.1.test") or a file of one's own.

    `options` are ipptool's own, such as "-V2.0" or "-c" (chunked), "-l" (with Content-Length),
    "-I" (go on after errors).
    The suites need documents that Debian does not ship: run them from `suites_with_documents`.
    Raises: PeerFailed if it printed no report, or stopped at a missing document.
    """
    command: list[str] = [str(require("ipptool", "cups-ipp-utils")), "-X", *options]
    if document is not None:
        command += ["-f", str(document)]
    for name, value in (define or {}).items():
        command += ["-d", f"{name}={value}"]
    done = subprocess.run([*command, uri, str(suite)], capture_output=True, check=False, timeout=timeout_s)
    if PROPERTY_LIST_END not in done.stdout:
        said = (done.stderr + done.stdout)[-2000:].decode(errors="replace")
        raise PeerFailed(f"ipptool {suite} against {uri} ended with {done.returncode}: {said}")
    report = plistlib.loads(_one_property_list(done.stdout))
    if "ErrorMessage" in report:  # the suite itself stopped, so what follows was never tried
        raise PeerFailed(f"ipptool could not run all of {suite} against {uri}: {report['ErrorMessage']}")
    return Report(tuple(map(_tool_test, report["Tests"])), done.returncode)


def _one_property_list(printed: bytes) -> bytes:
    """What ipptool printed, as one document: it begins anew for every included suite and puts a summary behind."""
    document = printed[: printed.rindex(PROPERTY_LIST_END) + len(PROPERTY_LIST_END)]
    first = PROPERTY_LIST_START.search(document)
    if first is None:
        return document
    return document[: first.end()] + PROPERTY_LIST_START.sub(b"", document[first.end() :])


def job_attributes(job_uri: str) -> Mapping[str, Any]:
    """The attributes of a job at a printer or at CUPS, by Get-Job-Attributes."""
    return _attributes(ipptool(job_uri, "get-job-attributes.test"))


def printer_attributes(uri: str) -> Mapping[str, Any]:
    """The Printer Description attributes, by Get-Printer-Attributes."""
    return _attributes(ipptool(uri, "get-printer-attributes.test"))


def _attributes(report: Report) -> Mapping[str, Any]:
    (test,) = report.tests
    if not test.status_code.startswith("successful-ok") or len(test.response) < 2:
        raise PeerFailed(str(test))
    return test.response[1]


def _tool_test(entry: Mapping[str, Any]) -> ToolTest:
    return ToolTest(
        name=entry["Name"],
        operation=entry.get("Operation", ""),
        passed=entry["Successful"],
        skipped=bool(entry.get("Skipped", False)),
        status_code=entry.get("StatusCode", ""),
        errors=tuple(entry.get("Errors", ())),
        response=tuple(entry.get("ResponseAttributes", ())),
    )
