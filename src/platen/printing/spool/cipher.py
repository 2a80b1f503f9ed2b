"""Encryption of a document in chunks, so that it can be written and read as a stream.

AES-256-GCM over chunks of CHUNK_BYTES in the STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizár 2015): the nonce
is the chunk's number and a flag for the last one. Chunks can then not be changed, reordered, dropped or cut off
unnoticed. A key seals one document only, so counting nonces never repeats one.

    plaintext   | 262144 octets | 262144 octets | rest |
    ciphertext  | 262144 + 16   | 262144 + 16   | rest + 16 |
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from platen.random_octets import RandomOctets

CHUNK_BYTES = 256 * 1024
TAG_BYTES = 16
SEALED_CHUNK_BYTES = CHUNK_BYTES + TAG_BYTES
KEY_BYTES = 32
_NONCE_BYTES = 12
_random = RandomOctets(KEY_BYTES + _NONCE_BYTES)


class DocumentDamaged(ValueError):
    """A stored document is not what was stored: changed, cut off, or of another key."""


def new_key() -> bytes:
    """A fresh 32-octet document key."""
    return secrets.token_bytes(KEY_BYTES)


def new_wrapped_keys(node_key: bytes, documents: Sequence[bytes]) -> list[tuple[bytes, bytes]]:
    """For each document, by its name, a fresh key, and the same as wrap_key gives it."""
    wrapping = AESGCM(node_key)
    keys = []
    for document in documents:
        own = _random.draw()
        key, nonce = own[:KEY_BYTES], own[KEY_BYTES:]
        keys.append((key, nonce + wrapping.encrypt(nonce, key, document)))
    return keys


def wrap_key(node_key: bytes, key: bytes, document: bytes) -> bytes:
    """The document's key, encrypted by the node's and bound to the document's name; 60 octets."""
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + AESGCM(node_key).encrypt(nonce, key, document)


def unwrap_key(node_key: bytes, wrapped: bytes, document: bytes) -> bytes:
    """Reverse of wrap_key. Raises: DocumentDamaged."""
    try:
        return AESGCM(node_key).decrypt(wrapped[:_NONCE_BYTES], wrapped[_NONCE_BYTES:], document)
    except InvalidTag as error:
        raise DocumentDamaged("The key of a stored document does not belong to this node or this document.") from error


def _nonce(number: int, last: bool) -> bytes:
    return number.to_bytes(_NONCE_BYTES - 1, "big") + (b"\1" if last else b"\0")


def sealed_length(plain_bytes: int) -> int:
    """Octets of ciphertext for a document of so many octets."""
    chunks = max(1, -(-plain_bytes // CHUNK_BYTES))
    return plain_bytes + chunks * TAG_BYTES


class ChunkSealer:
    """Seals one document: full chunks as they come, the rest at the end."""

    def __init__(self, key: bytes) -> None:
        self._gcm = AESGCM(key)
        self._pending = bytearray()
        self._number = 0

    def update(self, data: bytes) -> list[bytes]:
        """Take plaintext; give the sealed chunks that became complete. The last chunk always waits for finish()."""
        self._pending += data
        sealed = []
        while len(self._pending) > CHUNK_BYTES:
            sealed.append(self._seal(bytes(memoryview(self._pending)[:CHUNK_BYTES]), last=False))
            del self._pending[:CHUNK_BYTES]
        return sealed

    def finish(self) -> bytes:
        """The last chunk; an empty document has one empty chunk."""
        return self._seal(bytes(self._pending), last=True)

    def seal_whole(self, data: bytes) -> bytes:
        """A whole document at once."""
        if len(data) <= CHUNK_BYTES:
            return self._seal(data, last=True)
        return b"".join([*self.update(data), self.finish()])

    def _seal(self, chunk: bytes, *, last: bool) -> bytes:
        sealed = self._gcm.encrypt(_nonce(self._number, last), chunk, None)
        self._number += 1
        return sealed


class ChunkOpener:
    """Opens the chunks of one document, in order."""

    def __init__(self, key: bytes) -> None:
        self._gcm = AESGCM(key)
        self._number = 0

    def open(self, chunk: bytes, *, last: bool) -> bytes:
        """The plaintext of the next chunk. Raises: DocumentDamaged."""
        try:
            plain = self._gcm.decrypt(_nonce(self._number, last), chunk, None)
        except InvalidTag as error:
            raise DocumentDamaged(f"Chunk {self._number} of a stored document is damaged or missing.") from error
        self._number += 1
        return plain
