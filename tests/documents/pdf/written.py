"""PDF files written octet by octet, so that a test can say what is wrong with them."""

from __future__ import annotations

A4 = b"/MediaBox[0 0 595 842]"
PAGE = b"<</Type/Page/Parent 2 0 R" + A4 + b">>"


def one_page(page: bytes = PAGE, *, tree: bytes = b"<</Type/Pages/Count 1/Kids[3 0 R]>>", **more: bytes) -> bytes:
    """A file with a catalog (1), a page tree (2) and a page (3); `more` objects by number, as `o4=`."""
    objects = {1: b"<</Type/Catalog/Pages 2 0 R>>", 2: tree, 3: page}
    return written({**objects, **{int(name[1:]): text for name, text in more.items()}})


def written(objects: dict[int, bytes], *, header: bytes = b"%PDF-1.4\n", trailer: bytes = b"/Root 1 0 R") -> bytes:
    """A file with a cross-reference table."""
    body, offsets = _body(objects, header)
    return body + _table(offsets, len(body), trailer)


def updated(document: bytes, objects: dict[int, bytes], trailer: bytes = b"/Root 1 0 R") -> bytes:
    """The document with an update appended that replaces or adds objects (ISO 32000-1 section 7.5.6)."""
    before = document[document.rindex(b"startxref") + 9 :].split()[0]
    body, offsets = _body(objects, document)
    return body + _table(offsets, len(body), trailer + b"/Prev " + before)


def _body(objects: dict[int, bytes], start: bytes) -> tuple[bytes, dict[int, int]]:
    body, offsets = bytearray(start), {}
    for number, text in objects.items():
        offsets[number] = len(body)
        body += b"%d 0 obj\n%b\nendobj\n" % (number, text)
    return bytes(body), offsets


def _table(offsets: dict[int, int], start: int, trailer: bytes) -> bytes:
    table = bytearray(b"xref\n0 1\n0000000000 65535 f \n")
    for number, offset in offsets.items():
        table += b"%d 1\n%010d 00000 n \n" % (number, offset)
    return bytes(table) + b"trailer\n<</Size %d%b>>\nstartxref\n%d\n%%%%EOF\n" % (max(offsets) + 1, trailer, start)
