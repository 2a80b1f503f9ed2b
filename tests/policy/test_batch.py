"""Batches: steps that depend on what came before."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platen.policy.batch import BatchError, Ended, Reached, Step, When, done, go_on, parse_steps

KINDS = ("read", "restart", "mail")


def run(steps: Sequence[Step], *outcomes: bool) -> tuple[list[str], bool | None]:
    """What is done for a device whose things come out so, and how the batch ends for it."""
    reached: Reached | Ended = go_on(steps, Reached())
    names = []
    remaining = list(outcomes)
    while isinstance(reached, Reached):
        names.append(steps[reached.next_step].name)
        reached = go_on(steps, done(reached, remaining.pop(0)))
    return names, reached.succeeded


FOUR = parse_steps(
    [
        {"kind": "read", "name": "1"},
        {"kind": "end", "when": "error", "as_error": True},
        {"kind": "restart", "name": "2"},
        {"kind": "read", "name": "3"},
        {"kind": "mail", "name": "4"},
    ],
    KINDS,
)


def test_the_rest_only_where_the_first_succeeded() -> None:
    """Steps 2 to 4 are done only where step 1 had no error; where it had, the batch ends as an error. EMC-BTCH-05"""
    assert run(FOUR, True, True, True, True) == (["1", "2", "3", "4"], True)
    assert run(FOUR, False) == (["1"], False)


def test_the_result_is_that_of_the_last_thing_done() -> None:
    """An error in the middle is forgotten where what follows succeeds; one at the end stays. EMC-BTCH-05"""
    assert run(FOUR, True, False, True, True)[1] is True
    assert run(FOUR, True, True, True, False)[1] is False


def test_branches() -> None:
    """After an error one thing, after success another; both go on to what follows. EMC-BTCH-03"""
    steps = parse_steps(
        [
            {"kind": "read", "name": "read"},
            {"kind": "restart", "name": "mend", "when": "error"},
            {"kind": "mail", "name": "tell", "when": "success"},
        ],
        KINDS,
    )
    assert run(steps, True, True) == (["read", "tell"], True)
    assert run(steps, False, True, True) == (["read", "mend", "tell"], True)
    assert run(steps, False, False) == (["read", "mend"], False)


def test_ending_as_a_success() -> None:
    """An end under a branch ends the devices that meet it; the others go on. EMC-BTCH-04"""
    steps = parse_steps(
        [
            {"kind": "read", "name": "read"},
            {"kind": "end", "when": "success"},
            {"kind": "restart", "name": "restart"},
        ],
        KINDS,
    )
    assert run(steps, True) == (["read"], True)
    assert run(steps, False, True) == (["read", "restart"], True)


@pytest.mark.parametrize(
    "stored",
    [
        None,
        [],
        "read",
        [{"kind": "end"}],
        [{"kind": "end"}, {"kind": "read"}],
        [{"kind": "fly"}],
        [{"kind": "read", "when": "success"}],
        [{"kind": "read", "when": "perhaps"}],
        [{"kind": "read", "settings": 7}],
        [7],
        [{"kind": "read"}] * 51,
    ],
)
def test_what_is_no_batch(stored: object) -> None:
    """A batch that makes no sense is refused with a sentence."""
    with pytest.raises(BatchError, match=r"\."):
        parse_steps(stored, KINDS)


steps = st.lists(
    st.builds(Step, kind=st.sampled_from([*KINDS, "end"]), when=st.sampled_from(When), as_error=st.booleans()),
    max_size=12,
)


@given(steps, st.lists(st.booleans(), min_size=12, max_size=12))
def test_every_batch_ends(some: list[Step], outcomes: list[bool]) -> None:
    """Whatever the steps and their outcomes, no step is done twice and the batch ends."""
    names, _ = run(some, *outcomes)
    assert len(names) <= len(some)
