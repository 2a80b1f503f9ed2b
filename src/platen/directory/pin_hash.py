"""PINs as argon2id hashes.

A PIN has so few values that a stolen database could be searched whatever the hash costs; so the PIN is first keyed with
a secret of the node, which is not in the database.
"""

from __future__ import annotations

import hashlib
import hmac
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from django.conf import settings

from platen.directory import argon2_cost
from platen.directory.models import User
from platen.keys import derive_key

_hasher = PasswordHasher(
    time_cost=argon2_cost.TIME_COST, memory_cost=argon2_cost.MEMORY_KIB, parallelism=argon2_cost.PARALLELISM
)


def pin_hash(user: User, pin: str) -> str:
    """The hash to store for this person's PIN."""
    return _hasher.hash(_keyed(user, pin))


def pin_matches(user: User, pin: str) -> bool:
    """Whether this is the person's PIN; as slow where the person has none."""
    try:
        return _hasher.verify(user.pin_hash or _never(), _keyed(user, pin)) and bool(user.pin_hash)
    except (VerifyMismatchError, InvalidHashError):
        return False


def _keyed(user: User, pin: str) -> bytes:
    key = derive_key(settings.PLATEN.data, "pins")
    return hmac.new(key, user.uuid.bytes + pin.encode(), hashlib.sha256).digest()


@cache
def _never() -> str:
    """A hash that nothing matches."""
    return _hasher.hash(hashlib.sha256(derive_key(settings.PLATEN.data, "no pin")).digest())
