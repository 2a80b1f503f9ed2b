"""Every command module; importing one registers its commands."""

from platen.cli import (
    analyse,
    cards,
    demo,
    devices,
    doctor,
    events,
    fleet,
    jobs,
    people,
    queues,
    readers,
    rewrite,
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
    "fleet",
    "jobs",
    "people",
    "queues",
    "readers",
    "rewrite",
    "schemes",
    "serve",
    "settings",
    "usage",
]
