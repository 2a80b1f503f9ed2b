"""A document copied in pieces, with other octets in some places."""

from __future__ import annotations

from collections.abc import Generator
from typing import NamedTuple

from platen.documents.source import Data

PIECE_BYTES = 1024 * 1024


class Edit(NamedTuple):
    """Other octets in the place of those from `start` up to `stop`; an insertion where both are the same."""

    start: int
    stop: int
    octets: bytes


# What a rewriter finds to change, in ascending order; it returns the offset behind what it read.
Edits = Generator[Edit, None, int]

# The changed octets; returns the same offset.
Rewriting = Generator[bytes, None, int]


def spliced(data: Data, start: int, edits: Edits) -> Rewriting:
    """The document from `start` with the edits made, in pieces that fit the memory."""
    done = start
    while True:
        try:
            edit = next(edits)
        except StopIteration as end:
            stop: int = end.value
            break
        yield from copied(data, done, edit.start)
        yield edit.octets
        done = edit.stop
    yield from copied(data, done, stop)
    return stop


def copied(data: Data, start: int, stop: int) -> Generator[bytes, None, None]:
    """The octets from `start` up to `stop`, in pieces that fit the memory."""
    for at in range(start, stop, PIECE_BYTES):
        yield bytes(data[at : min(stop, at + PIECE_BYTES)])
