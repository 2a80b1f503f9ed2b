"""LpdReceiver: RFC 1179 sections 5 and 6, from the daemon's side."""

from __future__ import annotations

import socket
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platen.protocols.lpd import (
    AbortReason,
    ConnectionFailed,
    ControlFileReceived,
    DataChunk,
    DataFileEnd,
    DataFileOffered,
    JobAborted,
    JobRequested,
    LpdEvent,
    LpdLimits,
    LpdReceiver,
    LpdUsageError,
    PrintWaiting,
    QueueStateRequested,
    RemoveJobs,
)

CONTROL = b"Hmac7\nPanna\nJletter\nldfA001mac7\nUdfA001mac7\nNletter.pdf\n"
CONTROL_PART = b"\x02%d cfA001mac7\n" % len(CONTROL) + CONTROL + b"\0"
DATA_PART = b"\x0311 dfA001mac7\n%PDF-hello\n\0"
CONTROL_FIRST = b"\x02pull\n" + CONTROL_PART + DATA_PART
DATA_FIRST = b"\x02pull\n" + DATA_PART + CONTROL_PART


def drive(
    stream: bytes, *, step: int | None = None, eof: bool = True, limits: LpdLimits | None = None
) -> list[LpdEvent]:
    """Feed `stream` in pieces of `step` octets, accept everything, and join neighbouring chunks."""
    receiver = LpdReceiver(limits)
    events: list[LpdEvent] = []
    size = step or max(len(stream), 1)
    for at in range(0, len(stream), size):
        events += receiver.receive_data(stream[at : at + size])
        while receiver.awaiting_decision:
            events += receiver.accept()
    if eof:
        events += receiver.receive_eof()
        while receiver.awaiting_decision:
            events += receiver.accept()
    return _joined(events)


def _joined(events: list[LpdEvent]) -> list[LpdEvent]:
    joined: list[LpdEvent] = []
    for event in events:
        if isinstance(event, DataChunk) and joined and isinstance(joined[-1], DataChunk):
            joined[-1] = DataChunk(joined[-1].data + event.data)
        else:
            joined.append(event)
    return joined


def _kinds(events: list[LpdEvent]) -> list[str]:
    return [type(event).__name__ for event in events]


