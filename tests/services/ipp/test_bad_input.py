"""What bad input gets: a clear answer, nothing kept, and a server that goes on."""

from __future__ import annotations

import gzip
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from platen.protocols.ipp import DecodeError, Operation, Status, decode_response
from platen.protocols.ipp import attributes as a
from tests import node_setup
from tests.peers.running import wait_until
from tests.running_node import RunningNode, running_node
from tests.services.ipp import setup
from tests.services.ipp.client import (
    PDF,
    Connection,
    ask,
    boolean,
    chunk,
    connection,
    do,
    head,
    job_id_of,
    message,
    print_job,
)

DOCUMENT_BYTES_MAX = 1_000_000
TIMEOUT_S = 0.7
REQUEST = (
    message(
        Operation.PRINT_JOB,
        a.name_("job-name", "Letter"),
        a.mime_type("document-format", "application/pdf"),
        job=(a.integer("copies", 2), a.keyword("sides", "two-sided-long-edge")),
    )
    + PDF
)
ATTRIBUTES = len(REQUEST) - len(PDF)


@pytest.fixture(scope="module")
def strict_node() -> Iterator[RunningNode]:
    """A node with little patience, and that takes small documents only."""
    with (
        tempfile.TemporaryDirectory(prefix="platen-ipp-") as folder,
        running_node(
            Path(folder),
            intake_body_timeout_s=str(TIMEOUT_S),
            document_bytes_max=str(DOCUMENT_BYTES_MAX),
            analysis_workers="0",
        ) as node,
    ):
        node.call(node_setup.add_person, "anna")
        node.call(setup.add_tenant, "umbrella", "print.umbrella.test")
        setup.wait_for_queue(node, "private", host="print.umbrella.test")
        yield node


def jobs(node: RunningNode) -> int:
    return len(node.call(node_setup.jobs_of, "anna")) + len(node.call(node_setup.jobs_of))


def pour(opened: Connection, data: bytes, *, times: int) -> bool:
    """Send data again and again. Returns: whether the other side would have no more of it."""
    try:
        for _ in range(times):
            opened.send(data)
    except OSError:
        return True
    return False


class TestMalformed:
    """Octets that are no request, or not quite."""

    @settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(at=st.integers(0, ATTRIBUTES - 1), value=st.integers(1, 255))
    def test_any_flipped_octet_gets_an_ipp_answer(self, strict_node: RunningNode, at: int, value: int) -> None:
        """Whatever octet of a request's attributes is changed, the answer is IPP, in time, and never an internal
        error."""
        changed = bytearray(REQUEST)
        changed[at] ^= value
        answer = ask(strict_node, bytes(changed))
        assert answer.status == 200
        try:
            told = decode_response(answer.body)
        except DecodeError as error:  # pragma: no cover  # what the test is there to find
            raise AssertionError(f"octet {at} ^ {value}: {error}") from error
        assert told.status != Status.SERVER_ERROR_INTERNAL_ERROR

    @pytest.mark.parametrize("length", [0, 1, 7, 8, 9, 40, ATTRIBUTES - 1])
    def test_attributes_that_end_too_early(self, strict_node: RunningNode, length: int) -> None:
        """A body that ends inside the attributes is client-error-bad-request."""
        assert ask(strict_node, REQUEST[:length]).ipp_status == Status.CLIENT_ERROR_BAD_REQUEST

    def test_attributes_without_end(self, strict_node: RunningNode) -> None:
        """Attributes beyond the limit are refused while they come, not when they have filled the memory."""
        with connection(strict_node) as opened:
            opened.send(head(None) + chunk(message(Operation.PRINT_JOB)[:-1]))
            refused = pour(opened, chunk(b"\x44\0\x04colr\0\x04none" + b"\x44\0\0\0\x04more" * 6000), times=2_000)
        assert refused
        assert print_job(strict_node).is_success

    def test_a_job_without_a_document(self, strict_node: RunningNode) -> None:
        """Print-Job with attributes and nothing behind them is client-error-bad-request: nothing could be printed."""
        before = jobs(strict_node)
        assert ask(strict_node, message(Operation.PRINT_JOB)).ipp_status == Status.CLIENT_ERROR_BAD_REQUEST
        assert jobs(strict_node) == before

    def test_a_refusal_reaches_a_client_that_sends_on(self, strict_node: RunningNode) -> None:
        """A client that sends all of a large document before it listens still hears why it is refused."""
        body = message(Operation.PRINT_JOB, a.mime_type("document-format", "video/mp4"))
        with connection(strict_node) as opened:
            opened.send(head(len(body) + 20_000_000) + body)
            assert not pour(opened, bytes(100_000), times=200)
            assert opened.read_answer().ipp_status == Status.CLIENT_ERROR_DOCUMENT_FORMAT_NOT_SUPPORTED

    def test_unknown_operation(self, strict_node: RunningNode) -> None:
        """An operation that we do not have is server-error-operation-not-supported."""
        assert ask(strict_node, message(0x3FFF)).ipp_status == Status.SERVER_ERROR_OPERATION_NOT_SUPPORTED
        assert ask(strict_node, message(Operation.PURGE_JOBS)).ipp_status == (
            Status.SERVER_ERROR_OPERATION_NOT_SUPPORTED
        )

    def test_unsupported_format(self, strict_node: RunningNode) -> None:
        """A format that no printer here takes is client-error-document-format-not-supported, with nothing kept."""
        before = jobs(strict_node)
        answer = print_job(strict_node, PDF, a.mime_type("document-format", "application/x-worm"))
        assert answer.status == Status.CLIENT_ERROR_DOCUMENT_FORMAT_NOT_SUPPORTED
        assert jobs(strict_node) == before


