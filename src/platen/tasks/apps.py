"""The application's name."""

from __future__ import annotations

from django.apps import AppConfig


class TasksConfig(AppConfig):
    """Tasks, runs and their results."""

    name = "platen.tasks"
    label = "tasks"
