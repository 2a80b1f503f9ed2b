"""`platen fleet list`: the page's list, on the screen or in a file."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from platen.cli import fleet_groups, fleet_list
from platen.fleet.groups import put_into, set_group
from platen.fleet.lists import PAGE_MAX
from platen.fleet.models import Machine
from platen.fleet.saved_views import save_view
from platen.tenants.models import Tenant
from tests.cli.own_database import FleetCommands, commands_of
from tests.fixtures_tenant import ADMIN
from tests.fleet.machines import machine


@pytest.fixture
def commands(tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> FleetCommands:
    """The command, acting for the tenant."""
    return commands_of(tenant, monkeypatch, fleet_groups, fleet_list)


@pytest.fixture
def three(tenant: Tenant) -> list[Machine]:
    """Of two makers."""
    made = [machine("a", maker="Halden", model="C1", pages=10), machine("b", maker="Ives, Ltd", pages=30)]
    return [*made, machine("c", maker="Halden", model="=C2", pages=20)]


def names(commands: FleetCommands, *arguments: str) -> list[str]:
    """Whom the command lists."""
    return [each["name"] for each in commands.told("list", *arguments)]


def test_narrowed_and_ordered(commands: FleetCommands, three: list[Machine]) -> None:
    """By conditions, groups and text, in any column's order. EMC-DLST-05"""
    hall = set_group("Hall", by=ADMIN)
    put_into(hall, [three[1].pk, three[2].pk], by=ADMIN)
    assert names(commands, "--order", "-pages") == ["b", "c", "a"]
    assert names(commands, "--group", "hall") == ["b", "c"]
    assert names(commands, "--group", "Hall", "--where", "maker:equals:Halden") == ["c"]
    assert names(commands, "--where", 'maker:equals:"Ives, Ltd"') == ["b"]
    assert names(commands, "--region", "North") == []
    set_group("Floor", by=ADMIN, parent=hall, conditions=[{"item": "maker", "op": "equals", "values": ["Halden"]}])
    told = [(each["path"], each["kept"], each["machines"]) for each in commands.told("groups")]
    assert told == [("Hall", "by hand", 2), ("Hall:Floor", "by conditions", None)]
    assert names(commands, "--limit", "2") == ["a", "b"]


def test_as_a_saved_view_has_it(commands: FleetCommands, three: list[Machine]) -> None:
    """Its conditions, columns and order; what is said besides narrows it. EMC-DLST-07"""
    kept = {"c": [{"item": "maker", "op": "equals", "values": ["Halden"]}], "order": "-pages", "cols": ["pages"]}
    save_view("Ours", kept, by=ADMIN, owner_id=None)
    assert commands.told("list", "--view", "Ours") == [{"name": "c", "pages": 20}, {"name": "a", "pages": 10}]
    assert names(commands, "--view", "Ours", "--where", "pages:at-most:15") == ["a"]
    (view,) = commands.told("views")
    assert (view["name"], view["conditions"], view["columns"]) == ("Ours", ["Maker equals Halden"], ["name", "pages"])
    assert "There are Ours" in commands.refused("list", "--view", "Theirs")


def test_columns(commands: FleetCommands, three: list[Machine]) -> None:
    """Those of the page, by their names."""
    (row,) = commands.told("list", "--columns", "serial,model", "--search", "b")
    assert list(row) == ["serial", "model"]
    assert "Life count" in commands.said("list", "--columns", "name,pages")
    assert len(commands.told("list", "--columns", "all")[0]) > 30
    assert "no column “mood”" in commands.refused("list", "--columns", "mood")


def test_into_a_file(commands: FleetCommands, three: list[Machine], tmp_path: Path) -> None:
    """CSV or a workbook, with every row, and nothing that a spreadsheet would run. EMC-EXP-04"""
    out = tmp_path / "fleet.csv"
    assert "3 rows" in commands.said("list", "--export", str(out), "--columns", "name,model")
    rows = list(csv.reader(out.read_text(encoding="utf-8-sig").splitlines()))
    assert rows[0] == ["Name", "Model"]
    assert rows[3] == ["c", "Halden =C2"]
    workbook = tmp_path / "fleet.xlsx"
    commands.said("list", "--export", str(workbook))
    assert workbook.read_bytes().startswith(b"PK")
    assert "no format" in commands.refused("list", "--export", str(tmp_path / "fleet.doc"))


def test_page_after_page(
    commands: FleetCommands, three: list[Machine], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A file has every machine, however many pages of the list that are."""
    assert PAGE_MAX > 2
    monkeypatch.setattr("platen.fleet.lists.PAGE_MAX", 2)
    assert names(commands) == ["a", "b", "c"]
    assert "3 rows" in commands.said("list", "--export", str(tmp_path / "fleet.txt"))
