"""The application's name."""

from __future__ import annotations

from django.apps import AppConfig


class FleetConfig(AppConfig):
    """Machines, readings, supplies, alerts, groups, notices."""

    name = "platen.fleet"
    label = "fleet"
