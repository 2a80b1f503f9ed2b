"""IPPS devices: delivery over TLS, and whose certificates are trusted."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest

from platen.demo.printers import VirtualIppPrinter
from platen.policy.job_states import JobState
from platen.printing.models import DeliveryState
from platen.services.certificate import certificate_files, tls_context
from platen.services.output.connect import tls_client
from platen.settings import Settings
from tests.peers.ippeveprinter import IppEvePrinter
from tests.services.output.conftest import Office
from tests.services.output.documents import pdf


@pytest.fixture
def itself_signed(tmp_path: Path) -> tuple[ssl.SSLContext, Path]:
    """A device's TLS with a certificate that it signed itself, as devices come; and the certificate's file."""
    settings = Settings(data=tmp_path / "device")
    return tls_context(settings), certificate_files(settings)[0]


@pytest.fixture
def fresh_trust() -> Iterator[None]:
    """What the system trusts is read when it is first needed; here it is read in every test."""
    tls_client.cache_clear()
    yield
    tls_client.cache_clear()


async def test_octets_are_identical(office: Office, ippeveprinter: IppEvePrinter) -> None:
    """Two documents come out of a real IPP Everywhere printer over TLS as they were printed. SC-CHAN-02, SC-CHAN-04,
    SC-CRYPT-01, SC-CHAN-13"""
    anna, device = await office.user(), await office.device(ippeveprinter.secure_uri)
    documents = [pdf(2), pdf(1, padding_bytes=3_000_000)]
    jobs = [await office.hold(anna, document) for document in documents]
    for delivery_id in await office.release(device, anna, *jobs):
        assert (await office.ended(delivery_id)).state == DeliveryState.COMPLETED
    assert [path.read_bytes() for path in ippeveprinter.wait_for_printed(2)] == documents
    assert "Starting HTTPS session" in ippeveprinter.program.output()


async def test_a_certificate_of_its_own_is_taken_as_devices_have_them(
    office: Office, itself_signed: tuple[ssl.SSLContext, Path]
) -> None:
    """Unless the check is on, a device may have signed its certificate itself; its pages are counted as ever."""
    async with VirtualIppPrinter(tls=itself_signed[0]) as printer:
        assert printer.uri.startswith("ipps://")
        anna, device = await office.user(), await office.device(printer.uri)
        [delivery_id] = await office.release(device, anna, await office.hold(anna, pdf(3)))
        ended = await office.ended(delivery_id)
    assert (ended.state, ended.impressions_completed) == (DeliveryState.COMPLETED, 3)


@pytest.mark.usefixtures("fresh_trust")
async def test_a_checked_certificate_that_nobody_vouches_for(
    office: Office, itself_signed: tuple[ssl.SSLContext, Path]
) -> None:
    """With the check on, a device that nobody vouches for gets no octet; the reason is shown and the job waits."""
    async with VirtualIppPrinter(tls=itself_signed[0]) as printer:
        anna, device = await office.user(), await office.device(printer.uri, tls_verify=True)
        job = await office.hold(anna, pdf())
        [delivery_id] = await office.release(device, anna, job)
        waiting = await office.until(delivery_id, lambda delivery: bool(delivery.message))
        assert "is not trusted (self-signed certificate)" in waiting.message
        assert (waiting.state, printer.requests) == (DeliveryState.WAITING, [])
        await office.cancel(job)


@pytest.mark.usefixtures("fresh_trust")
async def test_a_checked_certificate_that_the_system_trusts(
    office: Office, itself_signed: tuple[ssl.SSLContext, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the check on, the system's authorities decide; one that SSL_CERT_FILE names is one of them."""
    context, certificate = itself_signed
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    async with VirtualIppPrinter(tls=context) as printer:
        anna, device = await office.user(), await office.device(printer.uri, tls_verify=True)
        [delivery_id] = await office.release(device, anna, await office.hold(anna, pdf()))
        ended = await office.ended(delivery_id)
    assert (ended.state, ended.job.state) == (DeliveryState.COMPLETED, JobState.COMPLETED)


async def test_a_device_without_tls(office: Office) -> None:
    """A device that speaks only plain IPP behind an ipps address is told of in words; nothing goes out unencrypted.
    SC-CRYPT-03"""
    async with VirtualIppPrinter() as printer:
        anna, device = await office.user(), await office.device(printer.uri.replace("ipp://", "ipps://"))
        job = await office.hold(anna, pdf())
        [delivery_id] = await office.release(device, anna, job)
        waiting = await office.until(delivery_id, lambda delivery: bool(delivery.message))
        assert (waiting.state, printer.requests) == (DeliveryState.WAITING, [])
        assert "does not talk TLS" in waiting.message
        await office.cancel(job)
