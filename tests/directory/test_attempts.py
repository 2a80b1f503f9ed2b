"""Counting wrong attempts when many come at once."""

from __future__ import annotations

import pytest

from platen.directory.attempts import attempt_failed, attempt_succeeded, take_attempt
from platen.directory.models import User

pytestmark = pytest.mark.django_db


def test_no_more_are_judged_at_once_than_the_limit(anna: User) -> None:
    """Attempts count before they are judged, so a burst gets no more tries than the limit. SC-AUTH-19"""
    assert [take_attempt(anna, 3) for _attempt in range(5)] == [True, True, True, False, False]
    assert attempt_failed(anna, 3, source="test") == 0
    assert anna.prevent_login


def test_a_right_one_forgets_the_others(anna: User) -> None:
    """After a right attempt the count begins again."""
    for _attempt in range(2):
        take_attempt(anna, 3)
        assert attempt_failed(anna, 3, source="test") > 0
    take_attempt(anna, 3)
    attempt_succeeded(anna)
    assert all(take_attempt(anna, 3) for _attempt in range(3))


def test_a_right_one_does_not_unlock(anna: User) -> None:
    """What was locked stays locked until somebody unlocks it."""
    User.objects.filter(id=anna.id).update(prevent_login=True)
    assert not take_attempt(anna, 3)
