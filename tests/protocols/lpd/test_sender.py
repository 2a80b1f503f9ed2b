"""LpdSender: RFC 1179 from the client's side, against our own receiver and against odd daemons."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platen.protocols.lpd import (
    ControlFileReceived,
    DataChunk,
    Delivered,
    DeliveryFailed,
    JobRequested,
    LpdDocument,
    LpdEvent,
    LpdJob,
    LpdReceiver,
    LpdSender,
    LpdSenderEvent,
    LpdUsageError,
    SendDocument,
    SendStage,
)

BODY = b"%PDF-1.7 body\n"


def job(**changes: object) -> LpdJob:
    """A job of one document, with what the test wants changed."""
    facts: dict[str, object] = {
        "queue": "lp",
        "host": "platen",
        "user": "anna",
        "job_name": "letter",
        "number": 7,
        "documents": (LpdDocument(size_bytes=len(BODY), name="letter.pdf", copies=2),),
    }
    return LpdJob(**(facts | changes))  # type: ignore[arg-type]  # facts of mixed types, checked by the class


def deliver(lpd_job: LpdJob, answer_bytes: int = 1000) -> tuple[list[LpdSenderEvent], list[LpdEvent]]:
    """Run sender and receiver against each other; returns the events of both."""
    sender, receiver = LpdSender(lpd_job), LpdReceiver()
    told: list[LpdSenderEvent] = []
    heard: list[LpdEvent] = []
    for _ in range(1000):
        if sender.is_done:
            break
        heard += receiver.receive_data(sender.data_to_send())
        while receiver.awaiting_decision:
            heard += receiver.accept()
        answer = receiver.data_to_send()
        for at in range(0, len(answer), answer_bytes):
            for event in sender.receive_data(answer[at : at + answer_bytes]):
                told.append(event)
                if isinstance(event, SendDocument):
                    sender.send_data(BODY)
                    told += sender.end_document()
        if sender.close_after_send:
            heard += receiver.receive_data(sender.data_to_send()) + receiver.receive_eof()
    return told, heard


@pytest.mark.parametrize("data_first", [False, True])
@pytest.mark.parametrize("documents", [1, 3])
def test_a_job_reaches_a_daemon_whole(data_first: bool, documents: int) -> None:
    """Control and data files arrive in either order with owner, names, copies and octets intact."""
    parts = tuple(LpdDocument(size_bytes=len(BODY), name=f"part {n}", copies=2) for n in range(documents))
    told, heard = deliver(job(documents=parts, data_first=data_first), answer_bytes=1)
    assert told[-1] == Delivered(acknowledged_early=False)
    assert heard[0] == JobRequested("lp")
    control = next(event.control for event in heard if isinstance(event, ControlFileReceived))
    assert (control.user, control.host, control.job_name) == ("anna", "platen", "letter")
    assert [(file.source_name, file.copies) for file in control.files] == [(part.name, 2) for part in parts]
    assert b"".join(event.data for event in heard if isinstance(event, DataChunk)) == BODY * documents


def test_a_document_of_unknown_size_ends_with_the_writing_side() -> None:
    """Without a size the driver is told to close its writing side, which ends the document."""
    told, heard = deliver(job(documents=(LpdDocument(size_bytes=None, name="stream"),)))
    assert told[-1] == Delivered(acknowledged_early=False)
    assert b"".join(event.data for event in heard if isinstance(event, DataChunk)) == BODY


def test_a_refusal_says_where_and_what_to_do() -> None:
    """A daemon's non-zero octet ends the delivery with a sentence a person can act on."""
    sender = LpdSender(job())
    (failure,) = sender.receive_data(b"\1")
    assert isinstance(failure, DeliveryFailed)
    assert (failure.stage, failure.octet, failure.may_have_printed) == (SendStage.QUEUE, 1, False)
    assert "refused the queue" in failure.message
    assert "Check the queue name" in failure.message


def test_a_connection_lost_after_the_document_may_have_printed() -> None:
    """A daemon that vanishes before its last octet leaves the outcome open, and the event says so."""
    sender = LpdSender(job())
    assert sender.receive_data(b"\0\0\0\0") == [SendDocument(0)]
    sender.send_data(BODY)
    assert sender.end_document() == []
    (failure,) = sender.receive_eof()
    assert isinstance(failure, DeliveryFailed)
    assert failure.octet is None
    assert failure.may_have_printed


def test_octets_that_come_early_count_for_their_step() -> None:
    """A daemon that confirms everything at once is understood, and its early last octet is marked."""
    sender = LpdSender(job())
    assert sender.receive_data(b"\0" * 9) == [SendDocument(0)]
    sender.send_data(BODY)
    assert sender.end_document() == [Delivered(acknowledged_early=True)]
    assert sender.receive_data(b"\1") == []


def test_a_document_of_another_length_than_announced_is_our_own_mistake() -> None:
    """Too many or too few octets raise before the daemon could take them for a whole document."""
    sender = LpdSender(job())
    sender.receive_data(b"\0\0\0\0")
    with pytest.raises(LpdUsageError):
        sender.end_document()
    with pytest.raises(LpdUsageError):
        sender.send_data(BODY + b"x")


@pytest.mark.parametrize(
    "changes",
    [
        {"queue": ""},
        {"queue": "two words"},
        {"number": 1000},
        {"documents": ()},
        {"documents": (LpdDocument(size_bytes=0, name="empty"),)},
        {"documents": (LpdDocument(size_bytes=None, name="x"),), "data_first": True},
        {"documents": (LpdDocument(size_bytes=1, name="x", copies=0),)},
    ],
)
def test_what_lpd_cannot_say_is_refused_before_it_is_sent(changes: dict[str, object]) -> None:
    """A job that RFC 1179 has no words for raises LpdUsageError."""
    with pytest.raises(LpdUsageError):
        LpdSender(job(**changes))


@given(user=st.text(max_size=60), job_name=st.text(max_size=300), host=st.text(max_size=60))
def test_names_never_break_the_control_file(user: str, job_name: str, host: str) -> None:
    """Whatever people call themselves and their documents, the daemon reads one job with one document."""
    told, heard = deliver(job(user=user, job_name=job_name, host=host))
    assert isinstance(told[-1], Delivered)
    control = next(event.control for event in heard if isinstance(event, ControlFileReceived))
    assert len(control.files) == 1
    assert control.files[0].copies == 2


@given(st.binary(max_size=20))
def test_any_answer_only_ever_gives_events(answer: bytes) -> None:
    """No answer of a daemon raises."""
    sender = LpdSender(job())
    for octet in answer:
        sender.receive_data(bytes([octet]))
    sender.receive_eof()
