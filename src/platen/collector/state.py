"""How a collector is: what waits, what went, since when it runs, when it was off."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Any

from platen import __version__
from platen.collector.configuration import Configuration
from platen.collector.database import Database
from platen.collector.machines import Machines
from platen.collector.outbox import Outbox


def state(configuration: Configuration, database: Database) -> dict[str, Any]:
    """As JSON values; times in UTC."""
    outbox = Outbox(database)
    waiting = outbox.waiting()
    runs = database.is_held()
    fact = database.fact
    return {
        "name": configuration.name,
        "collector": configuration.collector,
        "version": __version__,
        "runs": runs,
        "runs_since": _moment(fact("began_at")) if runs else None,
        "last_alive": _moment(fact("alive_at")),
        "off": {"from": _moment(fact("off_from")), "to": _moment(fact("off_to"))} if fact("off_from") else None,
        "machines": Machines(database, outbox).count(),
        "machines_silent": database.rows("SELECT COUNT(*) FROM machine WHERE failures > 1")[0][0],
        "last_search": _moment(fact("searched_at")),
        "queue_rows": waiting.rows,
        "queue_octets": waiting.octets,
        "queue_octets_max": configuration.send.queue_octets_max,
        "queue_since": _moment(None if waiting.oldest_ms is None else waiting.oldest_ms / 1000),
        "last_sent": _moment(fact("sent_at")),
        "last_sent_rows": fact("sent_rows"),
        "last_sent_octets": fact("sent_octets"),
        "home_has_up_to_row": outbox.home_last,
        "last_failure": fact("send_failure", ""),
        "home_wants": fact("wishes", {}),
        "home_wants_problem": fact("wishes_problem", ""),
        "home_version": fact("home_version", ""),
    }


def as_lines(found: dict[str, Any]) -> list[str]:
    """For people."""
    runs = f"runs since {found['runs_since']}" if found["runs"] else f"does not run; last alive {found['last_alive']}"
    lines = [
        f"{found['name']} {runs}",
        f"  machines: {found['machines']}, silent {found['machines_silent']}; last search {found['last_search']}",
        f"  waiting: {found['queue_rows']} rows, {found['queue_octets']} octets, since {found['queue_since']}",
        f"  last sent: {found['last_sent']}; home has everything up to row {found['home_has_up_to_row']}",
    ]
    if found["off"]:
        lines.append(f"  was off from {found['off']['from']} to {found['off']['to']}")
    if found["last_failure"]:
        lines.append(f"  not delivered: {found['last_failure']}")
    if found["home_wants_problem"]:
        lines.append(f"  what home wants was refused: {found['home_wants_problem']}")
    if found["home_version"]:
        lines.append(f"  home has version {found['home_version']}, this is {found['version']}")
    return lines


def is_alive(found: dict[str, Any], within_s: float) -> bool:
    """Whether it runs and its heart beat lately."""
    if not found["runs"] or found["last_alive"] is None:
        return False
    return time.time() - datetime.fromisoformat(found["last_alive"]).timestamp() <= within_s


def _moment(seconds: float | None) -> str | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")
