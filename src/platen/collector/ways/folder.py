"""Home by a folder: something else carries the files on."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from platen.collector.configuration import Configuration
from platen.collector.ways.errors import NotDelivered


def try_out(configuration: Configuration) -> None:
    """Whether files can be written there; none is left. Raises: NotDelivered."""
    folder = Path(configuration.send.folder.path)
    try:
        with tempfile.NamedTemporaryFile(dir=folder, prefix=".platen-"):
            pass
    except OSError as error:
        raise NotDelivered(f"No file can be stored in {folder}: {error}") from error


def store(configuration: Configuration, name: str, content: bytes) -> None:
    """A file under its name only when it is whole and on the disk. Raises: NotDelivered."""
    folder = Path(configuration.send.folder.path)
    part = folder / f"{name}.part"
    try:
        with part.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(folder / name)
    except OSError as error:
        raise NotDelivered(f"The file could not be stored in {folder}: {error}") from error
