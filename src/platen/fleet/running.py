"""Runs for picked machines that no task stands behind: the task runner does them once, with a result for each."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from platen.eventlog.actor import Actor
from platen.eventlog.changes import record_change
from platen.fleet.errors import InvalidValue
from platen.fleet.models import Region
from platen.tasks.models import Run
from platen.tenants.context import current_regions

AT_ONCE_MAX = 5_000  # EMC-DINF-06


@transaction.atomic
def start_run_for(
    ids: Collection[int], kind: str, name: str, settings: Mapping[str, Any], *, by: Actor, told: bool = True
) -> Run:
    """A run of this kind for these machines, as far as the rights of who asks go. told: it stands in the audit trail.

    Raises: InvalidValue.
    """
    if not ids or len(ids) > AT_ONCE_MAX:
        raise InvalidValue(_("At most 5,000 devices are dealt with at once. Narrow the list and do it in parts."))
    limit = current_regions()
    if limit is not None and not limit:  # a run without a region would be one for every device
        raise InvalidValue(_("Your rights hold for no region, so there is no device that this could be done to."))
    run = Run(name=name, kind=kind, settings={**settings, "target": {"devices": sorted(ids)}}, by=by.name[:255])
    run.save()
    run.regions.set(Region.tops_of(limit or ()))
    if told:
        message = f"{name}: started for {len(ids)} machines"
        record_change(by, f"{kind}_started", "fleet", message, machines=len(ids), settings=dict(settings))
    return run
