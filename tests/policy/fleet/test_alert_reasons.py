"""Alerts as printer-state-reasons."""

from __future__ import annotations

import pytest

from platen.policy.fleet.alert_reasons import _REASONS, reasons_of
from platen.policy.fleet.severity import Severity
from platen.policy.state_words import WORDS


@pytest.mark.parametrize(
    ("code", "severity", "reason"),
    [
        ("jam", Severity.ERROR, "media-jam-error"),
        ("stapler-jam", Severity.ERROR, "media-jam-error"),
        ("marker-toner-almost-empty", Severity.WARNING, "toner-low-warning"),
        ("stapler-empty", Severity.WARNING, "marker-supply-empty-warning"),
        ("input-media-supply-empty", Severity.SERVICE, "media-empty-error"),
        ("70001", Severity.ERROR, "other-error"),
    ],
)
def test_an_alert_is_a_reason(code: str, severity: Severity, reason: str) -> None:
    """A code is the keyword that says the same, with how bad it is; one without a keyword is `other`."""
    assert reasons_of([(code, severity)]) == [reason]


def test_each_reason_is_said_once_and_in_order() -> None:
    """Two jams are one reason, and what only informs is none."""
    alerts = [("jam", 2), ("cover-open", 2), ("jam", 2), ("power-up", 0)]
    assert reasons_of(alerts) == ["media-jam-error", "cover-open-error"]


def test_every_reason_has_its_words() -> None:
    """Whoever stands at the device can read each."""
    assert set(_REASONS.values()) <= WORDS.keys()
