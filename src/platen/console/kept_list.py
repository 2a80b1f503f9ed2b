"""The filter of the list of devices while its person is elsewhere: it is there again when they come back, until they
take it away (EMC-DLST-06). What columns and order a person has is kept with the person."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

from platen.console.list_address import ListAddress
from platen.console.machine_columns import DEFAULT_COLUMNS

_KEPT = "devices"  # in the session


def keep_filter(request: HttpRequest, address: ListAddress) -> None:
    """What the list is narrowed to now; a list of everything forgets it."""
    narrowed = address.is_filtered and not address.removed
    query = address.query(columns=DEFAULT_COLUMNS, order="name") if narrowed else ""
    if query != kept_filter(request):
        request.session[_KEPT] = query


def kept_filter(request: HttpRequest) -> str:
    """The query that the list was last narrowed by; empty where it was not."""
    return str(request.session.get(_KEPT, "")) if hasattr(request, "session") else ""


def devices_address(request: HttpRequest) -> str:
    """The list of devices as its person left it."""
    query = kept_filter(request)
    return reverse("console:devices") + (f"?{query}" if query else "")
