"""Print-Job requests as octets, and documents that do not compress."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from platen.protocols.ipp import Group, GroupTag, Message, Operation, encode
from platen.protocols.ipp import attributes as a

SMALL_BYTES = 20_000


def small_requests(printer_uri: str, people: int) -> list[bytes]:
    """One whole request for each of `p0` to `p{n-1}`, all with the same document of SMALL_BYTES."""
    document = pdf(SMALL_BYTES)
    return [print_job(printer_uri, f"p{person}", document) for person in range(people)]


def print_job(printer_uri: str, user: str, document: bytes) -> bytes:
    """A Print-Job as an HTTP request."""
    return print_job_head(printer_uri, user, len(document)) + document


def print_job_head(printer_uri: str, user: str, document_bytes: int) -> bytes:
    """The request up to its document. The job is to be held, so that every server does the same with it."""
    operation = Group(
        GroupTag.OPERATION_ATTRIBUTES,
        (
            a.charset("attributes-charset", "utf-8"),
            a.language("attributes-natural-language", "en"),
            a.uri("printer-uri", printer_uri),
            a.name_("requesting-user-name", user),
            a.name_("job-name", f"Report of {user}"),
            a.mime_type("document-format", "application/pdf"),
        ),
    )
    job = Group(
        GroupTag.JOB_ATTRIBUTES,
        (
            a.integer("copies", 1),
            a.keyword("sides", "two-sided-long-edge"),
            a.keyword("job-hold-until", "indefinite"),
        ),
    )
    return ipp_request(printer_uri, Message((2, 0), Operation.PRINT_JOB, 1, (operation, job)), document_bytes)


def ipp_request(printer_uri: str, message: Message, document_bytes: int = 0) -> bytes:
    """HTTP head and IPP message; so many octets of document follow."""
    body, target = encode(message), urlsplit(printer_uri)
    head = f"POST {target.path} HTTP/1.1\r\nHost: {target.netloc}\r\nContent-Type: application/ipp\r\n"
    return f"{head}Content-Length: {len(body) + document_bytes}\r\n\r\n".encode() + body


def pdf(size_bytes: int) -> bytes:
    """A PDF file of one page and so many octets, most of them a picture of noise."""
    frame = pdf_frame(size_bytes)
    return frame.head + os.urandom(frame.picture_bytes) + frame.tail


@dataclass(frozen=True, slots=True)
class PdfFrame:
    """A PDF file but for its one picture, whose octets belong between head and tail."""

    head: bytes
    picture_bytes: int
    tail: bytes


def pdf_frame(size_bytes: int) -> PdfFrame:
    """What is around the picture in a file of so many octets. The smallest possible has some 700."""
    picture = size_bytes
    while True:
        frame = _frame(picture)
        too_many = len(frame.head) + picture + len(frame.tail) - size_bytes
        if too_many <= 0:
            # Shorter numbers may have saved more than was wanted; a file may end with empty lines.
            return replace(frame, tail=frame.tail + b"\n" * -too_many)
        picture -= too_many


def _frame(picture_bytes: int) -> PdfFrame:
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</XObject<</I 5 0 R>>>>/Contents 4 0 R>>",
        b"<</Length 33>>stream\nq 400 0 0 400 90 220 cm /I Do Q  \nendstream",
    ]
    head, places = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(head))
        head += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    places.append(len(head))
    head += (
        b"5 0 obj\n<</Type/XObject/Subtype/Image/Width %d/Height 1/BitsPerComponent 8/ColorSpace/DeviceGray/Length %d>>"
        b"stream\n" % (picture_bytes, picture_bytes)
    )
    end = b"\nendstream\nendobj\n"
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    tail = end + b"xref\n0 6\n0000000000 65535 f \n%btrailer\n<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (
        table,
        len(head) + picture_bytes + len(end),
    )
    return PdfFrame(head, picture_bytes, tail)
