"""HTTP as print clients speak it: lengths and chunks, 100-continue, keep-alive, compression, pages and pictures."""

from __future__ import annotations

import gzip
import http.client
import io
import random
import urllib.request
import zlib

import pytest
from PIL import Image

from platen.protocols.ipp import Operation, Status
from platen.protocols.ipp import attributes as a
from tests import node_setup
from tests.peers.running import PATIENCE_S
from tests.running_node import RunningNode
from tests.services.ipp import setup
from tests.services.ipp.client import (
    PDF,
    ask,
    chunk,
    connection,
    do,
    head,
    job_id_of,
    message,
    print_job,
    raw_deflate,
)

LARGE = PDF + random.Random(1).randbytes(3_000_000)


def document_of(node: RunningNode, job_id: int) -> bytes:
    return node.call(node_setup.document_of, job_id)


class TestBodies:
    """How the octets of a request come."""

    @pytest.mark.parametrize("document", [PDF, LARGE], ids=["small", "large"])
    def test_chunks_of_any_size(self, module_node: RunningNode, document: bytes) -> None:
        """A chunked body, cut anywhere, gives the document byte for byte."""
        body = message(Operation.PRINT_JOB) + document
        with connection(module_node) as opened:
            opened.send(head(None))
            at, size = 0, 1
            while at < len(body):
                opened.send(chunk(body[at : at + size]))
                at, size = at + size, min(size * 2, 100_000)
            opened.send(chunk(b""))
            job_id = job_id_of(opened.read_answer().ipp)
        assert document_of(module_node, job_id) == document

    @pytest.mark.parametrize("document", [PDF, LARGE], ids=["small", "large"])
    def test_with_a_length(self, module_node: RunningNode, document: bytes) -> None:
        """A body with Content-Length gives the document byte for byte."""
        assert document_of(module_node, job_id_of(print_job(module_node, document))) == document

    def test_expect_100_continue(self, module_node: RunningNode) -> None:
        """A client that waits to be asked for its body is asked, and then answered."""
        body = message(Operation.PRINT_JOB) + PDF
        with connection(module_node) as opened:
            opened.send(head(len(body), expect="100-continue"))
            assert opened.read_line() == b"HTTP/1.1 100 Continue"
            opened.send(body)
            assert opened.read_answer().ipp.is_success

    def test_keep_alive_and_pipelining(self, module_node: RunningNode) -> None:
        """Requests on one connection are answered in their order, also when they were sent all at once."""
        bodies = [message(Operation.PRINT_JOB, request_id=number) + PDF for number in range(1, 6)]
        with connection(module_node) as opened:
            opened.send(b"".join(head(len(body)) + body for body in bodies))
            answers = [opened.read_answer().ipp for _ in bodies]
        assert [answer.request_id for answer in answers] == [1, 2, 3, 4, 5]
        assert len({job_id_of(answer) for answer in answers}) == 5

    def test_a_refused_large_document_leaves_its_answer(self, module_node: RunningNode) -> None:
        """A client that is refused while it still sends gets to read why."""
        body = message(Operation.PRINT_JOB, queue="nowhere") + LARGE
        with connection(module_node) as opened:
            opened.send(head(len(body)) + body[:500_000])
            assert opened.read_answer().ipp_status == Status.CLIENT_ERROR_NOT_FOUND


