"""Streams that hold a file's structure, unpacked: Flate with the predictors of PNG (ISO 32000-1 section 7.4.4)."""

from __future__ import annotations

import itertools
import zlib

from platen.documents.pdf.syntax import Dictionary, Irregular, TooLarge, Value

_ROW_BYTES_MAX = 65_536


def unpacked(raw: bytes, attributes: Dictionary, bytes_max: int) -> bytes:
    """The decoded octets of a stream without a filter or with Flate alone.

    Raises: TooLarge for more than `bytes_max`; Irregular for other filters and damage.
    """
    filters, parameters = _only(attributes.get("/Filter")), _only(attributes.get("/DecodeParms"))
    if filters is None or not raw:
        if len(raw) > bytes_max:
            raise TooLarge
        return raw
    if filters != "/FlateDecode":
        raise Irregular
    inflater = zlib.decompressobj()
    try:
        octets = inflater.decompress(raw, bytes_max)
    except zlib.error:
        raise Irregular from None
    if inflater.unconsumed_tail and not inflater.eof:
        raise TooLarge
    if not inflater.eof and not octets:
        raise Irregular
    return _without_predictor(octets, parameters) if isinstance(parameters, dict) else octets


def _only(value: Value) -> Value:
    """A value that may stand alone or as the only one of an array."""
    if isinstance(value, list):
        if len(value) > 1:
            raise Irregular
        return value[0] if value else None
    return value


def _without_predictor(octets: bytes, parameters: Dictionary) -> bytes:
    predictor = parameters.get("/Predictor", 1)
    if predictor == 1:
        return octets
    columns = parameters.get("/Columns", 1)
    is_plain = parameters.get("/Colors", 1) == 1 and parameters.get("/BitsPerComponent", 8) == 8
    if not isinstance(predictor, int) or predictor < 10 or not isinstance(columns, int) or not is_plain:
        raise Irregular
    if not 0 < columns < _ROW_BYTES_MAX:
        raise Irregular
    kinds = octets[:: columns + 1]
    whole = octets[: len(octets) // (columns + 1) * (columns + 1)]
    if kinds.strip(b"\2"):
        return _row_by_row(whole, columns)
    rows = bytearray(len(whole) // (columns + 1) * columns)
    for column in range(columns):  # each octet is the sum of those above it
        sums = itertools.accumulate(whole[column + 1 :: columns + 1])
        rows[column::columns] = bytes(map((255).__and__, sums))
    return bytes(rows)


def _row_by_row(octets: bytes, columns: int) -> bytes:
    """Undo rows of unlike kinds: none, sub and up; the others do not occur in tables of numbers."""
    rows = bytearray()
    above = bytes(columns)
    for start in range(0, len(octets), columns + 1):
        kind, row = octets[start], octets[start + 1 : start + 1 + columns]
        if kind == 1:
            row = bytes(map((255).__and__, itertools.accumulate(row)))
        elif kind == 2:
            row = bytes((a + b) & 255 for a, b in zip(row, above, strict=True))
        elif kind != 0:
            raise Irregular
        rows += row
        above = row
    return bytes(rows)
