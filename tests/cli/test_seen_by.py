"""`--as`: what a command shows and changes as a person may see it; `platen users limit` says what that is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from typer.testing import CliRunner

from platen.access.regions import limit_to_regions, regions_of
from platen.cli import fleet_merging, people
from platen.cli.database import Refusal, _limit_of
from platen.cli.main import app
from platen.directory.models import Role, User
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


def test_who_only_sees_devices_merges_none(tenant: Tenant) -> None:
    """Merging as a person needs one who may change devices; listing and showing one who may see them. EMC-REGN-01"""
    create_user("dora", by=ADMIN, role=Role.DEVICE_MANAGER)
    create_user("audit", by=ADMIN, role=Role.AUDITOR)
    assert _limit_of("audit") is None
    assert _limit_of("dora", changes=True) is None
    with pytest.raises(Refusal, match="not change them"):
        _limit_of("audit", changes=True)


def test_merging_asks_for_who_changes_devices(monkeypatch: pytest.MonkeyPatch) -> None:
    """`platen fleet merge` is a change, whether or not it is done at once."""
    asked: list[dict[str, object]] = []

    @contextmanager
    def here(*_slug: object, **more: object) -> Iterator[int]:
        asked.append(more)
        raise Refusal("Stop here.")
        yield 0

    monkeypatch.setattr(fleet_merging, "tenant", here)
    assert CliRunner().invoke(app, ["fleet", "merge", "A", "B", "--as", "audit"]).exit_code != 0
    assert asked == [{"seen_by": "audit", "changes": True}]


def test_a_person_is_limited_by_a_command(tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    """Regions are given by their names, and taken away again; a name that there is not is refused. EMC-REGN-06"""

    @contextmanager
    def here(*_slug: object, **_more: object) -> Iterator[int]:
        yield tenant.id

    monkeypatch.setattr(people, "tenant", here)
    north = set_region("North", "127.9.0.0/16", "", by=ADMIN)
    create_user("dora", by=ADMIN, role=Role.DEVICE_MANAGER)

    def limited(*arguments: str) -> int:
        return CliRunner().invoke(app, ["users", "limit", "dora", *arguments]).exit_code

    assert limited("--region", "North") == 0
    assert regions_of(User.objects.get(logon="dora")) == {north.pk}
    for wrong in ((), ("--region", "South"), ("--region", "North", "--everywhere")):
        assert limited(*wrong) != 0
    assert limited("--everywhere") == 0
    assert regions_of(User.objects.get(logon="dora")) is None
