"""Searches: kept ones, their runs, and what each found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from platen.eventlog.actor import Actor
from platen.eventlog.changes import record_change
from platen.eventlog.models import Severity
from platen.eventlog.services import record_event
from platen.fleet.errors import InvalidValue, NameTaken
from platen.fleet.models import Discovery, DiscoveryRun, Found, Group, Machine, Region
from platen.fleet.registering import OUTCOMES, FoundMachine, Registered, Rules, register
from platen.policy.fleet.addresses import ASK_ABOVE, AddressError, Scope, parse_scope, subnet_of
from platen.policy.fleet.conditions import ConditionError, parse_conditions

METHODS = ("snmp", "broadcast", "dns-sd", "wsd", "ipp")
OPEN = ("waiting", "running")
PACKETS_MAX = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchValues:
    """A search as a person asks for it.

    ipp_port: where IPP is asked instead of at its usual ports; 0: there. confirmed: that more than ASK_ABOVE addresses
    are really meant.
    """

    targets: str = ""
    excluded: str = ""
    known_subnets: bool = False
    methods: tuple[str, ...] = ("snmp",)
    credential_ids: tuple[int, ...] = ()
    conditions: list[dict[str, Any]] = field(default_factory=list)
    outcome: str = "managed"
    group_id: int | None = None
    region_id: int | None = None
    packets_per_s: int = 200
    broadcast_to: tuple[str, ...] = ()
    port: int = 161
    ipp_port: int = 0
    confirmed: bool = False


class TooWide(InvalidValue):
    """The search is for so many addresses that its person should say so again."""

    def __init__(self, addresses: int) -> None:
        super().__init__(
            _("These are %(addresses)s addresses. Confirm that all of them are to be asked, or give smaller ranges.")
            % {"addresses": f"{addresses:,}"}
        )
        self.addresses = addresses


def checked(values: SearchValues) -> Scope:
    """The addresses that a search asks. Raises: InvalidValue, TooWide."""
    try:
        scope = parse_scope(values.targets).without(parse_scope(values.excluded))
        parse_conditions(values.conditions)
    except (AddressError, ConditionError) as error:
        raise InvalidValue(str(error)) from error
    unknown = set(values.methods) - set(METHODS)
    if unknown or not values.methods:
        raise InvalidValue(_("Choose how to search: %(known)s.") % {"known": ", ".join(METHODS)})
    if values.outcome not in OUTCOMES:
        raise InvalidValue(_("Choose what becomes of what is found: %(known)s.") % {"known": ", ".join(OUTCOMES)})
    if not 1 <= values.packets_per_s <= PACKETS_MAX:
        raise InvalidValue(_("The pace is 1 to %(most)s packets a second.") % {"most": f"{PACKETS_MAX:,}"})
    if not 1 <= values.port <= 65_535 or not 0 <= values.ipp_port <= 65_535:
        raise InvalidValue(_("A port is a number from 1 to 65535."))
    needs_addresses = set(values.methods) <= {"snmp", "ipp"} and not values.known_subnets
    if needs_addresses and scope.count() == 0:
        raise InvalidValue(_("Say where to search: addresses, ranges or networks."))
    if scope.count() > ASK_ABOVE and not values.confirmed:
        raise TooWide(scope.count())
    return scope


def scope_of(request: Mapping[str, Any]) -> Scope:
    """What a run asks: what was written, and around known machines where that was wanted, without the exclusions."""
    targets = str(request.get("targets", ""))
    if request.get("known_subnets"):
        addresses = Machine.objects.exclude(address="").values_list("address", flat=True).iterator()
        networks = {network for address in addresses if (network := subnet_of(address))}
        targets = "\n".join([targets, *sorted(networks)])
    return parse_scope(targets).without(parse_scope(str(request.get("excluded", ""))))


@transaction.atomic
def keep_discovery(name: str, values: SearchValues, *, by: Actor, discovery: Discovery | None = None) -> Discovery:
    """Keep a search under a name, or change one. Raises: InvalidValue, NameTaken."""
    checked(values)
    if values.ipp_port:
        raise InvalidValue(_("A search that is kept asks IPP at its usual ports. Run this one without keeping it."))
    discovery = discovery or Discovery()
    discovery.name = name.strip()
    if not discovery.name or len(discovery.name) > 120:
        raise InvalidValue(_("A search has a name of 1 to 120 characters."))
    discovery.targets, discovery.excluded, discovery.known_subnets = (
        values.targets,
        values.excluded,
        values.known_subnets,
    )
    discovery.methods, discovery.conditions, discovery.outcome = list(values.methods), values.conditions, values.outcome
    discovery.group = Group.objects.filter(pk=values.group_id).first() if values.group_id else None
    discovery.region = Region.objects.filter(pk=values.region_id).first() if values.region_id else None
    discovery.packets_per_s, discovery.port = values.packets_per_s, values.port
    try:
        with transaction.atomic():
            discovery.save()
    except IntegrityError as error:
        raise NameTaken(_("There is a search named %(name)s already.") % {"name": discovery.name}) from error
    discovery.credentials.set(values.credential_ids)
    record_change(by, "discovery_kept", discovery.name, f"The search {discovery.name} was kept")
    return discovery


@transaction.atomic
def remove_discovery(discovery: Discovery, *, by: Actor) -> None:
    """Remove a kept search; what it found stays."""
    record_change(by, "discovery_removed", discovery.name, f"The search {discovery.name} was removed")
    discovery.delete()


def values_of(discovery: Discovery) -> SearchValues:
    """A kept search as it is asked for."""
    return SearchValues(
        targets=discovery.targets,
        excluded=discovery.excluded,
        known_subnets=discovery.known_subnets,
        methods=tuple(discovery.methods) or ("snmp",),
        credential_ids=tuple(discovery.credentials.order_by("rank").values_list("id", flat=True)),
        conditions=discovery.conditions,
        outcome=discovery.outcome,
        group_id=discovery.group_id,
        region_id=discovery.region_id,
        packets_per_s=discovery.packets_per_s,
        port=discovery.port,
        confirmed=True,
    )


@transaction.atomic
def start_run(
    values: SearchValues, *, by: Actor, title: str = "", discovery: Discovery | None = None, dry: bool = False
) -> DiscoveryRun:
    """Ask for a search; the node's collecting service begins it. Raises: InvalidValue, TooWide."""
    scope = checked(values)
    run = DiscoveryRun(
        discovery=discovery,
        title=(title or (discovery.name if discovery else _described(values)))[:200],
        dry=dry,
        request=asdict(values),
        addresses=scope.count(),
        by=by.name[:255],
    )
    run.save()
    record_change(by, "discovery_started", run.title, f"A search was started: {run.title}", dry=dry)
    return run


