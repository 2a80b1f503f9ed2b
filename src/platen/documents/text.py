"""Plain text: pages are estimated from lines, columns and form feeds, as a device or filter would lay it out."""

from __future__ import annotations

from platen.documents.draft import Draft
from platen.documents.facts import PagesBasis
from platen.documents.limits import AnalysisOptions
from platen.documents.source import Data

_CHUNK_BYTES = 1024 * 1024


def read(data: Data, start: int, draft: Draft, options: AnalysisOptions) -> int:
    """Read text at `start`. Returns: the end of the data."""
    stop = min(len(data), start + options.limits.text_bytes_max)
    draft.pages_known = True
    draft.weaken(PagesBasis.ESTIMATED)
    rest = b""
    for at in range(start, stop, _CHUNK_BYTES):
        *pages, rest = (rest + bytes(data[at : min(at + _CHUNK_BYTES, stop)])).split(b"\f")
        for page in pages:
            draft.add_like_pages(_pages_of(page, options), color=False)
    if rest.strip(b"\r\n\t \x04\x1a"):
        draft.add_like_pages(_pages_of(rest, options), color=False)
    if stop < len(data):
        draft.problem("The text is very long; only its beginning was counted.")
    return len(data)


def _pages_of(text: bytes, options: AnalysisOptions) -> int:
    lines = 0
    for line in text.decode("utf-8", "replace").splitlines():
        lines += max(1, -(-len(line.expandtabs(8)) // options.text_columns))
    return max(1, -(-lines // options.text_lines_per_page))
