"""How bad it is: a machine counts under the worst of what it reports, and no other (EMC-DSTA-05, EMC-UI-03)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

from platen.policy.state_words import in_words


class Severity(IntEnum):
    """As fleet.models.Severity, which stores it."""

    NONE = 0
    WARNING = 1
    ERROR = 2
    SERVICE = 3


SERVICE_TRAINING = frozenset({"trained", "management", "field-service"})
"""Who has to come, so that it is a service call (EMC-MONI-10)."""
_TRAINING_RANK = (
    "field-service",
    "management",
    "trained",
    "untrained",
    "other",
    "unknown",
    "no-intervention-required",
)
_WARNINGS = frozenset({"warning", "warning-binary-change"})
_NO_TROUBLE = frozenset(
    {"", "none", "hibernate", "connecting-to-device", "moving-to-paused", "identify-printer-requested"}
)
TROUBLE_MAX = 255


@dataclass(frozen=True, slots=True)
class Trouble:
    """The worst that a machine reports: who can see to it (PrtAlertTrainingLevelTC), and in words."""

    severity: Severity = Severity.NONE
    training: str = ""
    words: str = ""


def severity_of(level: str, training: str) -> Severity:
    """One alert's, from PrtAlertSeverityLevelTC and PrtAlertTrainingLevelTC.

    Critical is an error; a service call where it takes more than a passer-by. A warning stays one, whoever is to see to
    it: a cartridge that will be empty next week calls nobody. `other` only informs.
    """
    if level == "critical":
        return Severity.SERVICE if training in SERVICE_TRAINING else Severity.ERROR
    return Severity.WARNING if level in _WARNINGS else Severity.NONE


def worst(alerts: Iterable[tuple[str, str, str]], reasons: Iterable[str] = ()) -> Trouble:
    """The worst of the alerts, each as (level, training, words).

    reasons: printer-state-reasons, for machines that keep no table of alerts: looked at only where no alert is given.
    """
    found = None
    for level, training, words in alerts:
        each = (severity_of(level, training), -_rank(training), training, words)
        if found is None or each[:2] > found[:2]:
            found = each
    if found is None:
        return _of_reasons(reasons)
    if found[0] is Severity.NONE:
        return Trouble()
    return Trouble(found[0], found[2], found[3][:TROUBLE_MAX])


def _of_reasons(reasons: Iterable[str]) -> Trouble:
    errors, warnings = [], []
    for reason in sorted(reasons):
        if reason.endswith("-warning"):
            warnings.append(reason)
        elif reason not in _NO_TROUBLE and not reason.endswith("-report"):
            errors.append(reason)
    if errors:
        return Trouble(Severity.ERROR, "", in_words(errors)[:TROUBLE_MAX])
    if warnings:
        return Trouble(Severity.WARNING, "", in_words(warnings)[:TROUBLE_MAX])
    return Trouble()


def _rank(training: str) -> int:
    return _TRAINING_RANK.index(training) if training in _TRAINING_RANK else len(_TRAINING_RANK)
