"""The page for what went wrong on the server: what a person can do, where the reason is known."""

from __future__ import annotations

import sys

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from platen.database import is_disk_full


def server_error(request: HttpRequest) -> HttpResponse:
    """Called while the error is being handled. A full disk is said: trying again does not mend it."""
    full = is_disk_full(sys.exc_info()[1])
    return render(request, "500.html", {"disk_full": full}, status=503 if full else 500)
