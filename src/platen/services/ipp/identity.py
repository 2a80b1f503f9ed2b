"""Who sends a request: proven by HTTP Basic authentication where the client offers it, else merely said."""

from __future__ import annotations

import base64
import binascii
import hashlib
import secrets
import time
from collections import OrderedDict
from dataclasses import dataclass

from django.utils import timezone

from platen.access.identify import sign_in
from platen.access.outcomes import Identified
from platen.services.database import Database
from platen.services.ipp.errors import NotSignedIn

REMEMBERED_S = 30.0
"""A password that was right is not hashed again for each document; a changed or locked one counts after this."""
REMEMBERED_MAX = 4096
HEADER_LENGTH_MAX = 4096


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A person who proved who they are."""

    user_id: int
    logon: str


class BasicAuthentication:
    """Checks credentials of RFC 7617 against the directory, slowed down and locked as every other sign-in."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._salt = secrets.token_bytes(16)
        self._remembered: OrderedDict[bytes, tuple[float, SignedIn]] = OrderedDict()

    async def check(self, tenant_id: int, header: bytes, address: str) -> SignedIn:
        """The person whom an Authorization header proves. Raises: NotSignedIn."""
        credentials = _credentials(header)
        if credentials is None:
            raise NotSignedIn("Only Basic authentication with logon and password is understood here.")
        key = hashlib.blake2b(b"%d:%b" % (tenant_id, header), key=self._salt, digest_size=16).digest()
        now = time.monotonic()
        found = self._remembered.get(key)
        if found is not None and found[0] > now:
            return found[1]
        logon, password = credentials
        outcome = await self._database.run(
            tenant_id, sign_in, logon, password, source=f"ipp {address}", now=timezone.now()
        )
        if not isinstance(outcome, Identified):
            raise NotSignedIn(outcome.message)
        person = SignedIn(outcome.user.id, outcome.user.logon)
        self._remembered[key] = (now + REMEMBERED_S, person)
        while len(self._remembered) > REMEMBERED_MAX:
            self._remembered.popitem(last=False)
        return person


def _credentials(header: bytes) -> tuple[str, str] | None:
    scheme, _, value = header.partition(b" ")
    if scheme.lower() != b"basic" or len(header) > HEADER_LENGTH_MAX:
        return None
    try:
        text = base64.b64decode(value.strip(), validate=True).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError):
        return None
    logon, colon, password = text.partition(":")
    return (logon, password) if colon and logon else None