class TestCompression:
    """gzip and deflate, of the document by IPP and of the whole body by HTTP."""

    @pytest.mark.parametrize("document", [PDF, LARGE], ids=["small", "large"])
    @pytest.mark.parametrize(
        ("name", "compress"), [("gzip", gzip.compress), ("deflate", zlib.compress), ("deflate", raw_deflate)]
    )
    def test_ipp_compression(self, module_node: RunningNode, name: str, compress: object, document: bytes) -> None:
        """A document sent with `compression` is kept as it was before; deflate comes with and without zlib's header."""
        packed = compress(document)  # type: ignore[operator]  # one of the functions above
        job_id = job_id_of(print_job(module_node, packed, a.keyword("compression", name)))
        assert document_of(module_node, job_id) == document

    def test_content_encoding_of_the_whole_body(self, module_node: RunningNode) -> None:
        """HTTP's Content-Encoding is undone before IPP is read."""
        body = gzip.compress(message(Operation.PRINT_JOB) + PDF)
        answer = ask(module_node, body, content_encoding="gzip").ipp
        assert document_of(module_node, job_id_of(answer)) == PDF

    def test_content_encoding_beside_compression(self, module_node: RunningNode) -> None:
        """A client that announces the document's compression in HTTP as well, but sends IPP plain, is understood."""
        body = message(Operation.PRINT_JOB, a.keyword("compression", "gzip")) + gzip.compress(PDF)
        answer = ask(module_node, body, content_encoding="gzip").ipp
        assert document_of(module_node, job_id_of(answer)) == PDF

    @pytest.mark.parametrize(
        "packed",
        [gzip.compress(LARGE, mtime=0)[:-9], b"\x1f\x8b" + bytes(50), gzip.compress(PDF, mtime=0) + b"?"],
        ids=["cut off", "empty", "trailing garbage"],
    )
    def test_broken_data(self, module_node: RunningNode, packed: bytes) -> None:
        """Compressed data that ends too early or is none is client-error-compression-error, and nothing is kept."""
        before = len(module_node.call(node_setup.jobs_of, None))
        answer = print_job(module_node, packed, a.keyword("compression", "gzip"))
        assert answer.status == Status.CLIENT_ERROR_COMPRESSION_ERROR
        assert len(module_node.call(node_setup.jobs_of, None)) == before
        assert setup.unfinished(module_node) == []

    def test_unknown_compression(self, module_node: RunningNode) -> None:
        """Another compression is refused by IPP, another Content-Encoding by HTTP."""
        answer = print_job(module_node, PDF, a.keyword("compression", "compress"))
        assert answer.status == Status.CLIENT_ERROR_COMPRESSION_NOT_SUPPORTED
        assert ask(module_node, message(Operation.PRINT_JOB), content_encoding="br").status == 415


class TestVersions:
    """RFC 8011 section 4.1.8."""

    @pytest.mark.parametrize("version", [(1, 0), (1, 1), (2, 0), (2, 1)])
    def test_answered_in_the_clients_version(self, module_node: RunningNode, version: tuple[int, int]) -> None:
        """IPP/1.0, 1.1 and 2.x clients get answers of their own version."""
        assert do(module_node, Operation.GET_PRINTER_ATTRIBUTES, version=version).version == version

    def test_unknown_version(self, module_node: RunningNode) -> None:
        """IPP/9.0 is server-error-version-not-supported."""
        answer = do(module_node, Operation.GET_PRINTER_ATTRIBUTES, version=(9, 0))
        assert answer.status == Status.SERVER_ERROR_VERSION_NOT_SUPPORTED


class TestPages:
    """What browsers get."""

    def test_icons_are_pictures_of_their_size(self, module_node: RunningNode) -> None:
        """Each of printer-icons is a PNG; they are 48, 128 and 512 pixels a side."""
        printer = do(module_node, Operation.GET_PRINTER_ATTRIBUTES).printer
        sizes = []
        for uri in printer.texts("printer-icons"):
            with urllib.request.urlopen(
                uri.replace("127.0.0.1", f"127.0.0.1:{module_node.http}"), timeout=PATIENCE_S
            ) as icon:
                assert icon.headers["content-type"] == "image/png"
                sizes.append(Image.open(io.BytesIO(icon.read())).size)
        assert sizes == [(48, 48), (128, 128), (512, 512)]

    def test_a_head_alone(self, module_node: RunningNode) -> None:
        """HEAD brings the head at once, and the connection serves on."""
        asking = http.client.HTTPConnection("127.0.0.1", module_node.http, timeout=PATIENCE_S)
        try:
            for method, has_body in (("HEAD", False), ("GET", True)):
                asking.request(method, "/ipp/print")
                answer = asking.getresponse()
                assert (answer.status, bool(answer.read())) == (200, has_body)
        finally:
            asking.close()

    def test_a_queues_page(self, module_node: RunningNode) -> None:
        """A queue's address shows a person how to add it."""
        with urllib.request.urlopen(module_node.url("/ipp/print"), timeout=PATIENCE_S) as page:
            assert f"ipp://127.0.0.1:{module_node.http}/ipp/print" in page.read().decode()

    @pytest.mark.parametrize(
        ("method", "content_type", "status"),
        [("PUT", "application/ipp", 405), ("POST", "text/plain", 415), ("GET", "", 404)],
    )
    def test_what_is_no_ipp(self, module_node: RunningNode, method: str, content_type: str, status: int) -> None:
        """Other methods, other types and unknown pages get HTTP's own answers."""
        with connection(module_node) as opened:
            opened.send(
                f"{method} /ipp/print/nowhere HTTP/1.1\r\nhost: x\r\ncontent-type: {content_type}\r\n"
                "content-length: 0\r\n\r\n".encode()
            )
            assert opened.read_answer().status == status
