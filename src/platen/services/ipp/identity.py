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
from platen.protocols.ipp import Operation, RequestRefused, Status
from platen.services.database import Database
from platen.services.ipp.errors import NotSignedIn
from platen.services.ipp.printers import Place, Printer

OPEN_TO_ALL = frozenset({Operation.GET_PRINTER_ATTRIBUTES, Operation.CUPS_GET_DEFAULT, Operation.CUPS_GET_PRINTERS})
"""What a client may ask before it knows that it has to sign in: the answer tells it."""

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


def require_sign_in(person: SignedIn | None, printer: Printer, place: Place) -> None:
    """For a queue that wants to know who prints. Raises: RequestRefused without TLS; NotSignedIn."""
    if not place.is_tls:
        # A challenge here would make the client send the password in the clear.
        secure = ", ".join(each.uri for each in printer.description.uris if each.security == "tls")
        where = f"print to {secure}" if secure else "use its ipps address"
        raise RequestRefused(
            Status.CLIENT_ERROR_FORBIDDEN,
            f"the queue {printer.queue.name} asks for your password, and that only over an encrypted way: {where}",
        )
    if person is None:
        raise NotSignedIn(f"The queue {printer.queue.name} takes documents from people who sign in. Give your logon.")


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
