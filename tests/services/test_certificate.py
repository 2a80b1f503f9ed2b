"""The certificate that a node starts with."""

from __future__ import annotations

import socket
import ssl
import stat
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization

from platen.services.certificate import certificate_files, tls_context
from platen.settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path)


def names_of(path: Path) -> set[str]:
    certificate = x509.load_pem_x509_certificate(path.read_bytes())
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return {*names.get_values_for_type(x509.DNSName), *map(str, names.get_values_for_type(x509.IPAddress))}


def test_it_is_made_once(settings: Settings) -> None:
    """The first start makes a certificate with a private key that nobody else can read; later starts keep it."""
    certificate, key = certificate_files(settings)
    content = certificate.read_bytes()
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert {socket.gethostname(), "localhost", "127.0.0.1", "::1"} <= names_of(certificate)
    assert certificate_files(settings) == (certificate, key)
    assert certificate.read_bytes() == content
    assert sorted(path.name for path in certificate.parent.iterdir()) == ["certificate.pem", "key.pem"]


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://print.example.org:8443/", "print.example.org"),
        ("https://192.0.2.7", "192.0.2.7"),
        ("https://drucker.münchen.example", "drucker.xn--mnchen-3ya.example"),
    ],
)
def test_it_names_the_address_that_people_use(settings: Settings, url: str, name: str) -> None:
    """When the node gets a public address, its own certificate is made anew with that name or number."""
    certificate_files(settings)
    certificate, _ = certificate_files(replace(settings, public_url=url))
    assert name in names_of(certificate)


@pytest.mark.parametrize("broken", ["certificate.pem", "key.pem"])
@pytest.mark.parametrize("content", [None, b"", b"-----BEGIN CERTIFICATE-----\nrubbish"])
def test_a_pair_that_a_crash_left_half_written_is_made_anew(
    settings: Settings, broken: str, content: bytes | None
) -> None:
    """A start after a crash in the middle of writing certificate and key has a pair that fits."""
    certificate, key = certificate_files(settings)
    path = certificate.parent / broken
    path.unlink() if content is None else path.write_bytes(content)
    (certificate.parent / "key.new").write_bytes(b"half")
    certificate_files(settings)
    private = serialization.load_pem_private_key(key.read_bytes(), None)
    assert x509.load_pem_x509_certificate(certificate.read_bytes()).public_key() == private.public_key()


def test_a_key_of_another_pair_is_noticed(settings: Settings, tmp_path: Path) -> None:
    """A certificate whose key was replaced is made anew rather than served."""
    _, key = certificate_files(settings)
    _, other = certificate_files(Settings(data=tmp_path / "other"))
    key.write_bytes(other.read_bytes())
    certificate_files(settings)
    tls_context(settings)  # it loads only what fits


def test_clients_connect_with_tls_1_2_and_newer(settings: Settings) -> None:
    """A client that trusts the certificate connects; one that speaks TLS 1.1 at most does not. SQ-AUTH-05"""
    server = tls_context(settings)
    certificate, _ = certificate_files(settings)
    client = ssl.create_default_context(cafile=str(certificate))
    assert version(server, client) in {"TLSv1.2", "TLSv1.3"}
    assert server.minimum_version == ssl.TLSVersion.TLSv1_2


def version(server: ssl.SSLContext, client: ssl.SSLContext) -> str | None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        thread = threading.Thread(target=lambda: server.wrap_socket(ours, server_side=True).close())
        thread.start()
        with client.wrap_socket(theirs, server_hostname="localhost") as wrapped:
            found = wrapped.version()
        thread.join(20)
    return found
