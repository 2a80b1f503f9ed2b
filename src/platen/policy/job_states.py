"""What a job may do next: the states of RFC 8011 section 5.3.7 and one table of transitions.

                       +------- return-to-hold, retain -------+
                       v                                      |
    receive, hold -> pending-held --release--> pending --start--> processing --complete--> completed
                                                              stop |   ^ resume
                                                                   v   |
                                                            processing-stopped

From every state but the last three, `cancel` leads to canceled and `abort` to aborted. Canceled, aborted and
completed are final, as RFC 8011 has it: a document that failed on its way out goes back with `return-to-hold`, not
through aborted, and one that its owner keeps goes back with `retain` after it came out.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum, StrEnum

from platen.policy.job_state_reasons import JobStateReason


class JobState(IntEnum):
    """IPP job-state (RFC 8011 section 5.3.7)."""

    PENDING = 3
    PENDING_HELD = 4
    PROCESSING = 5
    PROCESSING_STOPPED = 6
    CANCELED = 7
    ABORTED = 8
    COMPLETED = 9

    @property
    def keyword(self) -> str:
        """The name as the standard writes it: `pending-held`."""
        return self.name.lower().replace("_", "-")

    @property
    def is_final(self) -> bool:
        """True when nothing more can happen to the job."""
        return self in FINAL_STATES


FINAL_STATES = frozenset({JobState.CANCELED, JobState.ABORTED, JobState.COMPLETED})
ACTIVE_STATES = frozenset(JobState) - FINAL_STATES


class JobVerb(StrEnum):
    """What is done to a job."""

    RECEIVE = "receive"  # it arrives, to be printed at once
    HOLD = "hold"  # it arrives to be held, or is held again before it starts
    RELEASE = "release"
    START = "start"
    STOP = "stop"
    RESUME = "resume"
    COMPLETE = "complete"
    ABORT = "abort"
    CANCEL = "cancel"
    RETURN_TO_HOLD = "return-to-hold"  # delivery failed or was given up; the document is still there
    RETAIN = "retain"  # it came out, and its owner keeps it


class NotAllowed(ValueError):
    """A verb does not apply to a job in its state; the text is a sentence for a person."""

    def __init__(self, state: JobState | None, verb: JobVerb) -> None:
        self.state = state
        self.verb = verb
        super().__init__(_sentence(state, verb))


_S, _V = JobState, JobVerb
# Release is strict: of two panels that release one job, the second is told that it is on its way already.
TRANSITIONS: dict[tuple[JobState | None, JobVerb], JobState] = {
    (None, _V.RECEIVE): _S.PENDING,
    (None, _V.HOLD): _S.PENDING_HELD,
    (_S.PENDING, _V.HOLD): _S.PENDING_HELD,
    (_S.PENDING_HELD, _V.HOLD): _S.PENDING_HELD,
    (_S.PENDING_HELD, _V.RELEASE): _S.PENDING,
    (_S.PENDING, _V.START): _S.PROCESSING,
    (_S.PROCESSING, _V.STOP): _S.PROCESSING_STOPPED,
    (_S.PROCESSING_STOPPED, _V.RESUME): _S.PROCESSING,
    (_S.PROCESSING, _V.COMPLETE): _S.COMPLETED,
    # A device may finish what we last heard was stopped.
    (_S.PROCESSING_STOPPED, _V.COMPLETE): _S.COMPLETED,
    (_S.PENDING, _V.RETURN_TO_HOLD): _S.PENDING_HELD,
    (_S.PROCESSING, _V.RETURN_TO_HOLD): _S.PENDING_HELD,
    (_S.PROCESSING_STOPPED, _V.RETURN_TO_HOLD): _S.PENDING_HELD,
    (_S.PROCESSING, _V.RETAIN): _S.PENDING_HELD,
    (_S.PROCESSING_STOPPED, _V.RETAIN): _S.PENDING_HELD,
    **{(state, _V.CANCEL): _S.CANCELED for state in ACTIVE_STATES},
    **{(state, _V.ABORT): _S.ABORTED for state in ACTIVE_STATES},
}


def next_state(state: JobState | None, verb: JobVerb) -> JobState:
    """The state that `verb` leads to; `state` is None for a job that is only arriving.

    Raises: NotAllowed with a sentence for the person who asked.
    """
    try:
        return TRANSITIONS[state, verb]
    except KeyError:
        raise NotAllowed(state, verb) from None


def can(state: JobState | None, verb: JobVerb) -> bool:
    """Whether next_state would answer, for a page that offers only what works."""
    return (state, verb) in TRANSITIONS


def states_for(verb: JobVerb) -> frozenset[JobState]:
    """The states in which a verb applies, for a conditional update in a database."""
    return frozenset(state for state, candidate in TRANSITIONS if candidate is verb and state is not None)


_WHAT_IT_IS = {
    None: "is not here yet",
    _S.PENDING: "is already on its way to a device",
    _S.PENDING_HELD: "is held until its owner releases it",
    _S.PROCESSING: "is printing",
    _S.PROCESSING_STOPPED: "is being printed, and the device has stopped",
    _S.CANCELED: "was canceled",
    _S.ABORTED: "failed and was given up",
    _S.COMPLETED: "is printed",
}
_WHAT_WAS_ASKED = {
    _V.RECEIVE: "received",
    _V.HOLD: "held",
    _V.RELEASE: "released",
    _V.START: "started",
    _V.STOP: "stopped",
    _V.RESUME: "resumed",
    _V.COMPLETE: "completed",
    _V.ABORT: "given up",
    _V.CANCEL: "canceled",
    _V.RETURN_TO_HOLD: "put back",
    _V.RETAIN: "kept",
}


def _sentence(state: JobState | None, verb: JobVerb) -> str:
    what = f"This document {_WHAT_IT_IS[state]}, so it cannot be {_WHAT_WAS_ASKED[verb]}."
    if state in FINAL_STATES:
        return f"{what} Print it again from the computer."
    if state in (_S.PENDING, _S.PROCESSING, _S.PROCESSING_STOPPED):
        return f"{what} Wait until it is done, or cancel it."
    return what


@dataclass(frozen=True, slots=True)
class Shown:
    """What a person sees of a state: a word, and the class of the design language that gives shape and colour."""

    word: str
    css_class: str


_R = JobStateReason
_SHOWN = {
    _S.PENDING: Shown("Waiting", "s-wait"),
    _S.PENDING_HELD: Shown("Held", "s-held"),
    _S.PROCESSING: Shown("Printing", "s-busy"),
    _S.PROCESSING_STOPPED: Shown("Stopped", "s-attn"),
    _S.CANCELED: Shown("Canceled", "s-off"),
    _S.ABORTED: Shown("Failed", "s-fail"),
    _S.COMPLETED: Shown("Printed", "s-ok"),
}
# The more useful word, where a reason says more than the state; the first that applies is taken.
_SHOWN_BY_REASON: tuple[tuple[JobState, JobStateReason, Shown], ...] = (
    (_S.PENDING, _R.PRINTER_STOPPED, Shown("Waiting for the device", "s-attn")),
    (_S.PENDING_HELD, _R.JOB_INCOMING, Shown("Arriving", "s-wait")),
    (_S.PENDING_HELD, _R.JOB_DATA_INSUFFICIENT, Shown("Arriving", "s-wait")),
    (_S.PROCESSING, _R.PROCESSING_TO_STOP_POINT, Shown("Stopping", "s-busy")),
    (_S.PROCESSING, _R.JOB_TRANSFORMING, Shown("Converting", "s-busy")),
    (_S.PROCESSING_STOPPED, _R.PRINTER_STOPPED, Shown("Device stopped", "s-attn")),
    (_S.PROCESSING_STOPPED, _R.RESOURCES_ARE_NOT_READY, Shown("Paper or supply missing", "s-attn")),
    (_S.ABORTED, _R.DOCUMENT_FORMAT_ERROR, Shown("Cannot be read", "s-fail")),
    (_S.ABORTED, _R.UNSUPPORTED_DOCUMENT_FORMAT, Shown("Format not supported", "s-fail")),
    (_S.ABORTED, _R.SUBMISSION_INTERRUPTED, Shown("Did not arrive whole", "s-fail")),
    (_S.COMPLETED, _R.JOB_COMPLETED_WITH_ERRORS, Shown("Printed in part", "s-attn")),
)


def shown(state: JobState, reasons: Iterable[JobStateReason] = (), *, has_owner: bool = True) -> Shown:
    """Word and class for a job's state; a held job that belongs to nobody shows just that."""
    if state is _S.PENDING_HELD and not has_owner:
        return Shown("No owner", "s-unknown")
    present = frozenset(reasons)
    return next((s for st, reason, s in _SHOWN_BY_REASON if st is state and reason in present), _SHOWN[state])
