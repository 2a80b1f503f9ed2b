"""What this is, and whose work it stands on (EMC-UI-06)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from platen.console.guard import needs
from platen.console.packages import VERSION, packages


@needs()
@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """The version, its licence, and the open-source packages that it uses with theirs."""
    return render(request, "console/about.html", {"version": VERSION, "packages": packages()})
