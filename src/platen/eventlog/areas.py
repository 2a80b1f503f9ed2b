"""Areas of the audit trail: what a change is about, told by how its verb begins."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import Q
from django.utils.translation import gettext_noop as noop

AREAS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "people": (noop("People"), ("user_", "alias_", "aliases_", "rights_", "default_user_")),
    "access": (noop("Cards, codes and passwords"), ("card_", "ids_", "pin_", "puk_", "password_", "token_")),
    "devices": (
        noop("Devices"),
        (
            *("device_", "devices_", "machine_", "machines_", "reader_", "panel_", "pairing_", "readings_", "writing_"),
            *("read_", "restart_", "write_"),  # runs for picked devices: fleet.running
        ),
    ),
    "fleet": (
        noop("Finding and arranging devices"),
        (
            *("discovery_", "collector_", "credential_", "group_", "region_", "place_", "plan_", "view_"),
            "dashboard_",
        ),
    ),
    "tasks": (noop("Tasks"), ("task_", "run_")),
    "notices": (noop("Notices"), ("notice_", "webhook_", "mail_")),
    "queues": (noop("Queues"), ("queue_",)),
    "usage": (noop("Prices and usage"), ("scheme_", "default_schemes_", "usage_")),
    "settings": (noop("Settings"), ("policy_", "fleet_settings_")),
}
"""Each area in words, and how the verbs in it begin."""


def in_area(name: str) -> Q:
    """Entries about an area; of a name that is none, no entry."""
    fits = Q(pk__in=[])
    for beginning in AREAS.get(name, ("", ()))[1]:
        fits |= Q(verb__startswith=beginning)
    return fits


def area_of(verb: str) -> str:
    """The area's words; empty: in none."""
    return next((words for words, beginnings in AREAS.values() if verb.startswith(beginnings)), "")
