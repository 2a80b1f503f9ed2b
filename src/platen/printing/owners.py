"""Whose a job is: found for a whole batch of arrivals with a query or two."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from platen.directory.errors import DirectoryError
from platen.directory.first_print import create_at_first_print
from platen.directory.names import find_ids_by_names
from platen.eventlog.models import Severity
from platen.eventlog.services import record_event
from platen.policy.owner import Claim, ClaimSource, SubmittedName, UnknownOwner, claims
from platen.printing.arrivals import Arrival, Refused


@dataclass(slots=True)
class Owners:
    """What the resolution of a batch found: a person's id, or None for nobody; and what is not taken at all."""

    of: dict[uuid.UUID, int | None] = field(default_factory=dict)
    refused: dict[uuid.UUID, Refused] = field(default_factory=dict)


def resolve_owners(arrivals: Sequence[Arrival]) -> Owners:
    """Find the owners of a batch of one tenant; people who print for the first time are created where allowed."""
    owners = Owners()
    owners.refused |= {arrival.uuid: _unsigned(arrival) for arrival in arrivals if _lacks_sign_in(arrival)}
    arrivals = [arrival for arrival in arrivals if arrival.uuid not in owners.refused]
    claimed = {arrival.uuid: claims(arrival.queue.owner_rule, arrival.names) for arrival in arrivals}
    known = _find(arrivals, claimed)
    for arrival in arrivals:
        if arrival.authenticated_user_id is not None:
            owners.of[arrival.uuid] = arrival.authenticated_user_id
            continue
        domain = arrival.queue.owner_rule.default_domain or ""
        found = (known.get((domain, claim.name)) for claim in claimed[arrival.uuid])
        owner_id = next((user_id for user_id in found if user_id is not None), None)
        if owner_id is not None:
            owners.of[arrival.uuid] = owner_id
        else:
            _settle_unknown(arrival, claimed[arrival.uuid], owners)
    return owners


def _find(
    arrivals: Sequence[Arrival], claimed: dict[uuid.UUID, tuple[Claim, ...]]
) -> dict[tuple[str, SubmittedName], int]:
    """People by default domain and name; queues that share a domain (mostly all) share the look-up."""
    names: dict[str, set[SubmittedName]] = defaultdict(set)
    for arrival in arrivals:
        if arrival.authenticated_user_id is None:
            domain = arrival.queue.owner_rule.default_domain or ""
            names[domain].update(claim.name for claim in claimed[arrival.uuid])
    return {
        (domain, name): user_id
        for domain, several in names.items()
        for name, user_id in find_ids_by_names(several, default_domain=domain).items()
    }


def _settle_unknown(arrival: Arrival, claimed: tuple[Claim, ...], owners: Owners) -> None:
    rule = arrival.queue.owner_rule
    first = claimed[0] if claimed else None
    if rule.unknown is UnknownOwner.CREATE and first is not None and first.source is not ClaimSource.SPECIFIED:
        try:
            user = create_at_first_print(first.name, default_domain=rule.default_domain or "")
        except DirectoryError as error:
            owners.refused[arrival.uuid] = _refuse(arrival, str(error))
        else:
            owners.of[arrival.uuid] = user.id
    elif rule.unknown is UnknownOwner.REFUSE:
        who = "This job does not say whose it is." if first is None else f"“{first.name.text}” is not known here."
        owners.refused[arrival.uuid] = _refuse(arrival, f"{who} Ask the help desk to add you, then print again.")
    else:
        owners.of[arrival.uuid] = None


def _lacks_sign_in(arrival: Arrival) -> bool:
    return arrival.queue.sign_in_required and arrival.authenticated_user_id is None


def _unsigned(arrival: Arrival) -> Refused:
    """LPD and raw data have no way to sign in, so whatever name comes with them is refused."""
    why = f"The queue {arrival.queue.name} takes documents only from people who sign in. Print to it by IPPS."
    return replace(_refuse(arrival, why), status="client-error-not-authenticated")


def _refuse(arrival: Arrival, sentence: str) -> Refused:
    record_event(
        "job_refused",
        f"“{arrival.name}” from {arrival.submitted_from or 'an unnamed computer'} was refused: {sentence}",
        severity=Severity.WARNING,
    )
    return Refused(reason=sentence, status="client-error-not-authorized")
