"""The status channel: what is sent around a document, and what devices answer."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platen.protocols.pjl import (
    DeviceStatus,
    Echoed,
    Info,
    JobCancelled,
    JobEnded,
    JobStarted,
    PagePrinted,
    PjlError,
    PjlEvent,
    PjlStatusParser,
    PjlStatusRequest,
    StatusClass,
    Unrecognized,
    echo_request,
    envelope,
    meaning_of,
    read_pjl_header,
    status_off,
)
from platen.protocols.pjl.status_codes import CLASSES, CODES

ANSWERS = (
    b'@PJL ECHO platen-7-1\r\n\f@PJL INFO STATUS\r\nCODE=10001\r\nDISPLAY="00 READY"\r\nONLINE=TRUE\r\n\f'
    b'@PJL INFO ID\r\n"LASER 9000"\r\n\f'
    b'@PJL USTATUS JOB\r\nSTART\r\nNAME="platen-7"\r\n\f'
    b"@PJL USTATUS PAGE\r\n1\r\n\f@PJL USTATUS PAGE\r\n2\r\n\f"
    b'@PJL USTATUS DEVICE\r\nCODE=40021\r\nDISPLAY="12 PRINTER OPEN"\r\nONLINE=FALSE\r\n\f'
    b'@PJL USTATUS JOB\r\nEND\r\nNAME="platen-7"\r\nPAGES=2\r\n\f'
    b'@PJL USTATUS JOB\r\nCANCELED\r\nNAME="platen-8"\r\n\f'
)
EVENTS = [
    Echoed("platen-7-1"),
    DeviceStatus(10001, "00 READY", online=True, is_solicited=True),
    Info("ID", ('"LASER 9000"',)),
    JobStarted("platen-7"),
    PagePrinted(1),
    PagePrinted(2),
    DeviceStatus(40021, "12 PRINTER OPEN", online=False, is_solicited=False),
    JobEnded("platen-7", 2),
    JobCancelled("platen-8", None),
]


def parse(data: bytes, step: int | None = None) -> list[PjlEvent]:
    """Events of `data` fed in pieces of `step` octets."""
    parser, events = PjlStatusParser(), []
    size = step or max(len(data), 1)
    for at in range(0, len(data), size):
        events += parser.receive_data(data[at : at + size])
    return events


@pytest.mark.parametrize("step", [None, 1, 3, 64])
def test_answers_of_a_device_become_events(step: int | None) -> None:
    """Echo, status, identity, job and page answers are read however the stream is cut."""
    assert parse(ANSWERS, step) == EVENTS


def test_two_conditions_in_one_block() -> None:
    """A device that reports two conditions at once gives an event for each."""
    block = (
        b'@PJL USTATUS DEVICE\r\nCODE=40021\r\nDISPLAY="OPEN"\r\nONLINE=FALSE\r\nCODE2=10006\r\nDISPLAY2="LOW"\r\n\f'
    )
    assert parse(block) == [DeviceStatus(40021, "OPEN", False, False), DeviceStatus(10006, "LOW", False, False)]


def test_a_lost_form_feed_costs_nothing() -> None:
    """Two answers without the form feed between them are both read."""
    assert parse(b"@PJL USTATUS PAGE\r\n1\r\n@PJL USTATUS PAGE\r\n2\r\n\f") == [PagePrinted(1), PagePrinted(2)]


def test_an_endless_block_is_dropped_and_the_next_one_read() -> None:
    """A device gone wild costs one event, and is understood again afterwards."""
    parser = PjlStatusParser(block_bytes_max=100)
    events = parser.receive_data(b"x" * 500) + parser.receive_data(b"y" * 500 + b"\f@PJL USTATUS PAGE\r\n3\r\n\f")
    assert [type(event) for event in events] == [Unrecognized, PagePrinted]


@pytest.mark.parametrize("block", [b"@PJL USTATUS JOB\r\n\f", b"@PJL USTATUS PAGE\r\nx\r\n\f", b"%%[ Error ]%%\r\n\f"])
def test_unknown_blocks_are_told_not_raised(block: bytes) -> None:
    """What has no meaning here comes out as Unrecognized, for the log."""
    assert [type(event) for event in parse(block)] == [Unrecognized]


@given(st.lists(st.sampled_from(ANSWERS.split(b"\r\n")) | st.binary(max_size=10)).map(b"\r\n".join), st.integers(1, 20))
def test_any_octets_only_ever_give_events(data: bytes, step: int) -> None:
    """Nothing a device sends raises, and the events do not depend on how it is cut."""
    assert parse(data, step) == parse(data)


class TestEnvelope:
    """What is put around a document."""

    def test_it_names_the_job_and_switches_status_on(self) -> None:
        """The wrapped stream reads as one PJL job with our name, and the device is asked for job and page status."""
        wrapped = envelope("platen-7", language="PCL", user_name="anna", settings={"COPIES": "2", "X": "two words"})
        header = read_pjl_header(wrapped.prefix + b"\x1bE")
        assert (header.job_name, header.user_name, header.language) == ("platen-7", "anna", "PCL")
        assert (header.setting("COPIES"), header.setting("X")) == ("2", "two words")
        assert header.length_bytes == len(wrapped.prefix)
        for kind in (b"DEVICE", b"JOB", b"PAGE"):
            assert b"@PJL USTATUS %b=ON\r\n" % kind in wrapped.prefix
        assert wrapped.suffix == b'\x1b%-12345X@PJL EOJ NAME="platen-7"\r\n\x1b%-12345X'

    def test_a_document_with_its_own_pjl_is_not_disturbed(self) -> None:
        """Without a language the document's own header follows at a language exit."""
        wrapped = envelope("platen-7")
        own = b'\x1b%-12345X@PJL SET USERNAME="anna"\r\n@PJL ENTER LANGUAGE=PCL\r\n'
        assert read_pjl_header(wrapped.prefix + own).language == "PCL"
        assert b"ENTER LANGUAGE" not in wrapped.prefix

    @given(st.text(max_size=200))
    def test_no_name_can_smuggle_a_command(self, name: str) -> None:
        """Whatever a job is called, its name stays one string on one line."""
        line = next(line for line in envelope(name).prefix.split(b"\r\n") if line.startswith(b"@PJL JOB"))
        assert re.fullmatch(rb'@PJL JOB NAME="[\x20\x21\x23-\x7e]{0,80}"', line)

    def test_what_pjl_cannot_say_is_refused(self) -> None:
        """Names that are not PJL words, and times out of range, raise before anything is sent."""
        for bad in ({"language": "PCL\r\n@PJL"}, {"settings": {"A B": "1"}}, {"timed_status_s": 3}):
            with pytest.raises(PjlError):
                envelope("x", **bad)
        with pytest.raises(PjlError):
            echo_request("two\nlines")

    def test_requests(self) -> None:
        """Echo, status and identity are asked between language exits; status is switched off again."""
        assert echo_request("t1", PjlStatusRequest.STATUS, PjlStatusRequest.ID) == (
            b"\x1b%-12345X@PJL ECHO t1\r\n@PJL INFO STATUS\r\n@PJL INFO ID\r\n\x1b%-12345X"
        )
        assert b"@PJL USTATUSOFF\r\n" in status_off()


