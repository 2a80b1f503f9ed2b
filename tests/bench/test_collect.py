"""The benchmarks of collecting with little of everything, and what they count with."""

from __future__ import annotations

import json
import struct
import subprocess
import sys
from pathlib import Path
from socket import inet_aton
from typing import Any

import pytest
from bench.__main__ import main
from bench.collect_wire import Wire

from tests.peers.programs import require


@pytest.fixture(autouse=True)
def _somewhere_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Data directories are made in the test's own folder."""
    monkeypatch.setenv("PLATEN_BENCH_DIR", str(tmp_path))


def run(capsys: pytest.CaptureFixture[str], name: str, **numbers: int) -> dict[str, Any]:
    """The one line of JSON of a benchmark, as small as it can be."""
    sizes = [part for size, number in numbers.items() for part in ("--set", f"{size}={number}")]
    assert main([name, *sizes, "--small"]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    return dict(json.loads(line))


def test_sweep(capsys: pytest.CaptureFixture[str]) -> None:
    """Every machine is read and stored as itself, with its alerts and supplies, and others are asked the same."""
    require("snmpbulkwalk", "snmp")
    line = run(capsys, "collect", machines=40, sample=5)
    assert line["machines_stored"] == 40
    assert line["readings_stored"] >= 40
    assert line["supplies_stored"] > 40
    assert line["required"]["others got an answer of every machine"]
    assert {"platen_ms", "snmpget_ms", "snmpbulkwalk_ms"} <= line.keys()


def test_traffic(capsys: pytest.CaptureFixture[str]) -> None:
    """What is empty costs something, what is found more, and reading it again less than finding it."""
    command = [sys.executable, "-c", "from bench.collect_wire import alone; alone()"]
    if subprocess.run(command, check=False, capture_output=True).returncode:
        pytest.skip("a network of its own needs root, and a system that allows it")
    line = run(capsys, "collect-traffic", printers=3)
    assert line["printers_found"] == 3
    assert 28 < line["empty"] < line["reading_max"] < line["later"] < line["found"]


def test_soak(capsys: pytest.CaptureFixture[str]) -> None:
    """Memory is looked at after every sweep over machines that hardly ever answer."""
    line = run(capsys, "collect-soak", machines=10, sweeps=3)
    assert line["after_first_mb"] > 1
    assert line["most_mb"] >= line["after_last_mb"]


def test_history(capsys: pytest.CaptureFixture[str]) -> None:
    """Every page shows something of the years written."""
    line = run(capsys, "collect-history", machines=50, days=40, times=2)
    for page in ("device_days", "device_months", "fleet_by_pages_of_a_month", "meters_at_a_moment"):
        assert line[page]["median"] > 0


def packet(source: str, destination: str, length: int) -> bytes:
    """The header of an IPv4 packet."""
    return struct.pack("!BBHHHBBH4s4s", 0x45, 0, length, 0, 0, 64, 17, 0, inet_aton(source), inet_aton(destination))


def test_a_packet_counts_for_its_machine_both_ways() -> None:
    """What goes to a machine and what comes from it are its octets; what is not of the fleet is nobody's."""
    wire = Wire()
    wire.take(packet("127.0.0.1", "127.10.0.7", 70))
    wire.take(packet("127.10.0.7", "127.0.0.1", 90))
    wire.take(packet("127.0.0.1", "127.0.0.1", 1000))
    assert dict(wire.octets) == {"127.10.0.7": 160}
    assert (wire.total, wire.packets["127.10.0.7"]) == (160, 2)
