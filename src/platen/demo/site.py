"""The organisation that the demonstration shows: people with cards, prices, two printers, queues, a reader."""

from __future__ import annotations

from dataclasses import dataclass

from platen.access.passwords import ADMINISTRATOR_LOGON, one_time_password, set_password
from platen.devices.models import Device, Queue, QueueKind
from platen.devices.queries import device_by_name, queue_by_name, reader_by_name
from platen.devices.services import add_device, add_queue, add_reader, change_device, unpair
from platen.directory.cards import add_card
from platen.directory.models import Role, User
from platen.directory.pins import set_pin
from platen.directory.queries import find_by_logon
from platen.directory.services import create_user
from platen.eventlog.actor import Actor
from platen.policy.charging import sample_scheme
from platen.policy.scheme_format import scheme_to_dict
from platen.tracking.schemes import scheme_by_name, set_default_schemes, set_scheme

BY = Actor("demonstration", None, "demo")
IPP_DEVICE, RAW_DEVICE = "Copy room", "Warehouse"
PULL_QUEUE, PUSH_QUEUE = "pull", "warehouse"
READER = "Copy room reader"
LOOPBACK = "127.0.0.1"

TRUE_COST: dict[str, object] = {
    "print": {
        "per_job": "0",
        "sizes": {
            "A4": {"sheet": "0.012", "mono": "0.009", "color": "0.047"},
            "Other": {"sheet": "0.02", "mono": "0.012", "color": "0.06"},
        },
    }
}


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the demonstration; the card's number is on no real card."""

    logon: str
    name: str
    card: str
    pin: str = ""
    role: Role = Role.USER


PEOPLE = (
    Person("anna", "Anna Lind", "0417A2B9"),
    Person("bert", "Bert Holm", "0417A2C4", pin="4829"),
    Person("carla", "Carla Novak", "0417A2D1"),
    Person("david", "David Okafor", "0417A2E8", role=Role.AUDITOR),
    Person("emma", "Emma Rossi", "0417A2F5", pin="7306", role=Role.HELP_DESK),
    Person("felix", "Felix Braun", "0417A306"),
)


def person(logon: str) -> Person:
    """One of PEOPLE."""
    return next(each for each in PEOPLE if each.logon == logon)


def set_up(ipp_uri: str, raw_uri: str) -> str:
    """Make what is not there yet, and point the devices at the printers of this run.

    Returns: a new password of the administrator. Nobody else has one.
    """
    for each in PEOPLE:
        if find_by_logon(each.logon) is None:
            _add_person(each)
    _set_prices()
    colour = _device(IPP_DEVICE, ipp_uri, location="Second floor")
    black = _device(RAW_DEVICE, raw_uri, location="Yard", pjl_status=True)
    _queue(PULL_QUEUE, QueueKind.PULL, None)
    _queue(PUSH_QUEUE, QueueKind.PUSH, black)
    if reader_by_name(READER) is None:
        add_reader(READER, colour, LOOPBACK, by=BY)
    return _administrators_password()


def _add_person(who: Person) -> None:
    user = create_user(
        who.logon, by=BY, full_name=who.name, email=f"{who.logon}@example.org", role=who.role, login_without_pin=True
    )
    add_card(user, who.card, by=BY)
    if who.pin:
        set_pin(user, who.pin, by=BY)


def _set_prices() -> None:
    if scheme_by_name("Standard") is not None:
        return
    standard = set_scheme("Standard", scheme_to_dict(sample_scheme()), by=BY, description="What people pay")
    cost = set_scheme("True cost", TRUE_COST, by=BY, description="What paper and toner cost")
    set_default_schemes(by=BY, primary=standard, secondary=cost)


def _device(name: str, uri: str, *, location: str, pjl_status: bool = False) -> Device:
    found = device_by_name(name)
    if found is None:
        return add_device(name, uri, by=BY, location=location, pjl_status=pjl_status)
    if found.panel_key:
        unpair(found, by=BY)  # of an earlier run: with a panel beside it, a card at the reader would open that
    return found if found.uri == uri else change_device(found, by=BY, uri=uri)


def _queue(name: str, kind: QueueKind, device: Device | None) -> Queue:
    found = queue_by_name(name)
    return found or add_queue(name, kind, by=BY, device=device)


def _administrators_password() -> str:
    administrator: User | None = find_by_logon(ADMINISTRATOR_LOGON)
    if administrator is None:
        administrator = create_user(ADMINISTRATOR_LOGON, by=BY, full_name="Administrator", role=Role.ADMINISTRATOR)
    password = one_time_password()
    set_password(administrator, password, by=BY)
    return password
