"""Reading a machine by IPP: the printer that CUPS brings along."""

from __future__ import annotations

import asyncio
import socket

import pytest

from platen.policy.device_uri import parse_device_uri
from platen.services.collect.ipp_reader import WANTED, read_by_ipp
from platen.services.output.errors import DeviceError


@pytest.mark.peer
def test_an_ipp_everywhere_printer_is_read(ippeveprinter):
    """One request says who it is, what it does and what it holds, by ipp and by ipps."""
    for uri in (ippeveprinter.uri, ippeveprinter.secure_uri):
        visit = asyncio.run(read_by_ipp("127.0.0.1", uri=parse_device_uri(uri), timeout_s=30))
        assert visit.reading.identity.model
        assert visit.reading.identity.uuid
        assert visit.reading.supplies
        assert 500 < visit.octets < 20_000
        assert "media-col-database" not in {attribute.name for attribute in visit.attributes}


def test_what_is_asked_leaves_out_what_a_reading_has_no_use_for():
    """Media and formats are most of a full answer."""
    assert len(set(WANTED)) == len(WANTED)
    assert not any(name.startswith(("media", "document")) for name in WANTED)


def test_nobody_at_an_address_is_said_in_a_sentence():
    """A port that nobody listens at."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        port = held.getsockname()[1]
        with pytest.raises(DeviceError, match=r"127\.0\.0\.1"):
            asyncio.run(read_by_ipp("127.0.0.1", uri=parse_device_uri(f"ipp://127.0.0.1:{port}/ipp/print")))


def test_every_place_that_was_tried_is_named():
    """Without an address of its own a printer is looked for at the usual ports, with and without TLS."""
    with pytest.raises(DeviceError, match=r"127\.66\.1\.2, neither with TLS nor without \(ports 443 and 631\)"):
        asyncio.run(read_by_ipp("127.66.1.2"))
