"""`platen fleet read`: one machine, read and shown, nothing stored."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from platen.cli.fleet_targets import credentials_of, target_of, uri_of
from platen.protocols.snmp import SnmpError, UsmUser, Version
from platen.protocols.snmp.usm import AuthProtocol, PrivProtocol
from platen.services.collect.snmp_targets import Community, Target
from tests.peers.ippeveprinter import IppEvePrinter
from tests.readings.replay import alert
from tests.readings.test_finishers import office
from tests.services.collect.agents import agent
from tests.services.collect.test_reader import Machine


@pytest.fixture
def address() -> Iterator[str]:
    """A printer that answers, at a port of its own."""
    ready, address = threading.Event(), []
    loop = asyncio.new_event_loop()
    ended = asyncio.Event()

    async def serve() -> None:
        async with agent(Machine(office() | alert(1, 8, words="Jam in tray 1"))) as served:
            address.append(str(served.target))
            ready.set()
            await ended.wait()

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()))
    thread.start()
    assert ready.wait(30)
    yield address[0]
    loop.call_soon_threadsafe(ended.set)
    thread.join()
    loop.close()


def fleet_read(tmp_path: Path, *arguments: str, status: int = 0) -> subprocess.CompletedProcess[str]:
    """The command, with a database that it could not even open."""
    nowhere = {"PLATEN_DATABASE": "postgresql://nobody@127.0.0.1:1/none", "PLATEN_DATA_DIR": str(tmp_path / "none")}
    ended = subprocess.run(
        [sys.executable, "-m", "platen", "fleet", "read", *arguments],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | nowhere,
    )
    assert ended.returncode == status, ended.stderr
    return ended


def test_a_reading_is_shown_to_people(tmp_path: Path, address: str) -> None:
    """Who it is, meters, supplies, trays, alerts, and what it cost in octets; no database is needed. DCA-DATA-01."""
    shown = " ".join(fleet_read(tmp_path, "--address", address, "--again", "1").stdout.split())
    for words in (
        "Examplecorp LX 400",
        "serial number: LX400-0001",
        "total 1000 impressions",
        "black toner LX-101: 10 %",
        "Tray 1 A4 plain: 20 %",
        "Top: 40 % of room",
        "Staples: 70 %",
        "stitcher Staple unit MX-400 SN-77: on, idle, 20 of 50 sheets, maximum-sheets=50, stitching=staple-top-left",
        "puncher: on, 20 of 50 sheets, punch-pattern=four-hole-din",
        "folder: not-present",
        "critical: Jam in tray 1 (jam)",
        "octets for everything",
        "octets by the plan",
    ):
        assert words in shown


def test_a_reading_is_json_for_programs(tmp_path: Path, address: str) -> None:
    """Every fact by its name, the octets, the plan, and the objects as they were answered."""
    row: dict[str, Any] = json.loads(fleet_read(tmp_path, "--address", address, "--json", "--raw").stdout)
    assert row["identity"]["serial"] == "LX400-0001"
    assert [supply["percent"] for supply in row["supplies"]] == [10, 20, 30, 40, 70, None]
    assert [finisher["kind"] for finisher in row["finishers"]] == ["stitcher", "puncher", "stacker", "folder"]
    assert row["raw"]["1.3.6.1.2.1.43.10.2.1.4.1.1"] == 1000
    assert row["raw"]["1.3.6.1.2.1.25.3.5.1.2.1"] == "hex 00"
    assert row["traffic"]["octets"][0] > 1000
    assert row["plan"]


def test_nobody_there_is_said_in_a_sentence(tmp_path: Path) -> None:
    """Exit status 1 and no traceback."""
    ended = fleet_read(tmp_path, "--address", "127.0.0.1:9", "--timeout", "0.05", status=1)
    assert "127.0.0.1" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_nobody_there_in_any_way_is_said_of_every_way(tmp_path: Path) -> None:
    """SNMP and IPP with their ports."""
    ended = fleet_read(tmp_path, "--address", "127.66.1.3:9", "--timeout", "0.05", "--ipp", status=1)
    said = " ".join(ended.stderr.split())
    assert "SNMP at 127.66.1.3:9" in said
    assert "IPP at 127.66.1.3" in said
    assert "443 and 631" in said


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("10.20.4.31", Target("10.20.4.31")),
        ("10.20.4.31:1161", Target("10.20.4.31", 1161)),
        ("printer.example.org:161", Target("printer.example.org")),
        ("2001:db8::7", Target("2001:db8::7")),
        ("[2001:db8::7]:1161", Target("2001:db8::7", 1161)),
        ("[2001:db8::7]", Target("2001:db8::7")),
    ],
)
def test_an_address_may_have_a_port(text: str, target: Target) -> None:
    """Names, IPv4 and IPv6."""
    assert target_of(text) == target


@pytest.mark.parametrize(
    ("text", "uri"),
    [
        ("10.20.4.31:161", None),
        ("2001:db8::7", None),
        ("ipp://10.20.4.31:8631/printers/hall", "ipp://10.20.4.31:8631/printers/hall"),
        ("ipps://[2001:db8::7]:443", "ipps://[2001:db8::7]:443/ipp/print"),
    ],
)
def test_an_address_may_be_where_ipp_is_asked(text: str, uri: str | None) -> None:
    """With its port and path; a host without a scheme is asked by SNMP."""
    found = uri_of(text)
    assert (None if found is None else str(found)) == uri


def test_an_address_that_is_only_printed_to_is_not_read() -> None:
    """Neither raw printing nor LPD says anything of a machine."""
    with pytest.raises(ValueError, match="only printed to"):
        uri_of("socket://10.20.4.31:9100")


@pytest.mark.peer
def test_a_printer_that_only_speaks_ipp_is_read(tmp_path: Path, ippeveprinter: IppEvePrinter) -> None:
    """By its own address alone, and at a port beside SNMP that nobody answers."""
    row = json.loads(fleet_read(tmp_path, "--address", ippeveprinter.uri, "--json").stdout)
    assert row["identity"]["uuid"]
    assert row["problems"] == []
    beside = ("--address", "127.0.0.1:9", "--timeout", "0.05", "--ipp-port", str(ippeveprinter.port))
    both = json.loads(fleet_read(tmp_path, *beside, "--json").stdout)
    assert both["identity"]["uuid"] == row["identity"]["uuid"]
    assert "SNMP at 127.0.0.1:9" in both["problems"][0]


@pytest.mark.parametrize("text", ["", "host:0", "host:70000", "host:snmp", ":161"])
def test_an_address_that_is_none_is_refused(text: str) -> None:
    """With a sentence that says how to write it."""
    with pytest.raises(ValueError, match=r"port|host"):
        target_of(text)


def test_communities_are_tried_in_order_with_both_versions() -> None:
    """SNMPv2c first; SNMPv1 for agents that know no other. EMC-COMM-05."""
    assert credentials_of(["a", "b"]) == [
        Community(b"a"),
        Community(b"b"),
        Community(b"a", Version.V1),
        Community(b"b", Version.V1),
    ]
    assert credentials_of(["a"], v1=True) == [Community(b"a", Version.V1)]


def test_a_user_of_snmpv3_has_protocols_and_passwords() -> None:
    """Names of protocols are written as people write them. EMC-COMM-06."""
    (user,) = credentials_of([], v3=("reader", "sha-256", "signing-word", "aes-256", "hiding-word"))
    assert isinstance(user, UsmUser)
    assert (user.auth, user.priv) == (AuthProtocol.SHA_256, PrivProtocol.AES_256)
    with pytest.raises(ValueError, match="SHA-512"):
        credentials_of([], v3=("reader", "rot13", "signing-word", "AES-128", ""))
    with pytest.raises(SnmpError):
        credentials_of([], v3=("reader", "SHA", "short", "AES-128", ""))
