"""Calling webhooks: one signed POST, no redirects, through a proxy where one is named. Blocking; in a thread."""

from __future__ import annotations

import http.client
import json
import time
import urllib.error
import urllib.request
from typing import Any

from platen.fleet.webhooks import SIGNATURE_HEADER, TOKEN_HEADER, signature
from platen.services.fleet.mailing import NotSent

TIMEOUT_S = 15.0
_GONE = 410
_ANSWER_OCTETS_MAX = 4096
_SAID_MAX = 120


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """A redirect would carry the message, and the means to forge others, elsewhere."""

    def redirect_request(self, *_redirect: object) -> None:
        """None: the answer that redirects is an error like any other."""


def call(url: str, secret: str, proxy: str, payload: dict[str, Any], *, key: str, token: str = "") -> int:
    """Tell. Returns: the status of the answer, 2xx. Raises: NotSent.

    key: the same when the same is told again (header Idempotency-Key).
    secret: signs, and is never sent; token: sent as it is, for receivers that look for one.
    """
    body = json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode()
    headers = {"Content-Type": "application/json", "User-Agent": "Platen", "Idempotency-Key": key}
    if secret:
        headers[SIGNATURE_HEADER] = signature(secret, body, int(time.time()))
    if token:
        headers[TOKEN_HEADER] = token
    request = urllib.request.Request(url, body, headers, method="POST")  # noqa: S310  # checked: http or https
    proxies = {"http": proxy, "https": proxy} if proxy else {}
    opener = urllib.request.build_opener(urllib.request.ProxyHandler(proxies), _NoRedirects())
    try:
        with opener.open(request, timeout=TIMEOUT_S) as answer:
            answer.read(_ANSWER_OCTETS_MAX)
            return int(answer.status)
    except urllib.error.HTTPError as error:
        with error:
            raise NotSent(f"It answered {error.code} {error.reason}.", for_good=error.code == _GONE) from error
    except http.client.InvalidURL as error:  # its text may hold a password that stands in the address
        raise NotSent(
            "The webhook's address cannot be used. Write it again, without a user name or password."
        ) from error
    except http.client.HTTPException as error:
        raise NotSent(f"What answers there does not speak HTTP: {_words(error)}.") from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "reason", error)
        raise NotSent(f"It could not be reached: {reason}.") from error


def _words(error: http.client.HTTPException) -> str:
    """Its kind, and the beginning of what was said."""
    said = " ".join(str(error).split())[:_SAID_MAX]
    return f"{type(error).__name__}, {said}" if said else type(error).__name__
