"""The fleet's dashboard as each person arranges it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from platen.console.fleet_tiles import TILES, USUAL
from platen.directory.models import Role
from platen.fleet.dashboards import Panel, keep_panels, panels_of
from platen.fleet.models import Dashboard
from tests.console.conftest import World

FLEET = "/console/fleet/"
CHANGE = "/console/fleet/arrange/change/"


def names(client: Client) -> list[str]:
    """The panels of a person's dashboard, in order."""
    return [tile.name for tile in client.get(FLEET).context["tiles"]]


def test_panels_are_arranged_one_step_at_a_time(world: World, admin: Client) -> None:
    """Up, down, away, there, wide: by buttons, without script, kept for the next time. EMC-DASH-03"""
    usual = [panel.name for panel in USUAL]
    assert names(admin) == usual
    for step in (("up", "due"), ("remove", "fewest"), ("add", "shares"), ("wide", "shares"), ("up", "due")):
        answer = admin.post(CHANGE, {"what": step[0], "name": step[1]})
        assert answer.status_code == 302
    assert names(admin) == ["due", "states", *usual[2:-1], "shares"]
    assert 'class="card "' in admin.get(FLEET).content.decode()
    assert panels_of(world.people[Role.ADMINISTRATOR].id) is not None
    admin.post(CHANGE, {"what": "usual", "name": "shares"})
    assert all(not panel.wide for panel in panels_of(world.people[Role.ADMINISTRATOR].id) or ())
    admin.post(CHANGE, {"what": "reset"})
    assert names(admin) == usual


def test_a_dashboard_is_one_s_own(world: World, as_role: Callable[[Role], Client]) -> None:
    """What one person arranges changes nothing for another; for everybody only administrators. EMC-DASH-01"""
    desk, boss, auditor = as_role(Role.HELP_DESK), as_role(Role.ADMINISTRATOR), as_role(Role.AUDITOR)
    usual = names(boss)
    desk.post(CHANGE, {"what": "remove", "name": "states"})
    assert names(boss) == usual
    assert desk.post(CHANGE, {"what": "everybody"}).status_code == 403
    boss.post(CHANGE, {"what": "remove", "name": "most"})
    boss.post(CHANGE, {"what": "everybody"})
    assert names(auditor) == [name for name in usual if name != "most"]
    assert names(desk) == [name for name in usual if name != "states"]
    assert Dashboard.objects.count() == 3


@pytest.mark.parametrize("name", sorted(TILES))
def test_every_panel_shows_itself_alone(world: World, admin: Client, name: str) -> None:
    """Each panel brings what it needs, whatever stands beside it. EMC-DASH-02"""
    keep_panels(world.people[Role.ADMINISTRATOR].id, [Panel(name)])
    page = admin.get(FLEET)
    assert [tile.name for tile in page.context["tiles"]] == [name]
    assert page.content.decode().count('<section class="card') == 1


def test_nonsense_changes_nothing(world: World, admin: Client) -> None:
    """A panel that there is not, a step that there is not, and a stored panel of another version are passed over."""
    usual = names(admin)
    for given in ({"what": "add", "name": "moon"}, {"what": "turn", "name": "due"}, {"what": "up"}, {}):
        admin.post(CHANGE, given)
        assert names(admin) == usual
    Dashboard.objects.all().delete()
    Dashboard.objects.create(
        owner_id=world.people[Role.ADMINISTRATOR].id, panels=[{"name": "moon"}, 7, {"name": "due"}]
    )
    assert names(admin) == ["due"]
    keep_panels(world.people[Role.ADMINISTRATOR].id, [])
    assert "No panel is chosen" in admin.get(FLEET).content.decode()
