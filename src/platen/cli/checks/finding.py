"""One thing that the doctor found."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How bad it is."""

    OK = "ok"
    WARNING = "warning"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Finding:
    """A sentence on one subject, and what to do about it; empty where nothing has to be done."""

    area: str
    level: Level
    message: str
    advice: str = ""


def ok(area: str, message: str) -> Finding:
    """All is well here."""
    return Finding(area, Level.OK, message)


def warning(area: str, message: str, advice: str) -> Finding:
    """It works, and somebody should look at it."""
    return Finding(area, Level.WARNING, message, advice)


def problem(area: str, message: str, advice: str) -> Finding:
    """It does not work."""
    return Finding(area, Level.PROBLEM, message, advice)
