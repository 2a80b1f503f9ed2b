"""Clients of the API, and something to ask it for."""

from __future__ import annotations

from pathlib import Path

import pytest

from platen.directory.models import Role
from platen.printing.spool import Spool
from platen.tenants.models import Tenant
from tests.api.caller import Caller, of_role
from tests.tracking.printed import Printing


@pytest.fixture
def admin(tenant: Tenant) -> Caller:
    """An administrator's client."""
    return of_role(Role.ADMINISTRATOR)


@pytest.fixture
def printing(tenant: Tenant, tmp_path: Path) -> Printing:
    """A device with prices, and what it takes to print there."""
    return Printing(Spool(tmp_path / "spool", b"k" * 32))
