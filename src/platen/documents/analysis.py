"""The one entry: what a document holds, whatever it is and however damaged it is."""

from __future__ import annotations

import importlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, cast

from platen.documents import detect as formats
from platen.documents.detect import candidates, contradiction
from platen.documents.draft import Draft, DraftState
from platen.documents.driver_headers import behind_headers, job_within
from platen.documents.facts import DocumentFacts, PagesBasis
from platen.documents.limits import AnalysisOptions, OutOfTime
from platen.documents.page_coverage import why_not_known
from platen.documents.source import GZIP_MAGIC, Data, Source, data_of, unpack_gzip

_DEFAULTS = AnalysisOptions()

# The module that reads a format, in a function `read`. Imported when the first such document comes: a process that
# sees nothing but raster never loads a PDF library.
READERS: dict[str, str] = {
    formats.PDF: "pdf.document",
    formats.PCLM: "pdf.document",
    formats.POSTSCRIPT: "postscript.document",
    formats.PCL5: "pcl.pcl5",
    formats.PCL_XL: "pcl.pclxl",
    formats.PCL3GUI: "pcl.pcl3gui",
    formats.ZJSTREAM: "hostbased.zjstream",
    formats.QPDL: "hostbased.qpdl",
    formats.LIDIL: "hostbased.lidil",
    formats.XQX: "hostbased.xqx",
    formats.LABEL_WRITER: "labels.dymo",
    formats.P_TOUCH: "labels.ptouch",
    formats.CANON_BJ: "hostbased.canon_bj",
    formats.PWG_RASTER: "raster.pwg",
    formats.CUPS_RASTER: "raster.cups",
    formats.URF: "raster.urf",
    formats.JPEG: "pictures.jpeg",
    formats.PNG: "pictures.single",
    formats.GIF: "pictures.single",
    formats.TIFF: "pictures.tiff",
    formats.TEXT: "text",
    formats.HPGL: "hpgl.document",
    formats.ZPL: "labels.zpl",
    formats.EPL: "labels.epl",
    formats.TSPL: "labels.tspl",
    formats.CPCL: "labels.cpcl",
    formats.ESC_P: "escp.document",
    formats.ESC_PAGE: "escp.escpage",
    formats.ESC_POS: "escpos",
    formats.XPS: "xps.document",
    formats.MS_XPS: "xps.document",
}
_EXIT = re.compile(rb"[\s\0\x04]{0,4096}" + re.escape(formats.UEL))
# Jobs that begin so end with a reset, an end of file or an exit, if they are whole.
_BEGIN = re.compile(rb"[\s\0\x04]{0,4096}(?:\x1b[E@]|%!PS-Adobe|\x1b\x01@EJL)")
_END = re.compile(rb"(?:%b|\x1b[E@]|%%%%EOF|\x04|(?:\x1b\x01@EJL[ \r\n]*){2})[\s\0]*\Z" % re.escape(formats.UEL))
_END_BYTES = 4096
# Programs that are run: where they stop with an error, or paint in white alone, that is all that comes out.
_RUN = frozenset({formats.POSTSCRIPT, formats.HPGL})
# A defect of a reader, not of the document. Tests that feed damaged documents look for it.
DEFECT = "The document could not be looked at to its end: the analysis met something that it does not foresee."


class Read(Protocol):
    """Reads the document that begins at `start` and tells `draft` what it holds. Bad content never raises.

    Returns: the offset behind the document, where something else may follow (PJL).
    """

    def __call__(self, data: Data, start: int, draft: Draft, options: AnalysisOptions) -> int: ...


def analyse(source: Source, declared: str | None = None, options: AnalysisOptions = _DEFAULTS) -> DocumentFacts:
    """Say what a print file holds.

    Args:
        source: the document; a file with a descriptor is mapped, not read.
        declared: the media type that the client named (IPP document-format), a hint for ambiguous content.
    Returns: facts; whatever could not be found out is None, and `problems` says why. Bad content never raises.
    Raises: OSError where the source itself cannot be read.
    """
    draft, data = Draft(options.limits), cast(Data, b"")
    try:
        data, whole = data_of(source, options.limits.read_bytes_max)
        if not whole:
            draft.problem("The document is too large to be looked at whole.")
        if data[:3] == GZIP_MAGIC:
            data, whole = unpack_gzip(data, options.limits.unpacked_bytes_max)
            if not whole:
                draft.problem("The compressed document is damaged or too large; only its beginning was looked at.")
        reading = _Reading(draft, options)
        start, found = _beginning(data, declared)
        stop = reading.read_likeliest(data, start, _to_try(found, declared))
        if _EXIT.match(data, stop):  # a language that a job leaves for PJL and others
            draft.end_part()
            reading.read(data, stop, formats.PJL)
    except MemoryError:
        draft.problem("The document needs more memory than an analysis may use; its pages are not all known.")
    except RecursionError:
        draft.problem("The document is nested too deeply to be looked at whole.")
    except OutOfTime:
        if draft.all_pages_counted:
            draft.problem("Looking at the pages took too long and was stopped; the colour of some is not known.")
        else:
            draft.pages_known = draft.pages > 0
            draft.weaken(PagesBasis.ESTIMATED)
            draft.problem("Looking into the document took too long and was stopped; it may hold more pages.")
    except Exception:  # noqa: BLE001  # whatever a reader did not foresee costs the rest of these facts, not the caller
        draft.weaken(PagesBasis.ESTIMATED)
        draft.problem(DEFECT)
    draft.end_part()
    if not draft.pages:
        _say_nothing_comes_out(data, draft)
    if declared and contradiction(declared, draft.format):
        draft.declared_format = declared
        draft.problem(f"The client called it {declared}, but it is {draft.format}.")
    return _with_reasons(draft, options)


