"""The machine's DNS-SD daemon, which ippeveprinter insists on although no test announces anything through it."""

from __future__ import annotations

import fcntl
import os
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path

from tests.peers.programs import require, unavailable
from tests.peers.running import PeerFailed, wait_until

SYSTEM_BUS = Path("/run/dbus/system_bus_socket")
AVAHI_SOCKET = Path("/run/avahi-daemon/socket")
# Nothing of a test may be seen outside the machine.
AVAHI_CONFIGURATION = "[server]\nallow-interfaces=lo\nuse-ipv6=no\n[wide-area]\nenable-wide-area=no\n"


def ensure_dnssd() -> None:
    """D-Bus and Avahi run when this returns.

    They belong to the machine, not to a test: where one is missing it is started once, by root or with sudo, and
    stays. A lock keeps test processes that run side by side from starting two.
    """
    with (Path(tempfile.gettempdir()) / f"platen-dnssd-{os.getuid()}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not _accepts(SYSTEM_BUS):
            _start_dbus()
        if not _accepts(AVAHI_SOCKET):
            _start_avahi()


def _start_dbus() -> None:
    daemon = require("dbus-daemon", "dbus")
    _as_root("mkdir", "-p", str(SYSTEM_BUS.parent))
    # Left over from a machine that was cut off; the daemon refuses to start beside it.
    _as_root("rm", "-f", "/run/dbus/pid", str(SYSTEM_BUS))
    _as_root(str(daemon), "--system", "--fork")
    wait_until(lambda: _accepts(SYSTEM_BUS), "the D-Bus system bus")


def _start_avahi() -> None:
    daemon = require("avahi-daemon", "avahi-daemon")
    configuration = Path(tempfile.gettempdir()) / f"platen-avahi-{os.getuid()}.conf"
    configuration.write_text(AVAHI_CONFIGURATION)
    _as_root(str(daemon), "--daemonize", "--no-rlimits", "--no-drop-root", "--no-chroot", "--file", str(configuration))
    wait_until(lambda: _accepts(AVAHI_SOCKET), "avahi-daemon")


def _as_root(*command: str) -> None:
    if os.geteuid() != 0:
        if shutil.which("sudo") is None:
            unavailable("a DNS-SD daemon (dbus and avahi-daemon) must run; start both as root")
        command = ("sudo", "--non-interactive", *command)
    # Not captured through a pipe: a daemon that keeps the pipe open would keep us waiting for its end.
    with tempfile.TemporaryFile() as output:
        done = subprocess.run(command, check=False, stdin=subprocess.DEVNULL, stdout=output, stderr=output, timeout=60)
        output.seek(0)
        if done.returncode:
            raise PeerFailed(
                f"{' '.join(command)} ended with {done.returncode}: {output.read().decode(errors='replace')}"
            )


def _accepts(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as client:
        try:
            client.connect(str(path))
        except OSError:
            return False
    return True
