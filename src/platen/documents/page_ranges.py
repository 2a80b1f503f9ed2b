"""Page ranges as people write them: 1-3,7,12-."""

from __future__ import annotations

import re

_RANGE = re.compile(r"\s*(\d{1,9})\s*(?:(-)\s*(\d{1,9})?\s*)?")

LAST_PAGE = 2**31 - 1  # the largest number of IPP's rangeOfInteger (RFC 8010 section 3.5.2)


def parse_page_ranges(text: str) -> tuple[tuple[int, int], ...]:
    """Ranges from 1, both ends included, ascending and merged, as `page-ranges` wants them (RFC 8011 section 5.2.7).

    An end that is left out is the last page. Raises: ValueError, with a sentence.
    """
    ranges: list[tuple[int, int]] = []
    for part in text.split(","):
        match = _RANGE.fullmatch(part)
        if match is None:
            raise ValueError(f"“{part.strip()}” is no range of pages; write for example 1-3,7,12-.")
        first = int(match[1])
        last = int(match[3]) if match[3] else LAST_PAGE if match[2] else first
        if not 0 < first <= last:
            raise ValueError(f"“{part.strip()}” is no range of pages: pages count from 1, and a range goes upwards.")
        ranges.append((first, last))
    return _merged(sorted(ranges))


def _merged(ranges: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    merged: list[tuple[int, int]] = []
    for first, last in ranges:
        if merged and first <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(merged[-1][1], last))
        else:
            merged.append((first, last))
    return tuple(merged)