class TestWhere:
    """Queues and tenants that are not there."""

    def test_unknown_queue(self, strict_node: RunningNode) -> None:
        """An unknown queue, or a path that is none, is client-error-not-found."""
        assert print_job(strict_node, queue="nowhere").status == Status.CLIENT_ERROR_NOT_FOUND
        assert print_job(strict_node, queue="a/b").status == Status.CLIENT_ERROR_NOT_FOUND

    def test_another_tenants_queue(self, strict_node: RunningNode) -> None:
        """A queue answers under its own organisation's host name only, and the default one is not found there."""
        asking = message(Operation.GET_PRINTER_ATTRIBUTES, queue="private")
        assert ask(strict_node, asking).ipp_status == Status.CLIENT_ERROR_NOT_FOUND
        default = message(Operation.PRINT_JOB, queue="pull") + PDF
        assert ask(strict_node, default, host="print.umbrella.test").ipp_status == Status.CLIENT_ERROR_NOT_FOUND

    def test_another_tenants_job(self, strict_node: RunningNode) -> None:
        """A job-id of another organisation is not found."""
        job_id = job_id_of(print_job(strict_node))
        asking = message(Operation.GET_JOB_ATTRIBUTES, a.integer("job-id", job_id), queue="private")
        assert ask(strict_node, asking, host="print.umbrella.test").ipp_status == Status.CLIENT_ERROR_NOT_FOUND

    def test_hostile_host_names(self, strict_node: RunningNode) -> None:
        """What a Host header says is never copied into answers where it could mean something."""
        answer = ask(strict_node, message(Operation.GET_PRINTER_ATTRIBUTES), host='"><script>.example').ipp
        assert "script" not in "".join(answer.printer.texts("printer-uri-supported"))


