"""Every page of the console in Chromium, at two widths and in both themes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page
from pytest_django.live_server_helper import LiveServer

from tests.console.conftest import World
from tests.console.test_browser import shown, sign_in, watch
from tests.console.test_rights import GET, address
from tests.peers.chromium import accessibility_violations, color_violations

__all__ = ["shown"]
pytestmark = [pytest.mark.long, pytest.mark.untraced]
# A part of a page, and a picture.
NO_PAGES = {"job-detail", "job-first-page", "devices-condition", "fleet-signs", "import-template", "place-picture"}

NewContext = Callable[..., BrowserContext]


@pytest.mark.parametrize("size", [(1440, 900), (390, 844)], ids=["desk", "phone"])
def test_every_page_is_accessible_and_fits(
    shown: World, live_server: LiveServer, new_browser_context: NewContext, size: tuple[int, int]
) -> None:
    """Every page has no accessibility violation, light or dark, no sideways scroll and no complaint of a browser."""
    page = new_browser_context(viewport={"width": size[0], "height": size[1]}).new_page()
    said = watch(page)
    sign_in(page, live_server)
    for name in sorted(name for name in GET if not name.endswith("-export") and name not in NO_PAGES):
        page.emulate_media(color_scheme="light", reduced_motion="no-preference")
        page.goto(live_server.url + address(name, shown))
        assert accessibility_violations(page) == "", name
        assert_fits(page, name)
        # The same page with other colours; without motion, so that none of them is on its way from one to the other.
        page.emulate_media(color_scheme="dark", reduced_motion="reduce")
        assert color_violations(page) == "", f"{name}, dark"
        assert_fits(page, f"{name}, dark")
    assert said == []


def assert_fits(page: Page, name: str) -> None:
    """Nothing is wider than the window."""
    overflow = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert overflow <= 0, f"{name} is {overflow} px too wide"
