"""Several people picked in the list."""

from __future__ import annotations

import re

from django.test import Client

from platen.directory.models import Role, User
from platen.directory.services import change_user, open_puk
from platen.tenants.models import Policy
from tests.console.conftest import World
from tests.fixtures_tenant import ADMIN

CHANGE = "/console/people/change/"


def picked(world: World) -> list[int]:
    return [world.people[Role.USER].id, world.people[Role.AUDITOR].id]


def test_the_form_says_what_they_have(world: World, admin: Client) -> None:
    """Where the picked people differ the form says so, and what nobody chose is not overwritten. SC-USER-20,
    SC-BULKUSER-05"""
    change_user(world.people[Role.USER], by=ADMIN, print_all_at_login=True, cost_code="2949")
    fields = admin.post(CHANGE, {"id": picked(world)}).context["form"].fields
    assert fields["print_all_at_login"].help_text == "They differ."
    assert fields["retain_allowed"].help_text == "All have: Yes"
    admin.post(CHANGE, {"id": picked(world), "apply": "yes", "retain_allowed": "no"})
    user, auditor = (User.objects.get(id=key) for key in picked(world))
    assert (user.retain_allowed, auditor.retain_allowed) == (False, False)
    assert (user.print_all_at_login, auditor.print_all_at_login) == (True, False)
    assert user.cost_code == "2949"


def test_what_is_refused_is_told_in_place(world: World, admin: Client) -> None:
    """A refusal changes nobody and keeps the form. SC-BULKUSER-01"""
    everybody = [user.id for user in world.people.values()]
    answer = admin.post(CHANGE, {"id": everybody, "apply": "yes", "prevent_login": "yes"})
    assert answer.status_code == 422
    assert "only administrator" in answer.content.decode()
    assert not User.objects.filter(prevent_login=True).exists()


def test_nobody_picked(world: World, admin: Client) -> None:
    """Without a tick, or with numbers that are nobody's, the list says what to do first."""
    for address in (CHANGE, "/console/people/delete/", "/console/people/puks/"):
        answer = admin.post(address, {"id": ["x", "0", str(2**70)]}, follow=True)
        assert "Tick the boxes" in answer.content.decode()


def test_deleted_together(world: World, admin: Client, policy: Policy) -> None:
    """Picked people are deleted after a question, one by one where the settings say so. SC-USERDEL-01,
    SC-USERDEL-02"""
    assert b"Delete who is selected?" in admin.get("/console/people/").content
    policy.deny_multi_delete = True
    policy.save()
    assert "one by one" in admin.post("/console/people/delete/", {"id": picked(world)}, follow=True).content.decode()
    assert User.objects.filter(id__in=picked(world)).count() == 2
    admin.post("/console/people/delete/", {"id": picked(world)[:1]})
    assert list(User.objects.filter(id__in=picked(world)).values_list("id", flat=True)) == picked(world)[1:]


def test_puks_for_all(world: World, admin: Client) -> None:
    """New PUKs are shown with their people, this one time. SC-PIN-07, SC-BULKUSER-04"""
    page = admin.post("/console/people/puks/", {"id": picked(world)}).content.decode()
    shown = set(re.findall(r'"mono">(\d{8})<', page))
    assert shown == {open_puk(User.objects.get(id=key)) for key in picked(world)}
    assert len(shown) == 2