class TestTooMuch:
    """Documents over the limit."""

    @pytest.mark.parametrize("chunked", [False, True])
    def test_over_the_limit(self, strict_node: RunningNode, chunked: bool) -> None:
        """A document over the limit is client-error-request-entity-too-large, announced or not, and nothing is kept."""
        before = jobs(strict_node)
        body = message(Operation.PRINT_JOB) + bytes(DOCUMENT_BYTES_MAX + 400_000)
        with connection(strict_node) as opened:
            opened.send(head(None) + chunk(body) + chunk(b"") if chunked else head(len(body)) + body)
            assert opened.read_answer().ipp_status == Status.CLIENT_ERROR_REQUEST_ENTITY_TOO_LARGE
        assert jobs(strict_node) == before
        assert setup.unfinished(strict_node) == []

    def test_one_that_is_announced_and_waits_to_be_asked_for(self, strict_node: RunningNode) -> None:
        """A client that asks before it sends is told at once that its document is too large, not to go on."""
        with connection(strict_node) as opened:
            opened.send(head(10**11, expect="100-continue"))
            assert opened.read_answer().status == 413

    def test_a_bomb(self, strict_node: RunningNode) -> None:
        """Data that expands beyond the limit is refused as soon as it does."""
        bomb = gzip.compress(bytes(300_000_000), 9)
        assert len(bomb) < DOCUMENT_BYTES_MAX
        answer = print_job(strict_node, bomb, a.keyword("compression", "gzip"))
        assert answer.status == Status.CLIENT_ERROR_REQUEST_ENTITY_TOO_LARGE
        assert setup.unfinished(strict_node) == []

    def test_a_full_disk_is_told_before_the_document_comes(self, tmp_path: Path) -> None:
        """With less room than the reserve, Print-Job is server-error-temporary-error and nothing is stored; a client
        need not send its document to hear it."""
        with running_node(tmp_path, spool_free_bytes_min=str(2**60)) as node:
            node.call(node_setup.add_person, "anna")
            assert print_job(node).status == Status.SERVER_ERROR_TEMPORARY_ERROR
            with connection(node) as opened:
                opened.send(head(50_000_000) + message(Operation.PRINT_JOB) + PDF)
                assert opened.read_answer().ipp_status == Status.SERVER_ERROR_TEMPORARY_ERROR
            assert jobs(node) == 0
            assert setup.unfinished(node) == []
            with pytest.raises(urllib.error.HTTPError, match="503"):
                urllib.request.urlopen(node.url("/readyz"), timeout=60)


class TestSlowOrGone:
    """Clients that stop in the middle."""

    @pytest.mark.parametrize("size", [0, 10, 400_000], ids=["nothing", "some", "much"])
    def test_a_client_that_hangs_up(self, strict_node: RunningNode, size: int) -> None:
        """Nothing is kept of a document whose client went away."""
        before, abandoned = jobs(strict_node), strict_node.metric("platen_ipp_jobs_total")
        with connection(strict_node) as opened:
            opened.send(head(ATTRIBUTES + 500_000) + message(Operation.PRINT_JOB) + bytes(size))
        wait_until(lambda: strict_node.metric("platen_ipp_jobs_total") == abandoned + 1, "the job to be given up")
        assert jobs(strict_node) == before
        assert setup.unfinished(strict_node) == []

    @pytest.mark.parametrize("at", [3, 30, ATTRIBUTES + 10])
    def test_a_client_that_stops(self, strict_node: RunningNode, at: int) -> None:
        """A client that sends no more is told so by HTTP and cut off."""
        before = jobs(strict_node)
        with connection(strict_node) as opened:
            opened.send(head(len(REQUEST)) + REQUEST[:at])
            answer = opened.read_answer()
            assert (answer.status, answer.headers["connection"]) == (408, "close")
            assert opened.is_closed
        assert jobs(strict_node) == before

    def test_a_client_that_trickles(self, strict_node: RunningNode) -> None:
        """An octet now and then does not keep a request alive."""
        with connection(strict_node) as opened:
            opened.send(head(len(REQUEST)))
            opened.socket.settimeout(TIMEOUT_S / 5)
            began = time.monotonic()
            for octet in REQUEST:
                opened.send(bytes([octet]))
                try:
                    answer = opened.read_answer()
                except TimeoutError:
                    assert time.monotonic() - began < 30, "it was let go on"
                    continue
                break
            assert answer.status == 408

    def test_a_job_that_waits_for_its_document_takes_it_after_a_failed_try(self, strict_node: RunningNode) -> None:
        """A Send-Document that broke off can be repeated."""
        job_id = job_id_of(do(strict_node, Operation.CREATE_JOB))
        sending = message(Operation.SEND_DOCUMENT, a.integer("job-id", job_id), boolean("last-document", True))
        with connection(strict_node) as opened:
            opened.send(head(len(sending) + 500_000) + sending + bytes(400_000))
        assert ask(strict_node, sending + PDF).ipp.is_success
        assert strict_node.call(node_setup.document_of, job_id) == PDF
