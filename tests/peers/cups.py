"""A private CUPS scheduler: the spooler of a Linux or macOS client, and its command line clients."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path

from tests.peers.ipptool import job_attributes, printer_attributes
from tests.peers.programs import require
from tests.peers.running import LOOPBACK, PeerFailed, Running, free_port, open_folder, running, wait_until

SERVER_BIN = Path("/usr/lib/cups")
CUPSD_CONF = """\
Listen {host}:{port}
DefaultAuthType None
LogLevel {log_level}
LogTimeFormat usecs
MaxLogSize 0
MaxJobs 0
MaxClients 400
Browsing No
WebInterface No
DefaultShared No
JobRetryInterval 1
ErrorPolicy retry-job
<Location />
  Order allow,deny
  Allow all
</Location>
<Policy default>
  JobPrivateAccess all
  JobPrivateValues none
  <Limit All>
    Order deny,allow
    Allow all
  </Limit>
</Policy>
"""
CUPS_FILES_CONF = """\
ServerRoot {folder}/etc
RequestRoot {folder}/spool
TempDir {folder}/spool/tmp
CacheDir {folder}/cache
StateDir {folder}/run
ServerBin {server_bin}
AccessLog {folder}/access_log
ErrorLog {folder}/error_log
PageLog {folder}/page_log
FileDevice Yes
SyncOnClose {sync}
"""


class JobState(IntEnum):
    """job-state (RFC 8011 section 5.3.7), as this peer reports it; on purpose not the product's own."""

    PENDING = 3
    PENDING_HELD = 4
    PROCESSING = 5
    PROCESSING_STOPPED = 6
    CANCELED = 7
    ABORTED = 8
    COMPLETED = 9


ENDED = frozenset({JobState.CANCELED, JobState.ABORTED, JobState.COMPLETED})


@dataclass(frozen=True, slots=True)
class Cups:
    """A scheduler that runs."""

    port: int
    folder: Path
    program: Running

    @property
    def server(self) -> str:
        """HOST:PORT as the clients' option -h takes it."""
        return f"{LOOPBACK}:{self.port}"

    def queue_uri(self, queue: str) -> str:
        return f"ipp://{self.server}/printers/{queue}"

    def add_everywhere_queue(self, name: str, device_uri: str) -> None:
        """A driverless queue: CUPS asks the printer for its attributes and makes the driver from them.

        The scheduler does so after lpadmin has ended, and aborts jobs that come earlier; this waits until it has.
        """
        self._run("lpadmin", "-h", self.server, "-p", name, "-E", "-v", device_uri, "-m", "everywhere")
        wait_until(
            lambda: "IPP Everywhere" in printer_attributes(self.queue_uri(name)).get("printer-make-and-model", ""),
            f"CUPS's driver for {device_uri}",
        )

    def add_raw_queue(self, name: str, device_uri: str) -> None:
        """A queue that passes octets through as they are."""
        self._run("lpadmin", "-h", self.server, "-p", name, "-E", "-v", device_uri, "-m", "raw")

    def lp(
        self,
        document: Path,
        queue: str,
        *,
        user: str | None = None,
        title: str | None = None,
        copies: int | None = None,
        options: Mapping[str, str] | None = None,
    ) -> int:
        """Prints as a person would with lp; returns CUPS's job-id. Raises: PeerFailed with lp's message."""
        return self._lp(document, ["-d", queue], user=user, title=title, copies=copies, options=options)

    def lp_to_default(self, document: Path, *, user: str | None = None, title: str | None = None) -> int:
        """Prints to the server's default queue; as `lp` otherwise."""
        return self._lp(document, [], user=user, title=title, copies=None, options=None)

    def _lp(
        self,
        document: Path,
        destination: list[str],
        *,
        user: str | None,
        title: str | None,
        copies: int | None,
        options: Mapping[str, str] | None,
    ) -> int:
        command = ["lp", "-h", self.server, *destination]
        if user is not None:
            command += ["-U", user]
        if title is not None:
            command += ["-t", title]
        if copies is not None:
            command += ["-n", str(copies)]
        for name, value in (options or {}).items():
            command += ["-o", f"{name}={value}"]
        answer = self._run(*command, str(document))
        if (found := re.search(r"request id is \S+-(\d+)", answer)) is None:
            raise PeerFailed(f"lp printed no request id: {answer!r}")
        return int(found[1])

    def cancel(self, job_id: int) -> None:
        self._run("cancel", "-h", self.server, str(job_id))

    def job_state(self, job_id: int) -> JobState:
        return JobState(job_attributes(f"ipp://{self.server}/jobs/{job_id}")["job-state"])

    def wait_for_job(self, job_id: int, *, timeout_s: float = 60) -> JobState:
        """The state in which the job ended. Raises: PeerFailed with the scheduler's log on a time-out."""
        try:
            wait_until(lambda: self.job_state(job_id) in ENDED, f"CUPS job {job_id}", timeout_s=timeout_s)
        except PeerFailed as error:
            raise PeerFailed(f"{error}\n{self.log_of_job(job_id)}") from error
        return self.job_state(job_id)

    def log_of_job(self, job_id: int) -> str:
        lines = (self.folder / "error_log").read_text(errors="replace").splitlines()
        return "\n".join(line for line in lines if f"[Job {job_id}]" in line)

    def _run(self, program: str, *arguments: str) -> str:
        path = require(program, "cups-client")
        # HOME: lp would read and lpadmin write the person's own ~/.cups.
        env = {**os.environ, "HOME": str(self.folder), "LANG": "C.UTF-8"}
        done = subprocess.run(
            [path, *arguments],
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
            env=env,
            stdin=subprocess.DEVNULL,
        )
        if done.returncode:
            raise PeerFailed(
                f"{program} {' '.join(arguments)} ended with {done.returncode}: {done.stderr}{done.stdout}"
            )
        return done.stdout


@contextmanager
def cups(*, sync: bool = False, log_level: str = "debug") -> Iterator[Cups]:
    """A scheduler with its own folder and port; it runs as root (its filters then as lp) and as an ordinary user.

    For comparisons of speed: `sync` makes it call fsync on what it writes, `log_level` "warn" keeps its log short.
    """
    program = require("cupsd", "cups")
    port = free_port()
    with open_folder("cups") as folder:
        _write_configuration(folder, port, sync=sync, log_level=log_level)
        command: list[str | Path] = [
            program,
            "-f",
            "-c",
            folder / "etc" / "cupsd.conf",
            "-s",
            folder / "etc" / "cups-files.conf",
        ]
        with running(command, log=folder / "log") as scheduler:
            scheduler.wait_for_port(port)
            yield Cups(port, folder, scheduler)


def _write_configuration(folder: Path, port: int, *, sync: bool, log_level: str) -> None:
    for name in ("etc", "spool", "spool/tmp", "cache", "run"):
        (folder / name).mkdir()
    files = CUPS_FILES_CONF.format(folder=folder, server_bin=SERVER_BIN, sync="Yes" if sync else "No")
    if os.geteuid() == 0:
        files += "User lp\nGroup lp\nSystemGroup root\n"
    (folder / "etc" / "cups-files.conf").write_text(files)
    (folder / "etc" / "cupsd.conf").write_text(CUPSD_CONF.format(host=LOOPBACK, port=port, log_level=log_level))
