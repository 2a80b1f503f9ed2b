"""What every console page knows."""

from __future__ import annotations

from django.http import HttpRequest


def console(request: HttpRequest) -> dict[str, object]:
    """Context of every page."""
    return {}
