"""Trying out a device's address, and what HTTP itself may answer."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from platen.demo.printers import PrintEngine, VirtualIppPrinter, VirtualRawPrinter
from platen.devices.errors import InvalidValue
from platen.devices.models import DeviceState
from platen.policy.device_uri import parse_device_uri
from platen.policy.state_words import WORDS, hinders, in_words
from platen.protocols.ipp import Operation
from platen.services.output.channels import open_channel
from platen.services.output.check import check_device, first_that_answers
from platen.services.output.errors import BadAnswer, ConnectionLost, DeviceError, DeviceRefused
from platen.services.output.ipp_client import IppClient
from platen.services.output.results import Report
from platen.services.output.settling import settled_uri
from tests.peers.ippeveprinter import IppEvePrinter
from tests.peers.rawprinter import refusing_port


class TestCheck:
    """What happens when a device is added."""

    async def test_real_ipp_printer(self, ippeveprinter: IppEvePrinter) -> None:
        """The device tells its addresses, formats and state. SC-CHAN-10, SC-PUSHQ-03"""
        found = await check_device(ippeveprinter.uri)
        assert found.uri == ippeveprinter.uri
        assert found.uris
        assert found.report is not None
        assert found.report.state == DeviceState.IDLE
        assert found.report.capabilities is not None
        assert "application/pdf" in found.report.capabilities.document_formats

    async def test_address_at_which_nothing_answers(self) -> None:
        """No address is chosen, and the sentence says what was tried. SC-CHAN-10, SC-PUSHQ-03"""
        uri = f"ipp://127.0.0.1:{refusing_port()}/ipp/print"
        found = await check_device(uri)
        assert found.uri is None
        assert found.problems[0].startswith(f"{uri}: 127.0.0.1 refuses connections")

    async def test_the_first_way_in_that_answers(self) -> None:
        """Of the usual addresses the first one that answers is taken, raw data where IPP does not; what was tried
        before is told. SC-CHAN-05, SC-CHAN-06, SC-CHAN-10"""
        dead = [parse_device_uri(f"{scheme}://127.0.0.1:{refusing_port()}/ipp/print") for scheme in ("ipps", "ipp")]
        async with VirtualIppPrinter() as ipp, VirtualRawPrinter() as raw:
            by_ipp, by_raw = parse_device_uri(ipp.uri), parse_device_uri(raw.uri)
            assert (await first_that_answers([*dead, by_ipp, by_raw])).uri == ipp.uri
            found = await first_that_answers([*dead, by_raw])
        assert found.uri == raw.uri
        assert [problem.split(": ")[0] for problem in found.problems] == [str(uri) for uri in dead]

    async def test_the_secure_address_that_a_device_names(self, ippeveprinter: IppEvePrinter) -> None:
        """Where a device answers by IPP and names an IPPS address that answers too, that one is taken. SC-CHAN-07,
        SC-CHAN-10"""
        found = await first_that_answers([parse_device_uri(ippeveprinter.uri)])
        assert found.uri == next(uri for uri in found.uris if uri.startswith("ipps://"))

    async def test_raw_device_by_pjl(self) -> None:
        """A raw device that speaks PJL says that it is out of paper. SC-PUSHQ-03"""
        async with VirtualRawPrinter(engine=PrintEngine()) as printer:
            await printer.engine.set_trouble("media-empty-error")
            found = await check_device(printer.uri, pjl_status=True)
            assert found.report is not None
            assert found.report.state == DeviceState.STOPPED
            assert found.report.message == "The right paper is missing"


@asynccontextmanager
async def _server(answer: bytes, *, close_after: bool = True) -> AsyncIterator[str]:
    """Answers any request with these octets."""

    writers: list[asyncio.StreamWriter] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers.append(writer)
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        await writer.drain()
        if close_after:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield f"ipp://127.0.0.1:{server.sockets[0].getsockname()[1]}/ipp/print"
    finally:
        server.close()
        for writer in writers:
            writer.close()


@pytest.mark.parametrize(
    ("answer", "kind", "sentence"),
    [
        (b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n", DeviceRefused, "user name and password"),
        (b"HTTP/1.1 426 Upgrade Required\r\nContent-Length: 0\r\n\r\n", DeviceRefused, "ipps://"),
        (b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", DeviceRefused, "path"),
        (b"HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n", BadAnswer, "HTTP 500"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc", BadAnswer, "IPP answer"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 30\r\n\r\nabc", ConnectionLost, "closed"),
        (b"SSH-2.0-OpenSSH_9.2\r\n", BadAnswer, "HTTP"),
        (b"", ConnectionLost, "closed"),
    ],
)
async def test_answers_that_are_not_ipp(answer: bytes, kind: type[DeviceError], sentence: str) -> None:
    """Whatever answers at a wrong address gives a sentence that says what to do. SC-CHAN-11"""
    async with _server(answer) as uri:
        client = IppClient(parse_device_uri(uri), tls_verify=False, timeout_s=3)
        with pytest.raises(kind, match=sentence):
            await client.ask(Operation.GET_PRINTER_ATTRIBUTES)
        client.close()


async def test_silent_device_is_given_up_in_time() -> None:
    """A device that accepts and says nothing costs the time-out, no more. SC-CHAN-06"""
    async with _server(b"", close_after=False) as uri:
        client = IppClient(parse_device_uri(uri), tls_verify=False, timeout_s=0.2)
        with pytest.raises(ConnectionLost, match="did not answer Get-Printer-Attributes in time"):
            await client.ask(Operation.GET_PRINTER_ATTRIBUTES)
        client.close()


async def test_connections_are_kept_and_renewed() -> None:
    """Requests share a connection; one that the device closed is replaced without a failure. SC-CHAN-01"""
    async with VirtualIppPrinter() as printer:
        client = IppClient(parse_device_uri(printer.uri), tls_verify=False, timeout_s=3)
        await client.ask(Operation.GET_PRINTER_ATTRIBUTES)
        await printer.go_away()
        await printer.come_back()
        answer = await client.ask(Operation.GET_PRINTER_ATTRIBUTES)
        assert answer.is_success
        client.close()


async def test_raw_device_without_pjl_is_ready_when_it_takes_a_connection() -> None:
    """Of a plain raw device only this can be known. SC-CHAN-05"""

    async def ignore(_: Report) -> None:
        pass

    async with VirtualRawPrinter() as printer:
        uri = parse_device_uri(printer.uri)
        channel = open_channel(uri, pjl_status=False, tls_verify=False, timeout_s=3, on_report=ignore)
        assert (await channel.report()).state == DeviceState.IDLE
        assert printer.engine.printed == []


class TestSettling:
    """What a person types as a device's address."""

    @pytest.mark.parametrize("address", ["", "socket://10.0.0.9", "lpd://printer/queue", "anything://at all"])
    def test_a_way_that_is_written_is_kept(self, address: str) -> None:
        """An address that says how to print is not tried, whether or not it makes sense: that is checked elsewhere.
        SC-CHAN-10"""
        assert settled_uri(f" {address} ") == address

    def test_a_host_that_does_not_answer(self) -> None:
        """Where nothing answers, the sentence says what was tried and how to write it. SC-CHAN-10"""
        with pytest.raises(InvalidValue, match="neither by IPP nor at port 9100"):
            settled_uri("127.0.0.213")

    def test_a_host_that_cannot_be(self) -> None:
        """What is no name of a host is refused before anything is tried. SC-CHAN-10"""
        with pytest.raises(InvalidValue, match="not an address: 300"):
            settled_uri("10.0.0.300")


class TestWords:
    """printer-state-reasons for people."""

    def test_errors_come_first(self) -> None:
        """What keeps paper from coming out is said before what will soon."""
        reasons = ("toner-low-warning", "none", "media-empty-error", "paused")
        assert in_words(reasons) == "Paper tray is empty, The device is paused, Toner is running low"

    def test_unknown_reason_is_shown_as_it_is(self) -> None:
        """A keyword of a maker's own is still readable."""
        assert in_words(["com-example-stapler-shy-error"]) == "Com example stapler shy"

    @pytest.mark.parametrize(
        ("reason", "expected"),
        [("media-jam-error", True), ("media-jam", True), ("toner-low-warning", False), ("none", False), ("", False)],
    )
    def test_what_hinders(self, reason: str, expected: bool) -> None:
        """Without a suffix a reason is an error."""
        assert hinders(reason) is expected

    def test_no_two_words_of_one_kind_lack_a_capital(self) -> None:
        """Every entry is a sentence's beginning without a full stop: they are joined by commas."""
        assert all(words[0].isupper() and not words.endswith(".") for words in WORDS.values())
