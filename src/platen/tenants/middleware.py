"""Chooses the tenant of a web request by its host name."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseNotFound

from platen.tenants.context import acting_for
from platen.tenants.queries import tenant_id_of_host


class TenantMiddleware:
    """Everything a view does happens for the tenant that the host name selects; an unknown name gets 404."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Run the view for the tenant of this host."""
        tenant_id = tenant_id_of_host(request.get_host())
        if tenant_id is None:
            return HttpResponseNotFound("No organisation answers at this host name.")
        with acting_for(tenant_id):
            return self.get_response(request)
