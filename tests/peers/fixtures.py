"""The peers as pytest fixtures; tests/conftest.py makes them known to every test."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.peers.chromium import PATIENCE_MS, chromium
from tests.peers.cups import Cups, cups
from tests.peers.ippeveprinter import IppEvePrinter, ippeveprinter
from tests.peers.postgres import new_database
from tests.peers.rawprinter import RawPrinter, rawprinter
from tests.peers.suite_documents import suites_with_documents

BUILD = Path(__file__).resolve().parents[2] / "build"
FAILED = pytest.StashKey[bool]()


@pytest.fixture(scope="module", name="cups")
def cups_fixture() -> Iterator[Cups]:
    """A private CUPS scheduler for the module; queues are cheap, so give each test its own."""
    with cups() as scheduler:
        yield scheduler


@pytest.fixture(name="ippeveprinter")
def ippeveprinter_fixture() -> Iterator[IppEvePrinter]:
    """An IPP Everywhere printer with an empty tray of printed documents."""
    with ippeveprinter() as printer:
        yield printer


@pytest.fixture
def raw_printer() -> Iterator[RawPrinter]:
    """A printer behind a raw TCP port in this process; set its `behaviour` before the job."""
    with rawprinter() as printer:
        yield printer


@pytest.fixture(scope="session")
def ipptool_suites(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the suites that CUPS ships and the documents that they print."""
    return suites_with_documents(tmp_path_factory.mktemp("ipptool") / "suites")


@pytest.fixture
def database_url(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """PLATEN_DATABASE for a Platen that the test starts as a process of its own: an empty database on whatever
    database the suite runs on, SQLite in the test's folder or PostgreSQL."""
    with _empty_database(tmp_path / "platen.sqlite3", f"t_{request.node.name}") as url:
        yield url


@pytest.fixture
def second_database_url(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """Another one, to compare with."""
    with _empty_database(tmp_path / "second.sqlite3", f"second_{request.node.name}") as url:
        yield url


@contextmanager
def _empty_database(file: Path, name: str) -> Iterator[str]:
    server = os.environ.get("PLATEN_DATABASE", "")
    if not server.startswith("postgres"):
        yield f"sqlite://{file}"
        return
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    plain = re.sub(r"[^a-z0-9]+", "_", name.lower())[:30]
    with new_database(server, f"{plain}_{worker}_{os.getpid()}") as url:
        yield url


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium for the module. Not for the session: asyncio tests cannot run beside it (see peers/chromium.py)."""
    with chromium() as started:
        yield started


@pytest.fixture
def new_browser_context(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Callable[..., BrowserContext]]:
    """Makes contexts with Playwright's own arguments (viewport, color_scheme, locale, ...), each a person of its own.

    They close after the test; where it failed, every open page leaves a picture in build/screenshots.
    """
    with ExitStack() as contexts:
        opened: list[BrowserContext] = []

        def new_context(**arguments: Any) -> BrowserContext:
            context = browser.new_context(**{"locale": "en-GB", **arguments})
            context.set_default_timeout(PATIENCE_MS)
            contexts.callback(context.close)
            opened.append(context)
            return context

        yield new_context
        if request.node.stash.get(FAILED, False):
            _take_pictures(request.node, opened)


@pytest.fixture
def page(new_browser_context: Callable[..., BrowserContext]) -> Page:
    """A page of 1280 x 800 in a fresh context."""
    return new_browser_context(viewport={"width": 1280, "height": 800}).new_page()


def _take_pictures(test: pytest.Item, contexts: list[BrowserContext]) -> None:
    folder = BUILD / "screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    name = re.sub(r"[^\w.-]+", "_", test.nodeid)[-150:]
    pages = [page for context in contexts for page in context.pages]
    for number, page in enumerate(pages, 1):
        page.screenshot(path=folder / f"{name}-{number}.png", full_page=True)
