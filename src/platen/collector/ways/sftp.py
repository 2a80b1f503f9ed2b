"""Home by files over SFTP: the system's own OpenSSH client, with a key, at a server whose key is known. Blocking."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

from platen.collector.configuration import Configuration
from platen.collector.ways.errors import NotDelivered

TIMEOUT_S = 180.0


def store(configuration: Configuration, name: str, content: bytes) -> None:
    """A file under its name only when it is whole. Raises: NotDelivered."""
    settings = configuration.send.sftp
    with tempfile.TemporaryDirectory(prefix="platen-sftp-") as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        target = f"{settings.folder.rstrip('/')}/{name}" if settings.folder else name
        part = _quoted(f"{target}.part")
        _do(configuration, f"put {_quoted(str(path))} {part}\nrename {part} {_quoted(target)}\n")


def try_out(configuration: Configuration) -> None:
    """Connect, sign in and go to the folder; nothing is stored. Raises: NotDelivered."""
    folder = configuration.send.sftp.folder
    _do(configuration, f"cd {_quoted(folder)}\n" if folder else "pwd\n")


def _do(configuration: Configuration, batch: str) -> None:
    settings = configuration.send.sftp
    try:
        done = subprocess.run(  # noqa: S603  # the program is the site's own choice
            _command(configuration), input=batch.encode(), capture_output=True, timeout=TIMEOUT_S, check=False
        )
    except FileNotFoundError as error:
        raise NotDelivered(f"There is no program {settings.program}. Install OpenSSH's client.") from error
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NotDelivered(f"Files could not be stored at {settings.host}: {error}") from error
    if done.returncode:
        said = "; ".join(done.stderr.decode(errors="replace").strip().splitlines()[-2:])
        raise NotDelivered(f"Files could not be stored at {settings.host}: {said or 'no reason given'}")


def _command(configuration: Configuration) -> list[str]:
    """Nothing of this is asked of a person: what is not set up is refused."""
    settings = configuration.send.sftp
    options = {
        "BatchMode": "yes",
        "StrictHostKeyChecking": "yes",
        "UserKnownHostsFile": _quoted(settings.known_hosts),
        "IdentityFile": _quoted(settings.key_file),
        "IdentitiesOnly": "yes",
        "ConnectTimeout": "30",
    }
    given = [part for name, value in options.items() for part in ("-o", f"{name}={value}")]
    return [settings.program, "-b", "-", "-P", str(settings.port), *given, f"{settings.user}@{settings.host}"]


def _quoted(text: str) -> str:
    """As sftp's batches and ssh's options read it."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
