"""What an administrator of the demonstration has set up."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from platen.demo.campus_furniture import furnish
from platen.demo.campus_plan import HEIGHT, WIDTH, picture, rooms_of
from platen.demo.fleet.campus import BUILDINGS, machines
from platen.devices.services import add_device
from platen.fleet.groups import ids_in
from platen.fleet.models import Group, Machine, NoticeRule, Place
from platen.tasks.models import Task
from tests.fixtures_tenant import ADMIN


@pytest.fixture
def campus(tenant: object) -> None:
    """All machines, as a search registers them."""
    for number, (address, simulated) in enumerate(machines()):
        device = add_device(f"M{number}", "", by=ADMIN, location=simulated.place.decode())
        Machine.objects.create(device=device, address=address)


@pytest.mark.usefixtures("campus")
def test_nothing_begins_empty() -> None:
    """Places with plans on which machines stand, groups with machines, rules, tasks; a second time adds nothing."""
    for _ in range(2):
        furnish()
        assert Place.objects.count() == 1 + len(BUILDINGS) + 2
        assert Machine.objects.filter(place__isnull=True).count() == 0
        on_plans = Machine.objects.filter(place__plan_picture__isnull=False)
        assert on_plans.count() == on_plans.filter(place_x__gt=0, place_y__gt=0).count() == 12
        assert (Group.objects.count(), NoticeRule.objects.count()) == (2, 2)
        assert len(ids_in(Group.objects.get(conditions__isnull=True))) == 3
        tasks = Task.objects.filter(built_in=False)
        assert tasks.count() == 2
        assert tasks.filter(schedule__isnull=False).count() == 1


def test_the_plan_is_a_picture() -> None:
    """Every room has its own place in it."""
    rooms = rooms_of(BUILDINGS[0].floors[0])
    drawn = Image.open(io.BytesIO(picture(rooms)))
    assert drawn.size == (WIDTH, HEIGHT)
    assert len({room.machine_at for room in rooms}) == len(BUILDINGS[0].floors[0])
    assert all(0 < x < 1 and 0 < y < 1 for x, y in (room.machine_at for room in rooms))
