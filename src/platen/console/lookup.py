"""What an address names, or a page that says it is not here. Another tenant's things are not here either."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

T = TypeVar("T")
NUMBER_MAX = 2**63 - 1
NUMBER_DIGITS_MAX = 19  # Python refuses to read very long ones


def found(thing: T | None) -> T:
    """The thing, or 404."""
    if thing is None:
        raise Http404
    return thing


def page_for_missing(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Turn 404 into a page of the console."""

    @wraps(view)
    def looked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except Http404:
            return _not_here(request)

    return looked


def _not_here(request: HttpRequest) -> HttpResponseBase:
    context = {
        "title": _("This is not here"),
        "text": _("It was deleted, or the address is not right. Nothing was changed."),
    }
    return render(request, "console/not_found.html", context, status=404)


def number_in(request: HttpRequest, name: str) -> int | None:
    """A whole number of the query; None where it is absent or none."""
    text = request.GET.get(name, "")
    if not (text.isascii() and text.isdigit() and len(text) <= NUMBER_DIGITS_MAX):
        return None
    return int(text) if int(text) <= NUMBER_MAX else None


def uuid_in(text: str) -> str | None:
    """The text, if it is a UUID: what people may have altered must not reach a query."""
    try:
        return str(uuid.UUID(text))
    except ValueError:
        return None
