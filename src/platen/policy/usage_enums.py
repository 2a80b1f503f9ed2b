"""Enumerations of a usage record, with the keywords that exports write."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from enum import IntEnum, StrEnum


class JobType(StrEnum):
    """What somebody did; the value is the keyword in an export."""

    PULL = "JOB_TYPE_PULL"
    PUSH = "JOB_TYPE_PUSH"
    COPY = "JOB_TYPE_COPY"
    FAX = "JOB_TYPE_FAX"
    SCAN = "JOB_TYPE_SCAN"
    EMAIL = "JOB_TYPE_EMAIL"

    @property
    def is_print(self) -> bool:
        """True for documents that arrived through a queue, held or forwarded."""
        return self in (JobType.PULL, JobType.PUSH)

    @property
    def uses_paper(self) -> bool:
        """True where sheets come out at this device; the others are counted in pages alone."""
        return self.is_print or self is JobType.COPY


class TrackingState(StrEnum):
    """How an activity ended. Interrupted may also mean that equipment was disconnected to avoid the count."""

    COMPLETED = "TRACKING_STATE_COMPLETED"
    INTERRUPTED = "TRACKING_STATE_INTERRUPTED"


class PageCountStatus(StrEnum):
    """What the analysis of the document made of it; undefined means that it was not, or not yet, analysed."""

    OK = "PAGECOUNT_STATUS_OK"
    UNDEFINED = "PAGECOUNT_STATUS_UNDEFINED"
    FAILURE = "PAGECOUNT_STATUS_FAILURE"


class AccountingModel(StrEnum):
    """Cost control of the person at the moment of the activity."""

    NONE = "NONE"
    PRINT_AND_PAY = "PRINT_AND_PAY"  # tracked, invoiced afterwards
    PAY_AND_PRINT = "PAY_AND_PRINT"  # paid from a balance before anything comes out


class PageCountModel(IntEnum):
    """Who counted the pages: our analysis of the stream, or the device itself."""

    SOFTWARE = 0
    HARDWARE = 1


COVERAGE_MAX = 10_000


def coverage_hundredths(percent: Decimal | None) -> int:
    """Toner coverage as usage records hold it: percent times 100, 0 to 10000; unknown is 0.

    Raises: ValueError outside 0 to 100 percent.
    """
    if percent is None:
        return 0
    if not 0 <= percent <= 100:
        raise ValueError(f"A coverage of {percent} % is not possible: it lies between 0 and 100 %.")
    return int((percent * 100).to_integral_value(rounding=ROUND_HALF_UP))
