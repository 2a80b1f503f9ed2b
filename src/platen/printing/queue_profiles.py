"""What a queue tells its clients of itself beside its name: read together, kept by the caller for a moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from platen.devices.models import Device, DeviceState, Queue
from platen.printing.queries import count_up_to, jobs_of_queue


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceProfile:
    """The device behind a push queue; empty and None: not known."""

    name: str
    make_and_model: str
    location: str
    document_formats: tuple[str, ...]
    color: bool | None
    duplex: bool | None
    media: tuple[str, ...]
    state: DeviceState
    state_reasons: tuple[str, ...]
    state_message: str
    state_at: datetime | None
    out_of_service: bool
    speaks_ipp: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueProfile:
    """A queue as it is now. open_jobs is counted up to 10,000."""

    created_at: datetime
    device: DeviceProfile | None
    open_jobs: int


def queue_profile(queue_id: int) -> QueueProfile | None:
    """The profile of a queue of the current tenant; None: it is gone."""
    queue = Queue.objects.select_related("device").filter(id=queue_id).first()
    if queue is None:
        return None
    return QueueProfile(
        created_at=queue.created_at,
        device=_device(queue.device) if queue.device is not None else None,
        open_jobs=count_up_to(jobs_of_queue(queue_id)),
    )


def _device(device: Device) -> DeviceProfile:
    return DeviceProfile(
        name=device.name,
        make_and_model=device.make_and_model,
        location=device.location,
        document_formats=tuple(map(str, device.document_formats)),
        color=device.color_supported,
        duplex=device.duplex_supported,
        media=tuple(map(str, device.media_supported)),
        state=DeviceState(device.state),
        state_reasons=tuple(map(str, device.state_reasons)),
        state_message=device.state_message,
        state_at=device.state_at,
        out_of_service=device.out_of_service,
        speaks_ipp=device.uri.startswith(("ipp://", "ipps://")),
    )
