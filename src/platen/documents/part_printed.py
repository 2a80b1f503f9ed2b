"""What came out of a job that a device cut short: its first impressions, walked in the order they are printed.

Copies are collated sets, as in `job_facts`: after seven impressions of three copies of five pages, one whole copy lies
in the tray and the first two impressions of the next. A sheet with one printed side has left its tray, so it counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import groupby

from platen.documents.facts import DocumentFacts
from platen.documents.job_facts import JobFacts, JobTicket, MediaTally, Stretch, impressions_of_a_copy, job_facts, tally


def part_printed(facts: DocumentFacts, ticket: JobTicket, impressions: int) -> JobFacts:
    """The job's first `impressions` (>= 0, over all copies) on paper; the whole job where that is all of them.

    `pages`, `copies` and `sides` remain those of the whole job.
    """
    whole = job_facts(facts, ticket)
    if impressions >= whole.impressions:
        return whole
    copy = impressions_of_a_copy(facts, ticket)
    full_copies, rest = divmod(max(0, impressions), whole.impressions // whole.copies)
    media = _merged((*tally(copy if full_copies else [], copies=full_copies), *_first_of_copy(copy, rest)))
    return JobFacts(pages=whole.pages, copies=whole.copies, sides=whole.sides, media=media)


def _first_of_copy(copy: Iterable[Stretch], count: int) -> Iterator[MediaTally]:
    """The first `count` impressions of a copy: documents and pages with copies of their own come out block by block."""
    for _, stretches in groupby(copy, key=lambda stretch: stretch.block):
        block = list(stretches)
        copies, once = block[0].copies, [replace(stretch, copies=1) for stretch in block]
        whole, rest = divmod(count, sum(stretch.count for stretch in block))
        if whole >= copies:
            whole, rest = copies, 0
        first = list(_first(once, rest))
        yield from tally(once if whole else [], copies=whole)
        yield from tally(first, copies=1)
        count -= whole * sum(stretch.count for stretch in block) + rest


def _first(stretches: Iterable[Stretch], count: int) -> Iterator[Stretch]:
    """The first `count` impressions."""
    for stretch in stretches:
        taken = min(stretch.count, count)
        if taken <= 0:
            return
        yield replace(stretch, count=taken)
        count -= taken


def _merged(tallies: Iterable[MediaTally]) -> tuple[MediaTally, ...]:
    """One tally a media, in order of first use."""
    merged: dict[str | None, MediaTally] = {}
    for each in tallies:
        before = merged.get(each.media)
        merged[each.media] = each if before is None else _sum(before, each)
    return tuple(merged.values())


def _sum(one: MediaTally, other: MediaTally) -> MediaTally:
    return MediaTally(
        media=one.media,
        impressions=one.impressions + other.impressions,
        color_impressions=one.color_impressions + other.color_impressions,
        color_unknown_impressions=one.color_unknown_impressions + other.color_unknown_impressions,
        sheets=one.sheets + other.sheets,
    )
