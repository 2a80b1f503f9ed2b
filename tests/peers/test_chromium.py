"""Chromium as a peer: it shows pages, and axe-core finds what is wrong with one."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page

from tests.peers.chromium import accessibility_violations

GOOD = '<html lang="en"><title>Jobs</title><main><h1>Jobs</h1><label>Search <input></label></main></html>'


class TestPage:
    def test_shows_and_can_be_driven(self, page: Page) -> None:
        """A script on the page runs when a button is pressed."""
        page.set_content("<button onclick=\"this.textContent = 'Released'\">Release</button>")
        page.get_by_role("button", name="Release").click()
        assert page.get_by_role("button").inner_text() == "Released"

    def test_contexts_have_their_own_appearance(self, new_browser_context: Callable[..., BrowserContext]) -> None:
        """Dark and light, wide and narrow."""
        dark = new_browser_context(color_scheme="dark", viewport={"width": 400, "height": 800}).new_page()
        assert dark.evaluate("[matchMedia('(prefers-color-scheme: dark)').matches, innerWidth]") == [True, 400]


class TestAccessibility:
    def test_good_page_has_no_violations(self, page: Page) -> None:
        """A page with language, title and labelled fields is clean."""
        page.set_content(GOOD)
        assert accessibility_violations(page) == ""

    def test_field_without_label_is_found(self, page: Page) -> None:
        """A violation is named with the element."""
        page.set_content(GOOD.replace("<label>Search <input></label>", '<input name="search">'))
        found = accessibility_violations(page)
        assert "label" in found
        assert 'name="search"' in found
