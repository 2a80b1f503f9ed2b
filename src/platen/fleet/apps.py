"""The application's name."""

from __future__ import annotations

from django.apps import AppConfig


class FleetConfig(AppConfig):
    """Machines, readings, supplies, alerts, groups, notices."""

    name = "platen.fleet"
    label = "fleet"

    def ready(self) -> None:
        """Listen to what happens to machines."""
        from platen.devices.events import device_addressing
        from platen.fleet.events import fleet_happened
        from platen.fleet.noticing import notice
        from platen.fleet.reach import check_device
        from platen.fleet.task_kinds import add_kinds

        add_kinds()
        device_addressing.connect(check_device, dispatch_uid="fleet-reach")
        fleet_happened.connect(notice, dispatch_uid="fleet-notices")
