"""What home may ask of a collector, and what it may not.

A collector belongs to the site where it runs. Home may say how often it reads, how fast it asks and whom it leaves
alone, within bounds, and may have more masked; it never widens where the collector looks, what it knows, what it sends
or where to.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from platen.policy.fleet.addresses import AddressError, parse_scope

LIMITS: Mapping[str, tuple[int, int]] = {
    "read_every_s": (60, 7 * 86_400),
    "search_every_s": (600, 31 * 86_400),
    "survey_every_s": (3_600, 31 * 86_400),
    "send_every_s": (30, 86_400),
    "packets_per_s": (1, 10_000),
}
MASKED = ("address", "mac", "host_name", "location", "contact", "asset_number", "console", "alert_text")
TREATMENTS = ("send", "token", "nothing")
"""In rising order of what they keep back."""
EXCLUDE_MAX = 20_000
_MASKED_ADDRESS = re.compile(r"address-[0-9a-f]{16}")


def check_wishes(wishes: Mapping[str, Any]) -> list[str]:
    """What is wrong with what home wants, in sentences; empty where nothing is."""
    problems: list[str] = []
    for name, value in wishes.items():
        if name in LIMITS:
            least, most = LIMITS[name]
            if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
                problems.append(f"{name}: write a whole number from {least} to {most}.")
        elif name == "exclude":
            problems += _exclude_problems(value)
        elif name == "mask":
            problems += _mask_problems(value)
        else:
            known = ", ".join([*LIMITS, "exclude", "mask"])
            problems.append(f"{name}: home cannot decide this. It can decide {known}.")
    return problems


def is_masked_address(text: str) -> bool:
    """Whether this is what a collector sends in place of an address that its site keeps to itself: a token."""
    return _MASKED_ADDRESS.fullmatch(text) is not None


def more_masked(local: Mapping[str, str], wished: Mapping[str, str]) -> dict[str, str]:
    """For each value the stricter treatment of both."""
    return {name: max(local[name], wished.get(name, "send"), key=TREATMENTS.index) for name in local}


def _exclude_problems(value: object) -> list[str]:
    if not isinstance(value, str) or len(value) > EXCLUDE_MAX:
        return ["exclude: write addresses as for a search."]
    try:
        parse_scope(value)
    except AddressError as error:
        return [f"exclude: {error}"]
    return []


def _mask_problems(value: object) -> list[str]:
    if not isinstance(value, Mapping):
        return ["mask: write a treatment for each value."]
    known = f"Values are {', '.join(MASKED)}; treatments {', '.join(TREATMENTS)}."
    return [
        f"mask: {str(name)[:40]} = {str(treatment)[:40]} cannot be. {known}"
        for name, treatment in value.items()
        if name not in MASKED or treatment not in TREATMENTS
    ]
