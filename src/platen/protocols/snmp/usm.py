"""The User-based Security Model: users, keys, signatures and encryption.

RFC 3414 (MD5, SHA, DES), RFC 3826 (AES-128), RFC 7860 (SHA-2). AES-192 and AES-256 were never standardised and are in
use with two ways of making a long key from a short hash: draft-blumenthal-aes-usm-04 (section 3.1.2.1) and, with
Cisco and others, draft-reeder-snmpv3-usm-3desede-00 (section 2.1), which is also where 3DES-EDE comes from.
"""

from __future__ import annotations

import enum
import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

from platen.protocols.snmp.errors import SnmpError

try:
    from cryptography.hazmat.decrepit.ciphers.modes import CFB
except ImportError:  # before cryptography 47
    from cryptography.hazmat.primitives.ciphers.modes import CFB  # type: ignore[no-redef,unused-ignore]

ENGINE_ID_OCTETS = range(5, 33)
"""RFC 3411 section 5, SnmpEngineID."""
PASSWORD_OCTETS_MIN = 8
"""RFC 3414 section 11.2."""
_HASHED_OCTETS = 1_048_576
_SALT_OCTETS = 8


class AuthProtocol(enum.Enum):
    """How messages are signed: the hash, and to how many octets its HMAC is cut."""

    MD5 = ("md5", 12)
    SHA = ("sha1", 12)
    SHA_224 = ("sha224", 16)
    SHA_256 = ("sha256", 24)
    SHA_384 = ("sha384", 32)
    SHA_512 = ("sha512", 48)

    def __init__(self, hash_name: str, signature_octets: int) -> None:
        self.hash_name = hash_name
        self.signature_octets = signature_octets


class PrivProtocol(enum.Enum):
    """How messages are encrypted: the octets of key that it takes, and how a hash that is shorter is extended."""

    DES = ("des", 16, "")
    TRIPLE_DES = ("3des", 32, "reeder")
    AES_128 = ("aes", 16, "")
    AES_192 = ("aes", 24, "blumenthal")
    AES_256 = ("aes", 32, "blumenthal")
    AES_192_CISCO = ("aes", 24, "reeder")
    AES_256_CISCO = ("aes", 32, "reeder")

    def __init__(self, cipher: str, key_octets: int, extension: str) -> None:
        self.cipher = cipher
        self.key_octets = key_octets
        self.extension = extension


@dataclass(frozen=True, slots=True)
class UsmUser:
    """Who asks with SNMPv3. Without `auth` nothing is signed, without `priv` nothing encrypted.

    Raises: SnmpError on encryption without signing, and on a password that agents would not accept.
    """

    name: str
    auth: AuthProtocol | None = None
    auth_password: str = field(default="", repr=False)
    priv: PrivProtocol | None = None
    priv_password: str = field(default="", repr=False)
    context_name: str = ""

    def __post_init__(self) -> None:
        if self.priv is not None and self.auth is None:
            raise SnmpError("SNMPv3 encrypts only what it also signs: choose an authentication protocol as well.")
        for protocol, password, what in (
            (self.auth, self.auth_password, "authentication"),
            (self.priv, self.priv_password, "encryption"),
        ):
            if protocol is not None and len(password.encode()) < PASSWORD_OCTETS_MIN:
                raise SnmpError(f"The {what} password of an SNMPv3 user has at least {PASSWORD_OCTETS_MIN} characters.")
        if not 1 <= len(self.name.encode()) <= 32:
            raise SnmpError("The name of an SNMPv3 user has 1 to 32 characters.")


@dataclass(frozen=True, slots=True)
class Engine:
    """An authoritative engine as it is known at one moment: how often it started, and the seconds since then."""

    engine_id: bytes
    boots: int = 0
    time: int = 0


@dataclass(frozen=True, slots=True)
class Keys:
    """A user's keys at one engine; empty where the user has none."""

    auth: bytes = field(default=b"", repr=False)
    priv: bytes = field(default=b"", repr=False)


@lru_cache(maxsize=65_536)
def keys_at(user: UsmUser, engine_id: bytes) -> Keys:
    """The user's keys, localised to an engine (RFC 3414 section 2.6). The first time for a password takes a
    millisecond or two, as does each engine where a key is extended in Reeder's way."""
    if user.auth is None:
        return Keys()
    name = user.auth.hash_name
    auth = localized(name, password_key(name, user.auth_password.encode()), engine_id)
    if user.priv is None:
        return Keys(auth)
    short = localized(name, password_key(name, user.priv_password.encode()), engine_id)
    return Keys(auth, extended(user.priv, name, short, engine_id)[: user.priv.key_octets])


