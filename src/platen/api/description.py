"""The API's description: OpenAPI for programs, a plain page for people; neither needs a token or a script."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from ninja import NinjaAPI

PREFIX = "/api/v1/"
_PLACEHOLDER = re.compile(r"<[^>]*>|\{[^}]*\}")
_METHODS = ("get", "post", "put", "patch", "delete")


@lru_cache(maxsize=1)
def schema_of(api: NinjaAPI) -> dict[str, Any]:
    """The OpenAPI document; the routes do not change while the node runs."""
    return dict(api.get_openapi_schema(path_prefix=PREFIX))


@lru_cache(maxsize=1)
def _query_names(api: NinjaAPI) -> dict[tuple[str, str], list[str]]:
    """The names a query may have, by the address as Django writes it, and the method."""
    return {
        (_PLACEHOLDER.sub("<>", path.removeprefix(PREFIX)), method.upper()): [
            each["name"] for each in operation.get("parameters", ()) if each["in"] == "query"
        ]
        for path, operations in schema_of(api)["paths"].items()
        for method, operation in operations.items()
    }


def unknown_query_names(request: HttpRequest, route: str, api: NinjaAPI) -> tuple[list[str], list[str]]:
    """Names in the query that this address does not know, and those it knows.

    route: as Django writes it, below the prefix.
    """
    known = _query_names(api).get((_PLACEHOLDER.sub("<>", route), str(request.method)), [])
    return [name for name in request.GET if name not in known], known


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
