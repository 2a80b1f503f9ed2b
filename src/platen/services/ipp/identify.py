"""Identify-Printer: an event, the panel of the queue's device, and the device itself where it speaks IPP."""

from __future__ import annotations

import asyncio
import time

import structlog
from django.db import DatabaseError

from platen.devices.identifying import identify_queue
from platen.devices.models import Device
from platen.eventlog.actor import Actor
from platen.eventlog.models import Severity
from platen.eventlog.services import record_event
from platen.policy.device_uri import DeviceUri, DeviceUriError, parse_device_uri
from platen.policy.job_names import without_controls
from platen.protocols.ipp import Operation
from platen.protocols.ipp import attributes as a
from platen.protocols.ipp.identify import IdentifyRequest
from platen.services.database import Database
from platen.services.output.errors import DeviceError
from platen.services.output.ipp_client import IppClient
from platen.settings import Settings

log = structlog.get_logger("platen.ipp")

INTERVAL_S = 5.0
"""A queue identifies itself once in so long for one address: who clicks twice means it once."""
REMEMBERED_MAX = 1024
PASSED_ON_AT_ONCE_MAX = 16


class Identifications:
    """Carries out what clients ask, and hands it on to devices without letting the clients wait for them."""

    def __init__(self, settings: Settings, database: Database) -> None:
        self._timeout_s = settings.output_timeout_s
        self._database = database
        self._last: dict[tuple[int, str], float] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def identify(
        self, tenant_id: int, queue_id: int, wanted: IdentifyRequest, *, by: Actor, address: str
    ) -> None:
        """Do it, unless the same address has just asked. Raises: django.db.DatabaseError."""
        if self._was_just_asked((queue_id, address)):
            return
        message = without_controls(wanted.message)
        device = await self._database.run(
            tenant_id, identify_queue, queue_id, message, by=by, on_panel="display" in wanted.actions
        )
        uri = None if device is None else _ipp_uri(device)
        if device is None or uri is None or len(self._tasks) >= PASSED_ON_AT_ONCE_MAX:
            return
        task = asyncio.create_task(self._pass_on(device, uri, wanted, by.name), name=f"identify-{device.id}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _was_just_asked(self, key: tuple[int, str]) -> bool:
        now = time.monotonic()
        if now - self._last.get(key, -INTERVAL_S) < INTERVAL_S:
            return True
        if len(self._last) >= REMEMBERED_MAX:
            self._last.clear()
        self._last[key] = now
        return False

    async def _pass_on(self, device: Device, uri: DeviceUri, wanted: IdentifyRequest, user_name: str) -> None:
        """Ask the device to do the same."""
        attributes = [a.keyword("identify-actions", *wanted.actions)]
        if wanted.message:
            attributes.append(a.text("message", wanted.message))
        client = IppClient(uri, tls_verify=device.tls_verify, timeout_s=self._timeout_s)
        try:
            await client.ask(Operation.IDENTIFY_PRINTER, attributes, user_name)
        except DeviceError as error:
            await self._note_failure(device, f"{device.name} could not be asked to identify itself. {error}")
        except Exception:  # the edge of the task: nobody waits for it
            log.exception("identify_failed", device_id=device.id)
        finally:
            client.close()

    async def _note_failure(self, device: Device, sentence: str) -> None:
        try:
            await self._database.run(
                device.tenant_id,
                record_event,
                "printer_not_identified",
                sentence,
                severity=Severity.WARNING,
                device_id=device.id,
            )
        except DatabaseError as error:
            log.warning("printer_not_identified", message=sentence, error=str(error))


def _ipp_uri(device: Device) -> DeviceUri | None:
    """Where the device can be asked by IPP; None: it prints another way."""
    try:
        uri = parse_device_uri(device.uri)
    except DeviceUriError:
        return None
    return uri if uri.channel.is_ipp else None
