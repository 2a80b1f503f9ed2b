"""Whose a job is: found for a whole batch of arrivals with a query or two."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field

from platen.directory.people import create_at_first_print
from platen.directory.queries import find_by_names
from platen.eventlog.models import Severity
from platen.eventlog.services import record_event
from platen.policy.owner import SubmittedName, parse_name
from platen.printing.arrivals import Arrival, Refused
from platen.tenants.models import UnknownOwner


@dataclass(slots=True)
class Owners:
    """What the resolution of a batch found: a person's id, or None for nobody; and what is not taken at all."""

    of: dict[uuid.UUID, int | None] = field(default_factory=dict)
    refused: dict[uuid.UUID, Refused] = field(default_factory=dict)


def resolve_owners(arrivals: Sequence[Arrival]) -> Owners:
    """Find the owners of a batch of one tenant; people who print for the first time are created where allowed."""
    owners = Owners()
    names = {arrival.uuid: _names(arrival) for arrival in arrivals if arrival.authenticated_user_id is None}
    known = find_by_names([name for each in names.values() for name in each])
    for arrival in arrivals:
        if arrival.authenticated_user_id is not None:
            owners.of[arrival.uuid] = arrival.authenticated_user_id
            continue
        claimed = names[arrival.uuid]
        owner = next((known[name] for name in claimed if name in known), None)
        if owner is not None:
            owners.of[arrival.uuid] = owner.id
        else:
            _unknown(arrival, claimed, owners)
    return owners


def _names(arrival: Arrival) -> list[SubmittedName]:
    queue = arrival.queue
    claims = (queue.specified_logon,) if queue.specified_logon else arrival.claims
    return [parse_name(claim, default_domain=queue.default_domain) for claim in claims if claim.strip()]


def _unknown(arrival: Arrival, claimed: list[SubmittedName], owners: Owners) -> None:
    rule = arrival.queue.unknown_owner
    if rule == UnknownOwner.CREATE and claimed and not arrival.queue.specified_logon:
        owners.of[arrival.uuid] = create_at_first_print(claimed[0]).id
    elif rule == UnknownOwner.REFUSE:
        name = arrival.claims[0] if arrival.claims else "nobody"
        sentence = f"“{name}” is not known here. Ask the help desk to add you, or print under your own logon."
        record_event(
            "job_refused",
            f"“{arrival.name}” from {arrival.submitted_from or 'an unnamed computer'} was refused: {sentence}",
            severity=Severity.WARNING,
        )
        owners.refused[arrival.uuid] = Refused(reason=sentence, status="client-error-not-authorized")
    else:
        owners.of[arrival.uuid] = None
