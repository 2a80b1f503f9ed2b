"""`platen fleet show`: one machine whole, as it is and as it was."""

from __future__ import annotations

from datetime import timedelta

import pytest

from platen.cli import fleet_show
from platen.fleet.models import Supply
from platen.readings.facts import AlertSeverity
from platen.tenants.models import Tenant
from tests.cli.own_database import FleetCommands, commands_of
from tests.fleet.machines import START, Watching, alert, machine, reading, toner
from tests.fleet.test_equipment import finishing


@pytest.fixture
def commands(tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> FleetCommands:
    """The command, acting for the tenant."""
    return commands_of(tenant, monkeypatch, fleet_show)


@pytest.fixture
def watched(tenant: Tenant) -> Watching:
    """A copier that was read on two days, and reports a jam."""
    found = Watching(machine("Copier"))
    cartridge = toner(80, part_number="HT-1", serial="S-9", unit="impressions", level=8_000, capacity=10_000)
    found.read(reading(supplies=[cartridge], total=1000, total__color=400), survey=True)
    found.read(reading(supplies=[cartridge], alerts=[alert(group="media-path", group_index=1)], total=1010), hours=24)
    found.read(reading(supplies=[cartridge], alerts=[alert(group="media-path", group_index=1)], total=1050))
    Supply.objects.update(days_left=12, days_confidence=0.75, installed_at=START)
    return found


def test_what_there_is_of_supplies_and_alerts(commands: FleetCommands, watched: Watching) -> None:
    """Type, part and serial numbers, level of capacity, forecast; of an alert where, who, since when. EMC-DSTA-05"""
    (row,) = commands.told("show", "Copier")
    (cartridge,) = row["supplies"]
    shown = {name: cartridge[name] for name in ("kind", "part_number", "serial", "level", "capacity", "unit", "state")}
    assert shown == {
        "kind": "toner",
        "part_number": "HT-1",
        "serial": "S-9",
        "level": 8000,
        "capacity": 10000,
        "unit": "impressions",
        "state": "level",
    }
    assert (cartridge["days_left"], cartridge["days_confidence"]) == (12, 0.75)
    assert cartridge["installed_at"].startswith("2026-03-02")
    (jam,) = row["alerts"]
    assert (jam["level"], jam["group"], jam["group_index"]) == (AlertSeverity.CRITICAL.value, "media-path", 1)
    assert (jam["training"], jam["severity"], jam["cleared_at"]) == ("untrained", "error", None)
    assert [each["key"] for each in row["trays"]] == ["1"]
    assert row["outputs"] == []
    text = " ".join(commands.said("show", "Copier").split())
    assert "8,000 of 10,000 impressions, 12 days left (75 % sure)" in text
    assert "part HT-1, serial S-9, put in 2026-03-02" in text
    assert "critical: jam, tray 1, media-path 1, untrained, since 2026-03-03" in text


def test_equipment_is_told_apart(commands: FleetCommands, tenant: Tenant) -> None:
    """Where media comes from, where it goes to, and what finishes it. EMC-DSTA-07"""
    Watching(machine("Finisher")).read(finishing(), survey=True)
    (row,) = commands.told("show", "Finisher")
    assert [each["name"] for each in row["trays"]] == ["Tray 1"]
    assert [each["name"] for each in row["outputs"]] == ["Top"]
    assert [each["kind"] for each in row["finishers"]] == ["stitcher", "folder"]


def test_where_each_meter_was_read(commands: FleetCommands, watched: Watching) -> None:
    """The object beside each meter, and what it counts."""
    (row,) = commands.told("show", "Copier", "--sources")
    meters = {each["meter"]: (each["value"], each["unit"], each["source"]) for each in row["meter_sources"]}
    assert meters["total"] == (1050, "impressions", "1.3.6.1.2.1.43.10.2.1.4.1.1")
    assert "1050 impressions (1.3.6.1.2.1.43.10.2.1.4.1.1)" in commands.said("show", "Copier", "--sources")


def test_meters_at_a_past_moment(commands: FleetCommands, watched: Watching) -> None:
    """As they were then, with whether that is exactly as read."""
    moment = (START + timedelta(hours=25, minutes=1)).isoformat()
    (row,) = commands.told("show", "Copier", "--at", moment)
    assert (row["meters_at"]["meters"]["total"], row["meters_at"]["exact"]) == (1010, True)
    assert "then total" in commands.said("show", "Copier", "--at", moment)
    for never in ("yesterday", "0001-01-01T00:00:00+14:00"):
        assert "no moment" in commands.refused("show", "Copier", "--at", never)
    assert "still to come" in commands.refused("show", "Copier", "--at", "2999-01-01")


def test_what_days_and_months_came_to(commands: FleetCommands, watched: Watching) -> None:
    """Newest first, with every meter that moved."""
    (row,) = commands.told("show", "Copier", "--history", "days")
    assert (row["history"][0]["day"], row["history"][0]["pages"]) == ("2026-03-03", 50)
    (row,) = commands.told("show", "Copier", "--history", "months", "--last", "1")
    assert [(each["day"], each["moved"]["total"]) for each in row["history"]] == [("2026-03-01", 50)]
    assert "50 pages" in commands.said("show", "Copier", "--history", "days")
    assert "no period" in commands.refused("show", "Copier", "--history", "years")


def test_what_happened_to_it(commands: FleetCommands, watched: Watching) -> None:
    """Alerts, states and supplies in one list, newest first."""
    watched.read(reading(supplies=[toner(80)], total=1060))
    (row,) = commands.told("show", "Copier", "--events")
    kinds = [each["kind"] for each in row["events"]]
    assert {"alert", "alert-cleared", "state"} <= set(kinds)
    moments = [each["at"] for each in row["events"]]
    assert moments == sorted(moments, reverse=True)
    assert "alert-cleared: jam, tray 1" in commands.said("show", "Copier", "--events")


def test_by_any_of_its_names(commands: FleetCommands, watched: Watching) -> None:
    """Name, address, serial number or uuid."""
    for name in ("127.20.1.7", "HC458-0001", str(watched.machine.device.uuid)):
        assert [each["name"] for each in commands.told("show", name)] == ["Copier"]
    assert "no machine" in commands.refused("show", "nowhere")
