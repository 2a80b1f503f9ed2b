"""How one try at a delivery can end, and what a device says of itself."""

from __future__ import annotations

from dataclasses import dataclass

from platen.devices.models import DeviceState
from platen.devices.services import DeviceCapabilities
from platen.printing.models import DeliveryState


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """The delivery is over. impressions_completed: as the device counted, None where it does not tell."""

    state: DeliveryState
    impressions_completed: int | None = None
    message: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PutBack:
    """Nothing came out and nothing will; it waits and is tried again. retry_s None: as the engine thinks best."""

    message: str
    retry_s: float | None = None


Result = Ended | PutBack


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a device said of itself, or that it did not answer (state_reasons OFFLINE)."""

    state: DeviceState
    state_reasons: tuple[str, ...] = ()
    message: str = ""
    capabilities: DeviceCapabilities | None = None


OFFLINE = ("offline-report",)  # what CUPS and others say of a printer that does not answer
