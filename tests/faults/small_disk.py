"""A disk that is really full: a tiny file system in memory, mounted for the test."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.peers.running import open_folder


@contextmanager
def small_disk(size_bytes: int) -> Iterator[Path]:
    """A folder on a file system of its own with so much room. Skips where this process may not mount one."""
    if os.geteuid() != 0:
        pytest.skip("only root may mount a small file system; run the suite as root to fill a disk")
    with open_folder("disk") as folder:
        mounted = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={size_bytes},mode=0700", "platen-test", str(folder)],
            check=False,
            capture_output=True,
            text=True,
        )
        if mounted.returncode:
            pytest.skip(f"a small file system could not be mounted here: {mounted.stderr.strip()}")
        try:
            yield folder
        finally:
            subprocess.run(["umount", "--lazy", str(folder)], check=True)
