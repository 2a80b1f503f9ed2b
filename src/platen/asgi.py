"""The node's one ASGI application: print clients, health and metrics by path, everything else to the web pages."""

from __future__ import annotations

import ipaddress
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]


_FORWARDED = frozenset({b"forwarded", b"via", b"x-forwarded-for", b"x-forwarded-host", b"x-real-ip"})


class Router:
    """Routes a request by its path.

    ipp, web: the applications, None where this node does not run that service. ready: says what is not ready yet,
    in a sentence, or None.
    """

    def __init__(
        self, *, ipp: Application | None, web: Application | None, ready: Callable[[], Awaitable[str | None]]
    ) -> None:
        self._ipp = ipp
        self._web = web
        self._ready = ready

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            return
        path: str = scope["path"]
        if self._ipp is not None and _is_ipp(scope["method"], path):
            await self._ipp(scope, receive, send)
        elif path == "/healthz":
            await answer(send, 200, "ok\n")
        elif path == "/readyz":
            missing = await self._ready()
            await answer(send, 200 if missing is None else 503, f"{missing or 'ready'}\n")
        elif path == "/metrics":
            await _metrics(scope, send)
        elif self._web is not None:
            await self._web(scope, receive, send)
        else:
            await answer(send, 404, "This node does not serve pages.\n")


def _is_ipp(method: str, path: str) -> bool:
    """Queues live at /ipp/print; clients of CUPS that know only the server ask at / and print at /printers/NAME."""
    return path.startswith(("/ipp/", "/printers/")) or (path == "/" and method == "POST")


async def _metrics(scope: Scope, send: Send) -> None:
    """Figures for Prometheus. Only this machine may ask: they tell how much is printed here."""
    if not _is_of_this_machine(scope):
        await answer(send, 403, "Metrics are for this machine. Let a collector on it pass them on.\n")
        return
    await answer(send, 200, generate_latest(), CONTENT_TYPE_LATEST)


def _is_of_this_machine(scope: Scope) -> bool:
    """Whether the request began on this machine; one that a proxy passes on did not, trusted or not."""
    client = scope.get("client")
    if client is None or any(name in _FORWARDED for name, _value in scope["headers"]):
        return False
    try:
        return ipaddress.ip_address(client[0]).is_loopback
    except ValueError:  # what a proxy wrote there
        return False


async def answer(send: Send, status: int, body: str | bytes, content_type: str = "text/plain; charset=utf-8") -> None:
    """Send a whole response."""
    content = body.encode() if isinstance(body, str) else body
    headers = [(b"content-type", content_type.encode()), (b"content-length", str(len(content)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": content})
