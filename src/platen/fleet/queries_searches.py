"""Reads on searches, their runs and what they found; on credentials."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count

from platen.fleet.models import Credential, Discovery, DiscoveryRun, Found

PAGE_SIZE = 100


@dataclass(frozen=True, slots=True)
class FoundPage:
    """Some of what a run found; `after` continues after them, None at the end."""

    found: list[Found]
    after: int | None


def kept_searches(limit: int = 500) -> list[Discovery]:
    """Searches that can be run again, by name."""
    return list(Discovery.objects.select_related("group", "region").order_by("name")[:limit])


def search_by_uuid(uuid: str) -> Discovery | None:
    """The kept search with this public identifier."""
    found: Discovery | None = Discovery.objects.filter(uuid=uuid).first()
    return found


def latest_runs(limit: int = 30) -> list[DiscoveryRun]:
    """Runs, newest first."""
    return list(DiscoveryRun.objects.select_related("discovery").order_by("-began_at", "-id")[:limit])


def search_run(uuid: str) -> DiscoveryRun | None:
    """The run with this public identifier."""
    found: DiscoveryRun | None = DiscoveryRun.objects.select_related("discovery").filter(uuid=uuid).first()
    return found


def page_of_found(run: DiscoveryRun, outcome: str = "", after: int = 0, size: int = PAGE_SIZE) -> FoundPage:
    """What a run found, in its order."""
    rows = Found.objects.filter(run=run, id__gt=after).select_related("machine__device")
    if outcome:
        rows = rows.filter(outcome=outcome)
    found = list(rows.order_by("id")[: size + 1])
    return FoundPage(found[:size], found[size - 1].pk if len(found) > size else None)


def outcomes_of(run: DiscoveryRun) -> list[tuple[str, int]]:
    """How many of each outcome."""
    rows = Found.objects.filter(run=run).values("outcome").annotate(n=Count("id")).order_by("outcome")
    return [(row["outcome"], row["n"]) for row in rows]


def credential_by_id(key: int) -> Credential | None:
    """The credential with this key."""
    found: Credential | None = Credential.objects.filter(pk=key).first()
    return found
