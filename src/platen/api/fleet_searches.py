"""Searches for machines: kept ones at /searches, their runs at /search-runs."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.db.models import prefetch_related_objects
from django.http import HttpRequest
from ninja import Field, Query, Router, Schema, Status

from platen.access.rights import Right
from platen.api.bearer import actor, needs
from platen.api.errors import Missing
from platen.api.fleet_lookup import group_of, region_of, search_of, search_run_of
from platen.api.lookup import number_after
from platen.api.values import Input, Page, Paging
from platen.fleet.credentials import credentials_in_order
from platen.fleet.discovering import (
    PACKETS_MAX,
    SearchValues,
    cancel_run,
    keep_discovery,
    remove_discovery,
    start_run,
    values_of,
)
from platen.fleet.models import Discovery, DiscoveryRun, Found
from platen.fleet.queries_searches import kept_searches, latest_runs, outcomes_of, page_of_found

router = Router()
runs = Router()
RUNS_MAX = 200
LINES_MAX = 20_000
_SEE = needs(Right.SEE_DEVICES, Right.WHOLE_FLEET)
_CHANGE = needs(Right.CHANGE_DEVICES, Right.WHOLE_FLEET)


class ConditionGiven(Input):
    """A condition on what is found, as those of lists."""

    item: str
    op: str
    values: list[str] = []


class SearchGiven(Input):
    """Where to search, how, with what, and what becomes of what is found."""

    targets: list[str] = Field([], max_length=LINES_MAX, description="10.1.2.3, 10.1.2.10-99, 10.1.0.0/16, a name …")
    excluded: list[str] = Field([], max_length=LINES_MAX)
    known_subnets: bool = Field(False, description="Also around the machines that are known.")
    methods: list[Literal["snmp", "broadcast", "dns-sd", "wsd", "ipp"]] = Field(["snmp"], min_length=1)
    credentials: list[str] = Field([], description="Names of stored ones; none: all in their order.")
    conditions: list[ConditionGiven] = []
    outcome: Literal["managed", "unmanaged", "only", "ignore"] = Field(
        "managed", description="What becomes of those that fit the conditions; the others become the opposite."
    )
    group: UUID | None = Field(None, description="New machines are put into this group.")
    region: int | None = Field(None, description="New machines are of this region; null: by their addresses.")
    packets_per_s: int = Field(200, ge=1, le=PACKETS_MAX)
    port: int = Field(161, ge=1, le=65_535, description="UDP port of SNMP.")
    ipp_port: int = Field(0, ge=0, le=65_535, description="TCP port of IPP; 0: 443 and 631. Not for a kept search.")
    confirmed: bool = Field(False, description="However many addresses these are.")

    def as_values(self) -> SearchValues:
        """As the verbs take it. Raises: Missing."""
        same = ("known_subnets", "outcome", "packets_per_s", "port", "ipp_port", "confirmed")
        return SearchValues(
            targets="\n".join(self.targets),
            excluded="\n".join(self.excluded),
            methods=tuple(self.methods),
            credential_ids=_credentials(self.credentials),
            conditions=[each.model_dump() for each in self.conditions],
            group_id=group_of(self.group).pk if self.group else None,
            region_id=region_of(self.region).pk if self.region else None,
            **{name: getattr(self, name) for name in same},
        )


class SearchToKeep(SearchGiven):
    """The same with a name."""

    name: str


class SearchToRun(SearchGiven):
    """The same to be run once. dry: find and list, register nothing."""

    dry: bool = False


class HowToRun(Input):
    """dry: find and list, register nothing."""

    dry: bool = False


class SearchShown(Schema):
    """A kept search."""

    uuid: UUID
    name: str
    targets: list[str]
    excluded: list[str]
    known_subnets: bool
    methods: list[str]
    credentials: list[str]
    conditions: list[dict[str, Any]]
    outcome: str
    group: UUID | None
    region: int | None
    packets_per_s: int
    port: int


class SearchRunShown(Schema):
    """A run of a search, and how far it is: `asked` goes up to `addresses`."""

    uuid: UUID
    title: str
    state: str = Field(description="waiting, running, done, canceled or failed")
    dry: bool
    addresses: int
    asked: int
    answered: int
    octets: int
    began_at: datetime
    ended_at: datetime | None
    message: str
    by: str


class SearchRunInFull(SearchRunShown):
    """With how many it found of each outcome."""

    outcomes: dict[str, int]


class FoundShown(Schema):
    """Something that a run found, and what became of it."""

    address: str
    outcome: str = Field(description="new, known, moved, ignored, unmanaged, conflict, no-printer or failed")
    how: str
    identity: dict[str, Any]
    message: str
    machine: UUID | None


class FoundWanted(Paging):
    """Which part of the results."""

    outcome: str = Field("", description="Only those of this outcome.")


class RunsWanted(Schema):
    """How many of the latest."""

    limit: int = Field(30, ge=1, le=RUNS_MAX)


@router.get("", response=list[SearchShown], auth=_SEE)
def list_searches(request: HttpRequest) -> list[dict[str, Any]]:
    """Kept searches by name."""
    found = kept_searches()
    prefetch_related_objects(found, "credentials")
    return [_shown(each) for each in found]


@router.post("", response={201: SearchShown}, auth=_CHANGE)
def keep(request: HttpRequest, new: SearchToKeep) -> Status[dict[str, Any]]:
    """Keep a search under a name, to be run again here or by a task."""
    return Status(201, _shown(keep_discovery(new.name, new.as_values(), by=actor(request))))


@router.get("/{uuid:key}", response=SearchShown, auth=_SEE)
def show(request: HttpRequest, key: UUID) -> dict[str, Any]:
    """One kept search."""
    return _shown(search_of(key))


@router.put("/{uuid:key}", response=SearchShown, auth=_CHANGE)
def change(request: HttpRequest, key: UUID, wanted: SearchToKeep) -> dict[str, Any]:
    """Another shape for a kept search."""
    return _shown(keep_discovery(wanted.name, wanted.as_values(), by=actor(request), discovery=search_of(key)))


@router.delete("/{uuid:key}", response={204: None}, auth=_CHANGE)
def remove(request: HttpRequest, key: UUID) -> Status[None]:
    """Remove a kept search; what it found stays."""
    remove_discovery(search_of(key), by=actor(request))
    return Status(204, None)


@router.post("/{uuid:key}/runs", response={202: SearchRunShown}, auth=_CHANGE)
def start_kept(request: HttpRequest, key: UUID, how: HowToRun) -> Status[DiscoveryRun]:
    """Run a kept search."""
    search = search_of(key)
    return Status(202, start_run(values_of(search), by=actor(request), discovery=search, dry=how.dry))


@runs.get("", response=list[SearchRunShown], auth=_SEE)
def list_runs(request: HttpRequest, wanted: Query[RunsWanted]) -> list[DiscoveryRun]:
    """The latest runs, newest first."""
    return latest_runs(wanted.limit)


@runs.post("", response={202: SearchRunShown}, auth=_CHANGE)
def start(request: HttpRequest, wanted: SearchToRun) -> Status[DiscoveryRun]:
    """Search once; ask for the run to see how far it is."""
    return Status(202, start_run(wanted.as_values(), by=actor(request), dry=wanted.dry))


@runs.get("/{uuid:key}", response=SearchRunInFull, auth=_SEE)
def show_run(request: HttpRequest, key: UUID) -> DiscoveryRun:
    """How far a run is."""
    run = search_run_of(key)
    run.outcomes = dict(outcomes_of(run))  # type: ignore[attr-defined]  # for the answer
    return run


@runs.get("/{uuid:key}/found", response=Page[FoundShown], auth=_SEE)
def found_by(request: HttpRequest, key: UUID, wanted: Query[FoundWanted]) -> dict[str, Any]:
    """What a run found so far, in its order."""
    page = page_of_found(search_run_of(key), wanted.outcome, number_after(wanted.after) or 0, wanted.limit)
    return {
        "items": [_found_shown(each) for each in page.found],
        "next": None if page.after is None else str(page.after),
    }


@runs.post("/{uuid:key}/cancel", response={202: SearchRunShown}, auth=_CHANGE)
def cancel(request: HttpRequest, key: UUID) -> Status[DiscoveryRun]:
    """Call it off; it ends with the address that is being asked, and what was found stays."""
    run = search_run_of(key)
    cancel_run(run, by=actor(request))
    return Status(202, run)


def _credentials(names: list[str]) -> tuple[int, ...]:
    if not names:
        return ()
    stored = {each.name: each.pk for each in credentials_in_order()}
    for name in names:
        if name not in stored:
            raise Missing(f"There is no credential “{name[:80]}” here.")
    return tuple(dict.fromkeys(stored[name] for name in names))


def _shown(search: Discovery) -> dict[str, Any]:
    same = ("uuid", "name", "known_subnets", "methods", "conditions", "outcome", "packets_per_s", "port")
    return {
        **{name: getattr(search, name) for name in same},
        "targets": search.targets.splitlines(),
        "excluded": search.excluded.splitlines(),
        "credentials": [each.name for each in search.credentials.all()],
        "group": search.group.uuid if search.group else None,
        "region": search.region_id,
    }


def _found_shown(found: Found) -> dict[str, Any]:
    same = ("address", "outcome", "how", "identity", "message")
    machine = found.machine.device.uuid if found.machine else None
    return {"machine": machine, **{name: getattr(found, name) for name in same}}
