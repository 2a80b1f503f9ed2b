"""Debian's Chromium, driven by Playwright; axe-core looks for barriers to people who see, hear or move differently."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.peers.programs import require

ARGUMENTS = (
    "--no-sandbox",  # the tests may run as root, which Chromium's sandbox refuses
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
# How long a page may take to show what a test expects of it. Only a test that fails waits for so long.
PATIENCE_MS = 30_000
expect.set_options(timeout=PATIENCE_MS)
# WCAG 2.1 A and AA, which is what the console promises.
RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}}
# Of these, the ones whose answer another theme can change: what axe files under colour.
COLOR_RULES = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}


@contextmanager
def chromium() -> Iterator[Browser]:
    """A headless browser.

    Playwright's synchronous interface keeps an event loop marked as running in this thread as long as it lives, so
    no asyncio test can run meanwhile, and Django must be told that its ORM is not being called from a coroutine.
    """
    program = require("chromium", "chromium")
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=program, headless=True, args=ARGUMENTS)
            try:
                yield browser
            finally:
                browser.close()
    finally:
        if before is None:
            del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
        else:
            os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = before


def accessibility_violations(page: Page) -> str:
    """What axe-core finds wrong on the page as it stands, readable; empty when nothing is."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
    return _violations(page, RULES)


def color_violations(page: Page) -> str:
    """The same by the rules about colour alone, on a page that accessibility_violations has seen in another theme."""
    return _violations(page, COLOR_RULES)


def _violations(page: Page, rules: dict[str, Any]) -> str:
    # Violations alone: to bring over what else axe says takes as long as a part of its rules.
    run = "options => axe.run(options).then(found => found.violations)"
    return _readable(page.evaluate(run, {"resultTypes": ["violations"], **rules}))


def _readable(violations: list[dict[str, Any]]) -> str:
    return "\n".join(
        f"{violation['id']} ({violation['impact']}): {violation['help']}\n    "
        + "\n    ".join(str(node["html"]) for node in violation["nodes"])
        for violation in violations
    )
