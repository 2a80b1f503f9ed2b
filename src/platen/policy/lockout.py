"""Against guessing: two counters, as values that the caller stores. (Wrong PINs of a known person are counted with the
person, in `directory`.)

`Throttle` slows down a source (a panel, a reader, an address) that presents what nobody has:
there is no account to lock, and locking the panel for long would let anybody close it. `Budget` bounds what many
sources together may get wrong, so that guessing does not become quicker with more panels. All are pure: attempts and
the time go in, the next value comes out.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ThrottlePolicy:
    """How fast a source may be wrong: some misses for free, then a wait that doubles up to a limit.

    With the defaults a source gets through fewer than 100 guesses an hour, while a person whose card is unknown
    waits at most two seconds before showing another.
    """

    free_misses: int = 5
    wait_first_s: float = 2.0
    wait_max_s: float = 60.0
    forgive_after_s: float = 900.0  # without a miss for so long, everything begins again

    def __post_init__(self) -> None:
        if self.free_misses < 0 or not 0 < self.wait_first_s <= self.wait_max_s <= self.forgive_after_s:
            raise ValueError("Waits must grow from more than 0 s, and be forgiven no sooner than the longest one ends.")


THROTTLE_DEFAULT = ThrottlePolicy()


@dataclass(frozen=True, slots=True)
class Throttle:
    """Misses of one source. Times are seconds of a clock that only the caller knows; a monotonic one is best."""

    misses: int = 0
    last_miss_s: float = 0.0

    def wait_s(self, now_s: float, policy: ThrottlePolicy = THROTTLE_DEFAULT) -> float:
        """Seconds until the source may try again; 0 when it may now.

        A clock that jumped back never makes anybody wait longer than after a fresh miss.
        """
        over = self.misses - policy.free_misses
        if over <= 0:
            return 0.0
        # The exponent is bounded as well, so that a long attack does not end in an overflow.
        full_wait_s = min(policy.wait_first_s * 2.0 ** min(over - 1, 60), policy.wait_max_s)
        return max(0.0, full_wait_s - max(0.0, now_s - self.last_miss_s))

    def missed(self, now_s: float, policy: ThrottlePolicy = THROTTLE_DEFAULT) -> Throttle:
        """After a code that nobody has. One that comes during a wait is to be refused unread, and not counted."""
        forgiven = now_s - self.last_miss_s >= policy.forgive_after_s
        return Throttle(1 if forgiven else self.misses + 1, now_s)

    def hit(self, now_s: float) -> Throttle:
        """After a code that somebody has: half is forgiven, so that owning one card does not allow endless guesses."""
        return Throttle(self.misses // 2, self.last_miss_s if self.misses else now_s)


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetPolicy:
    """How many misses all sources together may have: so many at once, and another one each `refill_s`.

    With the defaults an organisation's panels together let through 60 guesses and then 240 an hour, however many there
    are. Right codes cost nothing, so what remains is typing errors: those of some thousand logins an hour fit in. When
    all is used up the next one waits 15 s at most.
    """

    misses_max: int = 60
    refill_s: float = 15.0

    def __post_init__(self) -> None:
        if self.misses_max < 1 or self.refill_s <= 0:
            raise ValueError("A budget has at least one miss, and gets another one after more than 0 s.")


BUDGET_DEFAULT = BudgetPolicy()


@dataclass(frozen=True, slots=True)
class Budget:
    """Misses of all sources that are not made up for yet; `counted_s`: when that was last reckoned."""

    misses: int = 0
    counted_s: float = 0.0

    def at(self, now_s: float, policy: BudgetPolicy = BUDGET_DEFAULT) -> Budget:
        """The same at a later time. A clock that jumped back makes up for nothing."""
        if now_s < self.counted_s:
            return Budget(self.misses, now_s)
        made_up = int((now_s - self.counted_s) // policy.refill_s)
        if made_up >= self.misses:
            return Budget(0, now_s)
        return Budget(self.misses - made_up, self.counted_s + made_up * policy.refill_s)

    def wait_s(self, now_s: float, policy: BudgetPolicy = BUDGET_DEFAULT) -> float:
        """Seconds until anybody may try again; 0 when one may now."""
        now = self.at(now_s, policy)
        if now.misses < policy.misses_max:
            return 0.0
        return max(0.0, policy.refill_s - (now_s - now.counted_s))

    def missed(self, now_s: float, policy: BudgetPolicy = BUDGET_DEFAULT) -> Budget:
        """After a code that nobody has, or before one is judged."""
        now = self.at(now_s, policy)
        return Budget(now.misses + 1, now.counted_s)

    def given_back(self) -> Budget:
        """After the code that was counted turned out to be somebody's. Earlier misses are not forgiven for it."""
        return Budget(max(0, self.misses - 1), self.counted_s)
