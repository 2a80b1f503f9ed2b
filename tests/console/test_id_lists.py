"""Overviews of everybody's cards, codes and aliases."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from platen.directory.id_lists import page_of_aliases, page_of_ids
from platen.directory.models import Card, Role, User
from platen.directory.services import add_alias, add_card
from platen.eventlog.models import AuditEntry
from tests.console.conftest import World
from tests.fixtures_tenant import ADMIN

IDS, ALIASES = "/console/people/ids/", "/console/people/aliases/"


@pytest.fixture
def guest(world: World) -> Card:
    """A card that ends by itself, beside the permanent one of the world."""
    return add_card(world.people[Role.USER], "GUEST-1", by=ADMIN, valid_until=timezone.now() + timedelta(days=1))


def test_temporary_ones_first(guest: Card, admin: Client) -> None:
    """The overview lists temporary IDs with their numbers, and permanent ones on request. SC-IDCODE-01, SC-HIDE-03"""
    temporary = admin.get(IDS).content.decode()
    permanent = admin.get(IDS, {"kind": "permanent"}).content.decode()
    assert ("GUEST-1" in temporary, "04A1B2C3" in temporary) == (True, False)
    assert ("GUEST-1" in permanent, "04A1B2C3" in permanent) == (False, True)


def test_only_for_administrators(guest: Card, as_role: Callable[[Role], Client]) -> None:
    """Nobody else opens the overview, changes IDs there or takes them out. SC-HIDE-09, SC-IDCODE-03"""
    for role in (Role.HELP_DESK, Role.AUDITOR, Role.USER):
        client = as_role(role)
        assert client.get(IDS).status_code == 403
        assert client.get(f"{IDS}export/").status_code == 403
        assert client.post(f"{IDS}change/", {"id": guest.id, "do": "remove"}).status_code == 403
    assert Card.objects.filter(id=guest.id).exists()


def test_picked_ones_are_changed(guest: Card, world: World, admin: Client) -> None:
    """Picked temporary IDs become permanent, and picked ones are taken away; others stay as they are. SC-IDCODE-02"""
    other = add_card(world.people[Role.USER], "GUEST-2", by=ADMIN, valid_until=timezone.now() + timedelta(days=1))
    admin.post(f"{IDS}change/", {"id": [guest.id, "x", 2**70], "do": "permanent"})
    assert [row.card.id for row in page_of_ids(temporary=True).ids] == [other.id]
    admin.post(f"{IDS}change/?kind=permanent", {"id": [guest.id], "do": "remove"})
    assert set(Card.objects.values_list("id", flat=True)) == {world.card.id, other.id}
    assert AuditEntry.objects.filter(verb="card_removed", actor="the-administrator").count() == 1


@pytest.mark.parametrize(("file_format", "separator"), [("csv", ","), ("txt", "\t")])
def test_saved_as_text(guest: Card, admin: Client, file_format: str, separator: str) -> None:
    """A list is saved with logon, name and number, without its dates; who did it is on the audit trail.
    SC-IDCODE-02, SC-IDCODE-04"""
    text = admin.get(f"{IDS}export/", {"format": file_format}).content.decode("utf-8-sig")
    assert [line.split(separator) for line in text.splitlines()] == [
        ["UserLogon", "FullName", "CardNo"],
        ["the-user", "The User", "GUEST-1"],
    ]
    assert AuditEntry.objects.get(verb="ids_exported").subject == "temporary"


def test_saved_as_xml(guest: Card, admin: Client) -> None:
    """The fields of the XML are named as the head of the CSV. SC-IDCODE-04"""
    (record,) = ET.fromstring(admin.get(f"{IDS}export/", {"kind": "permanent", "format": "xml"}).content)
    assert {field.tag: field.text for field in record} == {
        "UserLogon": "the-user",
        "FullName": "The User",
        "CardNo": "04A1B2C3",
    }


def test_all_aliases(world: World, as_role: Callable[[Role], Client]) -> None:
    """An overview tells which alias leads to whom, and is saved as CSV or XML. SC-ALIAS-03, SC-ALIAS-04, SC-USER-17"""
    add_alias(world.people[Role.AUDITOR], "AUD1", by=ADMIN)
    client = as_role(Role.AUDITOR)
    page = client.get(ALIASES).content.decode()
    assert page.index(world.alias.name) < page.index("AUD1")
    lines = client.get(f"{ALIASES}export/").content.decode("utf-8-sig").splitlines()
    assert (lines[0], lines[-1]) == ("UserLogon,FullName,Alias", "the-auditor,The Auditor,AUD1")
    root = ET.fromstring(client.get(f"{ALIASES}export/", {"format": "xml"}).content)
    assert [record.findtext("Alias") for record in root] == [world.alias.name, "AUD1"]


def test_pages_join(anna: User) -> None:
    """Long overviews come in pages that show each once."""
    for number in range(3):
        add_card(anna, f"c{number}", by=ADMIN)
        add_alias(anna, f"alias{number}", by=ADMIN)
    first = page_of_ids(temporary=False, size=2)
    second = page_of_ids(temporary=False, after=first.next_after or 0, size=2)
    assert [row.card.number for row in first.ids + second.ids] == ["c0", "c1", "c2"]
    assert second.next_after is None
    aliases = page_of_aliases(size=2)
    rest = page_of_aliases(after=aliases.next_after or 0, size=2)
    assert [alias.name for alias in aliases.aliases + rest.aliases] == ["alias0", "alias1", "alias2"]
