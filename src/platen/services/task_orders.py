"""What the runner of tasks asks of those who do things, and what it hears from them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from platen.policy.said import Said
from platen.tasks.result_words import SAID, as_stored


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one thing. message: a sentence; detail: JSON values."""

    succeeded: bool
    message: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)
    skipped: bool = False  # it cannot do this, and was left out

    @classmethod
    def of(
        cls, succeeded: bool, *sentences: Said, detail: Mapping[str, Any] | None = None, skipped: bool = False
    ) -> Outcome:
        """With sentences that can be said in other languages too."""
        kept = {**(detail or {}), SAID: as_stored(sentences)}
        return cls(succeeded, " ".join(map(str, sentences)), kept, skipped)

    @property
    def said(self) -> list[Any] | None:
        """What the message was made of, as it is stored; None: nobody knows."""
        return self.detail.get(SAID)


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be done. device_id: None for what is done once. run_id: whose progress it is."""

    tenant_id: int
    settings: Mapping[str, Any]
    run_id: int
    device_id: int | None = None
    by: str = ""
    step: int = 0  # of a batch, from 1 on
    regions: frozenset[int] | None = None  # devices of these only; None: of all

    @property
    def key(self) -> str:
        """What this order, and no other, is known by: whatever is queued under it is queued once."""
        return f"run/{self.run_id}/{self.step}" if self.step else f"run/{self.run_id}"


Executor = Callable[[Order], Any]
"""Does one thing: an async function from an Order to an Outcome."""
