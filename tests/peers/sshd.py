"""OpenSSH's server, for SFTP alone: one key may sign in, as whoever runs the test."""

from __future__ import annotations

import getpass
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.peers.programs import require
from tests.peers.running import LOOPBACK, free_port, running

_CONFIGURATION = """
ListenAddress {host}:{port}
HostKey {folder}/host_key
AuthorizedKeysFile {folder}/user_key.pub
PidFile none
PermitRootLogin yes
PasswordAuthentication no
StrictModes no
UsePAM no
Subsystem sftp internal-sftp
ForceCommand internal-sftp
"""


@dataclass(frozen=True, slots=True)
class Sshd:
    """Where it listens, and the files that a client needs."""

    port: int
    user: str
    key_file: Path
    known_hosts: Path


@contextmanager
def sshd(folder: Path) -> Iterator[Sshd]:
    """A server for the block, with its files in `folder`."""
    program = require("sshd", "openssh-server")
    keygen = require("ssh-keygen", "openssh-client")
    require("sftp", "openssh-client")
    for name in ("host_key", "user_key"):
        command = [keygen, "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", folder / name]
        subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
    port = free_port()
    (folder / "sshd_config").write_text(_CONFIGURATION.format(host=LOOPBACK, port=port, folder=folder))
    kind, key, _ = (folder / "host_key.pub").read_text().split()
    (folder / "known_hosts").write_text(f"[{LOOPBACK}]:{port} {kind} {key}\n")
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(exist_ok=True)  # where it separates its privileges, made by its service elsewhere
    with running([program, "-D", "-e", "-f", folder / "sshd_config"], log=folder / "sshd.log") as server:
        server.wait_for_port(port)
        yield Sshd(port, getpass.getuser(), folder / "user_key", folder / "known_hosts")
