"""The encryption of one stored document: whole or refused, never changed."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from platen.printing.spool.cipher import (
    CHUNK_BYTES,
    SEALED_CHUNK_BYTES,
    TAG_BYTES,
    ChunkOpener,
    ChunkSealer,
    DocumentDamaged,
    new_key,
    sealed_length,
    unwrap_key,
    wrap_key,
)

# Around every border: nothing, one octet, a chunk less one, a chunk, a chunk and one, and the same for two and three.
SIZES = st.one_of(
    st.sampled_from([n * CHUNK_BYTES + d for n in range(4) for d in (-1, 0, 1) if n * CHUNK_BYTES + d >= 0]),
    st.integers(0, 3 * CHUNK_BYTES),
)
KEY = bytes(range(32))


def document(size: int) -> bytes:
    """Octets that differ from place to place, so that a chunk in another's place shows."""
    return (b"%010d" * (size // 10 + 1) % tuple(range(size // 10 + 1)))[:size]


def chunks_of(sealed: bytes) -> list[bytes]:
    return [sealed[start : start + SEALED_CHUNK_BYTES] for start in range(0, len(sealed), SEALED_CHUNK_BYTES)]


def opened(chunks: list[bytes], key: bytes = KEY) -> bytes:
    opener = ChunkOpener(key)
    return b"".join(opener.open(chunk, last=number == len(chunks) - 1) for number, chunk in enumerate(chunks))


@settings(max_examples=40, deadline=None)
@given(size=SIZES, cuts=st.lists(st.integers(0, 3 * CHUNK_BYTES), max_size=4))
def test_any_document_comes_back_however_it_arrived(size: int, cuts: list[int]) -> None:
    """What is sealed in any pieces is opened to the same octets, and is as long as announced."""
    plain = document(size)
    sealer, sealed = ChunkSealer(KEY), b""
    borders = sorted({0, size, *(cut for cut in cuts if cut < size)})
    for start, end in pairwise(borders):
        sealed += b"".join(sealer.update(plain[start:end]))
    sealed += sealer.finish()
    assert len(sealed) == sealed_length(size)
    assert opened(chunks_of(sealed)) == plain


@settings(max_examples=30, deadline=None)
@given(size=SIZES, data=st.data())
def test_one_changed_bit_is_noticed(size: int, data: st.DataObject) -> None:
    """A document with any bit of it changed is refused."""
    sealed = bytearray(ChunkSealer(KEY).seal_whole(document(size)))
    sealed[data.draw(st.integers(0, len(sealed) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(DocumentDamaged):
        opened(chunks_of(bytes(sealed)))


@settings(max_examples=30, deadline=None)
@given(size=SIZES.filter(bool), data=st.data())
def test_a_cut_document_is_noticed(size: int, data: st.DataObject) -> None:
    """A document that lost any number of octets at its end is refused, also between two chunks."""
    sealed = ChunkSealer(KEY).seal_whole(document(size))
    lost = data.draw(st.one_of(st.integers(1, len(sealed) - TAG_BYTES), st.just(len(chunks_of(sealed)[-1]))))
    left = chunks_of(sealed[: len(sealed) - lost])
    if not left:
        return
    with pytest.raises(DocumentDamaged):
        opened(left)


def test_chunks_in_another_order_are_noticed() -> None:
    """Two chunks of one document cannot change places, nor one stand twice."""
    first, second, third = chunks_of(ChunkSealer(KEY).seal_whole(document(2 * CHUNK_BYTES + 10)))
    for order in ([second, first, third], [first, first, third], [first, third], [third], [first, second]):
        with pytest.raises(DocumentDamaged):
            opened(order)


def test_a_chunk_of_another_document_is_noticed() -> None:
    """A chunk sealed with another document's key does not fit."""
    ours = chunks_of(ChunkSealer(KEY).seal_whole(document(CHUNK_BYTES + 10)))
    theirs = chunks_of(ChunkSealer(new_key()).seal_whole(document(CHUNK_BYTES + 10)))
    with pytest.raises(DocumentDamaged):
        opened([theirs[0], ours[1]])


def test_a_wrapped_key_fits_its_node_and_document_only() -> None:
    """A document's key opens only with the node's key and the document's name that it was wrapped for."""
    key, node = new_key(), new_key()
    wrapped = wrap_key(node, key, b"document")
    assert unwrap_key(node, wrapped, b"document") == key
    assert key not in wrapped
    for other_node, name in ((new_key(), b"document"), (node, b"another")):
        with pytest.raises(DocumentDamaged):
            unwrap_key(other_node, wrapped, name)
    with pytest.raises(DocumentDamaged):
        unwrap_key(node, wrapped[:-1], b"document")
