"""CUPS's LPD backend, as a client that speaks RFC 1179."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlencode

from tests.peers.programs import require
from tests.peers.running import LOOPBACK


@dataclass(frozen=True, slots=True)
class Delivery:
    """How the backend ended: 0 is delivered (backend(7)); `messages` are its lines for the scheduler's log."""

    returncode: int
    messages: str


def print_over_lpd(
    port: int,
    queue: str,
    document: Path,
    *,
    user: str = "anna",
    title: str = "Test page",
    copies: int = 1,
    job_id: int = 1,
    host: str = LOOPBACK,
    contimeout_s: int = 5,
    timeout_s: float = 60,
    **options: str,
) -> Delivery:
    """Sends one job. `options` go into the device URI as CUPS documents them, for example order="data,control".

    The client's port is left to the system (reserve=none): ports under 1024 are for root.
    """
    wanted = {"reserve": "none", "contimeout": str(contimeout_s), **options}
    uri = f"lpd://{host}:{port}/{quote(queue)}?{urlencode(wanted, safe=',')}"
    backend = require("lpd", "cups", also_in=("/usr/lib/cups/backend",))
    with tempfile.TemporaryDirectory() as folder:
        if not os.access(backend, os.X_OK):  # Debian lets only root execute it where it lies
            backend = Path(shutil.copy(backend, folder))
            backend.chmod(0o700)
        done = subprocess.run(
            [backend, str(job_id), user, title, str(copies), "", document],
            env={**os.environ, "DEVICE_URI": uri, "TMPDIR": folder},
            capture_output=True,
            check=False,
            timeout=timeout_s,
            stdin=subprocess.DEVNULL,
        )
    return Delivery(done.returncode, done.stderr.decode(errors="replace"))
