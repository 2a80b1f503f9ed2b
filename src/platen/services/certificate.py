"""The certificate that a node starts with: self-signed, kept in the data directory, renewed before it ends."""

from __future__ import annotations

import contextlib
import ipaddress
import os
import socket
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from platen.settings import Settings

VALID_DAYS = 397  # the longest that today's clients accept
RENEW_BEFORE_DAYS = 30


def certificate_files(settings: Settings) -> tuple[Path, Path]:
    """(certificate chain, private key): the configured ones, else our own, made when missing, unfit or about to end."""
    if settings.tls_certificate and settings.tls_key:
        return settings.tls_certificate, settings.tls_key
    folder = settings.data / "tls"
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    names = _names(settings)
    if not _is_fit(certificate, key, names):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _make(certificate, key, names)
    return certificate, key


def _names(settings: Settings) -> list[x509.GeneralName]:
    """What this node may be called: its host name, the address that people use, this machine."""
    host = socket.gethostname()
    hosts = dict.fromkeys([host, f"{host}.local", "localhost", urlsplit(settings.public_url).hostname or "localhost"])
    addresses = dict.fromkeys(["127.0.0.1", "::1"])
    names: list[x509.GeneralName] = []
    for each in hosts:
        try:
            addresses[str(ipaddress.ip_address(each))] = None
        except ValueError:
            with contextlib.suppress(UnicodeError):  # a host name that cannot stand in a certificate
                names.append(x509.DNSName(each.encode("idna").decode("ascii")))
    return names + [x509.IPAddress(ipaddress.ip_address(each)) for each in addresses]


def _is_fit(certificate: Path, key: Path, names: list[x509.GeneralName]) -> bool:
    """Whether our own certificate is whole, belongs to its key, lasts, and says every name."""
    try:
        made = x509.load_pem_x509_certificate(certificate.read_bytes())
        private = serialization.load_pem_private_key(key.read_bytes(), None)
        listed = made.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (FileNotFoundError, ValueError, x509.ExtensionNotFound):
        return False
    lasts = made.not_valid_after_utc > datetime.now(UTC) + timedelta(days=RENEW_BEFORE_DAYS)
    return lasts and made.public_key() == private.public_key() and set(names) <= set(listed)


def tls_context(settings: Settings) -> ssl.SSLContext:
    """Server side TLS, 1.2 and newer."""
    certificate, key = certificate_files(settings)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(certificate, key)
    return context


def _make(certificate: Path, key: Path, names: list[x509.GeneralName]) -> None:
    private = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, socket.gethostname()[:64])])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=VALID_DAYS))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(private, hashes.SHA256())
    )
    pem = private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    # Either may be the last that is written before a crash: a pair that does not fit is made anew at the next start.
    _write(key, pem)
    _write(certificate, made.public_bytes(serialization.Encoding.PEM))


def _write(path: Path, content: bytes) -> None:
    fresh = path.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
