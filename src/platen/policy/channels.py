"""How a document goes to a device: the first of these that applies.

    1  an address that an administrator wrote     that one alone
    2  IPP enabled                                the IPPS address that the device names, else the IPP one it names,
                                                  else the default addresses, IPPS first
    3  IPP disabled                               raw to port 9100
    4  undefined (nobody has said, or asked yet)  what answered before; the first time the default IPP addresses and
                                                  then raw 9100, and what answers is remembered

In the fourth case older products tried IPP anew for every document and waited for it to fail; here that happens once.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from platen.policy.device_uri import DEFAULT_IPP_PATH, Channel, DeviceUri, DeviceUriError, parse_device_uri

PORT_IPPS = 443
PORT_IPP = 631
PORT_RAW = 9100


class IppSwitch(StrEnum):
    """Whether a device is printed to by IPP."""

    ENABLED = "enabled"
    DISABLED = "disabled"
    UNDEFINED = "undefined"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceChannels:
    """What is known of a device. `printer_uri_supported` is what it said when asked (RFC 8011 section 5.4.1)."""

    address: str
    explicit_uri: DeviceUri | None = None
    ipp: IppSwitch = IppSwitch.UNDEFINED
    printer_uri_supported: tuple[str, ...] = ()
    remembered: DeviceUri | None = None


@dataclass(frozen=True, slots=True)
class ChannelChoice:
    """Addresses to try in their order, and whether to remember the one that answers, for a sentence why."""

    attempts: tuple[DeviceUri, ...]
    remember: bool
    why: str


def default_uris(address: str, port: int | None = None) -> tuple[DeviceUri, ...]:
    """IPPS on 443 and on 631, then IPP on 631, all at `/ipp/print`; the secure ones first.

    port: where IPP is served elsewhere, with TLS or without.
    """
    if port is not None:
        return tuple(DeviceUri(channel, address, port, DEFAULT_IPP_PATH) for channel in (Channel.IPPS, Channel.IPP))
    return (
        DeviceUri(Channel.IPPS, address, PORT_IPPS, DEFAULT_IPP_PATH),
        DeviceUri(Channel.IPPS, address, PORT_IPP, DEFAULT_IPP_PATH),
        DeviceUri(Channel.IPP, address, PORT_IPP, DEFAULT_IPP_PATH),
    )


def raw_uri(address: str) -> DeviceUri:
    """Raw printing to port 9100."""
    return DeviceUri(Channel.SOCKET, address, PORT_RAW)


def preferred_uri(printer_uri_supported: tuple[str, ...]) -> DeviceUri | None:
    """Of the addresses that a device names, its first IPPS one, else its first IPP one; None without either.

    What cannot be read is passed over: a device's mistake in one address does not make the others useless.
    """
    usable: list[DeviceUri] = []
    for text in printer_uri_supported:
        try:
            usable.append(parse_device_uri(text))
        except DeviceUriError:
            continue
    for channel in (Channel.IPPS, Channel.IPP):
        found = next((uri for uri in usable if uri.channel is channel), None)
        if found is not None:
            return found
    return None


def choose_channel(device: DeviceChannels) -> ChannelChoice:
    """The addresses by which a document may reach the device."""
    if device.explicit_uri is not None:
        return _just(device.explicit_uri, "An administrator set this address.")
    match device.ipp:
        case IppSwitch.DISABLED:
            return _just(raw_uri(device.address), "IPP is disabled for this device.")
        case IppSwitch.ENABLED:
            return _by_ipp(device)
        case IppSwitch.UNDEFINED:
            return _by_trying(device)


def _by_ipp(device: DeviceChannels) -> ChannelChoice:
    named = preferred_uri(device.printer_uri_supported)
    if named is not None:
        return _just(named, "IPP is enabled, and the device names this address.")
    if device.remembered is not None and device.remembered.channel.is_ipp:
        return _just(device.remembered, "IPP is enabled, and this address answered before.")
    return ChannelChoice(
        default_uris(device.address), remember=True, why="IPP is enabled; its usual addresses are tried."
    )


def _by_trying(device: DeviceChannels) -> ChannelChoice:
    if device.remembered is not None:
        return _just(device.remembered, "This address answered before.")
    named = preferred_uri(device.printer_uri_supported)
    ipp = (named,) if named is not None else default_uris(device.address)
    why = "It is not known yet what the device speaks; IPP is tried, then raw printing."
    return ChannelChoice((*ipp, raw_uri(device.address)), remember=True, why=why)


def _just(uri: DeviceUri, why: str) -> ChannelChoice:
    return ChannelChoice((uri,), remember=False, why=why)
