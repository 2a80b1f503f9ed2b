"""The API's description: OpenAPI for programs, a plain page for people; neither needs a token or a script."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from ninja import NinjaAPI

PREFIX = "/api/v1/"
_METHODS = ("get", "post", "put", "patch", "delete")


@lru_cache(maxsize=1)
def schema_of(api: NinjaAPI) -> dict[str, Any]:
    """The OpenAPI document; the routes do not change while the node runs."""
    return dict(api.get_openapi_schema(path_prefix=PREFIX))


def openapi(_request: HttpRequest, api: NinjaAPI) -> HttpResponse:
    """The OpenAPI document."""
    return HttpResponse(json.dumps(schema_of(api), default=str), content_type="application/json")


def page(request: HttpRequest, api: NinjaAPI) -> HttpResponse:
    """Every route with what it does, in the order of the resources."""
    groups: dict[str, list[dict[str, str]]] = {}
    for path, operations in schema_of(api)["paths"].items():
        for method in _METHODS:
            if method in operations:
                operation = operations[method]
                route = {
                    "method": method.upper(),
                    "path": path,
                    "summary": operation.get("summary", ""),
                    "text": operation.get("description", ""),
                }
                groups.setdefault(operation["tags"][0], []).append(route)
    return render(request, "api/docs.html", {"groups": groups})
