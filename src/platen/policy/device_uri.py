"""Where a device takes print data: `ipps://HOST/ipp/print`, `ipp://…`, `socket://HOST:9100`, `lpd://HOST/QUEUE`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from urllib.parse import unquote, urlsplit


class Channel(StrEnum):
    """A protocol that carries a document to a device; the value is the URI scheme."""

    IPPS = "ipps"
    IPP = "ipp"
    SOCKET = "socket"
    LPD = "lpd"

    @property
    def is_ipp(self) -> bool:
        """Whether the device can be asked about the job afterwards."""
        return self in (Channel.IPP, Channel.IPPS)


# In the order in which they are tried. RFC 7472 gives ipps 631; many devices serve it on 443 instead, or as well.
DEFAULT_PORTS: dict[Channel, tuple[int, ...]] = {
    Channel.IPPS: (631, 443),
    Channel.IPP: (631,),
    Channel.SOCKET: (9100,),
    Channel.LPD: (515,),
}
DEFAULT_IPP_PATH = "/ipp/print"
URI_LENGTH_MAX = 1023  # of a uri value in IPP (RFC 8011 section 5.1.6)
_SHAPES = "ipps://HOST/ipp/print, ipp://HOST/ipp/print, socket://HOST:9100 or lpd://HOST/QUEUE"
_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?", re.ASCII)
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*", re.ASCII)
"""No name ends in a number (RFC 1123 section 2.1): programs read 0x7f.1 as 127.0.0.1."""
_DIGITS_AND_DOTS = re.compile(r"[0-9.]+", re.ASCII)


class DeviceUriError(ValueError):
    """An address of a device cannot be used; the text says what is wrong with it and how to write it."""


@dataclass(frozen=True, slots=True)
class DeviceUri:
    """A checked address. `port` is None where the URI has none: then `ports` are tried in their order.

    `path` begins with `/` for IPP and is empty for the others; `queue` is the LPD queue. Build it with
    `parse_device_uri`, or from parts that are known to be good.
    """

    channel: Channel
    host: str
    port: int | None = None
    path: str = ""
    queue: str = ""

    @property
    def ports(self) -> tuple[int, ...]:
        """The ports to connect to, in order: the one that is written, or the defaults of the channel."""
        return DEFAULT_PORTS[self.channel] if self.port is None else (self.port,)

    def with_port(self, port: int) -> DeviceUri:
        """The same with a port, for remembering which of `ports` answered."""
        return DeviceUri(self.channel, self.host, port, self.path, self.queue)

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port is None else f":{self.port}"
        return f"{self.channel}://{host}{port}{self.path or (f'/{self.queue}' if self.queue else '')}"


def parse_device_uri(text: str) -> DeviceUri:
    """Read a device URI. Host names are kept in lower case, addresses in their usual form.

    Raises: DeviceUriError, a sentence that says how to write it.
    """
    uri = text.strip()
    if len(uri) > URI_LENGTH_MAX or not uri.isascii() or any(c.isspace() or not c.isprintable() for c in uri):
        raise DeviceUriError(
            f"A device address has at most {URI_LENGTH_MAX} ASCII characters and no spaces. Write {_SHAPES}."
        )
    scheme, separator, _ = uri.partition("://")
    try:
        channel = Channel(scheme.lower())
    except ValueError:
        found = (
            f"{scheme}:// is not a way to print" if separator else f"{uri or 'An empty text'} does not say how to print"
        )
        raise DeviceUriError(f"{found}. Write {_SHAPES}.") from None
    try:
        parts = urlsplit(uri)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise DeviceUriError(f"{uri} has a faulty address or port. A port is a number from 1 to 65535.") from None
    if "@" in parts.netloc:
        # A password in an address ends up in logs and lists; devices that ask for one are not printed to this way.
        raise DeviceUriError("A device address must not hold a user name or password. Leave out all up to the @.")
    if parts.query or parts.fragment:
        raise DeviceUriError(f"{uri} goes on with ? or #, which means nothing to a device. Leave it out.")
    if port == 0 or parts.netloc.endswith(":"):
        raise DeviceUriError(f"The port in {uri} must be a number from 1 to 65535; without one, leave out the colon.")
    return _checked(channel, plain_host(host), port, parts.path)


def _checked(channel: Channel, host: str, port: int | None, path: str) -> DeviceUri:
    match channel:
        case Channel.IPP | Channel.IPPS:
            return DeviceUri(channel, host, port, path=path or "/")
        case Channel.SOCKET:
            if path not in ("", "/"):
                raise DeviceUriError(f"socket://{host} has nothing after the port. Leave out {path}.")
            return DeviceUri(channel, host, port)
        case Channel.LPD:
            queue = unquote(path).strip("/")
            if not queue or "/" in queue or not queue.isprintable() or " " in queue:
                raise DeviceUriError(
                    f"LPD needs the name of one queue on the device. Write for example lpd://{host}/print."
                )
            return DeviceUri(channel, host, port, queue=queue)


def plain_host(host: str) -> str:
    """A host's name or address in its usual form, in lower case. Raises: DeviceUriError."""
    host = host.lower()
    if ":" in host:
        return _ipv6(host)
    if _DIGITS_AND_DOTS.fullmatch(host):
        return _ipv4(host)
    labels = host.removesuffix(".").split(".")
    if not host or len(host) > 253 or not all(map(_LABEL.fullmatch, labels)) or _NUMBER.fullmatch(labels[-1]):
        named = f"{host} is not a host name" if host else "The name of the host is missing"
        raise DeviceUriError(f"{named}. Write a name like printer1.example.org or an address like 10.20.4.31.")
    return host


def _ipv4(host: str) -> str:
    try:
        return str(IPv4Address(host))
    except AddressValueError:
        parts = host.split(".")
        too_big = next((part for part in parts if part.isdigit() and int(part) > 255), None)
        why = f"{too_big} is more than 255" if too_big else "it has four numbers from 0 to 255 without leading zeros"
        raise DeviceUriError(f"{host} is not an address: {why}. Write for example 10.20.4.31.") from None


def _ipv6(host: str) -> str:
    try:
        return str(IPv6Address(host))
    except AddressValueError:
        raise DeviceUriError(f"[{host}] is not an IPv6 address. Write for example [2001:db8::31].") from None
