"""Secrets as they are stored: keyed hashes to find them by, sealed octets for those who may see them again.

Both use keys of the node, one a purpose (platen.keys), and bind the tenant: the database alone tells nobody a card
number, and a value copied to another tenant or column does not open.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from platen.keys import derive_key
from platen.tenants.context import current_tenant_id

NONCE_BYTES = 12


class SealBroken(ValueError):
    """A sealed value does not open: made with another master key, or altered."""


def keyed_hash(purpose: str, value: str) -> str:
    """HMAC-SHA256 of a value for the current tenant, as 64 hexadecimal digits."""
    key = derive_key(settings.PLATEN.data, purpose)
    return hmac.new(key, b"%d\0%s" % (current_tenant_id(), value.encode()), hashlib.sha256).hexdigest()


def seal(purpose: str, value: str) -> bytes:
    """Encrypt a value for the current tenant (AES-256-GCM): nonce, then ciphertext with its tag."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + _cipher(purpose).encrypt(nonce, value.encode(), _bound_to(purpose))


def unseal(purpose: str, sealed: bytes | memoryview) -> str:
    """What `seal` was given. Raises: SealBroken."""
    octets = bytes(sealed)
    try:
        opened = _cipher(purpose).decrypt(octets[:NONCE_BYTES], octets[NONCE_BYTES:], _bound_to(purpose))
    except (InvalidTag, ValueError) as error:
        raise SealBroken(
            "A stored number cannot be decrypted: it was stored under another master key. "
            "Restore keys/master of this data directory from its backup, or register the number again."
        ) from error
    return opened.decode()


def _cipher(purpose: str) -> AESGCM:
    return AESGCM(derive_key(settings.PLATEN.data, f"seal/{purpose}"))


def _bound_to(purpose: str) -> bytes:
    return f"{current_tenant_id()}/{purpose}".encode()
