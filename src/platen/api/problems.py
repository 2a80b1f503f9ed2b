"""Errors as application/problem+json (RFC 9457): the sentence of whoever refused, and its number.

{"type": "about:blank", "title": "Conflict", "status": 409, "detail": "There is already …", "code": 70,
 "problems": [{"field": "print.per_job", "text": "…"}]}
"""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Any

import structlog
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from platen.access.rights import Denied
from platen.api.errors import BadRequest, Missing, TooFast
from platen.database import is_disk_full
from platen.devices import errors as devices
from platen.directory import errors as directory
from platen.fleet import errors as fleet
from platen.policy.fleet.conditions import ConditionError
from platen.printing import errors as printing
from platen.tasks import errors as tasks
from platen.tenants import errors as tenants
from platen.tracking import errors as tracking

log = structlog.get_logger("platen.api")

# What each refusal is in HTTP; a subclass is looked up before its base.
STATUS: dict[type[Exception], int] = {
    BadRequest: 400,
    Denied: 403,
    Missing: 404,
    directory.DirectoryError: 409,
    directory.InvalidValue: 422,
    directory.NotFound: 404,
    directory.NotAllowed: 403,
    devices.DeviceError: 409,
    devices.InvalidValue: 422,
    devices.NotFound: 404,
    fleet.FleetError: 409,
    fleet.InvalidValue: 422,
    ConditionError: 400,
    tasks.TaskError: 409,
    printing.PrintingError: 409,
    printing.JobNotFound: 404,
    tenants.TenantError: 409,
    tenants.InvalidPolicy: 422,
    tracking.TrackingError: 409,
    tracking.InvalidScheme: 422,
    tracking.InvalidQuery: 400,
    tracking.SchemeUnknown: 404,
}


_DISK_FULL = "The disk of the server is full or cannot be written; nothing was stored. Make room there, then try again."


def problem(status: int, detail: str, **more: Any) -> HttpResponse:
    """An error answer. detail: what happened and what to do next."""
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail, **more}
    return HttpResponse(json.dumps(body), status=status, content_type="application/problem+json")


def answer_errors_of(api: NinjaAPI) -> None:
    """Let every error of a route become a problem."""
    handlers: dict[type[Exception], Any] = {refusal: _refusal_handler(status) for refusal, status in STATUS.items()}
    handlers |= {
        AuthenticationError: _not_signed_in,
        TooFast: _too_fast,
        ValidationError: _not_valid,
        HttpError: _http_error,
        Http404: _not_found,
        DatabaseError: _database_error,
        Exception: _failed,
    }
    for error, handler in handlers.items():
        api.add_exception_handler(error, handler)


def _refusal_handler(status: int) -> Any:
    def handle(_request: HttpRequest, error: Exception) -> HttpResponse:
        more: dict[str, Any] = {}
        code, problems = getattr(error, "code", None), getattr(error, "problems", ())
        if code is not None:
            more["code"] = code
        if problems:
            more["problems"] = [{"field": each.field, "text": each.text} for each in problems]
        return problem(status, str(error), **more)

    return handle


def _not_signed_in(_request: HttpRequest, _error: Exception) -> HttpResponse:
    response = problem(
        401, "This needs a token that is good here: send it as “Authorization: Bearer TOKEN”. Make one in the console."
    )
    response["WWW-Authenticate"] = 'Bearer realm="Platen"'
    return response


def _too_fast(_request: HttpRequest, error: TooFast) -> HttpResponse:
    response = problem(429, str(error))
    response["Retry-After"] = str(error.wait_s)
    return response


def _not_valid(_request: HttpRequest, error: ValidationError) -> HttpResponse:
    # The place begins with where it stood (body, query) and the parameter's name; the rest is the field.
    problems = [
        {"field": ".".join(str(part) for part in _field(each["loc"])), "text": _sentence(each["msg"])}
        for each in error.errors
    ]
    return problem(422, "Some values cannot be used; each is named with what is wrong.", problems=problems)


def _field(place: tuple[Any, ...]) -> tuple[Any, ...]:
    return place[2:] if len(place) > 2 else place[1:]


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + ("" if text.endswith(".") else ".")


def _http_error(_request: HttpRequest, error: HttpError) -> HttpResponse:
    return problem(error.status_code, str(error))


def _not_found(_request: HttpRequest, _error: Exception) -> HttpResponse:
    return problem(404, "There is no such thing here. It may have been deleted.")


def _database_error(_request: HttpRequest, error: Exception) -> HttpResponse:
    log.error("api_database_error", error=str(error))
    if is_disk_full(error):
        return problem(503, _DISK_FULL)
    return problem(503, "The database does not answer now. Nothing was changed; try again in a moment.")


def _failed(request: HttpRequest, error: Exception) -> HttpResponse:
    # A client must get an answer that says that it is not its fault; what it was is for the log.
    log.error("api_failed", path=request.path, method=request.method, exc_info=error)
    if is_disk_full(error):
        return problem(503, _DISK_FULL)
    return problem(500, "Something went wrong on the server. The log of the node says what; nothing was changed.")
