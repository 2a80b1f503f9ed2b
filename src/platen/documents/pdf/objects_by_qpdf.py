"""The objects of a PDF file as qpdf gives them: decrypted, and repaired where the file is damaged."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, BinaryIO

import pikepdf

from platen.documents.pdf.objects import decoded, may_grow_beyond
from platen.documents.pdf.syntax import Dictionary, Irregular, Ref, Stream, TooLarge, Value
from platen.documents.source import Data

# qpdf and its binding report damage in all of these ways.
DAMAGE = (pikepdf.PdfError, ValueError, RuntimeError, TypeError, KeyError, OverflowError, AttributeError, IndexError)

Locked = pikepdf.PasswordError

# qpdf inflates whole streams; with this bound a bomb is an error before a worker's address space runs out.
_INFLATED_BYTES_MAX = 256 * 1024 * 1024
pikepdf.settings.set_qpdf_limits(flate_max_memory=_INFLATED_BYTES_MAX)

_NESTING_MAX = 50


def open_by_qpdf(data: Data, start: int, stop: int, password: str | None) -> pikepdf.Pdf:
    """Open the file between two offsets, with the given password or with none.

    Raises: pikepdf.PasswordError where neither fits; one of `DAMAGE`.
    """
    for word in _passwords(password):
        whole = isinstance(data, bytes) and start == 0 and stop == len(data)
        stream = io.BytesIO(data) if whole else io.BufferedReader(_Part(data, start, stop))
        try:
            return pikepdf.open(stream, password=word, suppress_warnings=True, access_mode=pikepdf.AccessMode.stream)
        except pikepdf.PasswordError:
            continue
    raise pikepdf.PasswordError


def save(pdf: pikepdf.Pdf, out: BinaryIO, **how: Any) -> None:
    """Write the file, without pikepdf's advice on fields of forms that nothing leads to. Raises: one of `DAMAGE`."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", pikepdf.PageCopyWarning)
        pdf.save(out, **how)


def _passwords(password: str | None) -> Iterable[str | bytes]:
    """Passwords as they may have been turned into octets: UTF-8 since AES-256, PDFDocEncoding before."""
    if password:
        yield password
        yield password.encode("latin-1", "ignore")
    yield ""


class _Part(io.RawIOBase):
    """A part of the data as the stream that qpdf reads, without a copy."""

    def __init__(self, data: Data, start: int, stop: int) -> None:
        self._data, self._start, self._stop = data, start, stop
        self._position = start

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: self._start, io.SEEK_CUR: self._position, io.SEEK_END: self._stop}[whence]
        self._position = max(self._start, base + offset)
        return self._position - self._start

    def tell(self) -> int:
        return self._position - self._start

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]  # typeshed: a private name
        piece = self._data[self._position : min(self._position + len(buffer), self._stop)]
        buffer[: len(piece)] = piece
        self._position += len(piece)
        return len(piece)


class ObjectsByQpdf:
    """Objects of an opened file. What qpdf cannot give is null."""

    def __init__(self, pdf: pikepdf.Pdf) -> None:
        self._pdf = pdf

    @property
    def trailer(self) -> Dictionary:
        try:
            value = _value(self._pdf.trailer, self._pdf.trailer.objgen, _NESTING_MAX)
        except DAMAGE:
            return {}
        return value if isinstance(value, dict) else {}

    def resolve(self, value: Value) -> Value:
        if not isinstance(value, Ref):
            return value
        try:
            return _value(self._pdf.get_object(value), value, _NESTING_MAX)
        except DAMAGE:
            return None

    def octets(self, stream: Stream, bytes_max: int) -> bytes:
        found = None
        try:
            found = self._pdf.get_object((stream.at, 0))
            octets = decoded(found, bytes_max) if isinstance(found, pikepdf.Stream) else b""
        except DAMAGE:  # or qpdf's own bound on what a stream inflates to
            too_large = isinstance(found, pikepdf.Stream) and may_grow_beyond(found, bytes_max)
            raise (TooLarge if too_large else Irregular) from None
        if octets is None:
            raise TooLarge
        return octets


def _value(found: object, within: tuple[int, int], depth: int) -> Value:
    """Turn into values what belongs to the object `within`; other objects become references."""
    if isinstance(found, Decimal):
        return float(found)
    if not isinstance(found, pikepdf.Object) or depth <= 0:
        return found if isinstance(found, bool | int | float) else None
    if found.is_indirect and found.objgen != within:
        return Ref(*found.objgen)
    return _composed(found, within, depth - 1)


def _composed(found: pikepdf.Object, within: tuple[int, int], depth: int) -> Value:
    value: Value = None
    if isinstance(found, pikepdf.Name):
        value = _latin(str(found))
    elif isinstance(found, pikepdf.String):
        value = bytes(found)
    elif isinstance(found, pikepdf.Array):
        value = [_value(item, within, depth) for item in found.as_list()]
    elif isinstance(found, pikepdf.Stream):
        value = Stream(_attributes(found.stream_dict, within, depth), within[0])
    elif isinstance(found, pikepdf.Dictionary):
        value = _attributes(found, within, depth)
    return value


def _attributes(found: pikepdf.Object, within: tuple[int, int], depth: int) -> Dictionary:
    return {_latin(key): _value(item, within, depth) for key, item in found.items()}


def _latin(key: str) -> str:
    """A name as this package has it: an octet is a character."""
    return key.encode("utf-8", "surrogateescape").decode("latin-1")
