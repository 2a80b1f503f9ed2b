"""What a job's states are, and what people see of them."""

import pytest

from platen.policy.job_state_reasons import JobStateReason
from platen.policy.job_states import ACTIVE_STATES, FINAL_STATES, JobState, shown


def test_numbers_and_keywords() -> None:
    """States have the numbers and names of the standard; each is final or active. SC-PULL-02"""
    assert [state.value for state in JobState] == list(range(3, 10))
    assert JobState.PROCESSING_STOPPED.keyword == "processing-stopped"
    assert set(JobState) == FINAL_STATES | ACTIVE_STATES
    assert {state for state in JobState if state.is_final} == FINAL_STATES


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
