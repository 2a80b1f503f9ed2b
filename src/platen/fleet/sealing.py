"""Secrets in the database: pass phrases and tokens, sealed with a key that only this node has (AES-256-GCM)."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from platen.fleet.errors import FleetError
from platen.keys import derive_key

_NONCE_BYTES = 12


def sealed(secret: Mapping[str, str], what: str) -> bytes:
    """A secret, to be opened again for the same `what` only: a row's secret is of no use in another row's place."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return nonce + _cipher().encrypt(nonce, json.dumps(dict(secret)).encode(), what.encode())


def opened(stored: bytes | memoryview | None, what: str) -> dict[str, str]:
    """What was sealed. Raises: FleetError where it was sealed by another node or for something else."""
    if not stored:
        return {}
    octets = bytes(stored)
    try:
        secret = _cipher().decrypt(octets[:_NONCE_BYTES], octets[_NONCE_BYTES:], what.encode())
    except (InvalidTag, ValueError) as error:
        raise FleetError("A stored secret cannot be opened with this node's key. Enter it anew.") from error
    return {str(name): str(value) for name, value in json.loads(secret).items()}


def _cipher() -> AESGCM:
    return AESGCM(derive_key(settings.PLATEN.data, "fleet"))
