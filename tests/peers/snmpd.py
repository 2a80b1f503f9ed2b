"""Net-SNMP's agent with a configuration of its own, and the command line tools that send traps and informs."""

from __future__ import annotations

import os
import random
import socket
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.peers.programs import require
from tests.peers.running import LOOPBACK, PORTS, PeerFailed, Running, open_folder, running, wait_until

STARTS_MAX = 5
PASSWORD = "authentication"
PRIVATE_PASSWORD = "encryption"
# Nothing of the machine is shown but what a test asks for: system (set here) and SNMP's own groups.
CONFIGURATION = """\
rocommunity public 127.0.0.0/8
rwcommunity private 127.0.0.0/8
rocommunity6 public ::1
sysDescr A printer for tests
sysServices 72
sysObjectID 1.3.6.1.4.1.8072.3.2.10
setSerialNo 0
"""


@dataclass(frozen=True, slots=True)
class SnmpdUser:
    """A user as Net-SNMP's configuration names it; `auth` SHA-256 and the like, `priv` AES, AES-256 and the like."""

    name: str
    auth: str = ""
    priv: str = ""

    def lines(self) -> str:
        level = "priv" if self.priv else "auth" if self.auth else "noauth"
        secrets = f" {self.auth} {PASSWORD}" if self.auth else ""
        secrets += f" {self.priv} {PRIVATE_PASSWORD}" if self.priv else ""
        return f"createUser {self.name}{secrets}\nrwuser {self.name} {level}\n"


@dataclass(frozen=True, slots=True)
class Snmpd:
    """An agent that runs."""

    port: int
    folder: Path
    program: Running


@contextmanager
def snmpd(*, users: Sequence[SnmpdUser] = (), extra: str = "", host: str = LOOPBACK) -> Iterator[Snmpd]:
    """An agent at `host`, communities "public" to read and "private" to write; `extra` is added to snmpd.conf."""
    program = require("snmpd", "snmpd")
    with open_folder("snmpd") as folder:
        (folder / "snmpd.conf").write_text(CONFIGURATION + "".join(user.lines() for user in users) + extra)
        for _ in range(STARTS_MAX):
            port = free_udp_port(host)
            endpoint = f"udp6:[{host}]:{port}" if ":" in host else f"udp:{host}:{port}"
            command: list[str | Path] = [
                program,
                "-f",
                "-Lo",
                "-C",
                "-c",
                folder / "snmpd.conf",
                "-I",
                "-smux",
                endpoint,
            ]
            env = {"SNMP_PERSISTENT_DIR": str(folder), "MIBS": ""}
            with running(command, log=folder / "log", env=env) as agent:
                if _serves(agent):
                    yield Snmpd(port, folder, agent)
                    return
        raise PeerFailed(f"snmpd did not start:\n{(folder / 'log').read_text()}")


def _serves(agent: Running) -> bool:
    """False if it ended, which it does where another program took its port a moment before."""
    wait_until(
        lambda: agent.process.poll() is not None or "NET-SNMP version" in agent.output(), "snmpd to say that it runs"
    )
    return agent.process.poll() is None


def free_udp_port(host: str = LOOPBACK) -> int:
    """A UDP port that nobody has at the moment, for a program that must be told one."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    chooser = random.SystemRandom()
    for _ in range(200):
        port = chooser.choice(PORTS)
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            try:
                probe.bind((host, port))
            except OSError:
                continue
            return port
    raise PeerFailed("no free UDP port")


def send_notification(*arguments: str, inform: bool = False) -> str:
    """snmptrap or snmpinform with these arguments; returns what it printed. Raises: PeerFailed if it failed."""
    program = require("snmpinform" if inform else "snmptrap", "snmp")
    with open_folder("snmptrap") as folder:
        env = {**os.environ, "MIBS": "", "SNMP_PERSISTENT_DIR": str(folder), "SNMPCONFPATH": str(folder)}
        done = subprocess.run([program, *arguments], capture_output=True, text=True, check=False, timeout=60, env=env)
    if done.returncode:
        raise PeerFailed(f"{program.name} ended with {done.returncode}: {done.stderr}{done.stdout}")
    return done.stderr + done.stdout
