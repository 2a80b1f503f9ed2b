"""Whether machines can be reached."""

from __future__ import annotations

import pytest

from platen.policy.fleet.power import ASLEEP_LONGEST_S, Evidence, State, after


def visit(before: State, evidence: Evidence, failures: int = 0, quiet_s: float = 60) -> State:
    return after(before, evidence, failures=failures, silent_after=3, quiet_s=quiet_s)


@pytest.mark.parametrize("before", State)
def test_who_answers_is_on(before: State) -> None:
    """Whatever it was before, a machine that answers is on. EMC-DLST-12"""
    assert visit(before, Evidence.ANSWERED) is State.ON


def test_silent_after_several_tries() -> None:
    """One lost packet is no fault; after three a machine does not answer. EMC-DLST-10"""
    assert visit(State.ON, Evidence.TIMEOUT, 1) is State.ON
    assert visit(State.ON, Evidence.TIMEOUT, 2) is State.ON
    assert visit(State.ON, Evidence.TIMEOUT, 3) is State.SILENT


def test_never_read_stays_unknown_until_it_is_silent() -> None:
    """A machine of which nothing was ever read is unknown. EMC-DLST-09"""
    assert visit(State.UNKNOWN, Evidence.TIMEOUT, 1) is State.UNKNOWN


def test_asleep_is_not_down() -> None:
    """A machine that said it sleeps may be quiet over a weekend; then it counts as silent."""
    assert visit(State.ON, Evidence.SAID_ASLEEP) is State.ASLEEP
    assert visit(State.ASLEEP, Evidence.TIMEOUT, 50, quiet_s=2 * 86_400) is State.ASLEEP
    assert visit(State.ASLEEP, Evidence.TIMEOUT, 50, quiet_s=ASLEEP_LONGEST_S + 1) is State.SILENT


def test_off_when_it_said_so_or_the_network_does() -> None:
    """A machine that announces its end is off, and so is one that the network cannot find. EMC-DLST-12"""
    assert visit(State.ON, Evidence.GOODBYE) is State.OFF
    assert visit(State.OFF, Evidence.TIMEOUT, 9) is State.OFF
    assert visit(State.ON, Evidence.UNREACHABLE, 3) is State.OFF


def test_who_refuses_is_there() -> None:
    """A machine that is there and does not talk is on, not answering. EMC-DLST-10"""
    assert visit(State.OFF, Evidence.REFUSED, 3) is State.SILENT


def test_another_machine_is_a_conflict() -> None:
    """Where another machine answers than the one on record, that is said. EMC-DLST-11"""
    assert visit(State.ON, Evidence.OTHER_MACHINE) is State.CONFLICT
