"""Queues as IPP Printers: their description, made once for each name they are reached by, and their state of now."""

from __future__ import annotations

import asyncio
import re
import time
from collections import OrderedDict
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from urllib.parse import quote

from platen import __version__
from platen.devices.models import DeviceState
from platen.printing.arrivals import QueueFacts
from platen.printing.queue_profiles import DeviceProfile, QueueProfile, queue_profile
from platen.printing.services import UNFILLED_S
from platen.protocols.ipp import (
    CUPS_PATH,
    PRINT_PATH,
    MediaSize,
    PrinterAttributes,
    PrinterDescription,
    PrinterState,
    PrinterStatus,
    PrinterUri,
)
from platen.protocols.ipp.description import DIGITS, OCTET_STREAM, SHA_256, JobPasswords
from platen.protocols.ipp.identify import IDENTIFY_ACTIONS
from platen.protocols.ipp.media import find_size
from platen.services.database import Database
from platen.services.ipp.icons import SIZES, icon_path
from platen.settings import Settings

JOB_PASSWORDS = JobPasswords(length_max=32, repertoire=DIGITS, encryptions=("none", SHA_256))
"""A panel's keys are digits; 32 octets is what a SHA-256 takes, too."""

PROFILE_S = 1.0
"""A profile is read anew after this: the state and number of jobs that a client sees is at most so old."""

PLACES_MAX = 1024
"""Ways to reach queues that are kept encoded; host names are the clients' to choose."""

