"""CUPS's own IPP Everywhere printer, as the device at the end of a job's way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.peers.dnssd import ensure_dnssd
from tests.peers.programs import require
from tests.peers.running import LOOPBACK, Running, free_port, open_folder, running, wait_until

PDF = "application/pdf"
PWG_RASTER = "image/pwg-raster"
APPLE_RASTER = "image/urf"
JPEG = "image/jpeg"


@dataclass(frozen=True, slots=True)
class IppEvePrinter:
    """A printer that runs. It prints one job at a time and answers server-error-busy meanwhile."""

    name: str
    port: int
    spool: Path
    program: Running

    @property
    def uri(self) -> str:
        return f"ipp://{LOOPBACK}:{self.port}/ipp/print"

    @property
    def secure_uri(self) -> str:
        """The same port, over TLS; its certificate is one that it signs itself."""
        return f"ipps://{LOOPBACK}:{self.port}/ipp/print"

    def printed(self) -> list[Path]:
        """What came out, one file a job, in the order of job ids."""
        documents = (file for file in self.spool.iterdir() if file.suffix != ".prn")  # that is the engine's own output
        return sorted(documents, key=lambda file: int(file.name.split("-", 1)[0]))

    def wait_for_printed(self, count: int = 1, *, timeout_s: float = 20) -> list[Path]:
        """The printed files once there are `count` of them and their jobs have ended."""
        wait_until(
            lambda: self.program.output().count("] Processing time was ") >= count,
            f"{count} printed jobs at {self.name}",
            timeout_s=timeout_s,
        )
        return self.printed()


@contextmanager
def ippeveprinter(
    name: str = "Peer",
    *,
    formats: Sequence[str] = (PDF, PWG_RASTER, APPLE_RASTER),
    command: Path | str = "/bin/true",
    color_and_duplex: bool = False,
) -> Iterator[IppEvePrinter]:
    """A printer that keeps what it prints; black and one-sided unless asked for.

    `command` is the "engine": it gets the document's file name as argument and its exit code decides between
    completed and aborted; what it writes to standard error as "STATE: +media-empty-error" becomes
    printer-state-reasons. Without one the program would sleep 5 to 15 seconds for each job.
    """
    program = require("ippeveprinter", "cups-ipp-utils")
    ensure_dnssd()
    port = free_port()
    # "localhost" rather than an address: it wants both an IPv4 and an IPv6 listener for the one name it is given.
    with open_folder("ippeve") as folder:
        spool = folder / "printed"
        spool.mkdir()
        (folder / "tls").mkdir()
        line: list[str | Path] = [
            program,
            "-v",
            "-v",
            "-p",
            str(port),
            "-n",
            "localhost",
            "-r",
            "off",
            "-K",
            folder / "tls",
            "-d",
            spool,
            "-k",
        ]
        if color_and_duplex:
            line += ["-2", "-s", "10,10"]
        line += ["-f", ",".join(formats), "-c", str(command), name]
        with running(line, log=folder / "log") as printer:
            printer.wait_for_port(port)
            yield IppEvePrinter(name, port, spool, printer)
