"""Who does something: named in the audit trail and the event log."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Actor:
    """A person, or the node itself, and the way it came in.

    `source` is console, panel, api, command line, import or node; the caller names itself.
    """

    name: str
    user_id: int | None = None
    source: str = "node"


SYSTEM = Actor("Platen")
