"""What tasks can do. Other applications add their kinds at start; the services bring the code that does them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from platen.policy.batch import BatchError, parse_steps
from platen.tasks.errors import TaskError

Check = Callable[[Mapping[str, Any]], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class TaskKind:
    """One thing that tasks can do.

    for_devices: it is done for each target; else once. check: takes settings as they came, gives them as they are
    stored, and raises TaskError. dangerous: a person should look twice.
    """

    name: str
    label: str
    help_text: str
    for_devices: bool = True
    check: Check = dict
    dangerous: bool = False
    in_batches: bool = True


_KINDS: dict[str, TaskKind] = {}
BATCH = "batch"


def add_kind(kind: TaskKind) -> None:
    """Make a kind known; adding it again changes it."""
    _KINDS[kind.name] = kind


def kind_named(name: str) -> TaskKind:
    """Raises: TaskError for a kind that nobody added."""
    if name not in _KINDS:
        raise TaskError(f"“{name}” is nothing that a task can do. Choose of {', '.join(sorted(_KINDS))}.")
    return _KINDS[name]


def all_kinds() -> list[TaskKind]:
    """Every kind, in the order of their labels."""
    return sorted(_KINDS.values(), key=lambda kind: kind.label)


def check_batch(settings: Mapping[str, Any]) -> dict[str, Any]:
    """The steps of a batch, each with settings that its own kind accepts. Raises: TaskError, naming the step."""
    fitting = [kind.name for kind in all_kinds() if kind.in_batches]
    try:
        steps = parse_steps(settings.get("steps"), fitting)
    except BatchError as error:
        raise TaskError(str(error)) from error
    stored = []
    for number, step in enumerate(steps, 1):
        checked: dict[str, Any] = {}
        if step.kind in fitting:
            try:
                checked = kind_named(step.kind).check(step.settings or {})
            except TaskError as error:
                raise TaskError(f"Step {number}: {error}") from error
        stored.append(
            {
                "kind": step.kind,
                "name": step.name,
                "when": step.when.value,
                "settings": checked,
                "as_error": step.as_error,
            }
        )
    return {"steps": stored}


add_kind(
    TaskKind(
        BATCH,
        "Batch",
        "Several things one after the other, each depending on what came of the one before.",
        check=check_batch,
        in_batches=False,
    )
)
