"""The node's secrets: one master key in the data directory, and keys derived from it for each purpose.

The master key is 32 random octets in `keys/master`, readable by the server's user only. Purposes never share a key:
each derives its own with HKDF (RFC 5869), so a leak of one says nothing of another.
"""

from __future__ import annotations

import os
import secrets
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32


@lru_cache
def derive_key(data: Path, purpose: str) -> bytes:
    """A 32-octet key for one purpose, the same on every start."""
    return HKDF(algorithm=hashes.SHA256(), length=KEY_BYTES, salt=None, info=f"platen/{purpose}".encode()).derive(
        master_key(data)
    )


def node_secret(data: Path, purpose: str) -> str:
    """The derived key as text, for libraries that want one."""
    return derive_key(data, purpose).hex()


@lru_cache
def master_key(data: Path) -> bytes:
    """The node's master key; made on first use, durable before it is used.

    Raises: OSError when the data directory cannot be written.
    """
    path = data / "keys" / "master"
    try:
        return _checked(path)
    except FileNotFoundError:
        pass
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.parent.mkdir(mode=0o700, exist_ok=True)
    # Written under another name and linked into place: two processes that start together agree on one key.
    fresh = path.with_name(f"master.{secrets.token_hex(8)}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        os.write(descriptor, secrets.token_bytes(KEY_BYTES))
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    try:
        os.link(fresh, path)
    except FileExistsError:
        pass
    finally:
        fresh.unlink()
    directory = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)
    return _checked(path)


def _checked(path: Path) -> bytes:
    key = path.read_bytes()
    if len(key) != KEY_BYTES:
        raise OSError(f"{path} should hold {KEY_BYTES} octets and holds {len(key)}. Restore it from a backup.")
    return key
