"""Reads on devices, queues and readers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db.models import Model, Q, QuerySet

from platen.devices.models import Device, Queue, Reader
from platen.rows import RowsOf, one_row

PAGE_SIZE = 50
SEARCH_MAX = 50
M = TypeVar("M", bound=Model)
_READERS = RowsOf(Reader)
_DEVICES = RowsOf(Device, without=("state_reasons", "state_at", "media_supported", "pairing_expires_at", "created_at"))
_READER_AND_DEVICE = (
    f"SELECT {_READERS.columns('reader')}, {_DEVICES.columns('device')} FROM devices_reader reader "  # noqa: S608  # our own names
    "JOIN devices_device device ON device.id = reader.device_id WHERE reader.address = %s"
)


@dataclass(frozen=True, slots=True)
class Page(Generic[M]):
    """Some rows in the order of their names; `next_name` continues after them, None at the end."""

    rows: list[M]
    next_name: str | None


@dataclass(frozen=True, slots=True)
class ListenerPorts:
    """The listeners that one queue asks for, beside the node's own."""

    tenant_id: int
    queue_id: int
    queue_name: str
    lpd_port: int | None
    raw_port: int | None


@dataclass(frozen=True, slots=True)
class Asked:
    """What is needed to ask a device how it is."""

    tenant_id: int
    device_id: int
    uri: str
    pjl_status: bool
    tls_verify: bool


@dataclass(frozen=True, slots=True)
class KnownReader:
    """A reader with the tenant it belongs to: a connection has no host name that would select one."""

    tenant_id: int
    reader: Reader


def queue_by_name(name: str | None) -> Queue | None:
    """The queue of this name; the default one for None or nothing. Its device is loaded."""
    queues = Queue.objects.select_related("device")
    found: Queue | None = queues.filter(name=name).first() if name else queues.filter(is_default=True).first()
    return found


def queue_by_uuid(uuid: str) -> Queue | None:
    """The queue with this public identifier."""
    found: Queue | None = Queue.objects.select_related("device").filter(uuid=uuid).first()
    return found


def page_of_queues(after: str | None = None, *, size: int = PAGE_SIZE) -> Page[Queue]:
    """Queues in the order of their names, with their devices."""
    return _page(Queue.objects.select_related("device"), after, size)


def listener_ports() -> list[ListenerPorts]:
    """Every queue of every tenant that has an LPD or raw port of its own: what this node listens on."""
    wanted = Queue.everywhere.filter(Q(lpd_port__isnull=False) | Q(raw_port__isnull=False)).order_by("id")
    return [ListenerPorts(queue.tenant_id, queue.id, queue.name, queue.lpd_port, queue.raw_port) for queue in wanted]


def device_by_name(name: str) -> Device | None:
    """The device of this name."""
    found: Device | None = Device.objects.filter(name=name).first()
    return found


def device_by_id(device_id: int) -> Device | None:
    """The device of this tenant with this key."""
    found: Device | None = Device.objects.filter(id=device_id).first()
    return found


def device_by_uuid(uuid: str) -> Device | None:
    """The device with this public identifier."""
    found: Device | None = Device.objects.filter(uuid=uuid).first()
    return found


def uuids_of_devices(ids: Iterable[int]) -> dict[int, UUID]:
    """The public identifiers of devices by their keys; of those that are there."""
    return dict(Device.objects.filter(pk__in=set(ids)).values_list("pk", "uuid"))


def page_of_devices(after: str | None = None, *, size: int = PAGE_SIZE) -> Page[Device]:
    """Devices in the order of their names."""
    return _page(Device.objects.all(), after, size)


def devices_to_ask() -> list[Asked]:
    """The devices of all tenants that documents go to; one out of service is left alone."""
    asked = Device.everywhere.filter(takes_documents=True, out_of_service=False).exclude(uri="")
    return [Asked(*row) for row in asked.values_list("tenant_id", "id", "uri", "pjl_status", "tls_verify")]


def search_devices(text: str, limit: int = SEARCH_MAX) -> list[Device]:
    """Devices whose name, place, model, address or MAC holds the text, in any case."""
    text = text.strip()
    if not text:
        return []
    fits = Q()
    for field in ("name", "location", "make_and_model", "uri", "mac"):
        fits |= Q(**{f"{field}__icontains": text})
    return list(Device.objects.filter(fits).order_by("name")[:limit])


def devices_needing_attention(limit: int = PAGE_SIZE) -> list[Device]:
    """Devices that are stopped, out of service or ask for somebody; the cost is that of those few."""
    return list(Device.objects.filter(needs_attention=True).order_by("name")[:limit])


def reader_by_address(address: str) -> KnownReader | None:
    """The reader that connects from this address, whichever tenant's it is, its device loaded.

    Readers connect to the node, not to a host name, so this looks over all tenants; act for the one it returns.
    """
    row = one_row(_READER_AND_DEVICE, address)
    if row is None:
        return None
    reader = _READERS.object(row)
    reader.device = _DEVICES.object(row, _READERS.end())
    return KnownReader(reader.tenant_id, reader)


def readers_of(device: Device) -> list[Reader]:
    """The readers at a device."""
    return list(Reader.objects.filter(device=device).order_by("name"))


def all_readers(limit: int = 1000) -> list[Reader]:
    """Readers in the order of their names, with their devices."""
    return list(Reader.objects.select_related("device").order_by("name")[:limit])


def reader_by_name(name: str) -> Reader | None:
    """The reader of this name."""
    found: Reader | None = Reader.objects.select_related("device").filter(name=name).first()
    return found


def _page(rows: QuerySet[Any], after: str | None, size: int) -> Page[Any]:
    ordered = rows.order_by("name")
    if after:
        ordered = ordered.filter(name__gt=after)
    found = list(ordered[: size + 1])
    if len(found) <= size:
        return Page(found, None)
    return Page(found[:size], found[size - 1].name)
