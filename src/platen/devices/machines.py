"""Adding, changing and removing devices, and what they say of themselves."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypedDict, Unpack

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from platen.access.methods import LoginMethod
from platen.devices.errors import InUse, InvalidValue, NameTaken
from platen.devices.events import device_addressing, device_troubled, devices_added, devices_changed, devices_removing
from platen.devices.models import Device, DeviceState, Queue
from platen.devices.trouble import needs_attention, trouble_event
from platen.eventlog.actor import Actor
from platen.eventlog.changes import Change, record_change, record_changes
from platen.eventlog.models import Severity
from platen.eventlog.services import record_event
from platen.policy.device_uri import DeviceUriError, parse_device_uri
from platen.tenants.context import current_tenant_id
from platen.tenants.field_check import misfit

STATE_REFRESH = timedelta(seconds=60)  # an unchanged state is written no more often
STATE_REASONS_MAX = 50
ADDED_AT_ONCE = 500
_MAC = re.compile(r"[0-9A-F]{12}")


class DeviceValues(TypedDict, total=False):
    """What can be said of a device beside its name and address."""

    location: str
    make_and_model: str
    mac: str
    takes_documents: bool
    print_all_at_login: bool | None
    login_methods: list[LoginMethod]
    pjl_status: bool
    tls_verify: bool
    document_formats: list[str]
    color_supported: bool | None
    duplex_supported: bool | None
    media_supported: list[str]
    driver_names: list[str]


@dataclass(frozen=True, slots=True)
class NewDevice:
    """A device that is to be added, as `add_device` takes it."""

    name: str
    uri: str = ""
    values: DeviceValues = dataclasses.field(default_factory=DeviceValues)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceCapabilities:
    """What a device says it can do. None and empty: it does not say, and what is known stays."""

    make_and_model: str = ""
    document_formats: tuple[str, ...] = ()
    color_supported: bool | None = None
    duplex_supported: bool | None = None
    media_supported: tuple[str, ...] = ()
    ticket_supported: Mapping[str, object] | None = None


@transaction.atomic
def add_device(name: str, uri: str, *, by: Actor, **values: Unpack[DeviceValues]) -> Device:
    """A new device, reached at ipp://, ipps://, socket:// or lpd://; without, it is only looked after.

    Raises: InvalidValue, NameTaken.
    """
    device = Device()
    _apply(device, name, uri, values)
    device_addressing.send(Device, device=device, before="")
    _save(device)
    record_changes(by, [_addition(device)])
    _announce(device)
    return device


@transaction.atomic
def add_devices(new: Sequence[NewDevice], *, by: Actor) -> list[Device]:
    """Many new devices in one go, in this order, or none of them. Raises: InvalidValue, NameTaken."""
    devices = []
    for each in new:
        device = Device(tenant_id=current_tenant_id())
        _apply(device, each.name, each.uri, each.values)
        device_addressing.send(Device, device=device, before="")
        devices.append(device)
    try:
        with transaction.atomic():
            Device.objects.bulk_create(devices, batch_size=ADDED_AT_ONCE)
    except IntegrityError as error:
        raise NameTaken(_("There is already a device with one of these names. Choose another name.")) from error
    devices_added.send(Device, devices=devices)
    record_changes(by, [_addition(device) for device in devices])
    for device in devices:
        _announce(device)
    return devices


@transaction.atomic
def change_device(
    device: Device, *, by: Actor, name: str | None = None, uri: str | None = None, **values: Unpack[DeviceValues]
) -> Device:
    """Change what is named and leave the rest. Raises: InvalidValue, NameTaken."""
    before = device.uri
    _apply(device, name, uri, values)
    if device.uri != before:
        device_addressing.send(Device, device=device, before=before)
    if device.uri not in ("", before):
        device.takes_documents = True
    _save(device)
    changed = sorted({*values, *([] if name is None else ["name"]), *([] if uri is None else ["uri"])})
    message = f"{device.name}: {', '.join(changed)} changed"
    record_change(by, "device_changed", device.name, message, device_id=device.id, changed=changed)
    _announce(device)
    return device


def remove_device(device: Device, *, by: Actor) -> None:
    """Remove a device that no queue and no job needs. Raises: InUse."""
    remove_devices([device], by=by)


@transaction.atomic
def remove_devices(devices: Sequence[Device], *, by: Actor) -> None:
    """Remove devices that no queue and no job needs, or none of them where one is needed. Raises: InUse."""
    queue = Queue.objects.filter(device__in=devices).select_related("device").order_by("device_id", "name").first()
    if queue is not None:
        raise _is_of_queues(queue.device)
    devices_removing.send(Device, devices=devices)
    record_changes(by, [_removal(device) for device in devices])
    removed = [Device(id=device.id, name=device.name, tenant_id=device.tenant_id) for device in devices]
    try:
        Device.objects.filter(pk__in=[device.id for device in devices]).delete()
    except ProtectedError as error:
        needed = devices[0].name if len(devices) == 1 else _("One of these devices")
        raise InUse(
            _("%(device)s is still needed by something else. Put it out of service instead.") % {"device": needed}
        ) from error
    for device in removed:
        _announce(device)


def _is_of_queues(device: Device) -> InUse:
    queues = ", ".join(device.queues.order_by("name").values_list("name", flat=True)[:5])
    text = _("%(device)s is the device of %(queues)s. Remove these queues or give them another device first.")
    return InUse(text % {"device": device.name, "queues": queues})


@transaction.atomic
def set_out_of_service(device: Device, out_of_service: bool, *, by: Actor) -> None:
    """Take a device out of use, or back: nobody can log in or print there meanwhile, and documents wait."""
    device.out_of_service = out_of_service
    device.needs_attention = _needs_attention(device)
    device.save(update_fields=["out_of_service", "needs_attention"])
    verb = "device_out_of_service" if out_of_service else "device_in_service"
    message = f"{device.name} is {'out of' if out_of_service else 'back in'} service"
    record_change(by, verb, device.name, message, device_id=device.id)
    _announce(device)


def begin_to_take_documents(device: Device) -> None:
    """A machine that was only looked after gets a queue, a reader, a panel or a document."""
    if not device.takes_documents:
        device.takes_documents = True
        device.save(update_fields=["takes_documents"])


@transaction.atomic
def record_state(
    device: Device,
    state: DeviceState,
    *,
    now: datetime,
    reasons: Iterable[str] = (),
    message: str = "",
    capabilities: DeviceCapabilities | None = None,
) -> None:
    """What a device said when asked (printer-state, printer-state-reasons, printer-state-message).

    Costs nothing while it says the same; a change into or out of trouble is a line in the event log.
    """
    kept = [reason for reason in dict.fromkeys(reasons) if reason and reason != "none"][:STATE_REASONS_MAX]
    before = (device.state, device.state_reasons, device.state_message)
    known = _learn(device, capabilities)
    if not device.takes_documents:
        device.takes_documents = True
        known.append("takes_documents")
    device.state, device.state_reasons, device.state_message = state, kept, message[:255]
    same = before == (device.state, device.state_reasons, device.state_message) and not known
    if same and device.state_at is not None and timedelta(0) <= now - device.state_at < STATE_REFRESH:
        return
    troubled, device.state_at = device.needs_attention, now
    device.needs_attention = _needs_attention(device)
    device.save(
        update_fields=["state", "state_reasons", "state_message", "state_at", "needs_attention", *known],
    )
    if troubled != device.needs_attention and not device.out_of_service:
        _tell(device)


def _learn(device: Device, capabilities: DeviceCapabilities | None) -> list[str]:
    """Take over what is new; the names of the fields that changed."""
    if capabilities is None:
        return []
    said: dict[str, object] = {
        "make_and_model": capabilities.make_and_model[:200],
        "document_formats": list(capabilities.document_formats),
        "color_supported": capabilities.color_supported,
        "duplex_supported": capabilities.duplex_supported,
        "media_supported": list(capabilities.media_supported),
        "ticket_supported": capabilities.ticket_supported,
    }
    changed = [name for name, value in said.items() if value not in (None, "", []) and getattr(device, name) != value]
    for name in changed:
        setattr(device, name, said[name])
    return changed


def _needs_attention(device: Device) -> bool:
    if needs_attention(device.state, device.state_reasons, out_of_service=device.out_of_service):
        return True
    return any(answer for _, answer in device_troubled.send(Device, device=device))


def _tell(device: Device) -> None:
    event = trouble_event(device, device.state_reasons, device.state_message, troubled=device.needs_attention)
    record_event(event.kind, event.message, severity=Severity(event.severity), device_id=device.id)


def _apply(device: Device, name: str | None, uri: str | None, values: DeviceValues) -> None:
    changed = set(values)
    if name is not None:
        device.name = name.strip()
        if not device.name.isprintable():
            raise InvalidValue(_("A device's name is one line of text."))
        changed.add("name")
    if uri is not None:
        try:
            device.uri = str(parse_device_uri(uri)) if uri.strip() else ""  # a machine that is only looked after
        except DeviceUriError as error:
            raise InvalidValue(str(error)) from error
        changed.add("uri")
    for field, value in values.items():
        setattr(device, field, value)
    if "mac" in values:
        device.mac = re.sub(r"[^0-9A-Fa-f]", "", device.mac).upper()
        if device.mac and not _MAC.fullmatch(device.mac):
            raise InvalidValue(_("A MAC address has 12 hexadecimal digits, for example 00C076FF00F2."))
    unknown = set(device.login_methods) - set(LoginMethod)
    if unknown:
        raise InvalidValue(
            _("%(unknown)s: no such way to log in. Known: %(known)s.")
            % {"unknown": ", ".join(sorted(unknown)), "known": ", ".join(LoginMethod)}
        )
    # Empty lists and absent answers are values here; the field check is for lengths and choices.
    lists = {"login_methods", "document_formats", "media_supported", "driver_names"}
    problem = misfit(device, changed - lists)
    if problem is not None:
        raise InvalidValue(problem)


def _save(device: Device) -> None:
    try:
        with transaction.atomic():
            device.save()
    except IntegrityError as error:
        raise NameTaken(
            _("There is already a device named %(name)s. Choose another name.") % {"name": device.name}
        ) from error


def _addition(device: Device) -> Change:
    return Change(
        verb="device_added",
        subject=device.name,
        message=f"{device.name} was added",
        device_id=device.id,
        detail={"uri": device.uri},
    )


def _removal(device: Device) -> Change:
    message = f"{device.name} was removed"
    return Change(verb="device_removed", subject=device.name, message=message, device_id=device.id)


def _announce(device: Device) -> None:
    transaction.on_commit(lambda: devices_changed.send(Device, device=device))
