"""Every page of the console in Chromium, at two widths and in both themes."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, ViewportSize
from pytest_django.live_server_helper import LiveServer

from platen.devices.services import add_device
from platen.fleet.groups import set_group
from platen.fleet.models import Machine
from platen.fleet.places import set_place
from platen.tasks.services import TaskValues, add_task, start_now
from tests.console.conftest import World
from tests.console.test_browser import shown, sign_in, watch
from tests.console.test_rights import GET, address
from tests.fixtures_tenant import ADMIN
from tests.peers.chromium import accessibility_violations, color_violations

__all__ = ["shown"]
pytestmark = [pytest.mark.long, pytest.mark.untraced]
# A part of a page, and a picture.
NO_PAGES = {"job-detail", "job-first-page", "devices-condition", "fleet-signs", "import-template", "place-picture"}

DESK, PHONE = ViewportSize(width=1440, height=900), ViewportSize(width=390, height=844)


LONG = "x" * 120


@pytest.fixture
def long_names(shown: World) -> None:
    """A device, a group, a place on the map, a task and its run whose names have no place to be broken at."""
    place = set_place(LONG, by=ADMIN, latitude=48.1, longitude=11.6)
    device = add_device(LONG, "", by=ADMIN, location=LONG)
    Machine(device=device, place=place, model=LONG, contact=LONG, managed=True).save()
    set_group(LONG, by=ADMIN)
    start_now(add_task(LONG, TaskValues(kind="read"), by=ADMIN), by=ADMIN)


@pytest.mark.usefixtures("long_names")
def test_every_page_is_accessible_and_fits(shown: World, live_server: LiveServer, page: Page) -> None:
    """Every page has no accessibility violation, light or dark, no sideways scroll, whatever things are called, and no
    complaint of a browser."""
    said = watch(page)
    page.set_viewport_size(DESK)
    sign_in(page, live_server)
    names = sorted(name for name in GET if not name.endswith("-export") and name not in NO_PAGES)
    for number, name in enumerate(names):
        page.emulate_media(color_scheme="light", reduced_motion="no-preference")
        page.set_viewport_size(DESK)
        page.goto(live_server.url + address(name, shown))
        assert accessibility_violations(page) == "", name
        assert_fits(page, DESK, name)
        # The same page with other colours; without motion, so that none of them is on its way from one to the other.
        page.emulate_media(color_scheme="dark", reduced_motion="reduce")
        assert color_violations(page) == "", f"{name}, dark"
        assert_fits(page, DESK, f"{name}, dark")
        # No script asks for the width, so a window that is made narrow shows what a narrow one does. What is there on
        # a phone alone is on many pages: every other one is looked at in the light.
        page.set_viewport_size(PHONE)
        assert_fits(page, PHONE, f"{name}, dark, on a phone")
        page.emulate_media(color_scheme="light" if number % 2 else "dark", reduced_motion="reduce")
        assert accessibility_violations(page) == "", f"{name}, on a phone"
        assert_fits(page, PHONE, f"{name}, on a phone")
    assert said == []


def assert_fits(page: Page, size: ViewportSize, name: str) -> None:
    """Nothing is wider than a window of this size."""
    overflow = page.evaluate("document.documentElement.scrollWidth") - size["width"]
    assert overflow <= 0, f"{name} is {overflow} px too wide"
