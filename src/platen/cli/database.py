"""How a command reaches the data: the same database and verbs as the server, whether or not it runs."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import django
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from platen.cli.refusal import Refusal

__all__ = ["Refusal", "migrate", "set_up", "tenant"]


@contextlib.contextmanager
def tenant(
    slug: str | None = None, *, seen_by: str | None = None, changes: bool = False, log_level: str = "warning"
) -> Iterator[int]:
    """Django set up, the database up to date, and one tenant chosen: the default one unless a slug is given.

    seen_by: the logon of a person; then only what is of the regions that their rights hold for. changes: that person
    has to be one who may change devices, not only see them.
    Errors of the applications' verbs come out as Refusal.
    """
    set_up(log_level)
    from platen.tenants.context import acting_for, acting_within
    from platen.tenants.models import Tenant
    from platen.tenants.services import ensure_default_tenant

    try:
        migrate()
        if slug is None:
            chosen = ensure_default_tenant()
        else:
            found = Tenant.objects.filter(slug=slug).first()
            if found is None:
                raise Refusal(f"There is no tenant {slug!r}.")
            chosen = found
        with acting_for(chosen.id), acting_within(_limit_of(seen_by, changes=changes)):
            yield chosen.id
    except DatabaseError as error:
        raise Refusal(f"The database refused: {error}. `platen doctor` looks into it.") from error
    except _verb_errors() as error:
        raise Refusal(str(error)) from error


def _limit_of(logon: str | None, *, changes: bool = False) -> frozenset[int] | None:
    """Raises: Refusal for whoever sees no devices, or may not change them where that is asked for."""
    if logon is None:
        return None
    from platen.access.regions import regions_of
    from platen.access.rights import Right, allowed
    from platen.directory.queries import find_by_logon

    user = find_by_logon(logon)
    if user is None or not allowed(user, Right.SEE_DEVICES):
        raise Refusal(f"{logon} is nobody who may see devices.")
    if changes and not allowed(user, Right.CHANGE_DEVICES):
        raise Refusal(f"{logon} may see devices, but not change them.")
    return regions_of(user)


def set_up(log_level: str = "warning", *, as_json: bool = False) -> None:
    """Load the settings and Django, once a process."""
    from platen.logs import set_up_logs

    set_up_logs(log_level, as_json=as_json)
    django.setup()


def migrate() -> None:
    """Bring the database's tables up to date; quick when they are."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if not plan:
        from platen.fleet.search_texts import keep_search_texts

        keep_search_texts(connection.alias)
        return
    from platen.cli.fresh_database import is_fresh, make_tables

    if is_fresh(plan):
        make_tables(executor, plan)
    else:
        call_command("migrate", verbosity=0, interactive=False)


def _verb_errors() -> tuple[type[Exception], ...]:
    from platen.devices.errors import DeviceError
    from platen.directory.errors import DirectoryError
    from platen.fleet.errors import FleetError
    from platen.policy.fleet.conditions import ConditionError
    from platen.printing.errors import PrintingError
    from platen.tasks.errors import TaskError
    from platen.tracking.errors import TrackingError

    return (ConditionError, DeviceError, DirectoryError, FleetError, PrintingError, TaskError, TrackingError)
