"""Small bounded reads of PDF objects: inherited page attributes, decoded streams."""

from __future__ import annotations

import math
import zlib

import pikepdf

_TREE_DEPTH_MAX = 64  # a damaged page tree may turn in circles

# Filters other than a plain Flate can only be undone whole; from this little input no bomb grows far.
_OTHER_FILTER_BYTES_MAX = 1024 * 1024
# How much a filter's output may be larger than its input.
_GROWTH = {"/FlateDecode": 1032, "/LZWDecode": 2730, "/RunLengthDecode": 64, "/ASCII85Decode": 4}
_FILTERS_MAX = 20


def inherited(page: pikepdf.Page, key: str) -> pikepdf.Object | None:
    """A page attribute, looked up through the page's ancestors (ISO 32000-1 section 7.7.3.4)."""
    node: pikepdf.Object | None = page.obj
    for _ in range(_TREE_DEPTH_MAX):
        if not isinstance(node, pikepdf.Dictionary):
            return None
        if (value := node.get(key)) is not None:
            return value
        node = node.get("/Parent")
    return None


def filters_of(stream: pikepdf.Stream) -> tuple[str, ...]:
    """Names of the stream's filters in the order in which they are undone."""
    named = stream.get("/Filter")
    if isinstance(named, pikepdf.Array):
        return tuple(str(name) for name in named.as_list())
    return () if named is None else (str(named),)


def is_plain_flate(stream: pikepdf.Stream) -> bool:
    return filters_of(stream) == ("/FlateDecode",) and stream.get("/DecodeParms") is None


def may_grow_beyond(stream: pikepdf.Stream, bytes_max: int) -> bool:
    """Whether undoing the stream's filters may give more than `bytes_max`."""
    growth = math.prod(_GROWTH.get(name, 1) for name in filters_of(stream)[:_FILTERS_MAX])
    return int(stream.stream_dict.get("/Length", 0)) * growth > bytes_max


def decoded(stream: pikepdf.Stream, bytes_max: int) -> bytes | None:
    """The stream's decoded octets, or None where they would be more than `bytes_max` or cannot be had safely.

    Raises: pikepdf.PdfError where the data are damaged beyond use.
    """
    raw = stream.read_raw_bytes()
    filters = filters_of(stream)
    if not filters:
        return raw if len(raw) <= bytes_max else None
    if is_plain_flate(stream):
        inflater = zlib.decompressobj()
        try:
            octets = inflater.decompress(raw, bytes_max + 1)
        except zlib.error:
            return stream.read_bytes() if len(raw) <= _OTHER_FILTER_BYTES_MAX else None
        return octets if len(octets) <= bytes_max else None
    if len(raw) > min(bytes_max, _OTHER_FILTER_BYTES_MAX):
        return None
    octets = stream.read_bytes()
    return octets if len(octets) <= bytes_max else None
