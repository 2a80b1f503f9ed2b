"""Reading one machine for a command, and how it is shown."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from rich.console import Console

from platen.cli.equipment_words import finisher_line, port_line, tray_line
from platen.cli.fleet_targets import target_of, uri_of
from platen.cli.listing import console_for_tables
from platen.cli.supply_words import left
from platen.policy.device_uri import DeviceUri
from platen.policy.job_names import without_controls
from platen.policy.state_words import in_words
from platen.protocols.snmp import Oid, Value, dotted
from platen.readings.both_ways import with_ipp
from platen.readings.facts import Reading, Supply
from platen.readings.plan import Plan, describe
from platen.services.collect.ipp_reader import IppVisit, read_by_ipp
from platen.services.collect.reader import Visit, read_machine
from platen.services.collect.snmp_client import SnmpClient
from platen.services.collect.snmp_errors import SnmpFailed
from platen.services.collect.snmp_targets import Credentials, Patience, Target
from platen.services.output.errors import DeviceError


@dataclass(frozen=True, slots=True)
class Asked:
    """What a command asks of a machine. credentials: tried in order.

    uri: then it is asked there by IPP and by nothing else. ipp_port: where IPP is asked instead of at its usual ports.
    """

    target: Target
    credentials: list[Credentials]
    uri: DeviceUri | None = None
    ipp: bool = False
    ipp_port: int | None = None
    again: int = 0
    timeout_s: float = 1.0


@dataclass(slots=True)
class Found:
    """What came. `octets` has those of each visit, the first of which asked everything."""

    reading: Reading
    raw: dict[Oid, Value] = field(default_factory=dict)
    plan: Plan | None = None
    octets: list[int] = field(default_factory=list)
    packets: int = 0
    ipp_octets: int = 0
    problems: list[str] = field(default_factory=list)


def asked_at(address: str, credentials: list[Credentials], **more: Any) -> Asked:
    """Of an address of SNMP, or of a place where IPP is asked. Raises: ValueError, a sentence."""
    uri = uri_of(address)
    target = target_of(address) if uri is None else Target(uri.host)
    return Asked(target, credentials, uri, **more)


async def read_one(asked: Asked) -> Found:
    """Raises: SnmpFailed, DeviceError where the machine does not answer."""
    if asked.uri is not None:
        visit = await _ask_by_ipp(asked)
        return Found(visit.reading, ipp_octets=visit.octets, problems=list(visit.problems))
    try:
        found = await _by_snmp(asked)
    except SnmpFailed as error:
        if not asked.ipp:
            raise
        visit = await _by_ipp_instead(asked, error)
        return Found(visit.reading, ipp_octets=visit.octets, problems=[str(error), *visit.problems])
    if asked.ipp:
        await _add_ipp(asked, found)
    return found


async def _by_ipp_instead(asked: Asked, no_snmp: SnmpFailed) -> IppVisit:
    """Raises: DeviceError, which says as well why SNMP did not do."""
    try:
        return await _ask_by_ipp(asked)
    except DeviceError as error:
        raise DeviceError(f"{no_snmp} {error}") from error


async def _ask_by_ipp(asked: Asked) -> IppVisit:
    """Raises: DeviceError."""
    return await read_by_ipp(asked.target.host, uri=asked.uri, port=asked.ipp_port)


async def _by_snmp(asked: Asked) -> Found:
    patience = Patience(timeout_s=asked.timeout_s, retries=1)
    async with SnmpClient(patience=patience) as client:
        visit, credentials = await _first_that_answers(client, asked)
        found = Found(visit.reading, visit.raw, visit.plan)
        _count(found, visit)
        for _ in range(asked.again):
            visit = await read_machine(client, asked.target, credentials, found.plan, found.reading)
            found.reading, found.plan = visit.reading, visit.plan
            found.raw.update(visit.raw)
            _count(found, visit)
    return found


async def _first_that_answers(client: SnmpClient, asked: Asked) -> tuple[Visit, Credentials]:
    failure: SnmpFailed | None = None
    for credentials in asked.credentials:
        try:
            return await read_machine(client, asked.target, credentials), credentials
        except SnmpFailed as error:
            failure = failure or error
    if failure is None:
        raise ValueError("There is nothing to ask with: give a community or a user.")
    raise failure


async def _add_ipp(asked: Asked, found: Found) -> None:
    try:
        visit = await _ask_by_ipp(asked)
    except DeviceError as error:
        found.problems.append(str(error))
        return
    found.reading = with_ipp(found.reading, visit.reading)
    found.ipp_octets = visit.octets
    found.problems += visit.problems


def _count(found: Found, visit: Visit) -> None:
    found.octets.append(visit.traffic.octets)
    found.packets += visit.traffic.packets_sent + visit.traffic.packets_received
    found.problems += [problem for problem in visit.problems if problem not in found.problems]


def show_reading(found: Found, *, raw: bool, as_json: bool) -> None:
    """For people, or as one JSON object."""
    if as_json:
        json.dump(_row(found, raw=raw), sys.stdout, ensure_ascii=False, indent=2, default=_plain)
        sys.stdout.write("\n")
        return
    console = console_for_tables()
    for line in _lines(found):
        console.print(without_controls(line))
    if raw:
        _print_raw(console, found.raw)


def _row(found: Found, *, raw: bool) -> dict[str, object]:
    row = asdict(found.reading)
    row["traffic"] = {"octets": found.octets, "packets": found.packets, "ipp_octets": found.ipp_octets}
    row["plan"] = describe(found.plan) if found.plan is not None else []
    row["problems"] = found.problems
    if raw:
        row["raw"] = {dotted(oid): _shown(value) for oid, value in sorted(found.raw.items())}
    return row


def _lines(found: Found) -> Iterable[str]:
    reading, who = found.reading, found.reading.identity
    yield f"{who.maker} {who.model}".strip() or "A machine that does not say what it is"
    about = {
        "serial number": who.serial,
        "asset number": who.asset_number,
        "firmware": who.firmware,
        "hardware address": ":".join(who.mac[place : place + 2] for place in range(0, len(who.mac), 2)),
        "UUID": who.uuid,
        "name": who.host_name,
        "location": who.location,
        "contact": who.contact,
        "functions": ", ".join(sorted(who.functions)),
        "status": ", ".join(filter(None, (reading.status.activity.value, in_words(reading.status.reasons)))),
        "display": " / ".join(reading.status.console),
    }
    yield from (f"  {name}: {text}" for name, text in about.items() if text)
    yield from _section("Meters", [f"{meter.name} {meter.value} {meter.unit}" for meter in reading.meters])
    yield from _section("Supplies", map(_supply, reading.supplies))
    yield from _section("Trays", (tray_line(tray) for tray in reading.trays if not tray.output))
    yield from _section("Output trays", (tray_line(tray) for tray in reading.trays if tray.output))
    yield from _section("Finishers", map(finisher_line, reading.finishers))
    yield from _section("Ports", map(port_line, reading.ports))
    yield from _section(
        "Alerts",
        (f"{alert.severity.value}: {alert.description or alert.code} ({alert.code})" for alert in reading.alerts),
    )
    yield from _section("Notes", (*reading.notes, *found.problems))
    yield from _section("Traffic", _traffic(found))


def _section(title: str, lines: Iterable[str]) -> Iterable[str]:
    lines = list(lines)
    if lines:
        yield title
        yield from (f"  {line}" for line in lines)


def _supply(supply: Supply) -> str:
    name = supply.description or f"{supply.color} {supply.kind}".strip()
    pages = f", {supply.pages_left} pages left" if supply.pages_left is not None else ""
    return f"{name}: {left(supply.percent, supply.state.value, receptacle=supply.receptacle)}{pages}"


def _traffic(found: Found) -> Iterable[str]:
    if found.octets:
        first, *later = found.octets
        yield f"{first} octets for everything"
        yield from (f"{octets} octets by the plan" for octets in later)
    if found.ipp_octets:
        yield f"{found.ipp_octets} octets of IPP messages"
    yield from (f"plan: {line}" for line in (describe(found.plan) if found.plan is not None else ()))


def _print_raw(console: Console, raw: Mapping[Oid, Value]) -> None:
    console.print("Objects")
    for oid, value in sorted(raw.items()):
        console.print(without_controls(f"  {dotted(oid)} = {_shown(value)}"))


def _shown(value: Value) -> object:
    if isinstance(value, bytes):
        text = value.decode("utf-8", "backslashreplace")
        return text if text.isprintable() else "hex " + value.hex()
    return dotted(value) if isinstance(value, tuple) else value


def _plain(value: object) -> object:
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(type(value).__name__)
