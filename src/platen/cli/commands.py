"""Every command module; importing one registers its commands."""

from platen.cli import (
    cards,
    demo,
    devices,
    doctor,
    events,
    jobs,
    people,
    queues,
    readers,
    schemes,
    serve,
    settings,
    usage,
)

__all__ = [
    "cards",
    "demo",
    "devices",
    "doctor",
    "events",
    "jobs",
    "people",
    "queues",
    "readers",
    "schemes",
    "serve",
    "settings",
    "usage",
]