class TestReceivePrinterJob:
    """RFC 1179 section 5.2, "02 - Receive a printer job"."""

    def test_control_file_first_completes_at_the_data_file(self) -> None:
        """A job whose control file comes first is complete with its last data file. SC-XPLAT-01"""
        events = drive(CONTROL_FIRST)
        assert events[0] == JobRequested("pull")
        assert isinstance(events[1], ControlFileReceived)
        assert (events[1].control.user, events[1].control.host, events[1].control.best_job_name) == (
            "anna",
            "mac7",
            "letter",
        )
        assert not events[1].completes_job
        assert events[2:] == [
            DataFileOffered("dfA001mac7", 11),
            DataChunk(b"%PDF-hello\n"),
            DataFileEnd("dfA001mac7", 11, completes_job=True),
        ]

    def test_data_file_first_completes_at_the_control_file(self) -> None:
        """A job whose data file comes first is complete with its control file. SC-XPLAT-01"""
        events = drive(DATA_FIRST)
        assert _kinds(events) == ["JobRequested", "DataFileOffered", "DataChunk", "DataFileEnd", "ControlFileReceived"]
        assert not events[3].completes_job  # type: ignore[union-attr]  # the list above fixed its kind
        assert events[4].completes_job  # type: ignore[union-attr]  # as above

    def test_the_last_octet_waits_for_the_drivers_word(self) -> None:
        """The octet that promises the job is sent only by accept(), after the driver has made the job durable."""
        receiver = LpdReceiver()
        receiver.receive_data(CONTROL_FIRST)
        sent = b""
        while receiver.awaiting_decision:
            sent += receiver.data_to_send()
            *_, last = receiver.accept() or [None]
            if isinstance(last, DataFileEnd):
                break
        sent += receiver.data_to_send()
        assert sent == b"\0" * 4  # queue, control announced, control file, data announced
        receiver.accept()
        assert receiver.data_to_send() == b"\0"

    def test_refused_queue_gets_a_nonzero_octet_and_the_connection_ends(self) -> None:
        """An octet other than zero refuses the job, and nothing of it is read (RFC 1179 section 5.2)."""
        receiver = LpdReceiver()
        receiver.receive_data(CONTROL_FIRST)
        assert receiver.refuse() == []
        assert receiver.data_to_send() == b"\1"
        assert receiver.is_closed
        assert receiver.receive_data(DATA_PART) == []

    def test_refused_data_file_drops_the_job(self) -> None:
        """A document that cannot be stored is refused before it is sent, and what had come is dropped."""
        receiver = LpdReceiver()
        receiver.receive_data(CONTROL_FIRST)
        receiver.accept()
        events = receiver.accept()
        assert events == [DataFileOffered("dfA001mac7", 11)]
        assert receiver.refuse(2) == [JobAborted(AbortReason.REFUSED)]
        assert receiver.data_to_send().endswith(b"\2")

    def test_several_data_files_complete_with_the_last(self) -> None:
        """A control file that names two data files waits for both of them."""
        control = b"Hh\nPp\nfdfA1h\nfdfA1h\nNone\nfdfB1h\nNtwo\n"
        stream = b"\x02q\n\x02%d cfA1h\n" % len(control) + control + b"\0" + b"\x031 dfA1h\nx\0\x031 dfB1h\ny\0"
        events = drive(stream)
        ends = [event for event in events if isinstance(event, DataFileEnd)]
        assert [end.completes_job for end in ends] == [False, True]
        files = next(event.control.files for event in events if isinstance(event, ControlFileReceived))
        assert [(file.name, file.copies, file.source_name) for file in files] == [
            ("dfA1h", 2, "one"),
            ("dfB1h", 1, "two"),
        ]

    def test_two_jobs_over_one_connection(self) -> None:
        """A second job may follow over the same connection."""
        events = drive(CONTROL_FIRST + CONTROL_PART + DATA_PART)
        assert [event.completes_job for event in events if isinstance(event, DataFileEnd)] == [True, True]

    @pytest.mark.parametrize("size", [0, 2**31 - 1, 2**32 - 1, 999_999_999_999, 2**64 - 1])
    def test_unknown_length_lasts_until_the_client_closes(self, size: int) -> None:
        """A data file announced with 0 or an impossible size ends where the client closes its side."""
        stream = b"\x02q\n" + CONTROL_PART + b"\x03%d dfA001mac7\nhello\0world" % size
        events = drive(stream)
        assert events[-3:] == [
            DataFileOffered("dfA001mac7", None),
            DataChunk(b"hello\0world"),
            DataFileEnd("dfA001mac7", 11, completes_job=True),
        ]

    @pytest.mark.parametrize(
        ("cut", "reason"),
        [
            (len(CONTROL_FIRST) - 1, AbortReason.TRUNCATED),
            (len(CONTROL_FIRST) - 5, AbortReason.TRUNCATED),
            (len(b"\x02pull\n" + CONTROL_PART), AbortReason.INCOMPLETE),
            (len(b"\x02pull\n" + CONTROL_PART) - 3, AbortReason.TRUNCATED),
        ],
    )
    def test_a_connection_that_ends_early_drops_the_job(self, cut: int, reason: AbortReason) -> None:
        """Half a job is dropped and never promised."""
        assert drive(CONTROL_FIRST[:cut])[-1] == JobAborted(reason)

    def test_the_client_takes_its_job_back(self) -> None:
        """Sub-command 01 drops what had come of the job (RFC 1179 section 6.1)."""
        assert drive(b"\x02q\n" + CONTROL_PART + b"\x01\n")[-1] == JobAborted(AbortReason.CLIENT)


class TestOtherCommands:
    """RFC 1179 sections 5.1 and 5.3 to 5.5."""

    def test_queue_state(self) -> None:
        """Short and long queue state name the queue and whom to list; the text answers and ends the connection."""
        receiver = LpdReceiver()
        assert receiver.receive_data(b"\x04pull anna 012\n") == [QueueStateRequested("pull", True, ("anna", "012"))]
        receiver.reply("no entries\n")
        assert receiver.data_to_send() == b"no entries\n"
        assert receiver.is_closed
        assert drive(b"\x03pull\n") == [QueueStateRequested("pull", False, ())]

    def test_remove_jobs_and_print_waiting(self) -> None:
        """Removal names its agent and the jobs; print waiting only the queue."""
        assert drive(b"\x05pull anna 012 013\n") == [RemoveJobs("pull", "anna", ("012", "013"))]
        assert drive(b"\x01pull\n") == [PrintWaiting("pull")]


