"""The fleet of the demonstration: a university with five buildings, its machines in their rooms."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from platen.demo.fleet.blueprint import THERMAL_TRANSFER, Blueprint
from platen.demo.fleet.catalogue import CATALOGUE
from platen.demo.fleet.fleet import Fleet, silent
from platen.demo.fleet.machine import Machine, Model
from platen.demo.fleet.population import machine as numbered
from platen.demo.fleet.printer_mib import model_of

MONTH_S = 30 * 86_400.0
HURRY = 120.0
"""How many times more the machines print than they would, so that supplies are seen to fall."""
OUT_OF_ORDER = ("127.31.2.12", "127.40.1.31")
"""They do not answer."""


@dataclass(frozen=True, slots=True)
class Building:
    """Rooms by floor; each has a machine, of one model after the other."""

    code: str
    name: str
    network: str
    models: tuple[str, ...]
    floors: tuple[tuple[str, ...], ...]

    @property
    def addresses(self) -> str:
        """Of its network."""
        return f"{self.network}.0/24"

    def address_of(self, floor: int, room: int) -> str:
        """The floor and the room make the last octet."""
        return f"{self.network}.{11 + 20 * floor + room}"


_FLOORS = (("gf", "Ground floor"), ("1f", "1st floor"), ("2f", "2nd floor"), ("3f", "3rd floor"))

BUILDINGS = (
    Building(
        "hall",
        "Main Hall",
        "127.20.1",
        ("Halden C658", "Kestrel 5400dn", "Morino IX 5250", "Belvoir Jet 770", "Kestrel 5600cdw"),
        (
            ("registry", "registry, counter 1", "registry, counter 2", "porter", "post room", "events", "cash desk"),
            ("HR, room 114", "room 118", "finance", "payroll", "purchasing", "legal", "audit"),
            ("dean", "president", "board room", "press office", "alumni", "international office"),
            ("archive", "facilities", "print room", "security", "server room"),
        ),
    ),
    Building(
        "lib",
        "Library",
        "127.20.4",
        ("Halden C458", "Halden C308", "Halden C458", "Halden M508"),
        (
            ("entrance", "lending desk", "copy room", "lockers", "cloakroom", "café"),
            ("copy room", "reading room", "carrels", "law section", "periodicals", "maps"),
            ("group study", "media lab", "silent study", "seminar room", "staff room"),
            ("special collections", "restoration", "scanning", "directorate"),
        ),
    ),
    Building(
        "hum",
        "Humanities",
        "127.20.8",
        ("Morino IX 3830", "Morino IX 3830", "Kestrel 5400dn"),
        (
            ("foyer", "secretariat", "student union", "copy room"),
            ("corridor", "history", "philosophy", "languages", "room 112"),
            ("staff room", "linguistics", "theology", "room 214", "room 220"),
            ("room 318", "archaeology", "music", "art history"),
        ),
    ),
    Building(
        "med",
        "Medical School",
        "127.31.2",
        ("Halden C658", "Halden C458", "Kestrel 5400dn", "Halden C458", "Kestrel T920"),
        (
            ("hall", "admissions", "outpatients", "pharmacy", "laboratory reception", "sample labels"),
            ("anatomy", "ward office", "physiology", "pathology", "radiology", "wristbands"),
            ("seminar rooms", "surgery", "paediatrics", "cardiology", "neurology", "staff room"),
            ("animal house", "genetics", "statistics", "ethics board", "directorate"),
        ),
    ),
    Building(
        "sci",
        "Science Park",
        "127.40.1",
        ("Morino IX 5250", "Kestrel 5600cdw", "Belvoir Jet 770", "Kestrel T920", "Halden M508"),
        (
            ("Hall 3, workshop", "Hall 3, plot room", "goods in", "goods out", "store", "reception"),
            ("Building 2, office", "optics", "robotics", "clean room", "materials", "library"),
            ("incubator", "start-up 1", "start-up 2", "start-up 3", "meeting rooms", "lounge"),
            ("data centre", "network lab", "simulation", "administration"),
        ),
    ),
)


def campus() -> Fleet:
    """All machines, and the two that nobody has switched on."""
    fleet = Fleet()
    for address, machine in machines():
        fleet.put(address, machine, silent if address in OUT_OF_ORDER else None)
    return fleet


def machines() -> Iterator[tuple[str, Machine]]:
    """Each with its address: the floor and the room make the last octet."""
    blueprints = {each.name: each for each in CATALOGUE}
    models = {name: model_of(each) for name, each in blueprints.items()}
    number = 0
    for building in BUILDINGS:
        for floor, rooms in enumerate(building.floors):
            for room, place in enumerate(rooms):
                name = building.models[(floor + room) % len(building.models)]
                machine = _machine(number, blueprints[name], models[name])
                code, floor_name = _FLOORS[floor]
                machine.host_name = f"{building.code}-{code}-{_kind(blueprints[name])}{room + 1}".encode()
                machine.place = f"{building.name}, {floor_name}, {place}".encode()
                yield building.address_of(floor, room), machine
                number += 1


def _machine(number: int, blueprint: Blueprint, model: Model) -> Machine:
    machine = numbered(number, model)
    use = 0.6 + number * 37 % 80 / 100  # some are used less than others
    machine.pages_per_s = HURRY * use * blueprint.pages_a_month / MONTH_S
    machine.pages_begun = blueprint.pages_a_month * (3.0 + number * 53 % 400 / 10)
    machine.serial = (
        f"{blueprint.maker[0]}{blueprint.product:02}-{7719 + number:05}-{number * 379 % 100_000:05}".encode()
    )
    return machine


def _kind(blueprint: Blueprint) -> str:
    if blueprint.technique == THERMAL_TRANSFER:
        return "lbl"
    return "mfp" if blueprint.scans else "prn"
