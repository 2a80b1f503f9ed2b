"""Failed logins and guesses."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platen.policy.lockout import FailedLogins, Throttle, ThrottlePolicy

POLICY = ThrottlePolicy()


class TestFailedLogins:
    def test_three_wrong_pins(self) -> None:
        """The third wrong PIN prevents login, the second does not. SC-AUTH-19, SC-PIN-05, SC-UPOL-06"""
        two = FailedLogins().failed().failed()
        assert not two.login_prevented
        assert two.attempts_left() == 1
        assert two.failed() == FailedLogins(3, login_prevented=True)

    @pytest.mark.parametrize("attempts_max", [1, 3, 10])
    def test_configured_limit(self, attempts_max: int) -> None:
        """The limit is a setting. SC-UPOL-06"""
        state = FailedLogins()
        for _ in range(attempts_max):
            assert not state.login_prevented
            state = state.failed(attempts_max=attempts_max)
        assert state.login_prevented

    def test_changing_the_pin_clears(self) -> None:
        """A changed PIN, or an administrator, clears both the count and the prevention.

        SC-PIN-03, SC-AUTH-19, SC-PINPUK-04
        """
        assert FailedLogins(3, login_prevented=True).cleared() == FailedLogins(0, login_prevented=False)

    def test_a_right_pin_in_between(self) -> None:
        """A right PIN starts the count again, but does not lift a prevention. SC-PIN-05"""
        assert FailedLogins(2).succeeded().failed().failed() == FailedLogins(2)
        assert FailedLogins(3, login_prevented=True).succeeded().login_prevented

    def test_administrators_at_devices(self) -> None:
        """An administrator is not locked out at a device, but is in the console. SC-AUTH-20"""
        at_device = FailedLogins()
        for _ in range(5):
            at_device = at_device.failed(exempt=True)
        assert at_device == FailedLogins(5)
        assert at_device.failed().login_prevented


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
