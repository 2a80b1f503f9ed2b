"""Devices: /devices."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Query, Router, Schema, Status

from platen.access.methods import LoginMethod
from platen.access.rights import Right
from platen.api.bearer import actor, needs
from platen.api.lookup import device_of
from platen.api.values import Change, Input, Page, Paging
from platen.devices.device_lists import filtered_page
from platen.devices.models import Device
from platen.devices.services import change_device, new_pairing_code, remove_device, set_out_of_service
from platen.fleet.adopting import add_by_hand
from platen.fleet.attention import condition_of, with_machines
from platen.tracking.models import ChargingScheme
from platen.tracking.schemes import assign, scheme_by_id, tariff_of

router = Router()


class DeviceShown(Schema):
    """A device, what is known of it, and how it is."""

    uuid: UUID
    name: str
    uri: str
    location: str
    make_and_model: str
    mac: str
    out_of_service: bool
    needs_attention: bool
    state: str
    state_reasons: list[str]
    state_message: str
    state_at: datetime | None
    print_all_at_login: bool | None
    login_methods: list[str]
    pjl_status: bool
    tls_verify: bool
    document_formats: list[str]
    color_supported: bool | None
    duplex_supported: bool | None
    media_supported: list[str]
    driver_names: list[str]

    @staticmethod
    def resolve_state(device: Device) -> str:
        """printer-state as its keyword, by what is read of its machine; unknown while nobody asked or it is silent."""
        return condition_of(device).state.name.lower()

    @staticmethod
    def resolve_state_reasons(device: Device) -> list[str]:
        """printer-state-reasons, as `state`."""
        return condition_of(device).reasons

    @staticmethod
    def resolve_state_message(device: Device) -> str:
        """What is the matter in words, as `state`."""
        return condition_of(device).message


class DeviceChange(Change):
    """What is to change."""

    name: str | None = None
    uri: str | None = Field(None, description="ipp://, ipps://, socket://HOST:9100 or lpd://HOST/QUEUE")
    location: str | None = None
    make_and_model: str | None = None
    mac: str | None = None
    print_all_at_login: bool | None = None
    login_methods: list[LoginMethod] | None = None
    pjl_status: bool | None = None
    tls_verify: bool | None = None
    document_formats: list[str] | None = None
    color_supported: bool | None = None
    duplex_supported: bool | None = None
    media_supported: list[str] | None = None
    driver_names: list[str] | None = None


class NewDevice(DeviceChange):
    """A new device needs a name and an address."""

    name: str
    uri: str


class DevicesWanted(Paging):
    """Which devices."""

    q: str = Field("", description="Part of name, location, model, address or MAC.")
    attention: bool = False


class Service(Input):
    """Whether a device is in use."""

    out_of_service: bool


class Schemes(Schema):
    """Ids of the charging schemes that price a device; null: that price is nothing."""

    primary: int | None
    secondary: int | None


class SchemesWanted(Input):
    """Ids of charging schemes; null: none."""

    primary: int | None = None
    secondary: int | None = None


class PairingCode(Schema):
    """A code to type at the panel, told this once, valid for 15 minutes."""

    code: str


# Of these, null is a value: nobody said, or as each person has it.
_NULLABLE = {"print_all_at_login", "color_supported", "duplex_supported"}


@router.get("", response=Page[DeviceShown], auth=needs(Right.SEE_DEVICES))
def list_devices(request: HttpRequest, wanted: Query[DevicesWanted]) -> Page[DeviceShown]:
    """Devices in the order of their names."""
    page = filtered_page(wanted.q, wanted.after or "", attention=wanted.attention, size=wanted.limit)
    return Page(items=with_machines(page.devices), next=page.next_name)  # type: ignore[arg-type]  # rows become schemas in the answer


@router.post("", response={201: DeviceShown}, auth=needs(Right.CHANGE_DEVICES))
def add(request: HttpRequest, new: NewDevice) -> Status[Device]:
    """Add a device. It gets the default charging schemes."""
    return Status(201, add_by_hand(by=actor(request), **_values(new)))  # type: ignore[arg-type]  # checked by the schema


@router.get("/{uuid:key}", response=DeviceShown, auth=needs(Right.SEE_DEVICES))
def show(request: HttpRequest, key: UUID) -> Device:
    """One device."""
    return device_of(key)


@router.patch("/{uuid:key}", response=DeviceShown, auth=needs(Right.CHANGE_DEVICES))
def change(request: HttpRequest, key: UUID, change: DeviceChange) -> Device:
    """Change what is sent."""
    return change_device(device_of(key), by=actor(request), **_values(change))  # type: ignore[arg-type]  # as above


@router.delete("/{uuid:key}", response={204: None}, auth=needs(Right.CHANGE_DEVICES))
def remove(request: HttpRequest, key: UUID) -> Status[None]:
    """Remove a device that nothing needs any more; its usage records stay."""
    remove_device(device_of(key), by=actor(request))
    return Status(204, None)


@router.put("/{uuid:key}/service", response=DeviceShown, auth=needs(Right.SERVE_DEVICES))
def serve(request: HttpRequest, key: UUID, service: Service) -> Device:
    """Put a device out of service, or back; documents wait meanwhile."""
    device = device_of(key)
    set_out_of_service(device, service.out_of_service, by=actor(request))
    return device


@router.get("/{uuid:key}/schemes", response=Schemes, auth=needs(Right.SEE_PRICES))
def show_schemes(request: HttpRequest, key: UUID) -> Schemes:
    """Which charging schemes price a device."""
    tariff = tariff_of(device_of(key).id)
    return Schemes(
        primary=tariff.primary_id if tariff else None,
        secondary=tariff.secondary_id if tariff else None,
    )


@router.put("/{uuid:key}/schemes", response=Schemes, auth=needs(Right.CHANGE_PRICES))
def set_schemes(request: HttpRequest, key: UUID, wanted: SchemesWanted) -> Schemes:
    """Let these charging schemes price a device from now on."""
    tariff = assign(
        device_of(key), primary=_scheme(wanted.primary), secondary=_scheme(wanted.secondary), by=actor(request)
    )
    return Schemes(primary=tariff.primary_id, secondary=tariff.secondary_id)


@router.post("/{uuid:key}/pairing-code", response={201: PairingCode}, auth=needs(Right.CHANGE_DEVICES))
def pairing_code(request: HttpRequest, key: UUID) -> Status[PairingCode]:
    """A new code that makes a browser this device's panel; an earlier one stops working."""
    code = new_pairing_code(device_of(key), by=actor(request), now=timezone.now())
    return Status(201, PairingCode(code=code))


def _scheme(scheme_id: int | None) -> ChargingScheme | None:
    return None if scheme_id is None else scheme_by_id(scheme_id)


def _values(sent: DeviceChange) -> dict[str, object]:
    return {name: value for name, value in sent.given().items() if value is not None or name in _NULLABLE}
