"""At which addresses people whose rights end at regions may ask machines and print: those of their regions alone.

An address decides which machine is read, written to and restarted, and where credentials are sent. So it is not only
the record that has to be one's own, but what the record points at.
"""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from platen.devices.errors import InvalidValue as InvalidDevice
from platen.devices.models import Device
from platen.fleet.adopting import address_of, adopt_devices
from platen.fleet.errors import InvalidValue
from platen.fleet.models import Machine
from platen.fleet.regions import Regions
from platen.tenants.context import acting_within, current_regions


def plain_address(text: str) -> str:
    """An address in its one spelling: without brackets, an IPv4 address within IPv6 as that; names in lower case."""
    name = text.strip().removeprefix("[").removesuffix("]").casefold()
    try:
        address = ip_address(name)
    except ValueError:
        return name.rstrip(".")
    within = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return str(within or address)


def check_reach(address: str, *, of: int | None = None) -> None:
    """Whether whoever asks may have a machine at this address; nobody without a limit is asked, nor for none.

    Host names are taken by their ends alone: what they lead to is not known here. of: the device that it is for.
    Raises: InvalidValue where it is in none of one's regions, or another device has it.
    """
    limit = current_regions()
    if limit is None or not address.strip():
        return
    plain = plain_address(address)
    with acting_within(None):
        region = Regions().of(plain)
        if region is None or region.pk not in limit:
            raise InvalidValue(_("This address is in none of your regions. Ask an administrator about the device."))
        adopt_devices(timezone.now())
        others = Machine.objects.exclude(pk=of).exclude(address="")
        # Addresses are stored as they were found or written; the usual spellings are few.
        spelled = {plain, address.strip(), f"::ffff:{plain}", f"[::ffff:{plain}]", f"[{plain}]"}
        if others.filter(address__in=spelled).exists():
            raise InvalidValue(_("Another device has this address. Ask an administrator about it."))


def check_device(device: Device, *, before: str, **_signal: Any) -> None:
    """A device is about to be kept with another URI. before: what it was. Raises: devices.errors.InvalidValue."""
    address = address_of(device.uri)
    if device.uri == before or plain_address(address) == plain_address(address_of(before)):
        return
    try:
        check_reach(address, of=device.pk)
    except InvalidValue as error:
        raise InvalidDevice(str(error)) from error
