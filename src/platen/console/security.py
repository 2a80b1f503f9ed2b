"""What keeps a page to itself: headers, and TLS where it is asked for."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from platen.console.untrusted_proxy import UntrustedProxy
from platen.tenants.unkept import sentence, unkept_in

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
PERMISSIONS_POLICY = "camera=(), microphone=(), geolocation=(), payment=(), usb=()"


HTTPS_PORT = 443


class ForceHttpsMiddleware:
    """Where the node is set so, whoever asks without TLS is sent to the same address over TLS and sees nothing else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.untrusted_proxy = UntrustedProxy()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, or point elsewhere. What was asked with stays the same (RFC 9110 section 15.4.8), and nobody
        remembers the answer for longer than the setting holds."""
        if not settings.PLATEN.force_https or request.is_secure():
            return self.get_response(request)
        told = self.untrusted_proxy.answer(request)
        if told is not None:
            return told
        address = f"https://{_tls_host(request)}{request.get_full_path()}"
        return HttpResponse(status=307, headers={"Location": address, "Cache-Control": "no-store"})


def _tls_host(request: HttpRequest) -> str:
    """Where this node is reached over TLS: at its public address, or at its own port of the host that was asked."""
    public = urlsplit(settings.PLATEN.public_url)
    if public.scheme == "https":
        return public.netloc
    asked = urlsplit(f"//{request.get_host()}").hostname or ""
    host = f"[{asked}]" if ":" in asked else asked
    return host if settings.PLATEN.tls_port == HTTPS_PORT else f"{host}:{settings.PLATEN.tls_port}"


class UnkeptTextMiddleware:
    """Whoever sends a page a text that no database keeps is told so, before any view looks for it. The API says it in
    its own way (platen.api.routes)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Go on: which view is meant is not known yet."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: object) -> HttpResponse | None:
        """Refuse, or go on to the view."""
        if request.path_info.startswith("/api/"):
            return None
        where = unkept_in(request)
        return None if where is None else render(request, "400.html", {"sentence": sentence(where)}, status=400)


class ContentSecurityPolicyMiddleware:
    """Adds the content security policy to every answer, and keeps cookies that were set over TLS to TLS."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer with the policy's headers."""
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        if request.is_secure():
            for name in (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME):
                if name in response.cookies:
                    response.cookies[name]["secure"] = True
        return response
