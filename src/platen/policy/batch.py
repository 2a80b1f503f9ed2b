"""Batches: several things done one after the other for each device, each depending on what came of the one before.

A step says after which outcome of the last thing that was done it applies: after any, after success, after an error.
A step "end" ends the batch for the devices that reach it, as a success or as an error; the others go on. What came of a
batch for a device is what came of the last thing that was done for it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

STEPS_MAX = 50
END = "end"


class BatchError(ValueError):
    """A batch cannot be used; the sentence says why."""


class When(StrEnum):
    """After which outcome of the last thing that was done a step applies."""

    ANY = "any"
    SUCCESS = "success"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Step:
    """One step. Of an end, `as_error` says how the batch ends for the device."""

    kind: str
    name: str = ""
    when: When = When.ANY
    settings: Mapping[str, Any] | None = None
    as_error: bool = False


@dataclass(frozen=True, slots=True)
class Reached:
    """Where a device is in a batch: which step comes next, and what came of the last thing that was done."""

    next_step: int = 0
    succeeded: bool | None = None  # None: nothing was done yet


@dataclass(frozen=True, slots=True)
class Ended:
    """The batch is over for a device. succeeded None: nothing was done."""

    succeeded: bool | None


def parse_steps(stored: object, kinds: Sequence[str]) -> tuple[Step, ...]:
    """The steps of a batch; `kinds` are those that can be done.

    Raises: BatchError, naming the step.
    """
    if not isinstance(stored, list | tuple) or not stored:
        raise BatchError("A batch has at least one step.")
    if len(stored) > STEPS_MAX:
        raise BatchError(f"A batch has at most {STEPS_MAX} steps.")
    steps = tuple(_parsed(number, each, kinds) for number, each in enumerate(stored, 1))
    if all(step.kind == END for step in steps):
        raise BatchError("A batch that only ends does nothing.")
    if steps[0].kind == END:
        raise BatchError("Step 1: nothing was done yet that could end.")
    return steps


def go_on(steps: Sequence[Step], reached: Reached) -> Reached | Ended:
    """The next thing to do for a device (its number is `next_step`), or the end.

    Steps whose outcome is not that of the last thing that was done are passed over.
    """
    for number in range(reached.next_step, len(steps)):
        step = steps[number]
        if not _applies(step, reached.succeeded):
            continue
        if step.kind == END:
            return Ended(not step.as_error)
        return Reached(number, reached.succeeded)
    return Ended(reached.succeeded)


def done(reached: Reached, succeeded: bool) -> Reached:
    """After the thing at `next_step` was done."""
    return Reached(reached.next_step + 1, succeeded)


def _applies(step: Step, succeeded: bool | None) -> bool:
    if step.when is When.ANY:
        return True
    return succeeded is not None and succeeded is (step.when is When.SUCCESS)


def _parsed(number: int, stored: object, kinds: Sequence[str]) -> Step:
    if not isinstance(stored, Mapping):
        raise BatchError(f"Step {number} cannot be read.")
    kind = str(stored.get("kind", ""))
    if kind != END and kind not in kinds:
        raise BatchError(f"Step {number}: “{kind}” cannot be done in a batch. Choose of {', '.join([*kinds, END])}.")
    try:
        when = When(str(stored.get("when", "any")))
    except ValueError as error:
        raise BatchError(f"Step {number}: choose any, success or error.") from error
    if number == 1 and when is not When.ANY:
        raise BatchError("Step 1 comes after nothing: it is done for every device.")
    settings = stored.get("settings") or {}
    if not isinstance(settings, Mapping):
        raise BatchError(f"Step {number}: its settings cannot be read.")
    return Step(kind, str(stored.get("name", ""))[:120], when, dict(settings), stored.get("as_error") is True)
