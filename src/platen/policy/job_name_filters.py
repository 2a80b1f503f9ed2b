"""Filters on job names, as job name pricing uses them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

WILDCARDS_MAX = 4
PATTERN_LENGTH_MAX = 255


@dataclass(frozen=True, slots=True)
class JobNameFilter:
    """A pattern for the whole job name and what such a job costs, however many pages it has.

    `*` stands for any run of characters, also none; every other character stands for itself, and case counts.
    Raises: ValueError for an empty or long pattern, more than four `*`, or a negative price.
    """

    pattern: str
    price: Decimal

    def __post_init__(self) -> None:
        if not self.pattern or len(self.pattern) > PATTERN_LENGTH_MAX:
            raise ValueError(
                f"A job name filter has 1 to {PATTERN_LENGTH_MAX} characters, for example 'http*example.org*'."
            )
        if self.pattern.count("*") > WILDCARDS_MAX:
            raise ValueError(f"The filter {self.pattern!r} has more than {WILDCARDS_MAX} '*'. Leave out some of them.")
        if not self.price.is_finite() or self.price < 0:
            raise ValueError(f"The price {self.price} of filter {self.pattern!r} is not an amount from 0 upwards.")

    def matches(self, job_name: str) -> bool:
        """Whether the whole of job_name fits; time is linear in its length, unlike with a backtracking expression."""
        head, *rest = self.pattern.split("*")
        if not rest:
            return job_name == head
        *middle, tail = rest
        if not job_name.startswith(head):
            return False
        at = len(head)
        for part in middle:
            found = job_name.find(part, at)
            if found < 0:
                return False
            at = found + len(part)
        return len(job_name) - at >= len(tail) and job_name.endswith(tail)


def first_match(filters: tuple[JobNameFilter, ...], job_name: str) -> JobNameFilter | None:
    """The first filter, in the order given, that the name fits; that one fixes the price."""
    return next((candidate for candidate in filters if candidate.matches(job_name)), None)
