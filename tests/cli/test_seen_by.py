"""`--as`: what a command shows and changes as a person may see it."""

from __future__ import annotations

import pytest

from platen.access.regions import limit_to_regions
from platen.cli.database import Refusal, _limit_of
from platen.directory.models import Role
from platen.directory.services import create_user
from platen.fleet.regions import set_region
from platen.tenants.models import Tenant
from tests.fixtures_tenant import ADMIN


def test_the_limit_is_that_of_the_person(tenant: Tenant) -> None:
    """A command as a person ends where their rights end; as one who sees no devices it is refused. EMC-REGN-01"""
    north = set_region("North", "127.9.0.0/16", "", by=ADMIN)
    dora = create_user("dora", by=ADMIN, role=Role.DEVICE_MANAGER)
    assert _limit_of(None) is None
    assert _limit_of("dora") is None
    limit_to_regions(dora, [north.pk], by=ADMIN)
    assert _limit_of("dora") == {north.pk}
    create_user("anna", by=ADMIN)
    for nobody in ("anna", "who"):
        with pytest.raises(Refusal, match="may see devices"):
            _limit_of(nobody)
