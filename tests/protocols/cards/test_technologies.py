"""The technologies readers are sold for, and what readers show."""

from __future__ import annotations

import pytest

from platen.protocols.cards import (
    TECHNOLOGIES,
    WIEGAND_FORMATS,
    FeedbackLines,
    FeedbackOutcome,
    FeedbackStyle,
    Light,
    ReaderInterface,
    ReaderSignal,
    WiegandCard,
    WiegandName,
    feedback,
)

EIGHT, THREE = FeedbackStyle.EIGHT_STATE, FeedbackStyle.THREE_STATE


def test_every_named_technology_is_there() -> None:
    """Each technology that sites have cards of is offered. SC-CARD-01, SC-IDD-02, SC-IDD-17"""
    named = (
        "awid barcode casi-rusco cotag deister em felica hid-prox hid-prox-37 iclass indala-26 indala-29 ioprox legic"
    )
    magnetic = [f"magnetic{kind}-{track}" for kind in ("", "-dd") for track in (1, 2, 3)]
    assert {*named.split(), *magnetic, "mifare", "nedap", "nexwatch", "keypad-usb", "keypad-serial"} <= set(
        TECHNOLOGIES
    )


@pytest.mark.parametrize(
    ("key", "interfaces"),
    [
        ("barcode", {ReaderInterface.USB, ReaderInterface.SERIAL}),
        ("cotag", {ReaderInterface.USB, ReaderInterface.BUILT_IN}),
        ("deister", {ReaderInterface.BUILT_IN}),
        ("keypad-serial", {ReaderInterface.SERIAL}),
        ("magnetic-dd-2", {ReaderInterface.USB}),
        ("mifare", set(ReaderInterface)),
    ],
)
def test_interfaces(key: str, interfaces: set[ReaderInterface]) -> None:
    """A technology says how its readers are connected. SC-CARD-02"""
    assert TECHNOLOGIES[key].interfaces == interfaces


@pytest.mark.parametrize(
    ("key", "raw", "number"),
    [
        ("mifare", "04a2b3c4d5e680", "04A2B3C4D5E680"),
        ("em", "0f02d777cf", "0F02D777CF"),
        ("barcode", "aB-1234", "aB-1234"),
        ("keypad-usb", "4711", "4711"),
        ("keypad-serial", "4711", "4711"),
        ("awid", "0101234", "0101234"),
        ("casi-rusco", "00801234", "00801234"),
        ("nedap", "nEd-7", "nEd-7"),
        ("iclass", "e0:12:ff:fb:00:11:22:33", "E012FFFB00112233"),
        ("legic", "04a2b3c4", "04A2B3C4"),
        ("magnetic-dd-2", ";603217000000295489=0103000?", "B603217000000295489D0103000F1"),
        ("magnetic-2", ";603217000000295489=0103000?", "B603217000000295489D0103000F1"),
    ],
)
def test_defaults_give_card_numbers(key: str, raw: str, number: str) -> None:
    """A default format reads what its readers send. SC-IDD-03, SC-IDD-04, SC-IDD-05, SC-IDD-06,
    SC-IDD-08, SC-IDD-10, SC-IDD-11, SC-IDD-12, SC-IDD-13, SC-IDD-14, SC-IDD-15, SC-IDD-16"""
    assert TECHNOLOGIES[key].default_format.convert(raw) == number


@pytest.mark.parametrize(
    ("key", "name", "card", "number"),
    [
        ("hid-prox", WiegandName.CORPORATE_1000_35, WiegandCard(12, 345), "00120000345"),
        ("hid-prox-37", WiegandName.H10302, WiegandCard(None, 345), "345"),
        ("indala-26", WiegandName.H10301, WiegandCard(12, 345), "01200345"),
        ("indala-29", WiegandName.INDALA_29, WiegandCard(12, 345), "001200345"),
    ],
)
def test_proximity_cards_by_length(key: str, name: WiegandName, card: WiegandCard, number: str) -> None:
    """A proximity card of each length gives facility and number. SC-IDD-07, SC-IDD-09, SC-IDD-22"""
    assert TECHNOLOGIES[key].default_format.convert(f"{WIEGAND_FORMATS[name].encode(card):010X}") == number


@pytest.mark.parametrize(
    ("outcome", "signal"),
    [
        (FeedbackOutcome.STANDBY, ReaderSignal(Light.OFF, Light.ON, 0, 0)),
        (FeedbackOutcome.CARD_READ, ReaderSignal(Light.FLASHING, Light.OFF, None, 1)),
        (FeedbackOutcome.DOCUMENTS_WAITING, ReaderSignal(Light.ON, Light.OFF, 0, 0)),
    ],
)
def test_three_states(outcome: FeedbackOutcome, signal: ReaderSignal) -> None:
    """Red while nobody is logged in, flashing green with a beep at the card, green while logged in. SC-IDD-18"""
    assert feedback(outcome, THREE) == signal


@pytest.mark.parametrize(
    ("outcome", "green", "red", "flashes", "beeps"),
    [
        (FeedbackOutcome.STANDBY, Light.OFF, Light.OFF, 0, 0),
        (FeedbackOutcome.CARD_READ, Light.ON, Light.OFF, 0, 1),
        (FeedbackOutcome.DOCUMENTS_WAITING, Light.FLASHING, Light.FLASHING, 1, 1),
        (FeedbackOutcome.NO_DOCUMENTS, Light.FLASHING, Light.FLASHING, 2, 2),
        (FeedbackOutcome.LOGIN_PREVENTED, Light.OFF, Light.OFF, 0, 0),
        (FeedbackOutcome.CARD_READ_FAILURE, Light.FLASHING, Light.FLASHING, 6, 6),
        (FeedbackOutcome.UNKNOWN_CARD, Light.FLASHING, Light.FLASHING, 6, 6),
        (FeedbackOutcome.ERROR, Light.FLASHING, Light.FLASHING, 6, 6),
    ],
)
def test_eight_states(outcome: FeedbackOutcome, green: Light, red: Light, flashes: int, beeps: int) -> None:
    """Flashes and beeps tell each outcome at a device without a display. SC-IDD-19"""
    assert feedback(outcome, EIGHT) == ReaderSignal(green, red, flashes, beeps)


def test_success_and_failure_can_be_told_apart_without_a_display() -> None:
    """Success with documents, success without and failure sound and look different. SC-IDD-20"""
    outcomes = (FeedbackOutcome.DOCUMENTS_WAITING, FeedbackOutcome.NO_DOCUMENTS, FeedbackOutcome.ERROR)
    assert len({feedback(outcome, EIGHT) for outcome in outcomes}) == 3


@pytest.mark.parametrize("style", FeedbackStyle)
def test_every_outcome_has_a_signal(style: FeedbackStyle) -> None:
    """No outcome leaves a reader without an answer. SC-IDD-20"""
    assert all(isinstance(feedback(outcome, style), ReaderSignal) for outcome in FeedbackOutcome)


def test_lines_for_readers_with_a_display() -> None:
    """A configured outcome gives one line with the reader's terminator, another one nothing. SC-IDD-20"""
    lines = FeedbackLines({FeedbackOutcome.NO_DOCUMENTS: "No documents\r\nfor you"}, terminator=b"\r")
    assert lines.line(FeedbackOutcome.NO_DOCUMENTS) == b"No documents for you\r"
    assert lines.line(FeedbackOutcome.ERROR) is None
