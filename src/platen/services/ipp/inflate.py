"""Decompression of gzip (RFC 1952) and deflate (RFC 1950, RFC 1951) data that comes in pieces."""

from __future__ import annotations

import zlib

from platen.protocols.ipp import RequestRefused, Status

PIECE_BYTES_MAX = 256 * 1024
_GZIP, _ZLIB, _RAW = 31, 15, -15
_HEAD_BYTES = 2

CODINGS = frozenset({"gzip", "x-gzip", "deflate"})


class Inflater:
    """Feed it octets, take what they expand to, a piece at a time: what is not taken is not decompressed either."""

    def __init__(self, coding: str) -> None:
        self._is_gzip = coding in {"gzip", "x-gzip"}
        self._pending = b""
        self._engine = zlib.decompressobj(_GZIP) if self._is_gzip else None

    def feed(self, data: bytes) -> None:
        """The next octets."""
        self._pending += data

    def take(self) -> bytes:
        """At most PIECE_BYTES_MAX octets; empty when more must be fed. Raises: RequestRefused."""
        engine = self._engine or self._begin_deflate()
        if engine is None:
            return b""
        if engine.eof:
            self._pending = engine.unused_data + self._pending
            if not self._pending:
                return b""
            if not self._is_gzip:
                raise _broken("something follows its end")
            # A gzip file may have several members (RFC 1952 section 2.2).
            engine = self._engine = zlib.decompressobj(_GZIP)
        try:
            data = engine.decompress(self._pending, PIECE_BYTES_MAX)
        except zlib.error as error:
            raise _broken(str(error)) from None
        self._pending = engine.unconsumed_tail
        return data

    @property
    def is_whole(self) -> bool:
        """Whether the data may end here. An empty document need not even begin."""
        return (not self._pending) if self._engine is None else self._engine.eof

    def _begin_deflate(self) -> zlib._Decompress | None:
        """By HTTP "deflate" has zlib's header, by RFC 8011 it has none, and clients do either."""
        if len(self._pending) < _HEAD_BYTES:
            return None
        first, second = self._pending[:_HEAD_BYTES]
        has_header = first & 0x0F == 8 and (first << 8 | second) % 31 == 0
        self._engine = zlib.decompressobj(_ZLIB if has_header else _RAW)
        return self._engine


def _broken(why: str) -> RequestRefused:
    return RequestRefused(
        Status.CLIENT_ERROR_COMPRESSION_ERROR, f"the compressed data cannot be read ({why}); send it again"
    )
