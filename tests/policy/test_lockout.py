"""Failed logins and guesses."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platen.policy.lockout import Budget, BudgetPolicy, Throttle, ThrottlePolicy

POLICY = ThrottlePolicy()


class TestThrottle:
    def test_the_first_misses_are_free(self) -> None:
        """Five unknown cards cost no wait; the sixth costs two seconds, the next double. SC-AUTH-19"""
        throttle = Throttle()
        waits = []
        for _ in range(8):
            throttle = throttle.missed(100.0)
            waits.append(throttle.wait_s(100.0))
        assert waits == [0, 0, 0, 0, 0, 2, 4, 8]
        assert throttle.wait_s(105.0) == 3
        assert throttle.wait_s(108.0) == 0

    def test_guesses_in_an_hour(self) -> None:
        """A source that tries whenever it may gets fewer than a hundred guesses an hour. SC-AUTH-19"""
        throttle, now_s, guesses = Throttle(), 0.0, 0
        while now_s < 3600:
            now_s += throttle.wait_s(now_s)
            throttle = throttle.missed(now_s)
            guesses += 1
        assert guesses < 100

    def test_forgiven(self) -> None:
        """After a quarter of an hour without a miss everything begins again. SC-AUTH-19"""
        throttle = Throttle(50, 0.0).missed(900.0)
        assert throttle == Throttle(1, 900.0)

    def test_a_known_card_forgives_half(self) -> None:
        """Owning a card does not allow endless guesses in between. SC-AUTH-19"""
        assert Throttle(8, 10.0).hit(20.0).misses == 4

    @given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=40))
    def test_a_jumping_clock(self, times: list[float]) -> None:
        """Whatever the clock does, nobody waits longer than the limit. SC-AUTH-19"""
        throttle = Throttle()
        for now_s in times:
            assert 0 <= throttle.wait_s(now_s) <= POLICY.wait_max_s
            throttle = throttle.missed(now_s)

    def test_a_very_long_attack(self) -> None:
        """A million misses neither overflow nor lock for ever. SC-AUTH-19"""
        assert Throttle(1_000_000, 0.0).wait_s(0.0) == POLICY.wait_max_s


class TestBudget:
    def test_as_many_as_it_holds_then_one_by_one(self) -> None:
        """All sources together get the budget at once, then one guess each time it is made up for. SC-AUTH-19"""
        policy = BudgetPolicy(misses_max=3, refill_s=15.0)
        budget = Budget(0, 100.0)
        for _ in range(3):
            assert budget.wait_s(100.0, policy) == 0
            budget = budget.missed(100.0, policy)
        assert budget.wait_s(100.0, policy) == 15
        assert budget.wait_s(110.0, policy) == 5
        assert budget.wait_s(115.0, policy) == 0
        assert budget.missed(115.0, policy).wait_s(115.0, policy) == 15

    def test_guesses_in_an_hour(self) -> None:
        """However many panels guess whenever they may, an hour brings them 300 guesses. SC-AUTH-19"""
        budget, now_s, guesses = Budget(), 0.0, 0
        while now_s < 3600:
            now_s += budget.wait_s(now_s)
            budget = budget.missed(now_s)
            guesses += 1
        assert guesses == 300

    def test_right_codes_cost_nothing_and_forgive_nothing(self) -> None:
        """What is given back is the one that was right: owning a code does not pay for guesses. SC-AUTH-19"""
        assert Budget(7, 10.0).missed(10.0).given_back() == Budget(7, 10.0)
        assert Budget(0, 10.0).given_back() == Budget(0, 10.0)

    @given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=100))
    def test_a_jumping_clock(self, times: list[float]) -> None:
        """Whatever the clock does, nobody waits longer than for one more guess. SC-AUTH-19"""
        budget = Budget()
        for now_s in times:
            assert 0 <= budget.wait_s(now_s) <= 15
            budget = budget.missed(now_s)

    @pytest.mark.parametrize(("misses_max", "refill_s"), [(0, 15.0), (60, 0.0)])
    def test_a_budget_that_is_none(self, misses_max: int, refill_s: float) -> None:
        """No guess at all, or endless ones, cannot be set."""
        with pytest.raises(ValueError, match="budget"):
            BudgetPolicy(misses_max=misses_max, refill_s=refill_s)