_AUTHORITY = re.compile(r"[A-Za-z0-9._:\[\]-]{1,262}", re.ASCII)
_KEYWORD = re.compile(r"[a-z0-9][a-z0-9._-]{0,254}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Place:
    """How a client reached us: https or http, and the authority (host and port) that it used.

    by_cups: as the server of a CUPS client, which takes printer-uri-supported for one address and goes there.
    """

    is_tls: bool
    authority: str
    by_cups: bool = False

    @property
    def web_url(self) -> str:
        """The base of web pages."""
        return f"http{'s' if self.is_tls else ''}://{self.authority}"

    def printer_uri(self, queue: QueueFacts) -> str:
        """The printer-uri of a queue; the default queue needs no name."""
        base = f"ipp{'s' if self.is_tls else ''}://{self.authority}"
        if self.by_cups:
            return f"{base}{CUPS_PATH}/{quote(queue.name)}"
        return f"{base}{PRINT_PATH}" if queue.is_default else f"{base}{PRINT_PATH}/{queue.name}"


@lru_cache(maxsize=1024)
def place_of(authority: str, is_tls: bool, server: tuple[str, int | None]) -> Place:
    """The place that a Host header names; where it cannot stand in a URI, or is missing, our own address."""
    if _AUTHORITY.fullmatch(authority):
        return Place(is_tls, authority.lower())
    host, port = server
    return Place(is_tls, f"[{host}]:{port}" if ":" in host else f"{host}:{port}")


@dataclass(frozen=True, slots=True)
class Printer:
    """One queue as one client sees it."""

    queue: QueueFacts
    profile: QueueProfile
    attributes: PrinterAttributes
    uri: str

    @property
    def description(self) -> PrinterDescription:
        """The typed form of the attributes."""
        return self.attributes.description

    def status(self, now: datetime) -> PrinterStatus:
        """What it is doing now."""
        return _status(self.queue, self.profile, now)


@dataclass(slots=True)
class _Known:
    """A profile, how old it is, and whether it is being read anew."""

    profile: QueueProfile
    read_at: float
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


class Printers:
    """Answers from what was read a moment ago: taking a job asks the database nothing of the queue."""

    def __init__(self, settings: Settings, database: Database) -> None:
        self._settings = settings
        self._database = database
        self._profiles: dict[int, _Known] = {}
        self._made: OrderedDict[tuple[int, Place], Printer] = OrderedDict()

    async def find(self, queue: QueueFacts, place: Place) -> Printer | None:
        """The queue as reached at that place; None where it was removed a moment ago.

        Raises: django.db.DatabaseError, when nothing is known of it yet.
        """
        profile = await self._profile(queue)
        if profile is None:
            return None
        key = (queue.id, place)
        made = self._made.get(key)
        if made is not None and made.profile is profile and made.queue is queue:
            return made
        description = describe(queue, profile, place, self._settings)
        if made is not None and made.description == description:
            attributes = made.attributes
        else:
            attributes = PrinterAttributes(description)
        made = self._made[key] = Printer(queue, profile, attributes, place.printer_uri(queue))
        while len(self._made) > PLACES_MAX:
            self._made.popitem(last=False)
        return made

    async def _profile(self, queue: QueueFacts) -> QueueProfile | None:
        known = self._profiles.get(queue.id)
        if known is not None and (time.monotonic() - known.read_at < PROFILE_S or known.lock.locked()):
            return known.profile  # while one request reads it anew, the others do not wait
        if known is None:
            profile = await self._database.run(queue.tenant_id, queue_profile, queue.id)
            if profile is not None:
                self._profiles[queue.id] = _Known(profile, time.monotonic())
            return profile
        async with known.lock:
            fresh = await self._database.run(queue.tenant_id, queue_profile, queue.id)
        if fresh is None:
            self._profiles.pop(queue.id, None)
            return None
        # Equal ones stay the same object, which tells cheaply that nothing is to be described anew.
        known.profile = known.profile if fresh == known.profile else fresh
        known.read_at = time.monotonic()
        return known.profile


def describe(queue: QueueFacts, profile: QueueProfile, place: Place, settings: Settings) -> PrinterDescription:
    """A queue's description. A pull queue offers what devices of any kind can do, a push queue what its device does."""
    base = PrinterDescription(
        name=queue.name,
        info=queue.name if queue.is_pull or profile.device is None else f"{queue.name} ({profile.device.name})",
        uuid=queue.uuid,
        uris=printer_uris(queue, place, settings),
        up_since=profile.created_at,
        config_changed_at=profile.created_at,
        more_info=f"{place.web_url}{PRINT_PATH}/{queue.name}",
        icons=tuple(f"{place.web_url}{icon_path(size)}" for size in SIZES),
        location=queue.location or (profile.device.location if profile.device else ""),
        organization=queue.tenant_name,
        firmware_version=__version__,
        multiple_operation_time_out_s=UNFILLED_S,
        job_k_octets_max=min(settings.document_bytes_max // 1024, 2**31 - 1),
    )
    if queue.is_pull or profile.device is None:
        # Only where somebody stands in front of a panel can the code be asked for.
        return replace(base, job_passwords=JOB_PASSWORDS) if queue.is_pull else base
    return _as_device(base, profile.device)


def _as_device(base: PrinterDescription, device: DeviceProfile) -> PrinterDescription:
    formats = tuple(dict.fromkeys(name.lower() for name in device.document_formats if "/" in name))
    media = tuple(size for size in (find_size(name) for name in device.media) if size is not None and _is_medium(size))
    names = [size.name for size in media]
    default = base.media_default if not names or base.media_default in names else names[0]
    return replace(
        base,
        make_and_model=f"Platen Queue, {device.make_and_model}" if device.make_and_model else base.make_and_model,
        document_formats=(OCTET_STREAM, *(name for name in formats if name != OCTET_STREAM))
        if formats
        else base.document_formats,
        color=device.color is not False,
        duplex=device.duplex is not False,
        identify_actions=IDENTIFY_ACTIONS if device.speaks_ipp else base.identify_actions,
        media=media or base.media,
        media_default=default,
        media_ready=tuple(name for name in base.media_ready if name in names) or (default,)
        if names
        else base.media_ready,
    )


def _is_medium(size: MediaSize) -> bool:
    """Not one of the names that say how large or small a custom medium may be."""
    return not size.name.startswith("custom_")


def printer_uris(queue: QueueFacts, place: Place, settings: Settings) -> tuple[PrinterUri, ...]:
    """The way that the client came first, and the other one where it is known to lead here too.

    A queue that asks for passwords names only encrypted ways, as far as any is known.
    """
    uris = [_uri(queue, place)]
    host, _, port = place.authority.rpartition(":")
    own, other = (settings.tls_port, settings.port) if place.is_tls else (settings.port, settings.tls_port)
    if (
        host and port == str(own) and other > 0 and not place.by_cups
    ):  # reached directly, not through something that maps ports
        uris.append(_uri(queue, Place(not place.is_tls, f"{host}:{other}")))
    secure = tuple(uri for uri in uris if uri.security == "tls")
    return secure if secure and queue.sign_in_required else tuple(uris)


def _uri(queue: QueueFacts, place: Place) -> PrinterUri:
    return PrinterUri(
        place.printer_uri(queue),
        security="tls" if place.is_tls else "none",
        authentication="basic" if queue.sign_in_required else "requesting-user-name",
    )


_STATES = {
    DeviceState.UNKNOWN: PrinterState.IDLE,
    DeviceState.IDLE: PrinterState.IDLE,
    DeviceState.PROCESSING: PrinterState.PROCESSING,
    DeviceState.STOPPED: PrinterState.STOPPED,
}


def _status(queue: QueueFacts, profile: QueueProfile, now: datetime) -> PrinterStatus:
    device = None if queue.is_pull else profile.device
    if not queue.accepting:
        return PrinterStatus(
            now=now,
            state=PrinterState.STOPPED,
            state_reasons=("paused",),
            state_message="This queue takes no jobs at the moment.",
            is_accepting_jobs=False,
            queued_job_count=profile.open_jobs,
        )
    if device is None:
        return PrinterStatus(now=now, queued_job_count=profile.open_jobs)
    reasons = tuple(reason for reason in device.state_reasons if _KEYWORD.fullmatch(reason))
    state = PrinterState.STOPPED if device.out_of_service else _STATES[device.state]
    return PrinterStatus(
        now=now,
        state=state,
        state_reasons=("shutdown",) if device.out_of_service else reasons or ("none",),
        state_message=device.state_message,
        state_changed_at=device.state_at,
        queued_job_count=profile.open_jobs,
    )
