"""What every test can use, and what is worked out about tests as they are collected."""

from __future__ import annotations

import os
from collections.abc import Generator
from pathlib import Path

import hypothesis
import pytest

from tests.peers.fixtures import (
    FAILED,
    browser,
    cups_fixture,
    database_url,
    ippeveprinter_fixture,
    ipptool_suites,
    new_browser_context,
    page,
    raw_printer,
    second_database_url,
)

pytest_plugins = [
    "tests.cheap_hashes",
    "tests.file_database",
    "tests.fixtures_tenant",
    "tests.running_node",
    "tests.tracing",
]

__all__ = [
    "browser",
    "cups_fixture",
    "database_url",
    "ippeveprinter_fixture",
    "ipptool_suites",
    "new_browser_context",
    "page",
    "raw_printer",
    "second_database_url",
]

# How long an example takes says how busy the machine is, not whether the code is right.
hypothesis.settings.register_profile("platen", deadline=None, max_examples=60)
hypothesis.settings.register_profile("thorough", deadline=None, max_examples=2_000)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "platen"))

STORES = {"db", "transactional_db", "django_db_setup", "database_url"}
PEERS = {"cups", "ippeveprinter", "ipptool_suites"}
TESTS = Path(__file__).parent
# Areas of code that knows no database.
PURE = {"documents", "policy", "protocols", "readings"}


def pytest_configure(config: pytest.Config) -> None:
    """Declares the marker long."""
    config.addinivalue_line("markers", "long: its file takes a minute or so, and is begun before the others")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Where nothing but tests that store something is asked for, pure areas are not even read, which takes seconds."""
    stores = str(config.option.markexpr).startswith("database")
    return True if stores and collection_path.parent == TESTS and collection_path.name in PURE else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Sets the markers database, browser and peer by the fixtures a test asks for, so that nobody forgets them."""
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        if fixtures & STORES or item.get_closest_marker("django_db"):
            item.add_marker(pytest.mark.database)
            if item.path.relative_to(TESTS).parts[0] in PURE:
                raise pytest.UsageError(f"{item.nodeid} stores something: its area is not pure (tests/conftest.py)")
        if "browser" in fixtures:
            item.add_marker(pytest.mark.browser)
        if fixtures & PEERS:
            item.add_marker(pytest.mark.peer)
    # Begun first, so that at the end no worker is left with a long file while the others have nothing to do.
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Remembers that a test failed, for fixtures that then leave something to look at."""
    report = yield
    if report.failed:
        item.stash[FAILED] = True
    return report
