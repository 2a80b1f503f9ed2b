"""What a benchmark says in the end: its figures, what is required of them, and whether they meet it."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

Figure = int | float | str | Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Requirement:
    """One thing asked for, in words with its unit, and whether this run's figures meet it."""

    text: str
    met: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One benchmark's outcome."""

    figures: Mapping[str, Figure]
    requirements: tuple[Requirement, ...]

    @property
    def is_met(self) -> bool:
        """Whether all of them are met."""
        return all(each.met for each in self.requirements)

    def to_json(self, name: str, sizes: object, took_s: float) -> str:
        """One line. sizes: the dataclass that the benchmark ran with."""
        return json.dumps(
            {
                "bench": name,
                **self.figures,
                "required": {each.text: each.met for each in self.requirements},
                "met": self.is_met,
                "sizes": asdict(sizes),  # type: ignore[call-overload]  # every benchmark's sizes are a dataclass
                "took_s": round(took_s),
                "cores": os.cpu_count(),
            }
        )


@dataclass(frozen=True, slots=True)
class Benchmark:
    """A measurement that can be run with any sizes of its own kind."""

    measure: Callable[[Any], Result]
    full: Any
    small: Any


def say(text: str) -> None:
    """Progress, for the person who waits; figures are for standard output."""
    print(f"  {text}", file=sys.stderr, flush=True)
