"""How a collector is: what waits, what went, since when it runs, when it was off."""

from __future__ import annotations

import time
from collections.abc import Mapping
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


def as_lines(found: Mapping[str, Any]) -> list[str]:
    """For people: a small table."""
    rows = [
        ("Runs", _runs(found)),
        ("Was off", _off(found["off"])),
        ("Machines", f"{found['machines']:,}, {found['machines_silent']:,} of them silent"),
        ("Last search", _time(found["last_search"])),
        ("Waiting", _waiting(found)),
        ("Last sent", _sent(found)),
        ("Home has", _at_home(found["home_has_up_to_row"])),
        ("Not delivered", found["last_failure"]),
        ("Refused", found["home_wants_problem"] and f"what home wants: {found['home_wants_problem']}"),
        ("Versions", _versions(found)),
    ]
    width = max(len(label) for label, _ in rows) + 2
    return [str(found["name"]), *(f"  {label:<{width}}{said}" for label, said in rows if said)]


def _versions(found: Mapping[str, Any]) -> str:
    at_home = f"{found['home_version']} at home" if found["home_version"] else "home has not told its own"
    return f"{found['version']} here, {at_home}"


def _runs(found: Mapping[str, Any]) -> str:
    if found["runs"]:
        return f"since {_time(found['runs_since'])}" if found["runs_since"] else "once, at this moment"
    return f"no; last alive {_time(found['last_alive'])}" if found["last_alive"] else "no; it has not run yet"


def _off(off: Mapping[str, Any] | None) -> str:
    return f"from {_time(off['from'])} to {_time(off['to'])}" if off else ""


def _waiting(found: Mapping[str, Any]) -> str:
    if not found["queue_rows"]:
        return "nothing"
    counted = f"{found['queue_rows']:,} rows, {found['queue_octets']:,} octets"
    return f"{counted}, the oldest of {_time(found['queue_since'])}"


def _sent(found: Mapping[str, Any]) -> str:
    if found["last_sent"] is None:
        return "never"
    if found["last_sent_rows"] is None:
        return _time(found["last_sent"])
    return f"{_time(found['last_sent'])}, {found['last_sent_rows']:,} rows, {found['last_sent_octets']:,} octets"


def _at_home(last: int) -> str:
    return f"everything up to row {last:,}" if last else "nothing yet"


def _time(moment: str | None) -> str:
    """As `state` has it, for people."""
    return "never" if moment is None else f"{datetime.fromisoformat(moment):%Y-%m-%d %H:%M:%S} UTC"


def is_alive(found: dict[str, Any], within_s: float) -> bool:
    """Whether it runs and its heart beat lately."""
    if not found["runs"] or found["last_alive"] is None:
        return False
    return time.time() - datetime.fromisoformat(found["last_alive"]).timestamp() <= within_s


def _moment(seconds: float | None) -> str | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")
