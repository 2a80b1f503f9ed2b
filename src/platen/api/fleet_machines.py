"""Machines: what collection knows of devices. /machines."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Query, Router, Schema, Status

from platen.access.rights import Right
from platen.api.bearer import actor, needs
from platen.api.errors import BadRequest
from platen.api.fleet_lookup import day_after, ids_of_uuids, machine_of_uuid
from platen.api.machine_values import (
    DayShown,
    EventShown,
    MachineInFull,
    MachineShown,
    MetersThen,
    MonthShown,
    machine_in_full,
    machine_shown,
)
from platen.api.values import Input, Page, Paging
from platen.fleet.adopting import adopt_newest
from platen.fleet.happenings import EVENTS_MAX, MachineEvent, events_of_machine
from platen.fleet.history import months_of, page_of_days
from platen.fleet.lists import ORDERS, Listing, page_of_machines
from platen.fleet.meters_at import meters_at, place_of
from platen.fleet.plain import day_row, month_row
from platen.fleet.wanting import AT_ONCE_MAX, want_readings
from platen.policy.fleet.condition_texts import HELP, conditions_in
from platen.policy.fleet.conditions import parse_conditions

router = Router()
MONTHS_MAX = 400


class MachinesWanted(Paging):
    """Which machines, in which order."""

    q: str = Field("", description="Part of name, place, model, address or serial number.")
    where: list[str] = Field([], description=f"A condition: {HELP}")
    group: str = Field("", description="The name of a group.")
    region: str = Field("", description="The name of a region.")
    order: str = Field("name", description=f"With a minus before it downwards: {', '.join(ORDERS)}.")
    attention: bool = Field(False, description="Only those that need somebody.")
    removed: bool = Field(False, description="Those removed from management instead.")

    def listing(self) -> Listing:
        """As the fleet is asked for it. Raises: BadRequest, ConditionError."""
        if self.order.removeprefix("-") not in ORDERS:
            raise BadRequest(f"There is no order “{self.order[:40]}”. Choose of {', '.join(ORDERS)}.")
        equal = [("group", self.group), ("region", self.region)]
        written = [{"item": item, "op": "equals", "values": [value]} for item, value in equal if value]
        conditions = parse_conditions(conditions_in(self.where) + written)
        return Listing(conditions, self.q, self.order, managed=not self.removed, attention=self.attention)


class MomentWanted(Schema):
    """A moment, by the machine's own clock where it names no zone; none: now."""

    at: datetime | None = None


class EventsWanted(Schema):
    """How many of the latest."""

    limit: int = Field(50, ge=1, le=EVENTS_MAX)


class ReadingWanted(Input):
    """survey: ask everything, and not only what changes."""

    survey: bool = False


class ReadingsWanted(ReadingWanted):
    """uuids of devices."""

    machines: list[UUID] = Field(min_length=1, max_length=AT_ONCE_MAX)


class Wanted(Schema):
    """How many are read now: those that have an address, are managed, and are not read by a collector."""

    wanted: int


@router.get("", response=Page[MachineShown], auth=needs(Right.SEE_DEVICES))
def list_machines(request: HttpRequest, wanted: Query[MachinesWanted]) -> dict[str, Any]:
    """Machines, narrowed and ordered as in the console's list."""
    adopt_newest(timezone.now())
    page = page_of_machines(wanted.listing(), wanted.after, size=wanted.limit)
    return {"items": [machine_shown(each) for each in page.machines], "next": page.after}


@router.get("/{uuid:key}", response=MachineInFull, auth=needs(Right.SEE_DEVICES))
def show(request: HttpRequest, key: UUID) -> dict[str, Any]:
    """One machine with status, meters and where each was read, supplies, equipment and open alerts."""
    return machine_in_full(machine_of_uuid(key))


@router.get("/{uuid:key}/meters", response=MetersThen, auth=needs(Right.SEE_DEVICES))
def meters(request: HttpRequest, key: UUID, wanted: Query[MomentWanted]) -> dict[str, Any]:
    """Its meters now or at a past moment, with what is to be known of the way there."""
    machine = machine_of_uuid(key)
    moment = wanted.at or timezone.now()
    if timezone.is_naive(moment):
        moment = moment.replace(tzinfo=place_of(machine))
    try:
        then = meters_at(machine, moment)
    except OverflowError as error:
        raise BadRequest("No machine counts at such a moment.") from error
    return {"at": moment, "known_at": then.known_at, "exact": then.exact, "gaps": then.gaps, "meters": then.values}


@router.get("/{uuid:key}/days", response=Page[DayShown], auth=needs(Right.SEE_DEVICES))
def days(request: HttpRequest, key: UUID, wanted: Query[Paging]) -> dict[str, Any]:
    """What each day came to by the machine's own calendar, newest first; days without a move are left out."""
    found = page_of_days(machine_of_uuid(key), day_after(wanted.after), size=wanted.limit)
    more = found[-1].day.isoformat() if len(found) == wanted.limit else None
    return {"items": [day_row(each) for each in found], "next": more}


@router.get("/{uuid:key}/months", response=list[MonthShown], auth=needs(Right.SEE_DEVICES))
def months(request: HttpRequest, key: UUID) -> list[dict[str, Any]]:
    """What each month came to, newest first."""
    return [month_row(each) for each in months_of(machine_of_uuid(key), MONTHS_MAX)]


@router.get("/{uuid:key}/events", response=list[EventShown], auth=needs(Right.SEE_DEVICES))
def events(request: HttpRequest, key: UUID, wanted: Query[EventsWanted]) -> list[MachineEvent]:
    """What happened to it last: alerts, states, changes of supplies, readings that were not believed."""
    return events_of_machine(machine_of_uuid(key), wanted.limit)


@router.post("/{uuid:key}/reading", response={202: Wanted}, auth=needs(Right.SERVE_DEVICES))
def read(request: HttpRequest, key: UUID, how: ReadingWanted) -> Status[Wanted]:
    """Read it now, whatever its interval; read_at tells when that is done."""
    machine = machine_of_uuid(key)
    return Status(202, Wanted(wanted=want_readings([machine.pk], by=actor(request), survey=how.survey)))


@router.post("/readings", response={202: Wanted}, auth=needs(Right.SERVE_DEVICES))
def read_many(request: HttpRequest, which: ReadingsWanted) -> Status[Wanted]:
    """Read these machines now."""
    ids = ids_of_uuids(which.machines)
    return Status(202, Wanted(wanted=want_readings(ids, by=actor(request), survey=which.survey)))