class TestStatusCodes:
    """Codes as printer-state-reasons (RFC 8011 section 5.4.12)."""

    @pytest.mark.parametrize(
        ("code", "status_class", "reasons"),
        [
            (10001, StatusClass.INFORMATION, ()),
            (10006, StatusClass.ATTENTION, ("toner-low-warning",)),
            (11304, StatusClass.ATTENTION, ("media-low-warning",)),
            (35075, StatusClass.ATTENTION, ("other-warning",)),
            (40021, StatusClass.OPERATOR, ("cover-open-error",)),
            (41213, StatusClass.OPERATOR, ("media-needed-error",)),
            (42202, StatusClass.OPERATOR, ("media-jam-error",)),
            (50599, StatusClass.FAULT, ("other-error",)),
            (99999, StatusClass.ATTENTION, ("other-warning",)),
        ],
    )
    def test_what_a_code_means(self, code: int, status_class: StatusClass, reasons: tuple[str, ...]) -> None:
        """A known code has its reason, another one that of its class, an unknown one is seen as "other"."""
        meaning = meaning_of(code)
        assert (meaning.status_class, meaning.reasons) == (status_class, reasons)
        assert meaning.stops_printing == (status_class in {StatusClass.OPERATOR, StatusClass.FAULT})

    def test_every_reason_is_a_keyword_of_the_standard(self) -> None:
        """Only keywords that RFC 8011 defines, each with a severity, are used."""
        defined = {
            "other cover-open interpreter-resource-unavailable marker-supply-empty media-jam media-low media-needed",
            "output-area-full paused toner-empty toner-low",
        }
        keywords = set(" ".join(defined).split())
        for meaning in (*CODES.values(), *CLASSES.values()):
            for reason in meaning.reasons:
                keyword, severity = reason.rsplit("-", 1)
                assert keyword in keywords
                assert severity in {"report", "warning", "error"}
