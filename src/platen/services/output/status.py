"""Asks every device that documents go to how it is, twice a minute, spread out, so that what a person sees is at most
that old. Machines that are only looked after are the fleet's to read, by its far thriftier ways."""

from __future__ import annotations

import asyncio
import time
from typing import Protocol

import structlog
from django.db import DatabaseError

from platen.devices.queries import Asked, devices_to_ask
from platen.policy.device_uri import DeviceUriError
from platen.services.database import Database
from platen.services.output.channels import DeviceChannel, offline, report_or_offline
from platen.services.output.results import Report

log = structlog.get_logger("platen.output.status")

REFRESH_S = 30.0
ASKED_AT_ONCE_MAX = 32
SPREAD_OVER = 0.8  # of the time between two rounds


class Devices(Protocol):
    """What the refresher asks of the engine."""

    def is_busy(self, device_id: int) -> bool:
        """Whether a delivery is under way; that tells more, and some devices take one connection at a time."""

    def channel(self, device: Asked) -> DeviceChannel:
        """The way to a device. Raises: DeviceUriError."""

    async def record(self, tenant_id: int, device_id: int, report: Report) -> None:
        """Keep what a device said of itself."""


class StatusRefresher:
    """Goes round the devices of the node that documents go to."""

    def __init__(self, database: Database, devices: Devices) -> None:
        self._database = database
        self._devices = devices
        self._at_once = asyncio.Semaphore(ASKED_AT_ONCE_MAX)
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin; the first round goes without pauses."""
        self._task = asyncio.create_task(self._run(), name="device-status")

    async def stop(self) -> None:
        """Stop asking."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def refresh(self, device: Asked) -> Report | None:
        """Ask one device now. Returns: what it said; None while it is busy with a delivery."""
        if self._devices.is_busy(device.device_id):
            return None
        async with self._at_once:
            try:
                report = await report_or_offline(self._devices.channel(device))
            except DeviceUriError as error:
                report = offline(str(error))
        await self._devices.record(device.tenant_id, device.device_id, report)
        return report

    async def _run(self) -> None:
        spread_s = 0.0
        while True:
            began = time.monotonic()
            try:
                await self._round(spread_s)
            except DatabaseError as error:
                log.warning("devices_not_read", error=str(error))
            except Exception:  # one odd answer must not end the asking for good
                log.exception("device_status_fault")
            spread_s = REFRESH_S * SPREAD_OVER
            await asyncio.sleep(max(1.0, REFRESH_S - (time.monotonic() - began)))

    async def _round(self, spread_s: float) -> None:
        devices = await self._database.run_for_node(devices_to_ask)
        async with asyncio.TaskGroup() as tasks:
            for device in devices:
                tasks.create_task(self.refresh(device), name=f"status-{device.device_id}")
                await asyncio.sleep(spread_s / len(devices))
