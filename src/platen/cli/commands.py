"""Every command module; importing one registers its commands."""

from platen.cli import (
    analyse,
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
    "analyse",
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
