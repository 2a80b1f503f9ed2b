r"""An envelope: rows in order, compressed and signed. The same octets go by HTTPS, as a file or in a mail.

    {"platen":1,"collector":UUID,"stream":TEXT,"began_ms":N,"after":N,"first":N,"last":N,"rows":N,"lost":false,
     "at_ms":N,"every_s":N,"version":TEXT,"waiting":N,"went_back":false,"mac":HEX}\n
    deflated rows, one JSON list a line

`mac` is HMAC-SHA-256 with the collector's key over the header line without it and the compressed rows. HMAC and not a
signature with a key pair: both sides hold the enrolment key anyway, home signs its answers with it too, and nobody else
has to be convinced. `after` is the last row that the sender believes to be at home, so that home sees a gap.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from platen.protocols.collector.rows import SEQUENCE_MAX, Row, RowError, row_from_json

OCTETS_MAX = 1_048_576
"""Of an envelope."""
CONTENT_OCTETS_MAX = 16 * 1_048_576
ROWS_MAX = 1_000
_HEADER_MAX = 2_048
_FORMAT = 1
_PURPOSE = b"platen collector envelope 1\n"
_encode = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode


class EnvelopeError(ValueError):
    """This is no envelope, or a damaged one; the sentence says what is wrong."""


class Forged(EnvelopeError):
    """The signature is not of the key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What stands on an envelope.

    stream: names the collector's database, which numbers the rows; began_ms: when it was made. lost: rows between what
    home has and `first` are gone, and the sender knows it. every_s: how often the sender says something. waiting: at
    most so many rows follow this envelope's. went_back: the sender had an older copy of its database, and numbers its
    rows after those that home has from here on. A sender that is older says neither of both.
    """

    collector: str
    stream: str
    began_ms: int
    after: int
    first: int
    last: int
    rows: int
    lost: bool = False
    at_ms: int = 0
    every_s: int = 3600
    version: str = ""
    waiting: int = 0
    went_back: bool = False


def seal(header: Header, rows: Sequence[Row], key: bytes) -> bytes:
    """The envelope's octets."""
    body = zlib.compress("\n".join(_encode(row.to_json()) for row in rows).encode(), 9)
    named = {"platen": _FORMAT, **asdict(header)}
    mac = _mac(named, body, key)
    return _encode({**named, "mac": mac}).encode() + b"\n" + body


def read_header(octets: bytes) -> Header:
    """What stands on it, not believed yet. Raises: EnvelopeError."""
    return _header(_split(octets)[0])


def open_envelope(octets: bytes, key: bytes) -> tuple[Header, list[Row]]:
    """What is in it. Raises: Forged, EnvelopeError."""
    named, body = _split(octets)
    header = _header(named)
    mac = named.pop("mac", None)
    if not isinstance(mac, str) or not hmac.compare_digest(mac.encode(), _mac(named, body, key).encode()):
        raise Forged("The signature is not of this collector's key.")
    rows = list(_rows(body))
    _check_order(header, rows)
    return header, rows


def _split(octets: bytes) -> tuple[dict[str, Any], bytes]:
    if len(octets) > OCTETS_MAX:
        raise EnvelopeError(f"An envelope has at most {OCTETS_MAX} octets.")
    end = octets.find(b"\n", 0, _HEADER_MAX)
    if end < 0:
        raise EnvelopeError("This is no envelope of a collector: it has no header.")
    try:
        named = json.loads(octets[:end])
    except (ValueError, RecursionError) as error:
        raise EnvelopeError("This is no envelope of a collector: its header is not readable.") from error
    if not isinstance(named, dict) or named.get("platen") != _FORMAT:
        raise EnvelopeError("This is no envelope of a collector, or one of another version.")
    return named, octets[end + 1 :]


def _header(named: dict[str, Any]) -> Header:
    numbers = {name: named.get(name) for name in ("began_ms", "after", "first", "last", "rows", "at_ms", "every_s")}
    numbers["waiting"] = named.get("waiting", 0)
    texts = {name: named.get(name) for name in ("collector", "stream", "version")}
    right = all(type(each) is int and 0 <= each < SEQUENCE_MAX for each in numbers.values())
    right = right and all(isinstance(each, str) and len(each) <= 80 for each in texts.values())
    if not right or type(named.get("lost")) is not bool:
        raise EnvelopeError("The envelope's header has values that cannot be.")
    values: dict[str, Any] = {**numbers, **texts}
    return Header(**values, lost=named["lost"], went_back=named.get("went_back") is True)


def _mac(named: dict[str, Any], body: bytes, key: bytes) -> str:
    return hmac.new(key, _PURPOSE + _encode(named).encode() + b"\n" + body, hashlib.sha256).hexdigest()


def _rows(body: bytes) -> Iterator[Row]:
    inflate = zlib.decompressobj()
    try:
        content = inflate.decompress(body, CONTENT_OCTETS_MAX)
    except zlib.error as error:
        raise EnvelopeError("The envelope's content is damaged.") from error
    if not inflate.eof:
        raise EnvelopeError(f"The envelope's content is cut off, or more than {CONTENT_OCTETS_MAX} octets.")
    lines = content.split(b"\n") if content else []
    if len(lines) > ROWS_MAX:
        raise EnvelopeError(f"An envelope has at most {ROWS_MAX} rows.")
    try:
        for line in lines:
            yield row_from_json(json.loads(line))
    except (ValueError, RecursionError) as error:
        said = str(error) if isinstance(error, RowError) else "it is not readable"
        raise EnvelopeError(f"A row cannot be used: {said}.") from error


def _check_order(header: Header, rows: Sequence[Row]) -> None:
    before = header.after
    for row in rows:
        if row.sequence <= before:
            raise EnvelopeError("The rows are not in order.")
        before = row.sequence
    if len(rows) != header.rows or (rows and (rows[0].sequence, before) != (header.first, header.last)):
        raise EnvelopeError("The rows are not those that the header names.")
