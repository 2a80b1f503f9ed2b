"""The open-source packages that Platen runs with, and their licences, as they say themselves."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.metadata import Distribution, PackageNotFoundError, distribution

OWN = "platen"
LICENCE_MAX = 80
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_EXTRA = re.compile(r"\bextra\s*==")


@dataclass(frozen=True, slots=True)
class Package:
    """One of them."""

    name: str
    version: str
    licence: str


@cache
def packages() -> tuple[Package, ...]:
    """What is installed of all that it needs, directly or through others, in the order of their names."""
    found: dict[str, Package] = {}
    waiting = _needed_by(distribution(OWN))
    while waiting:
        name = waiting.pop()
        key = re.sub(r"[-_.]+", "-", name).lower()
        if key in found or key == OWN:
            continue
        try:
            each = distribution(name)
        except PackageNotFoundError:  # needed elsewhere than on this system
            continue
        found[key] = Package(each.metadata["Name"], each.version, _licence_of(each))
        waiting += _needed_by(each)
    return tuple(found[key] for key in sorted(found))


def _needed_by(one: Distribution) -> list[str]:
    """Names out of requirements such as `django<6,>=5.2; python_version > "3"`; without what is for extras."""
    needed = [each for each in one.requires or () if not _EXTRA.search(each)]
    return [match.group() for each in needed if (match := _NAME.match(each))]


def _licence_of(one: Distribution) -> str:
    """By its SPDX expression (PEP 639), else its classifiers, else the first line of what it calls its licence."""
    classifiers = [each for each in one.metadata.get_all("Classifier") or [] if each.startswith("License :: ")]
    said = [
        *(one.metadata.get_all("License-Expression") or []),
        ", ".join(each.rpartition(" :: ")[2] for each in classifiers),
        *(line for text in one.metadata.get_all("License") or [] for line in str(text).strip().splitlines()[:1]),
    ]
    return next((str(each) for each in said if each), "")[:LICENCE_MAX]


VERSION = distribution(OWN).version
