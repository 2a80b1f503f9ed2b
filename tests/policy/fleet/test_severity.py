"""How bad it is."""

from __future__ import annotations

import pytest

from platen.policy.fleet.severity import Severity, severity_of, worst

CRITICAL, WARNING = "critical", "warning"


@pytest.mark.parametrize("training", ["trained", "management", "field-service"])
def test_service_calls(training: str) -> None:
    """What stops the machine and takes more than a passer-by is a service call. EMC-DSTA-05, EMC-MONI-10"""
    assert severity_of(CRITICAL, training) is Severity.SERVICE


@pytest.mark.parametrize("training", ["untrained", "other", "unknown", ""])
def test_errors(training: str) -> None:
    """What stops the machine and anybody can see to is an error. EMC-MONI-09"""
    assert severity_of(CRITICAL, training) is Severity.ERROR


@pytest.mark.parametrize("level", ["warning", "warning-binary-change"])
def test_warnings(level: str) -> None:
    """Both kinds of warning of the Printer MIB are warnings, whoever is to see to them. EMC-MONI-09"""
    assert severity_of(level, "field-service") is Severity.WARNING
    assert severity_of("other", "untrained") is Severity.NONE


def test_a_machine_counts_under_its_worst() -> None:
    """Of several alerts, the worst gives severity, response and words. EMC-DLST-13, EMC-UI-03"""
    found = worst(
        [(WARNING, "untrained", "Toner low"), (CRITICAL, "untrained", "Jam"), (CRITICAL, "field-service", "E000-0001")]
    )
    assert (found.severity, found.training, found.words) == (Severity.SERVICE, "field-service", "E000-0001")


def test_of_two_alike_the_first_stays() -> None:
    """Two alerts of one severity keep their order, so that the words do not flicker."""
    assert worst([(CRITICAL, "untrained", "Jam"), (CRITICAL, "untrained", "Cover open")]).words == "Jam"


def test_reasons_stand_in_for_alerts() -> None:
    """A machine without a table of alerts is judged by its state reasons."""
    assert worst([], ["media-empty-error"]).severity is Severity.ERROR
    assert worst([], ["toner-low-warning"]).severity is Severity.WARNING
    assert worst([], ["hibernate", "none", "spool-area-full-report"]).severity is Severity.NONE


def test_alerts_go_before_reasons() -> None:
    """Where alerts are told, reasons add nothing."""
    assert worst([("other", "untrained", "Asleep")], ["media-empty-error"]).severity is Severity.NONE
