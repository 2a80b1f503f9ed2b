"""Certificate, devices and announcements: what others see of the server, and it of them."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import serialization

from platen.cli.checks.finding import Finding, ok, problem, warning
from platen.settings import Settings

if TYPE_CHECKING:
    from platen.devices.models import Device

SOON = timedelta(days=30)
DEVICES_MAX = 500
AT_ONCE = 16
_MDNS = "224.0.0.251"


def check_certificate(settings: Settings, now: datetime) -> Iterator[Finding]:
    """It has not ended, belongs to its key, and names this server."""
    area = "certificate"
    if settings.tls_port < 0:
        yield ok(area, "TLS is switched off (PLATEN_TLS_PORT=-1).")
        return
    own = settings.tls_certificate is None
    path = settings.tls_certificate or settings.data / "tls" / "certificate.pem"
    key_path = settings.tls_key or settings.data / "tls" / "key.pem"
    if own and not path.exists():
        yield ok(area, "The server makes one of its own at its first start.")
        return
    try:
        certificate = x509.load_pem_x509_certificate(path.read_bytes())
        key = serialization.load_pem_private_key(key_path.read_bytes(), None)
    except (OSError, ValueError, TypeError) as error:
        yield problem(area, f"Certificate or key cannot be read: {error}.", f"Correct {path} and {key_path} (PEM).")
        return
    if certificate.public_key() != key.public_key():
        yield problem(area, f"{path} does not belong to {key_path}.", "Give the key that the certificate was made for.")
    yield from _check_time(certificate, path, now, own=own)
    yield from _check_names(certificate, settings, own=own)


def _check_time(certificate: x509.Certificate, path: Path, now: datetime, *, own: bool) -> Iterator[Finding]:
    area, until = "certificate", certificate.not_valid_after_utc
    renew = "The server makes a new one at its next start." if own else "Renew it, and restart the server."
    if certificate.not_valid_before_utc > now:
        yield problem(
            area, f"{path} is not valid before {certificate.not_valid_before_utc:%Y-%m-%d}.", "Check the clock."
        )
    elif until < now:
        yield problem(area, f"{path} ended on {until:%Y-%m-%d}; clients refuse to connect.", renew)
    elif until < now + SOON:
        yield warning(area, f"{path} ends on {until:%Y-%m-%d}.", renew)
    else:
        yield ok(area, f"Valid until {until:%Y-%m-%d}{' (of our own making)' if own else ''}.")


def _check_names(certificate: x509.Certificate, settings: Settings, *, own: bool) -> Iterator[Finding]:
    host = urlsplit(settings.public_url).hostname or socket.gethostname()
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        listed: list[str] = []
    else:
        listed = [*names.get_values_for_type(x509.DNSName), *map(str, names.get_values_for_type(x509.IPAddress))]
    if not any(_fits(name, host) for name in listed):
        how = "Give one for this name (PLATEN_TLS_CERTIFICATE, PLATEN_TLS_KEY)."
        yield warning("certificate", f"It does not name {host}, but {', '.join(listed) or 'nothing'}.", how)


def _fits(name: str, host: str) -> bool:
    if name.startswith("*."):
        return host.partition(".")[2].lower() == name[2:].lower()
    return name.lower() == host.lower()


def check_devices(devices: Sequence[Device]) -> list[Finding]:
    """Every device that documents go to answers, and says that it can print."""
    printing = [device for device in devices if device.uri]
    return asyncio.run(_check_all(printing[:DEVICES_MAX]))


async def _check_all(devices: Sequence[Device]) -> list[Finding]:
    turn = asyncio.Semaphore(AT_ONCE)
    return list(await asyncio.gather(*(_check_device(device, turn) for device in devices)))


async def _check_device(device: Device, turn: asyncio.Semaphore) -> Finding:
    from platen.devices.models import DeviceState
    from platen.services.output.check import check_device

    area = f"device {device.name}"
    async with turn:
        found = await check_device(device.uri, pjl_status=device.pjl_status, tls_verify=device.tls_verify)
    if found.uri is None:
        why = " ".join(found.problems) or f"{device.uri} does not answer."
        return warning(area, why, "Is it switched on, and its address right? Documents for it wait.")
    report = found.report
    if report is not None and report.state == DeviceState.STOPPED:
        reasons = report.message or ", ".join(report.state_reasons) or "it does not say why"
        return warning(area, f"It is stopped: {reasons}.", "Look at the device. Documents for it wait.")
    return ok(area, f"It answers at {found.uri}.")


def check_announcements(settings: Settings) -> Iterator[Finding]:
    """Clients can find the queues by DNS-SD."""
    area = "announcements"
    if not settings.dnssd:
        yield ok(area, "Switched off (PLATEN_DNSSD=false); clients need the address.")
        return
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        member = socket.inet_aton(_MDNS) + socket.inet_aton("0.0.0.0")  # noqa: S104  # whichever interface leads there
        try:
            probe.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, member)
            probe.connect((_MDNS, 5353))
        except OSError as error:
            yield warning(
                area,
                f"This machine has no network for DNS-SD (multicast): {error.strerror}.",
                "Connect it, or set PLATEN_DNSSD=false and give clients the address.",
            )
        else:
            yield ok(area, "Queues can be announced with DNS-SD.")


def check_proxies(settings: Settings, now: datetime) -> Iterator[Finding]:
    """Where everybody is sent to TLS, the proxy that people come by is known."""
    if not settings.force_https:
        return
    from platen.console.untrusted_proxy import untrusted_since

    area, peer = "proxies", untrusted_since(now)
    if peer is None:
        yield ok(area, "Pages are shown over TLS alone, and no proxy that is not trusted passed any on lately.")
    elif _is_trusted(peer, settings):
        yield ok(area, f"The proxy at {peer} is trusted now.")
    else:
        yield warning(
            area,
            f"{peer} passes on requests that came over TLS and is not trusted: whoever comes that way gets no page.",
            f"If it is your proxy, set PLATEN_TRUSTED_PROXIES={peer} and restart the server.",
        )


def _is_trusted(peer: str, settings: Settings) -> bool:
    """As the server takes them: addresses, networks, or an asterisk for everybody."""
    for name in (each.strip() for each in settings.trusted_proxies.split(",")):
        try:
            if name in {"*", peer} or ip_address(peer) in ip_network(name):
                return True
        except ValueError:  # a name, or nothing
            continue
    return False
