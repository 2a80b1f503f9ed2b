"""Requests that the load generator sends."""

from __future__ import annotations

import io

import pikepdf
import pytest
from bench.print_jobs import pdf, pdf_frame, print_job

from platen.protocols.ipp import MessageDecoder, Operation


@pytest.mark.parametrize("size_bytes", [1_000, 20_000, 99_999, 100_000, 1_000_100])
def test_document_has_the_size_asked_for(size_bytes: int) -> None:
    """A document for the load has exactly the octets that its request announces, and is a PDF file of one page."""
    document = pdf(size_bytes)
    assert len(document) == size_bytes
    with pikepdf.open(io.BytesIO(document)) as opened:
        assert len(opened.pages) == 1


@pytest.mark.parametrize("size_bytes", [100_000_000, 200_000_000])
def test_large_document_is_described_without_being_made(size_bytes: int) -> None:
    """What is around the picture of a large document leaves exactly the picture's octets to send."""
    frame = pdf_frame(size_bytes)
    assert len(frame.head) + frame.picture_bytes + len(frame.tail) == size_bytes


def test_request_is_print_job_followed_by_the_document() -> None:
    """A request of the load is HTTP with its length, a Print-Job to the queue's path, and the document."""
    request = print_job("ipp://127.0.0.1:8631/ipp/print", "p7", b"%PDF")
    head, _, body = request.partition(b"\r\n\r\n")
    assert head.startswith(b"POST /ipp/print HTTP/1.1\r\nHost: 127.0.0.1:8631\r\n")
    assert f"Content-Length: {len(body)}".encode() in head
    decoder = MessageDecoder()
    message = decoder.feed(body)
    assert message is not None
    assert message.code == Operation.PRINT_JOB
    assert decoder.remainder == b"%PDF"