def cancel_run(run: DiscoveryRun, *, by: Actor) -> None:
    """Call a search off; it ends with the address that is being asked."""
    if DiscoveryRun.objects.filter(pk=run.pk, state__in=OPEN).update(cancel_asked=True):
        record_change(by, "discovery_canceled", run.title, f"The search was called off: {run.title}")


def rules_of(request: Mapping[str, Any]) -> Rules:
    """What a run makes of new machines."""
    return Rules(
        conditions=parse_conditions(request.get("conditions") or []),
        outcome=str(request.get("outcome") or "managed"),
        group=Group.objects.filter(pk=request.get("group_id") or 0).first(),
        region=Region.objects.filter(pk=request.get("region_id") or 0).first(),
    )


def begin_run(run_id: int, now: datetime) -> DiscoveryRun | None:
    """Take a waiting run; None where another one has it, or it was called off."""
    if not DiscoveryRun.objects.filter(pk=run_id, state="waiting").update(state="running", began_at=now):
        return None
    found: DiscoveryRun | None = DiscoveryRun.objects.filter(pk=run_id).first()
    return found


def record_found(run: DiscoveryRun, found: Iterable[FoundMachine], *, now: datetime) -> list[Registered]:
    """Register what a run found, each with a line in its result list."""
    rules, by = rules_of(run.request), Actor(run.by or "Platen", source="discovery")
    how_found = f"search “{run.title}”"
    registered = []
    for each in found:
        became = register(each, rules, by=by, now=now, how_found=how_found, dry=run.dry)
        Found.objects.create(
            run=run,
            machine=became.machine,
            address=each.address,
            outcome=became.outcome,
            how=each.how[:40],
            identity=_identity(each),
            message=became.message[:500],
        )
        registered.append(became)
    return registered


def record_miss(run: DiscoveryRun, address: str, outcome: str, how: str, message: str) -> None:
    """Something answered that is no printing machine ("no-printer"), or could not be read ("failed")."""
    Found.objects.create(run=run, address=address, outcome=outcome, how=how[:40], message=message[:500])


def record_progress(run_id: int, *, addresses: int, asked: int, answered: int, octets: int) -> bool:
    """How far a run is. Returns: whether it may go on."""
    DiscoveryRun.objects.filter(pk=run_id).update(addresses=addresses, asked=asked, answered=answered, octets=octets)
    return DiscoveryRun.objects.filter(pk=run_id, state="running", cancel_asked=False).exists()


def end_run(run_id: int, state: str, message: str, now: datetime) -> None:
    """A run is over: done, canceled or failed."""
    run = DiscoveryRun.objects.filter(pk=run_id).first()
    if run is None or run.state not in OPEN:
        return
    run.state, run.message, run.ended_at = state, message, now
    run.save(update_fields=["state", "message", "ended_at"])
    counted = Found.objects.filter(run=run, outcome__in=("new", "unmanaged", "conflict")).count()
    text = f"The search “{run.title}” ended: {run.answered} answered of {run.asked} asked, {counted} new. {message}"
    severity = Severity.WARNING if state == "failed" else Severity.INFO
    record_event("discovery_ended", text.strip(), severity=severity)


def waiting_runs() -> list[tuple[int, int]]:
    """Tenant and key of runs that wait, the oldest first; over all tenants, for the node's collecting service."""
    rows = DiscoveryRun.everywhere.filter(state="waiting").order_by("id").values_list("tenant_id", "id")[:20]
    return list(rows)


def abandon_runs(now: datetime) -> int:
    """Runs that a process that died left open; for the node's start."""
    return DiscoveryRun.everywhere.filter(state="running").update(
        state="failed", ended_at=now, message="The server was stopped while it ran. Start it again."
    )


def _described(values: SearchValues) -> str:
    lines = values.targets.split()
    where = ", ".join(lines[:3]) + (" …" if len(lines) > 3 else "")
    return where or ", ".join(values.methods)


def _identity(found: FoundMachine) -> dict[str, Any]:
    identity = found.identity
    shown = ("maker", "model", "serial", "mac", "host_name", "location", "firmware")
    return {name: getattr(identity, name) for name in shown if getattr(identity, name)}
