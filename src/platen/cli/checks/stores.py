"""Database, spool, people, queues: what the data is like."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db import DatabaseError, OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

from platen.cli.checks.finding import Finding, ok, problem, warning
from platen.cli.checks.machine import open_to_others

DOCUMENTS_MAX = 1_000_000
NAMED_MAX = 5
_RESTORE = "Stop the server and restore the last backup."


@dataclass(slots=True)
class DatabaseState:
    """Whether the rest can be looked at."""

    usable: bool = False


def check_database(state: DatabaseState) -> Iterator[Finding]:
    """It answers, its tables are up to date, and it keeps what it is told."""
    area = "database"
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        executor = MigrationExecutor(connection)
        pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
        yield from _check_sqlite() if connection.vendor == "sqlite" else _check_postgresql()
    except OperationalError as error:
        yield problem(
            area,
            f"It does not answer: {str(error).strip()}.",
            "Start the database server, or correct PLATEN_DATABASE. Jobs are refused meanwhile.",
        )
        return
    except DatabaseError as error:
        yield problem(area, f"It is damaged: {str(error).strip()}.", _RESTORE)
        return
    if pending:
        yield warning(
            area, f"{len(pending)} changes of its tables are due.", "The next start makes them; back up first."
        )
    else:
        state.usable = True


def _check_sqlite() -> Iterator[Finding]:
    area, path = "database", Path(str(connection.settings_dict["NAME"]))
    with connection.cursor() as cursor:
        version = cursor.execute("SELECT sqlite_version()").fetchone()[0]
        found = [row[0] for row in cursor.execute("PRAGMA quick_check(3)").fetchall()]
    if found != ["ok"]:
        yield problem(area, f"{path} is damaged: {'; '.join(found)}.", _RESTORE)
    elif open_to_others(path) and open_to_others(path.parent):
        yield problem(area, f"Other users of this machine can read {path}.", f"chmod 600 {path}")
    else:
        yield ok(area, f"SQLite {version} at {path} is whole.")


def _check_postgresql() -> Iterator[Finding]:
    area = "database"
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version'), current_setting('fsync'), current_database()")
        version, fsync, name = cursor.fetchone()
        cursor.execute("SHOW synchronous_commit")
        (commit,) = cursor.fetchone()
    if fsync != "on" or commit == "off":
        yield problem(
            area,
            f"PostgreSQL {version} does not keep what it says it keeps (fsync={fsync}, synchronous_commit={commit}).",
            "Set both to on: a power cut would lose jobs and usage records that were acknowledged.",
        )
    else:
        yield ok(area, f"PostgreSQL {version} answers; database {name}.")


def last_event_at() -> datetime | None:
    """When something last happened, over all tenants."""
    from platen.eventlog.models import Event

    last: datetime | None = Event.everywhere.order_by("-id").values_list("at", flat=True).first()
    return last


def check_spool(*, running: bool) -> Iterator[Finding]:
    """Every held job's document is there, and nothing else. running: a server stores just now."""
    from platen.printing.deliveries import stored_document
    from platen.printing.models import Job
    from platen.printing.node_spool import node_spool
    from platen.services.upkeep import orphans_of

    area, spool = "spool", node_spool()
    held, lost = 0, []
    rows = Job.everywhere.filter(completed_at__isnull=True, spool_key__isnull=False)
    columns = rows.only("id", "uuid", "name", "size_bytes", "spool_pack", "spool_offset", "spool_length", "spool_key")
    for job in columns.order_by("id")[:DOCUMENTS_MAX].iterator(1000):
        held += 1
        if not spool.holds(stored_document(job)) and Job.everywhere.filter(id=job.id, spool_key__isnull=False).exists():
            lost.append(job)
    if lost:
        named = ", ".join(f"{job.id} “{job.name}”" for job in lost[:NAMED_MAX])
        yield problem(
            area,
            f"{len(lost)} held documents are missing on the disk: {named}{', …' if len(lost) > NAMED_MAX else ''}.",
            "Restore the spool from a backup, or delete these jobs (`platen jobs cancel`) to be printed anew.",
        )
    else:
        yield ok(area, f"All {held} held documents are there.")
    orphans = set() if running else orphans_of(spool)
    if orphans:
        yield warning(area, f"{len(orphans)} files belong to no job.", "The next start of the server removes them.")


def check_organisations() -> Iterator[Finding]:
    """Each organisation has people, somebody who may change things, a queue and a device."""
    from platen.tenants.context import acting_for
    from platen.tenants.models import Policy

    for policy in Policy.objects.select_related("tenant").order_by("tenant_id"):
        with acting_for(policy.tenant_id):
            yield from _check_organisation(policy.tenant.name, policy.time_zone)


def _check_organisation(name: str, time_zone: str) -> Iterator[Finding]:
    from platen.devices.models import Device, Queue, QueueKind
    from platen.directory.models import Role, User
    from platen.directory.queries import has_administrator

    area = f"organisation {name}"
    people = User.objects.exclude(role=Role.ADMINISTRATOR)[:2].count()
    if not has_administrator():
        yield problem(area, "Nobody is an administrator.", "platen users add LOGON --role administrator")
    if not people:
        yield warning(area, "There is nobody yet who prints.", "platen users add LOGON --card NUMBER")
    if not Queue.objects.filter(is_default=True).exists():
        yield problem(area, "No queue answers /ipp/print.", "platen queues add NAME --pull --default")
    devices, pull = Device.objects.all()[:1].count(), Queue.objects.filter(kind=QueueKind.PULL)[:1].count()
    if pull and not devices:
        yield warning(
            area, "What its queues hold can be printed nowhere: there is no device.", "platen devices add NAME --uri …"
        )
    for queue in Queue.objects.filter(device__out_of_service=True).select_related("device")[:NAMED_MAX]:
        yield warning(area, f"{queue.name} sends to {queue.device}, which is out of service.", "Its jobs wait.")
    try:
        ZoneInfo(time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        yield problem(area, f"Its time zone {time_zone!r} is not known here.", "Choose another, or install tzdata.")
    else:
        yield ok(area, f"Time zone {time_zone}.")
