"""A proxy that says that it was asked over TLS and is not named as trusted: it is not believed, and who is sent to TLS
comes back by it without TLS, for ever. It is told what is wrong instead."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse

from platen.eventlog.models import Event, Severity
from platen.eventlog.services import record_event
from platen.tenants.context import acting_for
from platen.tenants.queries import tenant_id_of_host

KIND = "proxy_not_trusted"
TOLD_EVERY_S = 3_600
"""How often it is written down: whoever asks can say such a thing of themselves."""
_PAGE = (
    "This page cannot be shown yet.\n\n"
    "A proxy at {peer} passes requests on and says that they came over TLS, but this server does not know it, so it "
    "sends everybody to TLS again and again. Whoever runs the server: name the proxy in the setting trusted_proxies, "
    "for example PLATEN_TRUSTED_PROXIES={peer}, and restart the server. Nothing was changed.\n"
)


@dataclass(slots=True)
class UntrustedProxy:
    """Answers for a node, and remembers when it last wrote that down."""

    told_at_s: float | None = None

    def answer(self, request: HttpRequest) -> HttpResponse | None:
        """The page that says what is wrong; None where nobody claims TLS."""
        claimed = request.headers.get("X-Forwarded-Proto", "").rpartition(",")[2].strip().casefold()
        if claimed != "https":
            return None
        peer = str(request.META.get("REMOTE_ADDR") or "an unknown address")
        self._tell(request, peer)
        page = _PAGE.format(peer=peer)
        return HttpResponse(
            page, status=400, content_type="text/plain; charset=utf-8", headers={"Cache-Control": "no-store"}
        )

    def _tell(self, request: HttpRequest, peer: str) -> None:
        now_s = time.monotonic()
        if self.told_at_s is not None and now_s - self.told_at_s < TOLD_EVERY_S:
            return
        self.told_at_s = now_s
        tenant_id = tenant_id_of_host(request.get_host())
        if tenant_id is None:
            return
        with acting_for(tenant_id):
            message = (
                f"{peer} passes on requests that came over TLS, and is not trusted: nobody gets a page that way. If it "
                "is your proxy, name it in the setting trusted_proxies and restart the server."
            )
            record_event(KIND, message, severity=Severity.WARNING, peer=peer)


def untrusted_since(now: datetime, days: int = 7) -> str | None:
    """The peer of which this was last written in these days, of any organisation; None: of nobody."""
    lately = Event.everywhere.filter(kind=KIND, at__gt=now - timedelta(days=days)).order_by("-id")
    fields = lately.values_list("fields", flat=True).first()
    return None if fields is None else str(fields.get("peer", ""))
