"""Finding a peer's program, and what a test does where it is missing."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import NoReturn

import pytest

SEARCHED = (
    *os.environ.get("PATH", "").split(os.pathsep),
    "/usr/local/sbin",
    "/usr/sbin",
    "/sbin",
    "/usr/lib/cups/backend",
)
"""Daemons lie where an ordinary user's PATH does not look."""


def require(program: str, debian_package: str, *, also_in: tuple[str, ...] = ()) -> Path:
    """The path of a program that a test needs.

    Skips the test where the program is missing, and says how to get it; fails instead where CI=true, because
    there a skipped peer would hide that nothing was tested.
    """
    found = find(program, also_in=also_in)
    if found is None:
        unavailable(f"{program} is not installed; get it with: apt-get install {debian_package} (make test does)")
    return found


def find(program: str, *, also_in: tuple[str, ...] = ()) -> Path | None:
    """The path of a program, or None; a file counts also where only root may execute it."""
    path = os.pathsep.join((*also_in, *SEARCHED))
    if found := shutil.which(program, path=path):
        return Path(found)
    return next((file for folder in path.split(os.pathsep) if (file := Path(folder, program)).is_file()), None)


def unavailable(reason: str) -> NoReturn:
    """Skips the running test, or fails it where CI=true."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"CI must have every peer: {reason}", pytrace=False)
    pytest.skip(reason)
