"""The rows of the machines themselves, their devices, surveys and plans."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from operator import attrgetter
from typing import Any

from platen.devices.read_states import ReadDevice, record_attention, record_read_devices
from platen.devices.trouble import needs_attention
from platen.fleet.attention import is_troubled
from platen.fleet.batch_sql import (
    Insert,
    Update,
    as_integer,
    as_json,
    as_moment,
    as_text,
    execute_many,
    from_json,
)
from platen.fleet.due import BY_HAND
from platen.fleet.equipment import as_stored, of_finisher, of_port, of_tray
from platen.fleet.events import Happening, Kind
from platen.fleet.known import BLANK_MACS, Known
from platen.fleet.models import Machine, ReadingPlan
from platen.fleet.visits import Failure, Part, Visit
from platen.readings.facts import Activity, Identity, Reading
from platen.readings.kept import alerts_to_json, reading_to_json, status_to_json
from platen.tenants.context import current_tenant_id

DIGEST_DIGITS = 16
USUAL_OF = 16
_EVERY_TIME = (
    *("power", "power_at", "severity", "training", "trouble", "activity", "console_text", "uptime_s", "response_ms"),
    *(
        "response_usual_ms",
        "reboots",
        "pages",
        "pages_color",
        "meters",
        "doubted",
        "pages_month",
        "supply_percent",
        "seen",
        "latest",
        "plan_id",
        "credential_id",
    ),
    *("protocol", "read_at", "tried_at", "counted_at", "surveyed_at", "due_at", "failures", "failure", "suspicion"),
)
_READ = Update(Machine, *_EVERY_TIME)
_WHO = ("serial", "mac", "printer_uuid", "maker", "model", "firmware", "asset_number", "host_name", "contact")
_KEPT_IF_EMPTY = tuple(f"{name}?" for name in (*_WHO, "object_id"))
_IDENTITY = Update(Machine, *_KEPT_IF_EMPTY, "facts", "trays", "finishers", "finishing", "ports")
_FAILED = Update(
    Machine,
    *("power", "power_at", "severity", "training", "trouble", "tried_at", "due_at", "failures", "failure", "facts"),
)
_SURVEY = (
    "INSERT INTO fleet_survey (machine_id, tenant_id, at, meter_sources, reading, raw) VALUES (%s, %s, %s, %s, %s, %s) "
    "ON CONFLICT (machine_id) DO UPDATE SET at = excluded.at, meter_sources = excluded.meter_sources, "
    "reading = excluded.reading, raw = excluded.raw"
)
_PLAN = Insert(ReadingPlan, "tenant_id", "digest", "content", conflict="tenant_id, digest")
_LENGTHS = {name: int(getattr(Machine._meta.get_field(name), "max_length", 0) or 0) for name in (*_WHO, "object_id")}
_NAMES = {"mac": "mac", "printer_uuid": "uuid"}
_of_supply = attrgetter(
    *("key", "kind", "color", "description", "state", "percent", "level", "capacity", "unit", "receptacle"),
    *("part_number", "serial", "pages_left", "source"),
)
_of_alert = attrgetter("key")
_of_identity = attrgetter(
    *("maker", "model", "serial", "asset_number", "firmware", "mac", "uuid", "host_name", "location", "contact"),
    *("description", "object_id", "color", "duplex"),
)
NOTES_MAX = 50
CONSOLE_MAX = 1_000
_STATES = {
    Activity.IDLE: 3,
    Activity.ASLEEP: 3,
    Activity.WARMUP: 3,
    Activity.PRINTING: 4,
    Activity.TESTING: 4,
    Activity.STOPPED: 5,
}
_encode = json.JSONEncoder(separators=(",", ":")).encode


@dataclass(slots=True)
class MachineBatch:
    """Takes what becomes of each machine, then writes rows, surveys, plans and devices."""

    happened: list[Happening]
    _read: list[tuple[Known, Visit]] = field(default_factory=list)
    _identities: list[tuple[Any, ...]] = field(default_factory=list)
    _failed: list[tuple[Any, ...]] = field(default_factory=list)
    _surveys: list[tuple[Any, ...]] = field(default_factory=list)
    _devices: list[ReadDevice] = field(default_factory=list)
    _attention: list[tuple[bool, int]] = field(default_factory=list)

    def changed(self, known: Known, visit: Visit) -> frozenset[Part]:
        """Which of the asked parts say something else than what is stored; `known` gets their digests."""
        seen = [known.seen[start : start + DIGEST_DIGITS] for start in (0, DIGEST_DIGITS, 2 * DIGEST_DIGITS)]
        said = _said(visit)
        changed = frozenset(part for place, (part, digest) in enumerate(said) if digest and digest != seen[place])
        known.seen = "".join(
            digest or before or "-" * DIGEST_DIGITS for (_, digest), before in zip(said, seen, strict=True)
        )
        if Part.IDENTITY in changed:
            self._identity(known, visit)
        return changed

    def replaced(self, known: Known) -> bool:
        """Whether somebody said that the machine was replaced, and its meters are a new beginning."""
        return bool(not known.meters and "accepted" in from_json(known.facts))

    def read(self, known: Known, visit: Visit) -> None:
        """A reading is complete: note what every reading changes."""
        status = visit.reading.status
        known.failures, known.failure = 0, ""
        known.read_at = visit.at
        known.protocol = visit.protocol or known.protocol
        known.credential_id = visit.credential_id or known.credential_id
        if visit.response_ms is not None:
            usual = known.response_usual_ms
            known.response_ms = visit.response_ms
            known.response_usual_ms = _usual(visit.response_ms if usual is None else usual, visit.response_ms)
        known.due_at = _next_due(known, visit)
        if Part.STATUS in visit.asked:
            known.activity = str(status.activity)
            known.latest = as_json([status_to_json(status), alerts_to_json(visit.reading.alerts)])
            known.console_text = as_text("\n".join(status.console), CONSOLE_MAX)
            self._device(known, visit)
        if visit.survey:
            known.surveyed_at = None if _is_wanted_since(known, visit) and known.surveyed_at is None else visit.at
            self._surveys.append(_survey_row(known, visit))
        self._read.append((known, visit))

    def conflict(self, known: Known, visit: Visit, reason: str) -> None:
        """Another machine answered: who it is stays with this one, for whoever looks."""
        facts = from_json(known.facts)
        identity = visit.reading.identity
        facts["conflict"] = {
            name: as_text(str(getattr(identity, name)), 160)
            for name in ("serial", "mac", "uuid", "maker", "model", "host_name")
        }
        self._failure(known, visit.at, reason, _next_due(known, visit), facts)

    def failed(self, known: Known, failure: Failure) -> None:
        """Nothing came."""
        self._failure(known, failure.at, failure.reason, _next_due(known, failure), known.facts)

    def write(self) -> None:
        """Everything that was noted."""
        self._keep_plans()
        _IDENTITY.write(self._identities)
        _READ.write([_read_row(known, visit) for known, visit in self._read])
        _FAILED.write(self._failed)
        execute_many(_SURVEY, self._surveys)
        record_read_devices(self._devices)
        record_attention(self._attention)

    def _failure(self, known: Known, at: Any, reason: str, due_at: Any, facts: Any) -> None:
        device = known.device
        needs = is_troubled(known.power, known.severity) or needs_attention(
            device.state, from_json(device.state_reasons), out_of_service=device.out_of_service
        )
        if needs != device.needs_attention:
            self._attention.append((needs, known.id))
        self._failed.append(
            (
                str(known.power),
                as_moment(known.power_at),
                int(known.severity),
                known.training,
                known.trouble,
                as_moment(at),
                as_moment(due_at),
                known.failures,
                as_text(reason, 255),
                facts if isinstance(facts, str) else as_json(facts),
                known.id,
            )
        )

    def _identity(self, known: Known, visit: Visit) -> None:
        identity = visit.reading.identity
        if known.firmware and identity.firmware and as_text(identity.firmware, 200) != known.firmware:
            detail = {"before": known.firmware, "after": identity.firmware}
            sentence = f"{known.device.name} has firmware {identity.firmware} now; it was {known.firmware}."
            self.happened.append(Happening(Kind.FIRMWARE, known.id, visit.at, sentence=sentence, detail=detail))
        before = from_json(known.facts)
        known.facts = as_json(_facts(visit.reading))
        trays, finishers, finishing, ports = as_stored(visit.reading)
        equipment = as_json(trays), as_json(finishers), as_text(finishing, 255), as_json(ports)
        self._identities.append((*_who(identity), known.facts, *equipment, known.id))
        self._follow(known, identity, str(before.get("location", "")))

    def _follow(self, known: Known, identity: Identity, said_before: str) -> None:
        """What the device does not have from a person it takes from the machine."""
        device = known.device
        follows = identity.location and device.location in ("", as_text(said_before, 200))
        make_and_model = as_text(f"{identity.maker} {identity.model}".strip(), 200)
        new = (
            as_text(identity.location, 200) if follows else device.location,
            device.make_and_model or make_and_model,
            device.mac or ("" if identity.mac in BLANK_MACS else identity.mac.upper()[:12]),
            device.color_supported if device.color_supported is not None else identity.color,
            device.duplex_supported if device.duplex_supported is not None else identity.duplex,
        )
        old = (device.location, device.make_and_model, device.mac, device.color_supported, device.duplex_supported)
        if new != old:
            device.location, device.make_and_model, device.mac, device.color_supported, device.duplex_supported = new
            known.changed.add("device")

    def _device(self, known: Known, visit: Visit) -> None:
        device, status = known.device, visit.reading.status
        state = _STATES.get(status.activity, device.state)
        reasons = sorted(as_text(reason, 80) for reason in status.reasons if reason != "none")[:50]
        troubled = is_troubled(known.power, known.severity)
        needs = troubled or needs_attention(state, reasons, out_of_service=device.out_of_service)
        said = state == device.state and reasons == from_json(device.state_reasons)
        if known.changed or not said or needs != device.needs_attention:
            message = known.console_text.partition("\n")[0]
            self._devices.append(
                ReadDevice(
                    id=known.id,
                    name=device.name,
                    state=state,
                    reasons=reasons,
                    message=message[:255],
                    at=visit.at,
                    location=device.location,
                    make_and_model=device.make_and_model,
                    mac=device.mac,
                    color_supported=device.color_supported,
                    duplex_supported=device.duplex_supported,
                    out_of_service=device.out_of_service,
                    needed_attention=device.needs_attention,
                    is_troubled=troubled,
                    trouble=known.trouble,
                )
            )

    def _keep_plans(self) -> None:
        plans = {_digest(visit.plan): visit.plan for _, visit in self._read if visit.plan is not None}
        if not plans:
            return
        _PLAN.write([(current_tenant_id(), digest, content) for digest, content in plans.items()])
        ids = _plan_ids(list(plans))
        for known, visit in self._read:
            if visit.plan is not None:
                known.plan_id = ids[_digest(visit.plan)]


def _next_due(known: Known, visit: Visit | Failure) -> datetime | None:
    """When it is visited next: what somebody asked for while this visit was under way is still to come."""
    return known.due_at if visit.due_at is None or _is_wanted_since(known, visit) else visit.due_at


def _is_wanted_since(known: Known, visit: Visit | Failure) -> bool:
    return not visit.by_hand and known.due_at is not None and known.due_at <= BY_HAND


def _usual(before: float, now: float) -> float:
    """How fast it answers of late: a single slow answer moves it little."""
    return round(before + (now - before) / USUAL_OF, 2)


def _read_row(known: Known, visit: Visit) -> tuple[Any, ...]:
    at = as_moment(visit.at)
    return (
        str(known.power),
        as_moment(known.power_at),
        int(known.severity),
        known.training,
        known.trouble,
        known.activity,
        known.console_text,
        as_integer(known.uptime_s),
        known.response_ms,
        known.response_usual_ms,
        known.reboots,
        known.meters.get("total"),
        known.meters.get("total.color"),
        as_json(known.meters),
        None if known.doubted is None else as_json(known.doubted.as_json()),
        known.pages_month,
        known.supply_percent,
        known.seen,
        known.latest if isinstance(known.latest, str | None) else as_json(known.latest),
        known.plan_id,
        known.credential_id,
        known.protocol,
        at,
        at,
        as_moment(known.counted_at),
        as_moment(known.surveyed_at),
        as_moment(known.due_at),
        known.failures,
        known.failure,
        known.suspicion,
        known.id,
    )


def _survey_row(known: Known, visit: Visit) -> tuple[Any, ...]:
    sources = {meter.name: meter.source for meter in visit.reading.meters}
    reading = zlib.compress(_encode(reading_to_json(visit.reading)).encode(), 1)
    raw = None if visit.raw is None else zlib.compress(_encode(dict(visit.raw)).encode(), 1)
    return known.id, current_tenant_id(), as_moment(visit.at), as_json(sources), reading, raw


def _said(visit: Visit) -> tuple[tuple[Part, str], ...]:
    """A digest of each part that is compared, in the order of `seen`; empty where it was not asked."""
    reading, asked = visit.reading, visit.asked
    supplies = _of(list(map(_of_supply, reading.supplies))) if Part.SUPPLIES in asked else ""
    alerts = _of([alert.key for alert in reading.alerts]) if Part.ALERTS in asked else ""
    who = ""
    if Part.IDENTITY in asked:
        status = reading.status
        said = [
            _of_identity(reading.identity),
            sorted(reading.identity.functions),
            list(map(of_tray, reading.trays)),
            list(map(of_finisher, reading.finishers)),
            list(map(of_port, reading.ports)),
            sorted(status.lights.items()),
            sorted(status.reasons),
            reading.notes,
        ]
        who = _of(said)
    return (Part.SUPPLIES, supplies), (Part.ALERTS, alerts), (Part.IDENTITY, who)


def _of(value: object) -> str:
    return hashlib.blake2b(_encode(value).encode(), digest_size=DIGEST_DIGITS // 2).hexdigest()


def _digest(content: bytes | None) -> str:
    return hashlib.blake2b(content or b"", digest_size=16).hexdigest()


def _plan_ids(digests: list[str]) -> Mapping[str, int]:
    return dict(ReadingPlan.objects.filter(digest__in=digests).values_list("digest", "id"))


def _who(identity: Identity) -> tuple[str, ...]:
    values = []
    for name in (*_WHO, "object_id"):
        value = getattr(identity, _NAMES.get(name, name))
        values.append("" if name == "mac" and value in BLANK_MACS else as_text(value, _LENGTHS[name]))
    return tuple(values)


def _facts(reading: Reading) -> dict[str, Any]:
    identity, status = reading.identity, reading.status
    return {
        "description": as_text(identity.description, 500),
        "location": as_text(identity.location, 255),
        "functions": sorted(identity.functions),
        "color": identity.color,
        "duplex": identity.duplex,
        "reasons": sorted(status.reasons),
        "lights": dict(status.lights),
        "notes": [as_text(note, 500) for note in reading.notes[:NOTES_MAX]],
    }
