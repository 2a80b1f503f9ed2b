"""Signed requests from a collector to its home, and signed answers: HMAC-SHA-256 with the collector's key.

    Authorization: Platen-Collector t=1764070000,v1=HEX     over method, path, time and body
    Platen-Signature: v1=HEX                                over the request's signature, status and body

An answer is bound to its request, so nobody on the way, a proxy that opens TLS included, can say "received" in home's
name or hand out a configuration.
"""

from __future__ import annotations

import hashlib
import hmac
import re

SCHEME = "Platen-Collector"
ANSWER_HEADER = "Platen-Signature"
AGE_MAX_S = 900
"""How far the clocks of both sides may be apart, and how long a request that somebody recorded could be of use."""
_PROOF = re.compile(r"t=(\d{1,12}),v1=([0-9a-f]{64})")


def signed_request(key: bytes, method: str, path: str, at_s: int, body: bytes) -> str:
    """The value of Authorization."""
    return f"{SCHEME} t={at_s},v1={_request_mac(key, method, path, at_s, body)}"


def request_mac(key: bytes, authorization: str, method: str, path: str, body: bytes) -> tuple[int, str] | None:
    """When a request was signed, and its signature; None where it is not of the key."""
    scheme, _, proof = authorization.partition(" ")
    match = _PROOF.fullmatch(proof.strip())
    if scheme != SCHEME or match is None:
        return None
    at_s = int(match[1])
    expected = _request_mac(key, method, path, at_s, body)
    return (at_s, expected) if hmac.compare_digest(expected, match[2]) else None


def is_fresh(at_s: int, now_s: float) -> bool:
    """Whether a request was signed a moment ago."""
    return abs(now_s - at_s) <= AGE_MAX_S


def signed_answer(key: bytes, authorization: str, status: int, body: bytes) -> str:
    """The value of the answer's signature."""
    said = f"platen collector answer 1\n{authorization}\n{status}\n".encode()
    return f"v1={hmac.new(key, said + body, hashlib.sha256).hexdigest()}"


def is_of_home(key: bytes, authorization: str, status: int, body: bytes, signature: str) -> bool:
    """Whether home gave this answer to this request."""
    return hmac.compare_digest(signed_answer(key, authorization, status, body).encode(), signature.encode())


def _request_mac(key: bytes, method: str, path: str, at_s: int, body: bytes) -> str:
    said = f"platen collector request 1\n{method}\n{path}\n{at_s}\n{hashlib.sha256(body).hexdigest()}"
    return hmac.new(key, said.encode(), hashlib.sha256).hexdigest()
