"""When somebody is told of what happens to machines."""

from __future__ import annotations

from typing import Any

import pytest

from platen.policy.fleet.notices import Event, NoticeError, Turn, parse_notice_conditions, turn_of


def turn(event: Event, *stored: dict[str, Any], all_of_them: bool = False) -> Turn | None:
    return turn_of(parse_notice_conditions(list(stored)), event, all_of_them=all_of_them)


def alert(kind: str = "alert-began", **detail: Any) -> Event:
    said = {"level": "critical", "training": "untrained", "code": "jam"}
    return Event(kind, "input/2/jam", said | detail)


def level(before: int | None, after: int | None, kind: str = "toner", event: str = "supply-level") -> Event:
    return Event(event, "1.1", {"kind": kind, "before": before, "after": after})


ERROR = {"what": "severity", "values": ["critical"]}
SERVICE = {"what": "training", "values": ["trained", "management", "field-service"]}


def test_alerts_by_severity_begin_and_clear() -> None:
    """An alert of a chosen severity begins, and is over; others are nothing. EMC-MONI-06 EMC-MONI-09"""
    assert turn(alert(), ERROR) is Turn.BEGAN
    assert turn(alert("alert-cleared"), ERROR) is Turn.CLEARED
    assert turn(alert(level="warning"), ERROR) is None


def test_any_of_several_or_all() -> None:
    """Any condition is enough; where all are asked for, a critical alert for the service only.

    EMC-MONI-14 EMC-MONI-10
    """
    assert turn(alert(), ERROR, SERVICE) is Turn.BEGAN
    assert turn(alert(), ERROR, SERVICE, all_of_them=True) is None
    assert turn(alert(training="field-service"), ERROR, SERVICE, all_of_them=True) is Turn.BEGAN


@pytest.mark.parametrize(
    ("code", "value", "fits"),
    [
        ("jam", "jam", True),
        ("input-media-supply-empty", "media", True),
        ("cover-open", "media", False),
        ("cover-open", "cover", True),
        ("marker-toner-almost-empty", "supplies", True),
        ("marker-toner-empty", "marker-toner-empty", True),
        ("marker-toner-empty", "jam", False),
    ],
)
def test_codes_and_their_categories(code: str, value: str, fits: bool) -> None:
    """A category stands for all codes in it. EMC-MONI-11"""
    assert (turn(alert(code=code), {"what": "code", "values": [value]}) is Turn.BEGAN) is fits


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (level(11, 10), Turn.BEGAN),
        (level(None, 4), Turn.BEGAN),
        (level(10, 9), None),
        (level(12, 11), None),
        (level(9, 100, event="supply-replaced"), Turn.CLEARED),
        (level(9, None), Turn.CLEARED),
        (level(60, 10, kind="opc"), None),
        (level(60, 10, kind="ink-cartridge"), Turn.BEGAN),
    ],
)
def test_what_remains(event: Event, expected: Turn | None) -> None:
    """It fires once, at the percentage or below, and is over when the supply is replaced. EMC-MONI-08 EMC-MONI-12"""
    assert turn(event, {"what": "remaining", "values": ["toner"], "at_most": 10}) is expected


def test_other_supplies() -> None:
    """What has no name of its own is "other"; drums, waste and staples have theirs."""
    other = {"what": "remaining", "values": ["other"], "at_most": 10}
    assert turn(level(20, 5, kind="corona-wire"), other) is Turn.BEGAN
    assert turn(level(20, 5, kind="staples"), other) is None
    assert (
        turn(level(20, 5, kind="waste-toner"), {"what": "remaining", "values": ["waste"], "at_most": 5}) is Turn.BEGAN
    )


def test_power_when_it_is_entered() -> None:
    """A power state fires when it is entered and is over when it is left. EMC-MONI-13"""
    silent = {"what": "power", "values": ["no-response", "conflict"]}
    assert turn(Event("power", "", {"before": "on", "after": "no-response"}), silent) is Turn.BEGAN
    assert turn(Event("power", "", {"before": "no-response", "after": "on"}), silent) is Turn.CLEARED
    assert turn(Event("power", "", {"before": "on", "after": "asleep"}), silent) is None


def test_other_events() -> None:
    """Replaced, removed early, moved, new: each can be told."""
    assert turn(Event("supply-early", "1.1", {}), {"what": "event", "values": ["supply-early"]}) is Turn.BEGAN
    assert turn(Event("moved", "", {}), {"what": "event", "values": ["added"]}) is None


@pytest.mark.parametrize(
    "stored",
    [
        None,
        [],
        [7],
        [{"what": "mood", "values": ["bad"]}],
        [{"what": "severity", "values": []}],
        [{"what": "severity", "values": ["worst"]}],
        [{"what": "remaining", "values": ["toner"], "at_most": 101}],
        [{"what": "remaining", "values": ["toner"], "at_most": "ten"}],
        [{"what": "code", "values": "jam"}],
        [ERROR] * 31,
    ],
)
def test_what_is_no_condition(stored: object) -> None:
    """A condition that makes no sense is refused with a sentence."""
    with pytest.raises(NoticeError, match=r"\."):
        parse_notice_conditions(stored)