def _beginning(data: Data, declared: str | None) -> tuple[int, tuple[str, ...]]:
    """Where the document begins behind what a driver has put in front of it, and what it may be."""
    start = behind_headers(data, 0)
    found = candidates(data, start, declared)
    if found == (formats.UNKNOWN,) and (job_at := job_within(data, start)) is not None:
        return job_at, (formats.PJL,)
    return start, found


def _with_reasons(draft: Draft, options: AnalysisOptions) -> DocumentFacts:
    for reason in why_not_known(draft.finish(), color=options.color, coverage=options.coverage):
        draft.problem(reason)
    return draft.finish()


def _say_nothing_comes_out(data: Data, draft: Draft) -> None:
    """Only a document that is whole can be empty; where it may be cut off, or something was said, nobody knows."""
    may_be_cut = _BEGIN.match(data) and not _END.search(bytes(data[-_END_BYTES:]))
    if not draft.is_silent:
        draft.pages_known = draft.pages_known and draft.format in _RUN and not may_be_cut
    elif may_be_cut:
        draft.pages_known = False
        draft.problem("Nothing in the document comes out as a page, and it may be cut off: its pages are not known.")
    else:
        draft.problem("Nothing in the document comes out as a page.")


@dataclass(frozen=True, slots=True)
class _Reading:
    """One analysis: gives each stretch of the document to the reader of its format."""

    draft: Draft
    options: AnalysisOptions

    def read_likeliest(self, data: Data, start: int, media_types: Sequence[str]) -> int:
        """Read from `start` in the first of the formats, or where that finds no page, in the next.
        Returns: where the reader stopped.
        """
        if len(media_types) == 1:
            return self.read(data, start, media_types[0])
        draft, before, pages = self.draft, self.draft.state(), self.draft.pages
        first: tuple[int, DraftState] | None = None
        for media_type in media_types:
            stop = self.read(data, start, media_type)
            if draft.pages > pages or draft.encrypted:
                return stop
            first = first or (stop, draft.state())
            draft.restore(before)
        stop, state = first or (start, before)
        draft.restore(state)
        return stop

    def read(self, data: Data, start: int, media_type: str) -> int:
        """Read from `start` in the given format. Returns: where the reader stopped."""
        draft = self.draft
        if len(data) == 0:
            draft.problem("The document is empty.")
            return 0
        if media_type == formats.PJL:
            from platen.documents import pjl

            if draft.format == formats.UNKNOWN:
                draft.format = formats.PJL
            return pjl.read(data, start, draft, self.read_likeliest)
        first, pages = draft.format, draft.pages
        draft.format = media_type
        try:
            return self._read(data, start, media_type)
        finally:  # several documents in one file have the format of the first that holds pages
            draft.format = first if pages else draft.format

    def _read(self, data: Data, start: int, media_type: str) -> int:
        draft = self.draft
        if module := READERS.get(media_type):
            read = cast(Read, importlib.import_module(f"platen.documents.{module}").read)
            return read(data, start, draft, self.options)
        if media_type == formats.UNKNOWN:
            draft.problem(formats.not_read(data, start))
        else:
            draft.problem(f"Documents of the format {media_type} are not read here; its pages are not known.")
        return len(data)


def _to_try(found: tuple[str, ...], declared: str | None) -> list[str]:
    """What to read a document as, one after the other: where the content leaves it open, also as what it was called."""
    leaves_open = len(found) > 1 or found == (formats.UNKNOWN,)
    called = formats.named(declared) if declared and leaves_open else formats.UNKNOWN
    # Any octets whatever give pages of text.
    also = (called,) if called in READERS and called != formats.TEXT else ()
    return list(dict.fromkeys((*found, *also)))
