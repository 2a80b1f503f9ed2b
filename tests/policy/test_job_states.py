"""What a job may do next."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platen.policy.job_state_reasons import JobStateReason
from platen.policy.job_states import (
    ACTIVE_STATES,
    FINAL_STATES,
    TRANSITIONS,
    JobState,
    JobVerb,
    NotAllowed,
    can,
    next_state,
    shown,
    states_for,
)

VERBS = st.sampled_from(JobVerb)


def walk(*verbs: JobVerb) -> JobState | None:
    state = None
    for verb in verbs:
        state = next_state(state, verb)
    return state


class TestWays:
    def test_pull(self) -> None:
        """A document is held, released at a device, printed, and done. SC-PULL-01, SC-PULL-02"""
        way = [JobVerb.HOLD, JobVerb.RELEASE, JobVerb.START, JobVerb.COMPLETE]
        assert walk(*way) is JobState.COMPLETED

    def test_push(self) -> None:
        """A document of a push queue starts without being released. SC-PUSHQ-01"""
        assert walk(JobVerb.RECEIVE, JobVerb.START, JobVerb.COMPLETE) is JobState.COMPLETED

    def test_retained(self) -> None:
        """A document that its owner keeps can be released again after it came out. SC-PULL-15"""
        way = [JobVerb.HOLD, JobVerb.RELEASE, JobVerb.START, JobVerb.RETAIN]
        assert walk(*way, JobVerb.RELEASE) is JobState.PENDING

    @pytest.mark.parametrize("middle", [[], [JobVerb.START], [JobVerb.START, JobVerb.STOP]])
    def test_failed_delivery(self, middle: list[JobVerb]) -> None:
        """A document whose delivery fails at any point is held again. SC-PULL-02"""
        assert walk(JobVerb.HOLD, JobVerb.RELEASE, *middle, JobVerb.RETURN_TO_HOLD) is JobState.PENDING_HELD

    def test_released_twice(self) -> None:
        """Of two releases of one job the second is told that it is on its way. SC-PULL-01"""
        with pytest.raises(NotAllowed, match="already on its way to a device, so it cannot be released"):
            walk(JobVerb.HOLD, JobVerb.RELEASE, JobVerb.RELEASE)


class TestTable:
    @pytest.mark.parametrize("state", FINAL_STATES)
    @pytest.mark.parametrize("verb", JobVerb)
    def test_final_states_are_final(self, state: JobState, verb: JobVerb) -> None:
        """Nothing leads out of canceled, aborted or completed. SC-PULL-02"""
        with pytest.raises(NotAllowed, match="Print it again"):
            next_state(state, verb)

    @pytest.mark.parametrize("state", ACTIVE_STATES)
    def test_everything_can_be_canceled(self, state: JobState) -> None:
        """A job that is not done can be canceled and given up in every state. SC-PULL-20"""
        assert next_state(state, JobVerb.CANCEL) is JobState.CANCELED
        assert next_state(state, JobVerb.ABORT) is JobState.ABORTED

    @given(st.lists(VERBS, max_size=12))
    def test_nothing_completes_that_was_not_started(self, verbs: list[JobVerb]) -> None:
        """Whatever is asked in whatever order, completed is reached through processing alone. SC-PULL-02"""
        state: JobState | None = None
        seen: list[JobState | None] = [None]
        for verb in verbs:
            if can(state, verb):
                state = next_state(state, verb)
                seen.append(state)
            else:
                with pytest.raises(NotAllowed):
                    next_state(state, verb)
        if state is JobState.COMPLETED:
            assert seen[-2] in (JobState.PROCESSING, JobState.PROCESSING_STOPPED)

    def test_states_for_a_verb(self) -> None:
        """The states in which a verb applies are those of the table. SC-PULL-01"""
        assert states_for(JobVerb.RELEASE) == {JobState.PENDING_HELD}
        assert states_for(JobVerb.CANCEL) == ACTIVE_STATES
        assert states_for(JobVerb.RECEIVE) == set()

    def test_every_refusal_is_a_sentence(self) -> None:
        """Each state and verb that do not go together have a sentence for a person. SC-PULL-01"""
        for state in (None, *JobState):
            for verb in JobVerb:
                if (state, verb) not in TRANSITIONS:
                    assert str(NotAllowed(state, verb)).endswith(".")

    def test_numbers_and_keywords(self) -> None:
        """States have the numbers and names of the standard. SC-PULL-02"""
        assert [state.value for state in JobState] == list(range(3, 10))
        assert JobState.PROCESSING_STOPPED.keyword == "processing-stopped"


class TestShown:
    @pytest.mark.parametrize(
        ("state", "word", "css_class"),
        [
            (JobState.PENDING, "Waiting", "s-wait"),
            (JobState.PENDING_HELD, "Held", "s-held"),
            (JobState.PROCESSING, "Printing", "s-busy"),
            (JobState.PROCESSING_STOPPED, "Stopped", "s-attn"),
            (JobState.CANCELED, "Canceled", "s-off"),
            (JobState.ABORTED, "Failed", "s-fail"),
            (JobState.COMPLETED, "Printed", "s-ok"),
        ],
    )
    def test_word_and_class(self, state: JobState, word: str, css_class: str) -> None:
        """Every state has a word and a shape of its own."""
        assert (shown(state).word, shown(state).css_class) == (word, css_class)

    def test_the_more_useful_word(self) -> None:
        """Where a reason says more than the state, its word is shown."""
        assert shown(JobState.PENDING_HELD, [JobStateReason.JOB_INCOMING]).word == "Arriving"
        assert shown(JobState.PENDING_HELD, [JobStateReason.JOB_HOLD_UNTIL_SPECIFIED]).word == "Held"
        assert shown(JobState.COMPLETED, [JobStateReason.JOB_COMPLETED_WITH_ERRORS]).css_class == "s-attn"
        assert shown(JobState.PENDING_HELD, has_owner=False).word == "No owner"
