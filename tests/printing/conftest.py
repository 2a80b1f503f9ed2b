"""What tests of printing share: a spool, queues as intake sees them, and databases that behave as in service."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import connections

from platen.database import connection_settings
from platen.devices.models import Device, Queue, QueueKind
from platen.devices.services import add_device, add_queue, ensure_default_queue
from platen.printing.arrivals import QueueFacts
from platen.printing.queue_facts import all_queue_facts
from platen.printing.spool import Spool
from platen.printing.spool.cipher import new_key
from platen.tenants.context import acting_for
from platen.tenants.models import Tenant
from platen.tenants.services import create_tenant
from tests.fixtures_tenant import ADMIN
from tests.migrated import migrated_database, migrated_on
from tests.peers.postgres import copy_database

Facts = Callable[[Queue], QueueFacts]


@pytest.fixture
def spool(tmp_path: Path) -> Spool:
    """An empty spool."""
    return Spool(tmp_path / "spool", new_key())


@pytest.fixture
def device(tenant: Tenant) -> Device:
    """A device that nobody talks to."""
    return add_device("Copy room", "socket://127.0.0.1:9100", by=ADMIN)


@pytest.fixture
def pull(tenant: Tenant) -> Queue:
    """The default pull queue."""
    return ensure_default_queue()


@pytest.fixture
def push(device: Device) -> Queue:
    """A push queue of the device."""
    return add_queue("direct", QueueKind.PUSH, by=ADMIN, device=device)


@pytest.fixture
def facts(tenant: Tenant) -> Facts:
    """A queue as intake sees it, with the tenant's policy as it is now."""

    def facts_of(queue: Queue) -> QueueFacts:
        return next(each for each in all_queue_facts() if each.id == queue.id)

    return facts_of


@contextmanager
def served_by(url: str) -> Iterator[None]:
    """Every thread of this process talks to the database of this URL meanwhile."""
    before, mine = connections.settings, connections["default"]
    configured = connections.configure_settings({"default": connection_settings(url)})
    connections.settings = configured
    connections["default"] = connections.create_connection("default")
    try:
        yield
    finally:
        if connections["default"].connection is not None:  # an asyncio test opens connections in its threads only
            connections["default"].close()
        connections.settings = before
        connections["default"] = mine


@pytest.fixture(scope="session")
def migrated() -> str:
    """The URL of a database with all tables and no rows, on what the suite runs on."""
    server = os.environ.get("PLATEN_DATABASE", "")
    return migrated_on(server) if server.startswith("postgres") else f"sqlite://{migrated_database()}"


@pytest.fixture
def own_database(database_url: str, migrated: str, django_db_blocker: Any) -> Iterator[str]:
    """A database of the test's own that commits, locks and goes away as in service; yields its URL.

    Django's test database does none of that: SQLite's is in memory, and what a test writes is never committed.
    """
    if database_url.startswith("sqlite"):
        shutil.copyfile(migrated.removeprefix("sqlite://"), database_url.removeprefix("sqlite://"))
    else:
        copy_database(migrated, database_url)
    with django_db_blocker.unblock(), served_by(database_url):
        yield database_url


@pytest.fixture
def own_tenant(own_database: str) -> Iterator[Tenant]:
    """The default tenant in the test's own database; the test runs as acting for it."""
    made = create_tenant("Acme", "acme", is_default=True)
    with acting_for(made.id):
        yield made
