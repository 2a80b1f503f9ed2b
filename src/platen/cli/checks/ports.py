"""Which program has a port: read from /proc, where there is one."""

from __future__ import annotations

import errno
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from platen.cli.checks.finding import Finding, ok, problem
from platen.settings import Settings

_LISTEN = "0A"


@dataclass(frozen=True, slots=True)
class Holder:
    """A process that listens."""

    pid: int
    name: str


def listener_of(port: int, proc: Path = Path("/proc")) -> Holder | None:
    """Who listens on a TCP port; None where nobody does or it cannot be found out (another user's process)."""
    inodes = set(_inodes(port, proc))
    if not inodes:
        return None
    for process in proc.glob("[0-9]*"):
        try:
            if any(f"{link.readlink()}" in inodes for link in (process / "fd").iterdir()):
                return Holder(int(process.name), _name(process))
        except OSError:
            continue  # it ended meanwhile, or is somebody else's
    return None


def _inodes(port: int, proc: Path) -> Iterator[str]:
    for table in ("tcp", "tcp6"):
        try:
            lines = (proc / "net" / table).read_text().splitlines()[1:]
        except OSError:
            continue
        for line in lines:
            columns = line.split()
            if columns[3] == _LISTEN and int(columns[1].rpartition(":")[2], 16) == port:
                yield f"socket:[{columns[9]}]"


def _name(process: Path) -> str:
    command = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
    return command[:80] or (process / "comm").read_text().strip()


def check_ports(settings: Settings, server: int | None) -> Iterator[Finding]:
    """Each port is free, or the running server's (server: its process)."""
    for what, name in (
        ("console, panel and IPP", "port"),
        ("HTTPS and IPPS", "tls_port"),
        ("LPD", "lpd_port"),
        ("raw", "raw_port"),
        ("card readers", "reader_port"),
    ):
        port: int = getattr(settings, name)
        if port > 0:
            yield _check(what, port, f"PLATEN_{name.upper()}", settings.bind, server)


def _check(what: str, port: int, variable: str, bind: str, server: int | None) -> Finding:
    area = f"port {port}"
    refusal = _refusal(bind, port)
    if refusal is None:
        if server is not None:
            return problem(area, f"The server runs, but does not listen here for {what}.", "Look into its log.")
        return ok(area, f"Free for {what}.")
    if refusal.errno == errno.EACCES:
        return problem(
            area,
            f"Ports below 1024 need privileges, which {what} would not get.",
            f"Set {variable} to a higher port, or grant the server CAP_NET_BIND_SERVICE.",
        )
    if refusal.errno == errno.EADDRNOTAVAIL:
        return problem(area, f"{bind} is no address of this machine.", "Correct PLATEN_BIND.")
    holder = listener_of(port)
    if holder is not None and holder.pid == server:
        return ok(area, f"The running server (process {server}) listens here for {what}.")
    who = f"process {holder.pid} ({holder.name})" if holder else "another program"
    return problem(area, f"It is taken by {who}; {what} cannot use it.", f"Stop that program, or set {variable}.")


def _refusal(bind: str, port: int) -> OSError | None:
    family = socket.AF_INET6 if ":" in bind else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((bind, port))
            probe.listen(1)
        except OSError as error:
            return error
    return None
