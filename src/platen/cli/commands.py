"""Every command module; importing one registers its commands."""

from platen.cli import (
    cards,
    devices,
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
    "devices",
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
