"""Whether a machine can be reached, from how visits end (EMC-DLST-09 to -12). Asleep is not down."""

from __future__ import annotations

from enum import StrEnum

ASLEEP_LONGEST_S = 3 * 86_400
"""Who said that it goes to sleep may be quiet over a weekend."""


class State(StrEnum):
    """As fleet.models.Power, which stores it."""

    UNKNOWN = "unknown"
    ON = "on"
    ASLEEP = "asleep"
    OFF = "off"
    SILENT = "no-response"
    CONFLICT = "conflict"


class Evidence(StrEnum):
    """What a visit showed."""

    ANSWERED = "answered"
    SAID_ASLEEP = "said-asleep"  # it answered that it sleeps
    OTHER_MACHINE = "other-machine"  # it answered, and is not the machine on record
    REFUSED = "refused"  # something is there and does not want to talk: wrong credential, closed port
    TIMEOUT = "timeout"
    UNREACHABLE = "unreachable"  # the network says that nothing is there
    GOODBYE = "goodbye"  # it announced that it goes away (WS-Discovery Bye, a trap)


_SAYS_IT = {
    Evidence.ANSWERED: State.ON,
    Evidence.SAID_ASLEEP: State.ASLEEP,
    Evidence.OTHER_MACHINE: State.CONFLICT,
    Evidence.GOODBYE: State.OFF,
}


def after(before: State, evidence: Evidence, *, failures: int, silent_after: int, quiet_s: float) -> State:
    """The state after a visit.

    failures: tries without an answer, this one included. silent_after: from so many on it counts as silent. quiet_s:
    seconds since it last answered.
    """
    if evidence in _SAYS_IT:
        return _SAYS_IT[evidence]
    sleeps = before is State.ASLEEP and quiet_s < ASLEEP_LONGEST_S
    if (sleeps or before is State.OFF) and evidence is not Evidence.REFUSED:
        return before
    if failures < silent_after:
        return before
    # An unanswered ARP request looks the same for a machine that is off and for one behind a broken switch, but
    # nothing that is on stays away from its own network for long.
    return State.OFF if evidence is Evidence.UNREACHABLE else State.SILENT
