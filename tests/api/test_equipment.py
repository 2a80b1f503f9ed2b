"""What a device consists of, over the API."""

from __future__ import annotations

import pytest

from platen.devices.services import add_device
from platen.tenants.models import Tenant
from tests.api.caller import Caller
from tests.fixtures_tenant import ADMIN
from tests.fleet.machines import Watching, machine
from tests.fleet.test_equipment import finishing

pytestmark = pytest.mark.django_db


def test_trays_finishers_and_ports_of_a_device(tenant: Tenant, admin: Caller) -> None:
    """As they were read last; of a device that was never read nothing. EMC-DSTA-07"""
    watched = Watching(machine())
    watched.read(finishing(), survey=True)
    has = admin.ok("GET", f"/devices/{watched.machine.device.uuid}/equipment")
    assert [(each["name"], each["output"], each["stacking"]) for each in has["trays"]] == [
        ("Tray 1", False, []),
        ("Top", True, ["face-down"]),
    ]
    assert [(each["kind"], each["presence"]) for each in has["finishers"]] == [
        ("stitcher", "on"),
        ("folder", "not-present"),
    ]
    assert has["finishers"][0]["abilities"] == ["maximum-sheets=50", "stitching=staple-top-left"]
    assert [(each["protocol"], each["number"], each["takes_documents"]) for each in has["ports"]] == [
        ("raw", 9100, True),
        ("lpd", 515, False),
    ]
    unread = add_device("Unread", "", by=ADMIN)
    assert admin.ok("GET", f"/devices/{unread.uuid}/equipment") == {"trays": [], "finishers": [], "ports": []}
