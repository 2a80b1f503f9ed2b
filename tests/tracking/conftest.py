"""What the tests of tracking print with."""

from __future__ import annotations

from pathlib import Path

import pytest

from platen.printing.spool import Spool
from platen.tenants.models import Tenant
from tests.tracking.printed import Printing


@pytest.fixture
def spool(tmp_path: Path) -> Spool:
    """A spool in the test's folder."""
    return Spool(tmp_path / "spool", b"k" * 32)


@pytest.fixture
def printing(tenant: Tenant, spool: Spool) -> Printing:
    """A device with prices, and what it takes to print there."""
    return Printing(spool)