class TestLimitsAndRubbish:
    """What a client that breaks the rules gets."""

    @pytest.mark.parametrize(
        "stream",
        [
            b"GET / HTTP/1.0\r\n",
            b"\n",
            b"\x02q\n\x09what\n",
            b"\x02q\n\x02x cfA\n",
            b"\x02q\n\x02-5 cfA\n",
            b"\x02q\n\x025\n",
            b"\x02q\n\x0299999999 cfA001h\n",
            b"\x02" + b"q" * 2000,
            b"\x02q\n\x031 dfA\nxy\0",
            b"\x02q\n\x02\xc2\xb2 cfA\n",
        ],
    )
    def test_a_breach_is_refused_and_ends_the_connection(self, stream: bytes) -> None:
        """A malformed or oversized line, size or file ends in ConnectionFailed, with a refusal for the client."""
        events = drive(stream, eof=False)
        assert isinstance(events[-1], ConnectionFailed)

    def test_number_and_size_of_data_files_are_bounded(self) -> None:
        """More data files, or larger ones, than the limits allow end the connection."""
        two = b"\x02q\n\x031 dfA\nx\0\x031 dfB\nx\0"
        assert isinstance(drive(two, limits=LpdLimits(data_files_max=1))[-1], ConnectionFailed)
        assert isinstance(drive(DATA_FIRST, limits=LpdLimits(data_file_bytes_max=10))[-1], ConnectionFailed)
        unknown = b"\x02q\n\x030 dfA\n" + b"x" * 11
        assert isinstance(drive(unknown, limits=LpdLimits(data_file_bytes_max=10))[-1], ConnectionFailed)

    def test_a_client_that_does_not_wait_is_bounded(self) -> None:
        """What a client sends ahead of a decision is kept up to a limit."""
        receiver = LpdReceiver(LpdLimits(pending_bytes_max=100))
        receiver.receive_data(b"\x02q\n")
        assert isinstance(receiver.receive_data(b"x" * 101)[-1], ConnectionFailed)

    def test_calls_out_of_turn_are_our_own_mistake(self) -> None:
        """accept(), refuse() and reply() without a question raise LpdUsageError."""
        for call in (LpdReceiver().accept, LpdReceiver().refuse, lambda: LpdReceiver().reply("")):
            with pytest.raises(LpdUsageError):
                call()


@pytest.mark.parametrize("stream", [CONTROL_FIRST, DATA_FIRST, CONTROL_FIRST + CONTROL_PART + DATA_PART])
@given(step=st.integers(1, 90))
def test_any_split_of_the_stream_gives_the_same_events(stream: bytes, step: int) -> None:
    """However TCP cuts the stream, the events are the same."""
    assert drive(stream, step=step) == drive(stream)


@given(
    st.lists(
        st.sampled_from([b"\x02q\n", CONTROL_PART, DATA_PART, b"\x01\n", b"\x030 d\n", b"\0"]) | st.binary(max_size=40)
    ),
    st.integers(1, 30),
)
def test_any_octets_only_ever_give_events(parts: list[bytes], step: int) -> None:
    """No stream raises, and its events do not depend on how it is cut."""
    stream = b"".join(parts)
    assert [repr(event) for event in drive(stream, step=step)] == [repr(event) for event in drive(stream)]


@pytest.mark.peer
@pytest.mark.parametrize("order", ["control,data", "data,control"])
def test_a_job_from_the_cups_backend_arrives_whole(tmp_path: Path, order: str) -> None:
    """The CUPS LPD backend delivers in either order, with owner and octets intact. SC-XPLAT-02, SC-XPLAT-01"""
    backend = Path("/usr/lib/cups/backend/lpd")
    if not backend.exists():
        pytest.skip("the CUPS LPD backend is not installed (Debian: cups-daemon)")
    document = bytes(range(256)) * 1000
    (tmp_path / "document").write_bytes(document)
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(20)
        uri = f"lpd://127.0.0.1:{server.getsockname()[1]}/pull?reserve=no&order={order}"
        with subprocess.Popen(
            [str(backend), "7", "anna", "letter", "1", "", str(tmp_path / "document")],
            env={"DEVICE_URI": uri},
            stderr=subprocess.DEVNULL,
        ) as client:
            connection, _ = server.accept()
            events = _serve(connection)
            assert client.wait(timeout=20) == 0
    controls = [event.control for event in events if isinstance(event, ControlFileReceived)]
    assert [(control.user, control.best_job_name) for control in controls] == [("anna", "letter")]
    assert b"".join(event.data for event in events if isinstance(event, DataChunk)) == document
    assert sum(1 for event in events if getattr(event, "completes_job", False)) == 1


def _serve(connection: socket.socket) -> list[LpdEvent]:
    receiver, events = LpdReceiver(), []
    with connection:
        connection.settimeout(20)
        while not any(getattr(event, "completes_job", False) for event in events):
            events += receiver.receive_data(connection.recv(65536))
            while receiver.awaiting_decision:
                events += receiver.accept()
            connection.sendall(receiver.data_to_send())
    return events
