"""What a panel's browser keeps: which device it belongs to, who is signed in, and a step that is under way.

All of them are for the panel's own pages, cannot be read by scripts, and are sent from these pages alone.
"""

from __future__ import annotations

import base64
import json
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse

from platen.directory.seals import SealBroken, seal, unseal

PATH = "/panel/"
PANEL, SESSION, STEP, COPIES = "platen_panel", "platen_panel_session", "platen_panel_step", "platen_panel_copies"
PANEL_AGE_S = 5 * 365 * 24 * 3600
STEP_VALID = timedelta(minutes=2)
PURPOSE = "panel-step"
COPIES_KEPT_MAX = 50


def keep(request: HttpRequest, response: HttpResponse, name: str, value: str, *, age_s: int | None = None) -> None:
    """Let the browser keep a value; without an age until it closes."""
    response.set_cookie(
        name, value, max_age=age_s, path=PATH, httponly=True, samesite="Strict", secure=request.is_secure()
    )


def forget(response: HttpResponse, *names: str) -> None:
    """Take values away again."""
    for name in names:
        response.delete_cookie(name, path=PATH, samesite="Strict")


@dataclass(frozen=True, slots=True)
class Registration:
    """A card or ID code that nobody has yet, on its way to its person. All of it is secret."""

    number: str = field(repr=False)
    kind: str
    puk: str = field(default="", repr=False)
    pin: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class PinChange:
    """A PIN on its way to another one: the present PIN, then the new one."""

    old: str = field(default="", repr=False)
    new: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class OpenedJobs:
    """Documents whose codes were entered, on their way to be printed together: their ids, with dashes between."""

    job_ids: str = ""
    user_id: str = ""

    @classmethod
    def of(cls, user_id: int, job_ids: frozenset[int]) -> OpenedJobs:
        """From ids as numbers."""
        return cls("-".join(str(each) for each in sorted(job_ids)), str(user_id))

    @property
    def ids(self) -> frozenset[int]:
        """The ids as numbers."""
        return frozenset(int(each) for each in self.job_ids.split("-") if each)


def keep_step(
    request: HttpRequest,
    response: HttpResponse,
    device_id: int,
    step: Registration | PinChange | OpenedJobs,
    now: datetime,
) -> None:
    """Keep what was entered so far, sealed, for two minutes."""
    kind = type(step).__name__
    content = json.dumps([kind, device_id, (now + STEP_VALID).timestamp(), asdict(step)])
    keep(request, response, STEP, base64.urlsafe_b64encode(seal(PURPOSE, content)).decode())


def registration_under_way(request: HttpRequest, device_id: int, now: datetime) -> Registration | None:
    """The registration that this browser began at this device, unless it is too old."""
    values = _step(request, "Registration", device_id, now)
    return None if values is None else Registration(**values)


def pin_change_under_way(request: HttpRequest, device_id: int, now: datetime) -> PinChange:
    """The change of a PIN that this browser began, or a new one."""
    return PinChange(**(_step(request, "PinChange", device_id, now) or {}))


def jobs_opened(request: HttpRequest, device_id: int, user_id: int, now: datetime) -> frozenset[int]:
    """The documents of this person whose codes were entered at this device a moment ago."""
    opened = OpenedJobs(**(_step(request, "OpenedJobs", device_id, now) or {}))
    return opened.ids if opened.user_id == str(user_id) else frozenset()


def _step(request: HttpRequest, kind: str, device_id: int, now: datetime) -> dict[str, str] | None:
    try:
        content = json.loads(unseal(PURPOSE, base64.urlsafe_b64decode(request.COOKIES.get(STEP, "").encode())))
    except (SealBroken, ValueError):  # base64's and JSON's own errors are ValueErrors
        return None
    found, device, until, values = content
    return values if (found, device) == (kind, device_id) and now.timestamp() < until else None


def copies_wanted(request: HttpRequest) -> dict[int, int]:
    """Copies by job id, where the person chose others than were submitted."""
    try:
        pairs = json.loads(request.COOKIES.get(COPIES, "[]"))
        return {int(job): int(copies) for job, copies in pairs if int(copies) > 0}
    except (ValueError, TypeError):  # somebody edited it: as submitted then
        return {}


def keep_copies(request: HttpRequest, response: HttpResponse, copies: dict[int, int]) -> None:
    """Keep the copies chosen, the latest of them."""
    keep(request, response, COPIES, json.dumps(list(copies.items())[-COPIES_KEPT_MAX:]))
