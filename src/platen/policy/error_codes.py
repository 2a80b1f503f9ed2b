"""The numbers that older clients, ports and log files use for what went wrong, each with a name and a sentence.

One space of numbers for every service; a number that is not in the table is unused and stays so. A client must not
take "not zero" for a failure: some numbers report success or a state. 400 to 499 belong to rendering. Where two numbers
mean the same, both stay readable and each has its own name; new code raises the first of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from platen.policy.error_code_table import ROWS


class ErrorGroup(StrEnum):
    """What an error is about."""

    GENERAL = "general"
    CONNECTION = "connection"
    AUTHENTICATION = "authentication"
    USERS = "users"
    JOBS = "jobs"
    DEVICES = "devices"
    DEVICE_SERVERS = "device-servers"
    SERVERS = "servers"
    REPLICATION = "replication"
    MONEY = "money"
    BILLING = "billing"
    GROUPS = "groups"
    ORG_UNITS = "org-units"
    BRANCHES = "branches"
    DELEGATES = "delegates"
    RULES = "rules"
    EXPORT = "export"
    FILES = "files"
    LICENCE = "licence"
    RENDERING = "rendering"


@dataclass(frozen=True, slots=True)
class ErrorCode:
    """A number, its symbolic name, its group, a sentence for a person, and whether it reports no failure."""

    number: int
    name: str
    group: ErrorGroup
    sentence: str
    is_failure: bool


# Success, a state that is not a result yet, a finished transfer, internal signals, and a licence that is in order.
NOT_FAILURES = frozenset({0, 4, 20, 21, 49, 161, 9999})
RENDERING_NUMBERS = range(400, 500)

ERROR_CODES: dict[int, ErrorCode] = {
    number: ErrorCode(number, name, ErrorGroup(group), sentence, number not in NOT_FAILURES)
    for number, name, group, sentence in ROWS
}
BY_NAME: dict[str, ErrorCode] = {code.name: code for code in ERROR_CODES.values()}


def error_code(number: int) -> ErrorCode | None:
    """The entry of a number; None for one that is unused."""
    return ERROR_CODES.get(number)


def is_failure(number: int) -> bool:
    """Whether a number reports a failure; an unused one does, as it cannot report success."""
    code = error_code(number)
    return code is None or code.is_failure


def error_text(number: int) -> str:
    """A line for a log or a message: `80 NOT_ENOUGH_CREDITS: There is not enough money …`."""
    code = error_code(number)
    if code is None:
        return f"{number}: This number is not in use. Look for the line before it, which may say more."
    return f"{code.number} {code.name}: {code.sentence}"
