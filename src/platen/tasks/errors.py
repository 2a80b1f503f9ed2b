"""What verbs of tasks refuse, in sentences for a person."""

from __future__ import annotations


class TaskError(ValueError):
    """Something cannot be done; the sentence says why and what to do."""


class NameTaken(TaskError):
    """There is a task of this name."""
