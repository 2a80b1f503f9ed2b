"""The application's name."""

from __future__ import annotations

from django.apps import AppConfig


class FleetConfig(AppConfig):
    """Machines, readings, supplies, alerts, groups, notices."""

    name = "platen.fleet"
    label = "fleet"

    def ready(self) -> None:
        """Listen to what happens to machines and to their tables."""
        from django.db.models.signals import post_migrate, pre_migrate

        from platen.devices.events import device_addressing, device_troubled
        from platen.fleet.attention import tell_trouble
        from platen.fleet.events import fleet_happened
        from platen.fleet.noticing import notice
        from platen.fleet.reach import check_device
        from platen.fleet.search_texts import keep_search_texts, leave_search_texts
        from platen.fleet.task_kinds import add_kinds

        add_kinds()
        device_addressing.connect(check_device, dispatch_uid="fleet-reach")
        device_troubled.connect(tell_trouble, dispatch_uid="fleet-trouble")
        fleet_happened.connect(notice, dispatch_uid="fleet-notices")
        pre_migrate.connect(leave_search_texts, sender=self, dispatch_uid="fleet-search-texts")
        post_migrate.connect(keep_search_texts, sender=self, dispatch_uid="fleet-search-texts")
