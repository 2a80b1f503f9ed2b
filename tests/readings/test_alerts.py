"""Alerts of the Printer MIB."""

from __future__ import annotations

from platen.readings.alerts import KEY_LENGTH_MAX, read_alerts
from platen.readings.enumerations import ALERT_CODES, ALERT_GROUPS, SUPPLY_TYPES, UNITS
from platen.readings.facts import AlertSeverity, Training
from platen.readings.tables import Tables
from tests.readings.replay import alert
from tests.walks import Held, values_of


def _read(*rows: dict[tuple[int, ...], Held]) -> tuple:  # type: ignore[type-arg]
    return read_alerts(Tables({oid: value for row in rows for oid, value in values_of(row).items()}))


def test_an_alert_is_told_with_all_that_the_table_says() -> None:
    """Severity, code, who can see to it, group, place and words. EMC-DSTA-04, EMC-DSTA-06."""
    (jam,) = _read(alert(3, 8, words="Jam in tray 1"))
    assert (jam.severity, jam.code, jam.training) == (AlertSeverity.CRITICAL, "jam", Training.UNTRAINED)
    assert (jam.group, jam.group_index, jam.location, jam.description) == ("input", 1, None, "Jam in tray 1")
    assert jam.source == "1.3.6.1.2.1.43.18.1.1.7.1.3"


def test_the_same_alert_has_the_same_key_in_another_row() -> None:
    """Agents renumber their table; what is reported stays the same."""
    (before,) = _read(alert(3, 8))
    (after,) = _read(alert(17, 8))
    assert before.key == after.key


def test_two_alerts_that_say_the_same_have_two_keys() -> None:
    """No alert hides another."""
    keys = {each.key for each in _read(alert(1, 8), alert(2, 8))}
    assert len(keys) == 2
    assert all(len(key) <= KEY_LENGTH_MAX + 3 for key in keys)


def test_the_worst_comes_first() -> None:
    """A critical alert stands before warnings, wherever it is in the table."""
    warning = {oid: Held(2, 4) if oid[10] == 2 else held for oid, held in alert(1, 807).items()}
    assert [each.code for each in _read(warning, alert(2, 8))] == ["jam", "input-media-supply-low"]


def test_a_note_that_an_alert_was_removed_is_none() -> None:
    """alertRemovalOfBinaryChangeEntry tells of a row that is gone."""
    assert _read(alert(1, 1801)) == ()


def test_a_code_that_is_not_registered_keeps_its_number() -> None:
    """Makers invent codes; the words say what they mean."""
    (strange,) = _read(alert(1, 50001))
    assert strange.code == "50001"


def test_enumerations_have_the_numbers_of_the_iana_registry() -> None:
    """Single values of IANA-PRINTER-MIB, the last ones of each family."""
    assert ALERT_CODES[1509] == "interpreter-complex-page-encountered"
    assert ALERT_CODES[1115] == "marker-toner-cartridge-missing"
    assert ALERT_CODES[38] == "subunit-thermistor-failure"
    assert ALERT_CODES[30213] == "stapler-empty"
    assert ALERT_CODES[31838] == "inserter-thermistor-failure"
    assert 1508 not in ALERT_CODES
    assert (ALERT_GROUPS[18], ALERT_GROUPS[33]) == ("alert", "fin-attribute")
    assert (SUPPLY_TYPES[20], SUPPLY_TYPES[32], SUPPLY_TYPES[36]) == ("transfer-unit", "staples", "matte-ink")
    assert (UNITS[7], UNITS[13], UNITS[19]) == ("impressions", "tenths-of-grams", "percent")
