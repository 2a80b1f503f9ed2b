"""The settings of a demonstration: this machine only, and ports that are free. To be made before Django reads them."""

from __future__ import annotations

import socket
from collections.abc import MutableMapping
from pathlib import Path

from platen.settings import PREFIX

LOOPBACK = "127.0.0.1"
_TRAP_PORT = 8162
_PORTS = {"PORT": 8631, "TLS_PORT": 8643, "LPD_PORT": 8515, "RAW_PORT": 8910, "READER_PORT": 5420}


def choose_environment(environ: MutableMapping[str, str], data: Path) -> None:
    """Set what the demonstration needs and the caller has not chosen: this machine only, and ports that are free."""
    environ[f"{PREFIX}DATA"] = str(data)
    environ[f"{PREFIX}DEMO"] = "true"
    environ.setdefault(f"{PREFIX}BIND", LOOPBACK)
    environ.setdefault(f"{PREFIX}DNSSD", "false")
    environ.setdefault(f"{PREFIX}LOG_LEVEL", "warning")
    for name, usual in _PORTS.items():
        environ.setdefault(f"{PREFIX}{name}", str(_free(environ[f"{PREFIX}BIND"], usual)))
    environ.setdefault(f"{PREFIX}TRAP_PORT", str(free_udp(environ[f"{PREFIX}BIND"], _TRAP_PORT)))


def free_udp(bind: str, usual: int) -> int:
    """The usual port for datagrams, or 0, which lets the system choose one."""
    with socket.socket(socket.AF_INET6 if ":" in bind else socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.bind((bind, usual))
        except OSError:
            return 0
    return usual


def _free(bind: str, usual: int) -> int:
    """The usual port, or 0, which lets the system choose one."""
    family = socket.AF_INET6 if ":" in bind else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((bind, usual))
            probe.listen(1)
        except OSError:
            return 0
    return usual
