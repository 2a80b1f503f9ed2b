"""Chromium as a peer: it shows pages, and axe-core finds what is wrong with one."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page

from tests.peers.chromium import COLOR_RULES, RULES, accessibility_violations, color_violations

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

    def test_colours_are_looked_at_alone_in_another_theme(self, page: Page) -> None:
        """Text that is pale in the dark theme only is found there, and nothing but its colour is looked at again."""
        style = "@media (prefers-color-scheme: dark) { h1 { color: #333; background: #222 } }"
        nameless = GOOD.replace("<label>Search <input></label>", "<input>")
        page.set_content(nameless.replace("<main>", f"<style>{style}</style><main>"))
        assert "color-contrast" not in accessibility_violations(page)
        assert color_violations(page) == ""
        page.emulate_media(color_scheme="dark")
        found = color_violations(page)
        assert "color-contrast" in found
        assert "<input>" not in found

    def test_no_rule_about_colour_is_left_out(self, page: Page) -> None:
        """What is looked at again in another theme are all of axe's rules about colour that the console promises."""
        page.set_content(GOOD)
        accessibility_violations(page)
        promised = set(RULES["runOnly"]["values"])
        about_colour = page.evaluate("axe.getRules(['cat.color'])")
        wanted = {rule["ruleId"] for rule in about_colour if promised & set(rule["tags"])}
        assert set(COLOR_RULES["runOnly"]["values"]) == wanted
