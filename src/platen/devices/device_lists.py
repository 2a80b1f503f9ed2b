"""Lists of devices and queues for people."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from platen.devices.models import Device, DeviceState, Queue, QueueKind, Reader

PAGE_SIZE = 50
COUNT_MAX = 10_000
PICK_MAX = 200  # devices that a page offers to choose from


@dataclass(frozen=True, slots=True)
class DevicePage:
    """Some devices in the order of their names; `next_name` continues after them, None at the end."""

    devices: list[Device]
    next_name: str | None


@dataclass(frozen=True, slots=True)
class FleetState:
    """How many devices are in which condition."""

    total: int
    attention: int
    down: int
    unknown: int

    @property
    def ready(self) -> int:
        """Devices that print."""
        return max(self.total - self.attention - self.down - self.unknown, 0)


def filtered_page(text: str = "", after: str = "", *, attention: bool = False, size: int = PAGE_SIZE) -> DevicePage:
    """One page of the devices whose name, place, model, address or hardware address holds the text."""
    devices: QuerySet[Device] = Device.objects.order_by("name")
    if attention:
        devices = devices.filter(needs_attention=True)
    text = text.strip()
    if text:
        fits = Q()
        for field in ("name", "location", "make_and_model", "uri", "mac"):
            fits |= Q(**{f"{field}__icontains": text})
        devices = devices.filter(fits)
    if after:
        devices = devices.filter(name__gt=after)
    found = list(devices[: size + 1])
    return DevicePage(found[:size], found[size - 1].name if len(found) > size else None)


def queues_page(text: str = "", after: str = "", *, size: int = PAGE_SIZE) -> tuple[list[Queue], str | None]:
    """One page of the queues whose name or place holds the text, with their devices; and where the next one begins."""
    queues: QuerySet[Queue] = Queue.objects.select_related("device").order_by("name")
    text = text.strip()
    if text:
        queues = queues.filter(Q(name__icontains=text) | Q(location__icontains=text))
    if after:
        queues = queues.filter(name__gt=after)
    found = list(queues[: size + 1])
    return found[:size], found[size - 1].name if len(found) > size else None


def queues_of(device: Device, limit: int = PAGE_SIZE) -> list[Queue]:
    """The queues that send on to a device."""
    return list(Queue.objects.filter(device=device).order_by("name")[:limit])


def pull_queues(limit: int = PAGE_SIZE) -> list[Queue]:
    """The queues that hold jobs for every device, the default one first."""
    return list(Queue.objects.filter(kind=QueueKind.PULL).order_by("-is_default", "name")[:limit])


def devices_to_pick(limit: int = PICK_MAX) -> list[Device]:
    """Devices in service, in the order of their names, to choose one of."""
    return list(Device.objects.filter(out_of_service=False).order_by("name")[:limit])


def fleet_state() -> FleetState:
    """The condition of the fleet; counts no further than `COUNT_MAX` devices."""
    troubled = Device.objects.filter(needs_attention=True)
    down = troubled.filter(Q(state=DeviceState.STOPPED) | Q(out_of_service=True))
    return FleetState(
        total=Device.objects.order_by()[:COUNT_MAX].count(),
        attention=troubled.order_by()[:COUNT_MAX].count() - down.order_by()[:COUNT_MAX].count(),
        down=down.order_by()[:COUNT_MAX].count(),
        unknown=Device.objects.filter(state=DeviceState.UNKNOWN, needs_attention=False).order_by()[:COUNT_MAX].count(),
    )


def reader_in_device(device: Device, reader_id: int) -> Reader | None:
    """A reader at this device."""
    found: Reader | None = Reader.objects.select_related("device").filter(device=device, id=reader_id).first()
    return found


def find_queues(text: str, limit: int = 20) -> list[Queue]:
    """Queues whose name holds the text."""
    return list(Queue.objects.select_related("device").filter(name__icontains=text).order_by("name")[:limit])
