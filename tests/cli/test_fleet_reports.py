"""`platen fleet report`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.utils import timezone
from typer.testing import CliRunner

from platen.cli import fleet_reports
from platen.cli.main import app
from platen.fleet.groups import set_group
from platen.fleet.models import Machine, MonthMeters
from platen.policy.fleet.rollups import month_of
from platen.tenants.models import Tenant
from tests.fixtures_tenant import ADMIN
from tests.fleet.machines import machine

USAGE = ["fleet", "report", "usage", "--periods", "2"]


@pytest.fixture
def run(tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> Iterator[CliRunner]:
    """Commands over the test's own database, which is set up already."""

    @contextmanager
    def here(*_slug: object, **_more: object) -> Iterator[int]:
        yield tenant.id

    monkeypatch.setattr(fleet_reports, "tenant", here)
    return CliRunner()  # type: ignore[return-value]  # a fixture


@pytest.fixture
def copier(tenant: Tenant) -> Machine:
    """One that counted 1,234 pages this month."""
    now = timezone.now()
    made = machine("copier", maker="Halden", counted_at=now)
    MonthMeters.objects.create(machine=made, day=month_of(now.date()), pages=1234)
    return made


def test_as_a_table_as_json_and_as_a_file(run: CliRunner, copier: Machine, tmp_path: Path) -> None:
    """The same report in each, with the columns that are asked for. EMC-REPT-01 EMC-EXP-04"""
    listed = run.invoke(app, [*USAGE, "--columns", "name"])
    assert listed.exit_code == 0
    assert "1234" in listed.stdout
    (row,) = json.loads(run.invoke(app, [*USAGE, "--columns", "name,sum", "--json"]).stdout)
    assert row == {"name": "copier", "p0": None, "p1": 1234, "sum": 1234}
    out = tmp_path / "usage.csv"
    written = run.invoke(app, [*USAGE, "--by", "maker", "--out", str(out)])
    assert "1 rows" in written.stdout
    assert "Halden,1,,1234,1234," in out.read_text(encoding="utf-8-sig")


def test_of_a_group(run: CliRunner, copier: Machine) -> None:
    """Only of what is in it. EMC-REPT-02"""
    machine("other", address="127.0.0.9", counted_at=timezone.now())
    set_group("Copiers", by=ADMIN, conditions=[{"item": "name", "op": "equals", "values": ["copier"]}])
    rows = json.loads(run.invoke(app, [*USAGE, "--group", "Copiers", "--json"]).stdout)
    assert [row["name"] for row in rows] == ["copier"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["weather"], "Choose a report"),
        (["usage", "--by", "mood"], "device, counter"),
        (["usage", "--group", "Nobody"], "There is no group Nobody"),
        (["usage", "--out", "report.pdf"], "says no format"),
        (["audit", "--as", "anna"], "whole organisation"),
    ],
)
def test_what_there_is_not(run: CliRunner, copier: Machine, arguments: list[str], said: str) -> None:
    """Refused with a sentence that says what there is."""
    refused = run.invoke(app, ["fleet", "report", *arguments])
    assert refused.exit_code != 0
    assert said in f"{refused.output} {refused.exception}"
