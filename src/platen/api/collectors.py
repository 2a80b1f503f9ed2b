"""Collectors of other sites bring readings and fetch what home wants of them: /collectors/UUID.

Believed by the signature of each request (protocols.collector.requests), never by a person's token; answers are signed.
"""

from __future__ import annotations

import json
import time
from typing import Any, cast
from uuid import UUID

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Router
from ninja.security.base import AuthBase

from platen import __version__
from platen.api.errors import BadRequest, TooFast
from platen.api.rates import Rates
from platen.fleet.collected import Outcome, take
from platen.fleet.collectors import collector_by_uuid, key_of, note_asked
from platen.fleet.errors import FleetError
from platen.fleet.models import Collector
from platen.protocols.collector.envelope import OCTETS_MAX, EnvelopeError, open_envelope
from platen.protocols.collector.requests import ANSWER_HEADER, SCHEME, is_fresh, request_mac, signed_answer

router = Router()
_rates = Rates(per_s=5, burst=100)


class Signature(AuthBase):
    """Lets a collector pass that signed this very request; when it did is looked at by `_stale`."""

    openapi_type = "http"
    openapi_scheme = SCHEME

    def __call__(self, request: HttpRequest) -> Collector | None:
        """The collector, if it is one of this tenant and enabled. Raises: TooFast, BadRequest."""
        body = _body(request)
        collector = collector_by_uuid(_uuid_in(request.path))
        if collector is None or not collector.enabled:
            return None
        try:
            key = key_of(collector)
        except FleetError:
            return None
        signed = request_mac(key, request.headers.get("Authorization", ""), request.method or "", request.path, body)
        if signed is None:
            return None
        wait_s = _rates.take(collector.pk, time.monotonic())
        if wait_s:
            raise TooFast(wait_s)
        cast(Any, request).signed_at_s = signed[0]
        return collector


SIGNED = Signature()


@router.post("/{uuid:key}/readings", response={200: None, 409: None}, auth=SIGNED)
def bring(request: HttpRequest, key: UUID) -> HttpResponse:
    """Take an envelope of readings. Each row counts once, however often it comes."""
    collector = _collector(request)
    if stale := _stale(request, collector):
        return stale
    try:
        header, rows = open_envelope(_body(request), key_of(collector))
    except EnvelopeError as error:
        raise BadRequest(str(error)) from error
    if header.collector != str(collector.uuid):
        raise BadRequest("The envelope is of another collector.")
    receipt = take(collector.pk, header, rows, timezone.now())
    answer = {"outcome": receipt.outcome.value, "last": receipt.last, "stored": receipt.stored, "full": receipt.full}
    return _signed(request, collector, answer, 200 if receipt.outcome is Outcome.STORED else 409)


@router.get("/{uuid:key}/configuration", response={200: None, 409: None}, auth=SIGNED)
def configuration(request: HttpRequest, key: UUID) -> HttpResponse:
    """What home wants of the collector, and how far home has its rows."""
    collector = _collector(request)
    if stale := _stale(request, collector):
        return stale
    note_asked(collector, timezone.now())
    answer = {
        "configuration": collector.configuration,
        "stream": collector.stream,
        "last": collector.last_sequence,
        "last_at_ms": None if collector.last_row_at is None else round(collector.last_row_at.timestamp() * 1000),
        "version": __version__,
    }
    return _signed(request, collector, answer, 200)


def _collector(request: HttpRequest) -> Collector:
    return cast(Collector, cast(Any, request).auth)


def _stale(request: HttpRequest, collector: Collector) -> HttpResponse | None:
    """The refusal of a request that was recorded, or signed by a clock that is wrong; it says what time it is here."""
    if is_fresh(cast(Any, request).signed_at_s, time.time()):
        return None
    return _signed(request, collector, {"outcome": "clock", "last": collector.last_sequence}, 409)


def _body(request: HttpRequest) -> bytes:
    try:
        length = int(request.headers.get("Content-Length") or 0)
        if length > OCTETS_MAX:
            raise BadRequest(f"An envelope has at most {OCTETS_MAX} octets; send fewer rows at once.")
        return bytes(request.body)
    except (ValueError, RequestDataTooBig) as error:
        raise BadRequest(f"An envelope has at most {OCTETS_MAX} octets; send fewer rows at once.") from error


def _uuid_in(path: str) -> str:
    """The second last part: authentication comes before the route's own reading of its path."""
    return path.rstrip("/").rpartition("/")[0].rpartition("/")[2]


def _signed(request: HttpRequest, collector: Collector, answer: dict[str, Any], status: int) -> HttpResponse:
    body = json.dumps({**answer, "now_s": int(time.time())}).encode()
    response = HttpResponse(body, status=status, content_type="application/json")
    authorization = request.headers.get("Authorization", "")
    response[ANSWER_HEADER] = signed_answer(key_of(collector), authorization, status, body)
    return response
