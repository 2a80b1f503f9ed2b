"""The application, and what it listens to."""

from __future__ import annotations

from django.apps import AppConfig


class TrackingConfig(AppConfig):
    """Charging schemes and usage records."""

    name = "platen.tracking"

    def ready(self) -> None:
        """Hear of deliveries, documents and devices."""
        from platen.tracking.listeners import connect

        connect()
