"""All routes of the API in one place, and the way from a path to its route."""

from __future__ import annotations

from http import HTTPStatus

from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import URLResolver
from django.urls.exceptions import Resolver404
from django.urls.resolvers import RegexPattern
from ninja import NinjaAPI

from platen.api import (
    audit,
    cards,
    collectors,
    description,
    devices,
    equipment,
    events,
    fleet_alerts,
    fleet_groups,
    fleet_machines,
    fleet_notices,
    fleet_regions,
    fleet_searches,
    fleet_tasks,
    jobs,
    me,
    people,
    queues,
    readers,
    schemes,
    settings,
    usage,
)
from platen.api.bearer import NOBODY
from platen.api.problems import answer_errors_of, problem
from platen.tenants.context import acting_within
from platen.tenants.unkept import sentence, unkept_in, unkept_in_json

VERSION = "1"

api = NinjaAPI(
    title="Platen",
    version=VERSION,
    description="Print management: people, devices, jobs, usage. Authenticate with `Authorization: Bearer TOKEN`.",
    openapi_url=None,  # served by platen.api.description, which does not need the address to be reversed
    docs_url=None,
    urls_namespace="api-v1",
    auth=NOBODY,  # a route that does not say who may use it is for nobody
)
answer_errors_of(api)

api.add_router("/me", me.router, tags=["me"])
api.add_router("/users", people.router, tags=["people"])
api.add_router("", cards.router, tags=["cards"])
api.add_router("/devices", devices.router, tags=["devices"])
api.add_router("/devices", equipment.router, tags=["devices"])
api.add_router("/devices", readers.router, tags=["readers"])
api.add_router("/readers", readers.everywhere, tags=["readers"])
api.add_router("/machines", fleet_machines.router, tags=["machines"])
api.add_router("/alerts", fleet_alerts.router, tags=["alerts"])
api.add_router("/groups", fleet_groups.router, tags=["groups and regions"])
api.add_router("/regions", fleet_regions.router, tags=["groups and regions"])
api.add_router("/searches", fleet_searches.router, tags=["searches"])
api.add_router("/search-runs", fleet_searches.runs, tags=["searches"])
api.add_router("/tasks", fleet_tasks.router, tags=["tasks"])
api.add_router("/runs", fleet_tasks.runs, tags=["tasks"])
api.add_router("/notice-rules", fleet_notices.router, tags=["notices"])
api.add_router("/collectors", collectors.router, tags=["collectors"])
api.add_router("/queues", queues.router, tags=["queues"])
api.add_router("/schemes", schemes.router, tags=["charging schemes"])
api.add_router("/jobs", jobs.router, tags=["jobs"])
api.add_router("/usage", usage.router, tags=["usage"])
api.add_router("/events", events.router, tags=["events"])
api.add_router("/audit", audit.router, tags=["audit trail"])
api.add_router("/settings", settings.router, tags=["settings"])

_resolver = URLResolver(RegexPattern(r"^"), api.urls[0])


def dispatch(request: HttpRequest, path: str) -> HttpResponseBase:
    """Answer a request for a path below /api/v1/."""
    if path == "openapi.json":
        return description.openapi(request, api)
    if path in {"", "docs"}:
        return description.page(request, api)
    try:
        match = _resolver.resolve(path)
    except (Resolver404, Http404):
        return problem(404, f"There is nothing at {request.path}. /api/v1/docs lists what there is.")
    refusal = _refusal(request, str(match.route))
    if refusal is not None:
        return refusal
    with acting_within(None):  # whoever asks is known inside, and with them their limit
        response: HttpResponseBase = match.func(request, *match.args, **match.kwargs)
    if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        refused = problem(405, f"{request.method} is not for this address. It knows {response['Allow']}.")
        refused["Allow"] = response["Allow"]
        return refused
    return response


def _refusal(request: HttpRequest, route: str) -> HttpResponseBase | None:
    """Of what no route could make sense."""
    unkept = unkept_in_json(_text_of(request)) or unkept_in(request)  # a form that was read has no body any more
    if unkept is not None:
        return problem(400, sentence(unkept))
    # A filter that is misspelt and passed over would answer with everything.
    unknown, known = description.unknown_query_names(request, route, api)
    if unknown:
        knows = f"It knows {', '.join(known)}." if known else "It knows none."
        return problem(400, f"The query says “{unknown[0][:80]}”, which this address does not know. {knows}")
    return None


def _text_of(request: HttpRequest) -> bytes:
    """Its body, which routes read as JSON whatever it is called; nothing where it is too large for any of them."""
    try:
        return bytes(request.body)
    except RequestDataTooBig:
        return b""
