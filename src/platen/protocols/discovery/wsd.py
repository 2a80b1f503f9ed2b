"""WS-Discovery 1.0/1.1 (OASIS), as far as printers need it: a Probe, and the ProbeMatches that answer it.

Printers that follow the Web Services print device profile answer a Probe for `PrintDeviceType` with their address
(a UUID) and the addresses of their services (XAddrs).
"""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape

PORT = 3702
GROUP_V4 = "239.255.255.250"
GROUP_V6 = "ff02::c"
DATAGRAM_MAX = 65_507
MATCHES_MAX = 64

_SOAP = "http://www.w3.org/2003/05/soap-envelope"
_ADDRESSING = "http://schemas.xmlsoap.org/ws/2004/08/addressing"
_DISCOVERY = "http://schemas.xmlsoap.org/ws/2005/04/discovery"
_PRINT = "http://schemas.microsoft.com/windows/2006/08/wdp/print"

_PROBE = (
    f'<?xml version="1.0" encoding="utf-8"?><s:Envelope xmlns:s="{_SOAP}" xmlns:a="{_ADDRESSING}" '
    f'xmlns:d="{_DISCOVERY}" xmlns:p="{_PRINT}"><s:Header><a:To>urn:schemas-xmlsoap-org:ws:2005:04:discovery</a:To>'
    f"<a:Action>{_DISCOVERY}/Probe</a:Action><a:MessageID>%s</a:MessageID></s:Header>"
    "<s:Body><d:Probe><d:Types>p:PrintDeviceType</d:Types></d:Probe></s:Body></s:Envelope>"
)


class WsdError(ValueError):
    """A datagram is no WS-Discovery message; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Match:
    """One machine that answered a Probe.

    address: its endpoint reference, usually urn:uuid:…; hosts: of its XAddrs, in their order.
    """

    address: str
    types: tuple[str, ...]
    hosts: tuple[str, ...]

    @property
    def uuid(self) -> str:
        """The UUID of its endpoint reference, in lower case; empty where it is none."""
        text = self.address.lower().removeprefix("urn:").removeprefix("uuid:")
        try:
            return str(uuid.UUID(text))
        except ValueError:
            return ""

    @property
    def prints(self) -> bool:
        """Whether it says that it is a printer."""
        return any(each.rpartition(":")[2] in {"PrintDeviceType", "PrinterServiceType"} for each in self.types)


def probe(message_id: uuid.UUID) -> bytes:
    """A Probe for printers."""
    return (_PROBE % escape(message_id.urn)).encode()


def read_matches(datagram: bytes, message_id: uuid.UUID | None = None) -> list[Match]:
    """The machines of a ProbeMatches message.

    message_id: the Probe that it must answer.
    Raises: WsdError for anything else. No entity is expanded and nothing is fetched.
    """
    root = _parsed(datagram)
    if message_id is not None and _text(root, f".//{{{_ADDRESSING}}}RelatesTo").lower() != message_id.urn:
        raise WsdError("It answers another question.")
    found = [_match(each) for each in root.iter(f"{{{_DISCOVERY}}}ProbeMatch")]
    if not found:
        raise WsdError("It names no machine.")
    return found[:MATCHES_MAX]


def _parsed(datagram: bytes) -> ET.Element:
    if len(datagram) > DATAGRAM_MAX:
        raise WsdError("It is larger than a datagram.")
    if re.search(rb"<!\s*(?:DOCTYPE|ENTITY)", datagram, re.IGNORECASE) or b"\x00" in datagram:
        raise WsdError("It declares a document type, which SOAP forbids.")
    try:
        return ET.fromstring(datagram)  # noqa: S314  # without a document type there are no entities to expand
    except (ET.ParseError, ValueError, LookupError) as error:
        raise WsdError(f"It is no XML: {error}.") from error


def _match(element: ET.Element) -> Match:
    address = _text(element, f".//{{{_ADDRESSING}}}Address")
    types = tuple(_text(element, f"{{{_DISCOVERY}}}Types").split())
    urls = _text(element, f"{{{_DISCOVERY}}}XAddrs").split()
    hosts = tuple(dict.fromkeys(host for host in map(_host, urls) if host))
    return Match(address[:255], types[:MATCHES_MAX], hosts[:MATCHES_MAX])


def _text(element: ET.Element, path: str) -> str:
    return (element.findtext(path) or "").strip()


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
