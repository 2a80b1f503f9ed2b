"""What every test can use, and what is worked out about tests as they are collected."""

from __future__ import annotations

import functools
import itertools
import os
import sys
import threading
from collections.abc import Generator, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

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

pytest_plugins = ["tests.file_database", "tests.fixtures_tenant", "tests.running_node"]

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
EXAMPLES_TRACED = 10


def pytest_configure(config: pytest.Config) -> None:
    """Declares the markers that say how a test is run."""
    config.addinivalue_line("markers", "long: its file takes a minute or so, and is begun before the others")
    config.addinivalue_line("markers", "untraced: goes over lines of others again and again; coverage does not look")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Sets the markers database, browser and peer by the fixtures a test asks for, so that nobody forgets them."""
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        if fixtures & STORES or item.get_closest_marker("django_db"):
            item.add_marker(pytest.mark.database)
        if "browser" in fixtures:
            item.add_marker(pytest.mark.browser)
        if fixtures & PEERS:
            item.add_marker(pytest.mark.peer)
    # Begun first, so that at the end no worker is left with a long file while the others have nothing to do.
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Switches off what coverage records with, which makes Python three to four times as slow, where a test goes over
    the same lines hundreds of times: in those marked untraced, and in properties after some examples.

    (The marker no_cover of pytest-cov does nothing in a worker of pytest-xdist.)
    """
    test = getattr(item, "obj", None)
    with ExitStack() as stack:
        stack.callback(threading.settrace, threading.gettrace())
        stack.callback(sys.settrace, sys.gettrace())
        if item.get_closest_marker("untraced"):
            _stop_tracing()
        elif getattr(test, "is_hypothesis_test", False):
            stack.enter_context(_few_examples_traced(test.hypothesis))
        return (yield)


@contextmanager
def _few_examples_traced(handle: Any) -> Iterator[None]:
    """handle: Hypothesis's own of a property, by whose inner_test plugins may wrap each example."""
    inner, number = handle.inner_test, itertools.count(1)

    @functools.wraps(inner)
    def example(*args: Any, **kwargs: Any) -> Any:
        if next(number) > EXAMPLES_TRACED:
            _stop_tracing()
        return inner(*args, **kwargs)

    handle.inner_test = example
    try:
        yield
    finally:
        handle.inner_test = inner


def _stop_tracing() -> None:
    sys.settrace(None)
    threading.settrace(None)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Remembers that a test failed, for fixtures that then leave something to look at."""
    report = yield
    if report.failed:
        item.stash[FAILED] = True
    return report
