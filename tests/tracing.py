"""What coverage looks at: everything, but not again and again.

What coverage records with makes Python two to four times as slow. So it is switched off where the lines of before are
gone over: in tests marked untraced, in fixtures after the first few times, in properties after some examples. (The
marker no_cover of pytest-cov does nothing in a worker of pytest-xdist.)
"""

from __future__ import annotations

import functools
import itertools
import os
import sys
import threading
from collections import Counter
from collections.abc import Generator, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import pytest

EXAMPLES_TRACED = 10
FIXTURES_TRACED = 3
_times: Counter[tuple[str, str]] = Counter()


def pytest_configure(config: pytest.Config) -> None:
    """Declares the marker."""
    config.addinivalue_line("markers", "untraced: goes over lines of others again and again; coverage does not look")


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection() -> Generator[None, object, object]:
    """Workers read the same tests, which import the same modules: the first one looks for all."""
    with ExitStack() as stack:
        if os.environ.get("PYTEST_XDIST_WORKER", "gw0") != "gw0":
            stack.callback(sys.settrace, sys.gettrace())
            sys.settrace(None)
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(fixturedef: pytest.FixtureDef[Any]) -> Generator[None, object, object]:
    """A fixture is looked at as often as FIXTURES_TRACED in a worker."""
    with ExitStack() as stack:
        _times[fixturedef.baseid, fixturedef.argname] += 1
        if _times[fixturedef.baseid, fixturedef.argname] > FIXTURES_TRACED:
            stack.callback(sys.settrace, sys.gettrace())
            sys.settrace(None)  # of this thread alone: a server's threads that a fixture starts work for the test
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """A test is looked at unless it is marked untraced."""
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
