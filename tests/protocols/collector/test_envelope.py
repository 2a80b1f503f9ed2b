"""Envelopes and signed requests: what was sealed is opened, and nothing else is."""

from __future__ import annotations

import json
import zlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platen.protocols.collector.envelope import (
    CONTENT_OCTETS_MAX,
    OCTETS_MAX,
    EnvelopeError,
    Forged,
    Header,
    open_envelope,
    read_header,
    seal,
)
from platen.protocols.collector.requests import is_fresh, is_of_home, request_mac, signed_answer, signed_request
from platen.protocols.collector.rows import Kind, Row, RowError, row_from_json

KEY = b"key"
content = st.dictionaries(st.text(max_size=8), st.integers() | st.text(max_size=20) | st.none(), max_size=4)
rows_of = st.lists(st.tuples(st.sampled_from(Kind), st.integers(0, 2**52), st.text(max_size=20), content), max_size=8)


def header(count: int, **values: Any) -> Header:
    """For so many rows, numbered from 1."""
    given: dict[str, Any] = {"collector": "c", "stream": "s", "began_ms": 5, "after": 0} | values
    return Header(**{"first": min(count, 1), "last": count, "rows": count} | given)


@given(rows_of)
def test_what_was_sealed_is_opened(values: list[tuple[Kind, int, str, dict[str, Any]]]) -> None:
    """Header and rows come back as they were."""
    rows = [Row(number, *value) for number, value in enumerate(values, 1)]
    made = header(len(rows))
    assert open_envelope(seal(made, rows, KEY), KEY) == (made, rows)
    assert read_header(seal(made, rows, KEY)) == made


@given(st.data())
def test_any_change_is_seen(data: st.DataObject) -> None:
    """An octet that is not what it was: forged or damaged, never something else."""
    octets = bytearray(seal(header(1), [Row(1, Kind.OFF, 7, "", {"from": 1, "to": 2})], KEY))
    octets[data.draw(st.integers(0, len(octets) - 1))] ^= data.draw(st.integers(1, 255))
    with pytest.raises(EnvelopeError):
        open_envelope(bytes(octets), KEY)


@given(st.binary(max_size=300))
def test_octets_that_are_no_envelope(octets: bytes) -> None:
    """They are refused with a sentence."""
    with pytest.raises(EnvelopeError):
        open_envelope(octets, KEY)


def test_a_sender_that_is_older() -> None:
    """An envelope that does not say how much waits is taken, as one behind which nothing does."""
    import hashlib
    import hmac

    first, _, body = seal(header(0, waiting=7), [], KEY).partition(b"\n")
    named = {name: value for name, value in json.loads(first).items() if name not in {"mac", "waiting"}}
    text = json.dumps(named, separators=(",", ":")).encode()
    mac = hmac.new(KEY, b"platen collector envelope 1\n" + text + b"\n" + body, hashlib.sha256).hexdigest()
    octets = json.dumps({**named, "mac": mac}, separators=(",", ":")).encode() + b"\n" + body
    assert open_envelope(octets, KEY)[0] == header(0)
    assert read_header(seal(header(0, waiting=7), [], KEY)).waiting == 7


def test_another_key() -> None:
    """Is of no use."""
    with pytest.raises(Forged):
        open_envelope(seal(header(0), [], b"other"), KEY)


def test_bombs() -> None:
    """An envelope that unfolds to more than an envelope holds is not unfolded; one that is too big is not looked at."""
    import hashlib
    import hmac

    named = json.loads(seal(header(1), [], KEY).split(b"\n")[0])
    del named["mac"]
    body = zlib.compress(b" " * (CONTENT_OCTETS_MAX + 1))
    text = json.dumps(named, separators=(",", ":")).encode()
    mac = hmac.new(KEY, b"platen collector envelope 1\n" + text + b"\n" + body, hashlib.sha256).hexdigest()
    octets = json.dumps({**named, "mac": mac}, separators=(",", ":")).encode() + b"\n" + body
    with pytest.raises(EnvelopeError, match="cut off, or more than"):
        open_envelope(octets, KEY)
    with pytest.raises(EnvelopeError, match="at most"):
        open_envelope(b"x" * (OCTETS_MAX + 1), KEY)


@pytest.mark.parametrize("numbers", [[2, 1], [1, 1], [3]])
def test_rows_out_of_order(numbers: list[int]) -> None:
    """Rows come in their order, and are those that the header names."""
    rows = [Row(number, Kind.OFF, 1) for number in numbers]
    with pytest.raises(EnvelopeError):
        open_envelope(seal(header(len(rows)), rows, KEY), KEY)


@pytest.mark.parametrize(
    "stored",
    [
        None,
        [],
        [1, "reading", 1, "m"],
        [0, "reading", 1, "m", {}],
        [True, "reading", 1, "m", {}],
        [1, "gossip", 1, "m", {}],
        [1, "reading", -1, "m", {}],
        [1, "reading", 1, "m" * 65, {}],
        [1, "reading", 1, "m", []],
        [1, "reading", 2**60, "m", {}],
    ],
)
def test_rows_that_are_none(stored: object) -> None:
    """They are refused with a sentence."""
    with pytest.raises(RowError):
        row_from_json(stored)


def test_requests_are_signed_for_what_they_ask() -> None:
    """Method, path, time and body: a signature for one is none for another."""
    authorization = signed_request(KEY, "POST", "/a", 1000, b"body")
    assert request_mac(KEY, authorization, "POST", "/a", b"body") is not None
    for key, method, path, body in (
        (b"other", "POST", "/a", b"body"),
        (KEY, "GET", "/a", b"body"),
        (KEY, "POST", "/b", b"body"),
        (KEY, "POST", "/a", b"Body"),
    ):
        assert request_mac(key, authorization, method, path, body) is None
    assert request_mac(KEY, authorization.replace("t=1000", "t=2000"), "POST", "/a", b"body") is None
    assert request_mac(KEY, "Bearer x", "POST", "/a", b"body") is None
    assert (is_fresh(1000, 1900), is_fresh(1000, 1901), is_fresh(1000, 99)) == (True, False, False)


def test_answers_are_of_home_and_of_this_request() -> None:
    """Status, body and the request that was asked are signed together."""
    signature = signed_answer(KEY, "auth", 200, b"yes")
    assert is_of_home(KEY, "auth", 200, b"yes", signature)
    for key, asked, status, body in (
        (b"x", "auth", 200, b"yes"),
        (KEY, "auth2", 200, b"yes"),
        (KEY, "auth", 409, b"yes"),
        (KEY, "auth", 200, b"no"),
    ):
        assert not is_of_home(key, asked, status, body, signature)
