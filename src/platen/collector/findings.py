"""What is wrong with a collector's configuration or its surroundings, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How bad it is."""

    PROBLEM = "problem"  # it cannot run so
    WARNING = "warning"  # it runs, and somebody should know
    OK = "ok"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that was found. place: the setting, as it is written in the file, or what was looked at."""

    level: Level
    place: str
    sentence: str
    advice: str = ""


class NotUsable(Exception):
    """The configuration cannot be used; `findings` say why."""

    def __init__(self, findings: list[Finding]) -> None:
        self.findings = [finding for finding in findings if finding.level is Level.PROBLEM]
        super().__init__(" ".join(f"{each.place}: {each.sentence} {each.advice}".strip() for each in self.findings))
