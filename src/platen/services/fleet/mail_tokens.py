"""Access tokens for mail servers that sign in with OAuth2: asked for, and kept in memory while they are good."""

from __future__ import annotations

import asyncio
import hashlib
import http.client
import json
import time
import urllib.error
import urllib.parse
import urllib.request
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace

from platen.services.fleet.mailing import TIMEOUT_S, NotSent, Server

_ANSWER_OCTETS_MAX = 65_536
_SAID_MAX = 300
_KEPT_S_MAX = 86_400.0
_BEFORE_END_S = 60.0


@dataclass(frozen=True, slots=True)
class Granted:
    """What a server of tokens gave. refresh_token: in place of the one it was asked with; empty: that one stays."""

    access_token: str = field(repr=False)
    expires_in_s: float = 0.0  # 0: not said
    refresh_token: str = field(default="", repr=False)


class AccessTokens:
    """Those that are still good, by whom they sign in; each organisation asks for one at a time."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._kept: dict[int, tuple[bytes, str, float]] = {}  # by organisation: for what, the token, until when
        self._asking: dict[int, asyncio.Lock] = defaultdict(asyncio.Lock)

    def lock(self, tenant_id: int) -> asyncio.Lock:
        """Held from looking at what is stored until a new refresh token is stored: some are good for one use only."""
        return self._asking[tenant_id]

    async def signing(self, tenant_id: int, server: Server, rotated: Callable[[str, str], Awaitable[None]]) -> Server:
        """The server with an access token among its secrets. rotated: stores a new refresh token in place of the old
        one. Raises: NotSent."""
        if server.method != "oauth2" or not server.user:
            return server
        token = self._good(tenant_id, server)
        if not token:
            granted = await asyncio.to_thread(granted_by, server)
            token, before = granted.access_token, server.secrets.get("refresh_token", "")
            if before and granted.refresh_token not in {"", before}:
                server = replace(server, secrets=server.secrets | {"refresh_token": granted.refresh_token})
                self._keep(tenant_id, server, granted)
                await rotated(before, granted.refresh_token)
            else:
                self._keep(tenant_id, server, granted)
        return replace(server, secrets=server.secrets | {"access_token": token})

    def forget(self, tenant_id: int) -> None:
        """A mail was not sent: the next one asks anew, as a token may be withdrawn before its end."""
        self._kept.pop(tenant_id, None)

    def _good(self, tenant_id: int, server: Server) -> str:
        what, token, until = self._kept.get(tenant_id, (b"", "", 0.0))
        return token if what == _what(server) and self._clock() < until else ""

    def _keep(self, tenant_id: int, server: Server, granted: Granted) -> None:
        good_s = min(granted.expires_in_s, _KEPT_S_MAX)
        good_s -= min(_BEFORE_END_S, good_s / 2)
        self._kept[tenant_id] = (_what(server), granted.access_token, self._clock() + good_s)


def _what(server: Server) -> bytes:
    """For what a token is good: other settings or secrets want another."""
    said = [server.user, server.token_url, server.client_id, server.scope]
    said += [server.secrets.get(name, "") for name in ("client_secret", "refresh_token")]
    return hashlib.sha256(json.dumps(said).encode()).digest()


def granted_by(server: Server) -> Granted:
    """A fresh access token (RFC 6749 section 4.4, or 6 with a refresh token). Blocking. Raises: NotSent."""
    asked = {"client_id": server.client_id, "client_secret": server.secrets.get("client_secret", "")}
    if server.secrets.get("refresh_token"):
        asked |= {"grant_type": "refresh_token", "refresh_token": server.secrets["refresh_token"]}
    else:
        asked["grant_type"] = "client_credentials"
    if server.scope:
        asked["scope"] = server.scope
    body = urllib.parse.urlencode({name: value for name, value in asked.items() if value}).encode()
    request = urllib.request.Request(server.token_url, body, {"Accept": "application/json"})  # noqa: S310  # checked: https
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:  # noqa: S310
            given = json.loads(answer.read(_ANSWER_OCTETS_MAX))
    except urllib.error.HTTPError as error:
        with error:
            why = _reason(error, server)
        raise NotSent(f"No access token was given: {error.code} {error.reason}.{why}") from error
    except (OSError, ValueError, RecursionError, http.client.HTTPException) as error:
        raise NotSent(f"No access token could be had: {error}.") from error
    token = given.get("access_token") if isinstance(given, dict) else None
    if not isinstance(token, str) or not token:
        raise NotSent("The answer held no access token.")
    refresh = given.get("refresh_token")
    return Granted(token, _seconds(given.get("expires_in")), refresh if isinstance(refresh, str) else "")


def _seconds(said: object) -> float:
    """Some servers say the number as text."""
    try:
        seconds = float(said) if isinstance(said, int | float | str) else 0.0
    except (ValueError, OverflowError):
        return 0.0
    return seconds if 0 < seconds < float("inf") else 0.0


def _reason(error: urllib.error.HTTPError, server: Server) -> str:
    """What the server says of why (RFC 6749 section 5.2), on one line, without secrets that it may repeat."""
    try:
        said = json.loads(error.read(_ANSWER_OCTETS_MAX))
    except (OSError, ValueError, RecursionError, http.client.HTTPException):
        return ""
    if not isinstance(said, dict):
        return ""
    words = said.get("error_description") or said.get("error")
    if not isinstance(words, str):
        return ""
    for secret in sorted(filter(None, server.secrets.values()), key=len, reverse=True):
        words = words.replace(secret, "…")
    words = " ".join("".join(each if each.isprintable() else " " for each in words).split())[:_SAID_MAX]
    return f" It says: {words}" if words else ""
