"""The one entry: a document in, the changed document out, looked into again before anybody relies on it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby
from typing import BinaryIO

from platen.documents.analysis import analyse
from platen.documents.detect import PCL5, PCL_XL, PDF, POSTSCRIPT, PWG_RASTER, URF
from platen.documents.facts import DocumentFacts, Sides
from platen.documents.job_facts import JobTicket, Stretch, impressions_of_a_copy, job_facts
from platen.documents.limits import AnalysisLimits
from platen.documents.media import TOLERANCE_MM, everyday_name, size_of_media
from platen.documents.pdf.extent import end_of
from platen.documents.rewrite import pcl5, pclxl, pdf, pjl_job, postscript, raster
from platen.documents.rewrite.changes import CannotRewrite, Changes
from platen.documents.rewrite.front import start_of_job
from platen.documents.rewrite.pieces import Rewriting, copied, spliced
from platen.documents.source import GZIP_MAGIC, Data, Source, data_of, unpack_gzip

_LIMITS = AnalysisLimits()


def rewrite(
    source: Source,
    changes: Changes,
    out: BinaryIO,
    *,
    declared: str | None = None,
    before: DocumentFacts | None = None,
) -> DocumentFacts:
    """Write the document with the changes to `out`.

    Args:
        out: an empty file open for reading and writing.
        before: the document's facts, where the caller has them already.
    Returns: the facts of what was written.
    Raises: CannotRewrite, with the reason; whatever `out` holds then is of no use. OSError as the files do.
    """
    data, whole = data_of(source, _LIMITS.read_bytes_max)
    if whole and data[:3] == GZIP_MAGIC:
        data, whole = unpack_gzip(data, _LIMITS.unpacked_bytes_max)
    if not whole:
        raise CannotRewrite("The document is damaged or too large, so it was not changed.")
    for piece in rewritten(data, changes, declared):
        out.write(piece)
    out.flush()
    out.seek(0)
    before = before or analyse(data, declared)
    after = analyse(out, declared)
    _check(before, after, changes)
    return after


def rewritten(data: Data, changes: Changes, declared: str | None = None) -> Iterator[bytes]:
    """The changed document in pieces, not looked into. Raises: CannotRewrite, perhaps after some pieces."""
    start, media_type = start_of_job(data, changes, declared)
    yield from copied(data, 0, start)
    yield from pjl_job.rewritten_job(data, start, media_type, changes, _language_rewriter(changes))


def _language_rewriter(changes: Changes) -> pjl_job.RewriteLanguage:
    def rewrite_language(data: Data, position: int, media_type: str, within_pjl: bool) -> Rewriting:
        return _language(data, position, media_type, _within_pjl(changes, media_type) if within_pjl else changes)

    return rewrite_language


def _within_pjl(changes: Changes, media_type: str) -> Changes:
    """What the wrapped language is to say: copies are whole sets in PJL, so each page comes once."""
    if changes.copies is None:
        return changes
    return replace(changes, copies=None if media_type == URF else 1)


def _language(data: Data, start: int, media_type: str, changes: Changes) -> Rewriting:
    if changes.page_ranges and media_type != PDF:
        raise CannotRewrite("Pages can only be picked from PDF documents.")
    if media_type == PCL5:
        return spliced(data, start, pcl5.edits(data, start, changes))
    if media_type == PCL_XL:
        return spliced(data, start, pclxl.edits(data, start, changes))
    if media_type == POSTSCRIPT:
        return spliced(data, start, postscript.edits(data, start, changes))
    if media_type in (PWG_RASTER, URF):
        return raster.rewritten(data, start, media_type, changes)
    if media_type == PDF:
        return _pdf(data, start, changes)
    raise CannotRewrite(f"Documents of the format {media_type} cannot be changed.")


def _pdf(data: Data, start: int, changes: Changes) -> Rewriting:
    stop = end_of(data, start)
    if changes.monochrome or changes.media is not None or changes.page_ranges:
        yield from pdf.rewritten(data, start, stop, changes)
    else:  # all that is asked for stands in PJL
        yield from copied(data, start, stop)
    return stop


def _check(before: DocumentFacts, after: DocumentFacts, changes: Changes) -> None:
    """The result is what was asked for, and nothing else. Raises: CannotRewrite."""
    if before.pages is None or after.pages is None:
        raise CannotRewrite("Its pages cannot be counted, so nobody could tell whether the change went well.")
    if after.format != before.format:
        raise CannotRewrite(f"The changed document would be taken for {after.format} and not for {before.format}.")
    expected = job_facts(before, JobTicket(page_ranges=changes.page_ranges)).pages if before.page_runs else before.pages
    if after.pages != before.pages and (not changes.page_ranges or after.pages != expected):
        raise CannotRewrite(f"The changed document would have {after.pages} pages, not {expected}.")
    pages = after.pages
    if _blank(after) > _blank(before, or_unknown=True):
        raise CannotRewrite("Pages of the changed document would be blank.")
    if changes.sides is not None and pages and set(_sides_of_documents(after)) != {changes.sides}:
        raise CannotRewrite("The document sets its sides in a way that cannot be changed.")
    if changes.sides is not None and changes.sides.is_two_sided and _has_lone_pages(after):
        raise CannotRewrite(
            "Each page of the document begins on a sheet of its own, as by a reset in front of it, "
            "so it cannot be printed on both sides."
        )
    if changes.copies is not None and any(
        after.copies * run.copies not in (0, changes.copies) for run in after.page_runs
    ):
        raise CannotRewrite("The document sets its copies in a way that cannot be changed.")
    if changes.monochrome and pages and after.has_color is not False:
        raise CannotRewrite("The document would still print in colour.")
    if changes.media is not None and any(run.media != changes.media for run in after.page_runs):
        raise CannotRewrite(f"The document would not be on {everyday_name(changes.media)} as a whole.")
    if changes.media is not None and after.format != PDF and _is_larger(before, changes.media):
        raise CannotRewrite(f"The pages are larger than {everyday_name(changes.media)}; part of them would be cut off.")


def _documents(facts: DocumentFacts) -> Iterator[list[Stretch]]:
    pages = impressions_of_a_copy(facts, JobTicket())
    for _, stretches in groupby(pages, key=lambda stretch: stretch.document):
        yield list(stretches)


def _sides_of_documents(facts: DocumentFacts) -> Iterator[Sides]:
    """Of each document in the file: of its first two-sided page where it has one, else one-sided."""
    for document in _documents(facts):
        sides = (stretch.sides for stretch in document)
        yield next((side for side in sides if side.is_two_sided), Sides.ONE_SIDED)


def _has_lone_pages(facts: DocumentFacts) -> bool:
    """Whether no page of a document but its last has a back that the next could be printed on."""
    for document in _documents(facts):
        pages = [stretch.sides for stretch in document for _ in range(min(stretch.count, 2))]
        if len(pages) > 1 and not any(sides.is_two_sided for sides in pages[:-1]):
            return True
    return False


def _is_larger(facts: DocumentFacts, media: str) -> bool:
    """Whether a page does not fit on the paper, turned or not. Only PDF pages are scaled to it."""
    paper = sorted(size_of_media(media) or (0.0, 0.0))
    sizes = [sorted((run.width_mm, run.height_mm)) for run in facts.page_runs if run.width_mm and run.height_mm]
    return any(own > there + TOLERANCE_MM for size in sizes for own, there in zip(size, paper, strict=True))


def _blank(facts: DocumentFacts, *, or_unknown: bool = False) -> int:
    """Pages known to be blank, or not known to hold anything."""
    return sum(run.pages for run in facts.page_runs if run.blank or (or_unknown and run.blank is None))