@lru_cache(maxsize=256)
def password_key(hash_name: str, password: bytes) -> bytes:
    """Ku (RFC 3414 section A.2): the hash of a megabyte of the password over and over. The password is not empty."""
    repeated = password * (_HASHED_OCTETS // len(password) + 1)
    return hashlib.new(hash_name, repeated[:_HASHED_OCTETS], usedforsecurity=False).digest()


def localized(hash_name: str, key: bytes, engine_id: bytes) -> bytes:
    """Kul (RFC 3414 section 2.6)."""
    return hashlib.new(hash_name, key + engine_id + key, usedforsecurity=False).digest()


def extended(priv: PrivProtocol, hash_name: str, key: bytes, engine_id: bytes) -> bytes:
    """A localised key that is long enough for the cipher."""
    link = key
    while len(key) < priv.key_octets:
        if priv.extension == "reeder":
            # Not `password_key`: what is specific to one engine would push the passwords out of its cache.
            link = localized(hash_name, password_key.__wrapped__(hash_name, link), engine_id)
            key += link
        else:
            key += hashlib.new(hash_name, key, usedforsecurity=False).digest()
    return key


def signature(auth: AuthProtocol, key: bytes, message: bytes) -> bytes:
    """msgAuthenticationParameters of a message in which they are zeros (RFC 3414 section 6.3.1, RFC 7860 section 4)."""
    return hmac.digest(key, message, auth.hash_name)[: auth.signature_octets]


def encrypt(priv: PrivProtocol, key: bytes, plain: bytes, engine: Engine, salt: int) -> tuple[bytes, bytes]:
    """The encrypted octets and msgPrivacyParameters. `salt` must differ from message to message."""
    if priv.cipher == "aes":
        parameters = (salt % 2**64).to_bytes(_SALT_OCTETS, "big")
    else:
        parameters = (engine.boots % 2**32).to_bytes(4, "big") + (salt % 2**32).to_bytes(4, "big")
        plain += bytes(-len(plain) % 8)
    encryptor = _CIPHERS[priv.cipher](key, engine, parameters).encryptor()
    return encryptor.update(plain) + encryptor.finalize(), parameters


def decrypt(priv: PrivProtocol, key: bytes, octets: bytes, engine: Engine, parameters: bytes) -> bytes:
    """What was encrypted, possibly with padding behind it. Raises: SnmpError."""
    if len(parameters) != _SALT_OCTETS:
        raise SnmpError(f"The salt of an encrypted message has {_SALT_OCTETS} octets, not {len(parameters)}.")
    if priv.cipher != "aes" and len(octets) % 8:
        raise SnmpError("A message that is encrypted with DES has a multiple of 8 octets.")
    decryptor = _CIPHERS[priv.cipher](key, engine, parameters).decryptor()
    return decryptor.update(octets) + decryptor.finalize()


def _aes(key: bytes, engine: Engine, parameters: bytes) -> Cipher[CFB]:
    """RFC 3826 section 3.1.2.1; one bit of feedback is a whole block of 128."""
    vector = (engine.boots % 2**32).to_bytes(4, "big") + (engine.time % 2**32).to_bytes(4, "big") + parameters
    return Cipher(AES(key), CFB(vector))


def _des(key: bytes, _engine: Engine, parameters: bytes) -> Cipher[CBC]:
    """RFC 3414 section 8.1.1.1. DES is 3DES with one key three times."""
    return Cipher(TripleDES(key[:8] * 3), CBC(_xor(key[8:16], parameters)))


def _triple_des(key: bytes, _engine: Engine, parameters: bytes) -> Cipher[CBC]:
    """draft-reeder-snmpv3-usm-3desede-00 section 5.1.1.1."""
    return Cipher(TripleDES(key[:24]), CBC(_xor(key[24:32], parameters)))


_CIPHERS: dict[str, Callable[[bytes, Engine, bytes], Cipher[CBC] | Cipher[CFB]]] = {
    "aes": _aes,
    "des": _des,
    "3des": _triple_des,
}


def _xor(left: bytes, right: bytes) -> bytes:
    return bytes(one ^ other for one, other in zip(left, right, strict=True))
