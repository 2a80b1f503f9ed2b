"""What an administrator of the campus has set up: places with a plan, groups, who is told of what, tasks."""

from __future__ import annotations

from django.utils import timezone

from platen.demo.campus_plan import picture, rooms_of
from platen.demo.fleet.campus import BUILDINGS, Building
from platen.demo.site import BY
from platen.fleet.groups import put_into, set_group
from platen.fleet.models import Group, Machine, NoticeRule, Place
from platen.fleet.notice_rules import set_rule
from platen.fleet.places import set_place, set_plan, stand_at
from platen.tasks.models import Task
from platen.tasks.services import TaskValues, add_task

CAMPUS = "Campus"
COPY_ROOMS, IN_COLOUR = "Copy rooms", "Colour machines"
HELP_DESK = ["helpdesk@example.org"]
_WITH_PLAN = ("Library", ((0, "Ground floor"), (1, "1st floor")))
_WHERE = {  # of places that do not exist, in the sea: nobody's address
    "Main Hall": (54.52, 4.81),
    "Library": (54.523, 4.815),
    "Humanities": (54.517, 4.818),
    "Medical School": (54.531, 4.79),
    "Science Park": (54.505, 4.85),
}


def furnish() -> None:
    """Make what is not there yet, once the machines are found."""
    if not Place.objects.exists():
        _places()
    if not Group.objects.exists():
        _groups()
    if not NoticeRule.objects.exists():
        _rules()
    if not Task.objects.filter(built_in=False).exists():
        _tasks()


def _places() -> None:
    campus = set_place(CAMPUS, by=BY, latitude=54.52, longitude=4.81)
    for building in BUILDINGS:
        latitude, longitude = _WHERE[building.name]
        place = set_place(building.name, by=BY, parent=campus, latitude=latitude, longitude=longitude)
        Machine.objects.filter(address__startswith=f"{building.network}.").update(place=place)
        if building.name == _WITH_PLAN[0]:
            for floor, name in _WITH_PLAN[1]:
                _floor(set_place(name, by=BY, parent=place), building, floor)


def _floor(place: Place, building: Building, floor: int) -> None:
    rooms = rooms_of(building.floors[floor])
    set_plan(place, picture(rooms), by=BY)
    for number, room in enumerate(rooms):
        address = building.address_of(floor, number)
        machine = Machine.objects.select_related("device").filter(address=address).first()
        if machine is not None:
            stand_at(machine, place, *room.machine_at, by=BY)


def _groups() -> None:
    copy_rooms = set_group(COPY_ROOMS, by=BY, comment="Where everybody comes by", read_every_s=60)
    rooms = Machine.objects.filter(device__location__icontains="copy room")
    put_into(copy_rooms, list(rooms.values_list("pk", flat=True)), by=BY)
    set_group(IN_COLOUR, by=BY, conditions=[{"item": "color", "op": "is", "values": ["yes"]}])


def _rules() -> None:
    service = NoticeRule(
        name="Call for service",
        conditions=[{"what": "training", "values": ["field-service"]}],
        trigger="began-or-cleared",
        delay_s=600,
        mail_to=HELP_DESK,
        important=True,
    )
    set_rule(service, by=BY)
    toner = NoticeRule(
        name="Toner of the copy rooms",
        conditions=[{"what": "remaining", "values": ["toner"], "at_most": 10}],
        mail_to=HELP_DESK,
        quiet={"standard": ["20:00-06:00"]},
    )
    set_rule(toner, by=BY, groups=Group.objects.filter(name=COPY_ROOMS).values_list("pk", flat=True))


def _tasks() -> None:
    nightly = {"kind": "every", "unit": "days", "n": 1, "start": timezone.now().date().isoformat(), "at": "06:30"}
    add_task("Read before the day begins", TaskValues(kind="read", schedule=nightly), by=BY)
    counters = {"report": "counters", "format": "xlsx", "to": ["accounting@example.org"]}
    add_task("Counters for accounting", TaskValues(kind="counter-mail", settings=counters), by=BY)
