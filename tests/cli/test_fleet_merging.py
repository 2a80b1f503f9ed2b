"""`platen fleet doubles|merge`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from typer.testing import CliRunner

from platen.cli import fleet_merging
from platen.cli.main import app
from platen.fleet.models import Machine
from platen.tenants.models import Tenant
from tests.fleet.machines import machine


@pytest.fixture
def run(tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> Iterator[CliRunner]:
    """Commands over the test's own database, which is set up already."""

    @contextmanager
    def here(*_slug: object, **_more: object) -> Iterator[int]:
        yield tenant.id

    monkeypatch.setattr(fleet_merging, "tenant", here)
    return CliRunner()  # type: ignore[return-value]  # a fixture


def test_two_records_are_merged_after_a_look(run: CliRunner) -> None:
    """Doubles are listed; a merge says what it would do, and does it when it is told so."""
    for name in ("By hand", "Found"):
        machine(name, serial="HC458-0001")
    listed = json.loads(run.invoke(app, ["fleet", "doubles", "--json"]).stdout)
    assert [(each["mark"], each["name"]) for each in listed] == [("serial", "By hand"), ("serial", "Found")]
    tried = run.invoke(app, ["fleet", "merge", "By hand", "Found"])
    assert "Nothing was changed" in tried.stdout
    assert Machine.objects.count() == 2
    done = run.invoke(app, ["fleet", "merge", "By hand", "Found", "--yes", "--json"])
    assert done.exit_code == 0
    assert '"done": true' in done.stdout
    assert Machine.objects.get().device.name == "By hand"
    assert run.invoke(app, ["fleet", "merge", "By hand", "Found"]).exit_code != 0
