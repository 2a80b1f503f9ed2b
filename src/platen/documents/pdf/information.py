"""What a PDF file says about itself: version, title, and the programs that it comes from."""

from __future__ import annotations

import contextlib
import html
import re

from platen.documents.draft import Draft
from platen.documents.pdf.reading import Objects, dictionary, text_in
from platen.documents.pdf.syntax import Dictionary, Irregular, Stream
from platen.documents.source import Data

_HEADER_BYTES = 1024  # ISO 32000-1 annex H: where readers look for the header
_HEADER = re.compile(rb"%PDF-(\d{1,2}\.\d{1,2})")
_VERSION = re.compile(r"/(\d{1,2}\.\d{1,2})")
_METADATA_BYTES_MAX = 1024 * 1024
_TEXT_CHARACTERS_MAX = 1024

# XMP (ISO 16684-1) is read for three values; a search does for that, and cannot be led astray as an XML parser can.
_XMP_TITLE = re.compile(rb"<dc:title\b[^>]{0,200}>\s*(?:<rdf:Alt\b[^>]{0,200}>\s*<rdf:li\b[^>]{0,200}>)?([^<]+)<")
_XMP_CREATOR = re.compile(rb"xmp:CreatorTool(?:>|=[\"'])([^<\"']+)")
_XMP_PRODUCER = re.compile(rb"pdf:Producer(?:>|=[\"'])([^<\"']+)")


def read_information(objects: Objects | None, data: Data, start: int, draft: Draft) -> None:
    """Version, title and programs; what a wrapper (PJL) said stays.

    Args: objects: None where their strings are encrypted.
    """
    header = _HEADER.search(data, start, start + _HEADER_BYTES)
    draft.format_version = header[1].decode() if header else None
    if objects is None:
        return
    with contextlib.suppress(Irregular):  # damage here, or in what follows, harms no page
        _read_version(objects, draft)
    _read_names(objects, draft)


def _read_version(objects: Objects, draft: Draft) -> None:
    """An update may raise the version that the header states (ISO 32000-1 section 7.2.2)."""
    version = objects.resolve(dictionary(objects, objects.trailer.get("/Root")).get("/Version"))
    raised = _VERSION.fullmatch(version) if isinstance(version, str) else None
    if raised and _numbers(raised[1]) > _numbers(draft.format_version or "0.0"):
        draft.format_version = raised[1]


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in version.split("."))


def _read_names(objects: Objects, draft: Draft) -> None:
    """Title and programs from the information dictionary, else from the metadata."""
    title = producer = creator = None
    try:
        information = dictionary(objects, objects.trailer.get("/Info"))
        title = _text(objects, information, "/Title")
        producer = _text(objects, information, "/Producer")
        creator = _text(objects, information, "/Creator")
    except Irregular:
        pass
    if not (title and producer and creator):
        metadata = _metadata(objects)
        title = title or _found(_XMP_TITLE, metadata)
        producer = producer or _found(_XMP_PRODUCER, metadata)
        creator = creator or _found(_XMP_CREATOR, metadata)
    draft.title = draft.title or title
    draft.driver = draft.driver or producer
    draft.application = draft.application or creator


def _text(objects: Objects, information: Dictionary, key: str) -> str | None:
    text = text_in(objects, information.get(key))
    return text[:_TEXT_CHARACTERS_MAX] if text else None


def _metadata(objects: Objects) -> bytes:
    try:
        stream = objects.resolve(dictionary(objects, objects.trailer.get("/Root")).get("/Metadata"))
        return objects.octets(stream, _METADATA_BYTES_MAX) if isinstance(stream, Stream) else b""
    except Irregular:
        return b""


def _found(pattern: re.Pattern[bytes], metadata: bytes) -> str | None:
    found = pattern.search(metadata)
    return html.unescape(found[1].decode("utf-8", "replace")).strip()[:_TEXT_CHARACTERS_MAX] or None if found else None
