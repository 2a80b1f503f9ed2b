"""What addresses of the fleet name, or Missing; and where their lists go on."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import TypeVar
from uuid import UUID

from platen.api.errors import BadRequest, Missing
from platen.fleet.models import Discovery, DiscoveryRun, Group, Machine, Region
from platen.fleet.queries_places import group_by_uuid, region_by_id
from platen.fleet.queries_rows import machine_by_uuid, machine_ids_of, regions_by_name
from platen.fleet.queries_searches import search_by_uuid, search_run
from platen.tasks.models import Run, Task
from platen.tasks.queries_results import run_by_uuid, task_by_uuid

T = TypeVar("T")
_ID_MAX = 2**63


def machine_of_uuid(key: UUID) -> Machine:
    """A machine by its device's uuid. Raises: Missing."""
    return _there(machine_by_uuid(key), "machine", "The list of machines has every uuid.")


def ids_of_uuids(keys: Iterable[UUID]) -> list[int]:
    """The keys of machines, all of which have to be there. Raises: Missing, which names the first that is not."""
    wanted = list(dict.fromkeys(keys))
    found = machine_ids_of(wanted)
    for key in wanted:
        if key not in found:
            raise Missing(f"There is no machine {key} here. Nothing was done.")
    return [found[key] for key in wanted]


def group_of(key: UUID) -> Group:
    """A group. Raises: Missing."""
    return _there(group_by_uuid(str(key)), "group", "The list of groups has every uuid.")


def region_of(key: int) -> Region:
    """A region. Raises: Missing."""
    found = region_by_id(key) if 0 < key < _ID_MAX else None
    return _there(found, "region", "The list of regions has every id.")


def regions_with_ids(keys: Iterable[int]) -> list[int]:
    """The same keys, all of which have to be there. Raises: Missing."""
    wanted = list(dict.fromkeys(keys))
    known = {each.pk for each in regions_by_name()} if wanted else set()
    for key in wanted:
        if key not in known:
            raise Missing(f"There is no region {key} here. The list of regions has every id.")
    return wanted


def search_of(key: UUID) -> Discovery:
    """A kept search. Raises: Missing."""
    return _there(search_by_uuid(str(key)), "search", "The list of searches has every uuid.")


def search_run_of(key: UUID) -> DiscoveryRun:
    """A run of a search. Raises: Missing."""
    return _there(search_run(str(key)), "run of a search", "It may be so old that it was removed.")


def task_of(key: UUID) -> Task:
    """A task. Raises: Missing."""
    return _there(task_by_uuid(str(key)), "task", "The list of tasks has every uuid.")


def run_of(key: UUID) -> Run:
    """A run. Raises: Missing."""
    return _there(run_by_uuid(str(key)), "run", "It may be so old that it was removed.")


def day_after(after: str | None) -> date | None:
    """The place in a list that is paged by day. Raises: BadRequest."""
    return None if after is None else placed(date.fromisoformat, after)


def placed(read: Callable[[str], T], after: str) -> T:
    """The place in a list as it was given with the page before. Raises: BadRequest."""
    try:
        return read(after)
    except (ValueError, OverflowError) as error:
        raise BadRequest("This page does not exist. Begin again with the first page.") from error


def _there(found: T | None, what: str, where: str) -> T:
    if found is None:
        raise Missing(f"There is no such {what} here. {where}")
    return found
