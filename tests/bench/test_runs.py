"""Every benchmark with little of everything, through the command that runs them."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import json
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from bench.__main__ import main

from bench import release
from tests.peers.programs import require
from tests.peers.running import free_port

pytestmark = pytest.mark.long


@pytest.fixture(autouse=True)
def _somewhere_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Data directories are made in the test's own folder."""
    monkeypatch.setenv("PLATEN_BENCH_DIR", str(tmp_path))


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    """The one line of JSON of one benchmark."""
    assert main([*arguments, "--small"]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    return dict(json.loads(line))


@pytest.fixture(autouse=True)
def collected() -> Iterator[None]:
    """What a measurement leaves behind is gone before the next test."""
    yield
    gc.collect()


def sizes(**numbers: int) -> list[str]:
    """As options."""
    return [part for name, number in numbers.items() for part in ("--set", f"{name}={number}")]


def test_start(capsys: pytest.CaptureFixture[str]) -> None:
    """Starting is timed over an empty data directory and over one in use, and memory is looked at."""
    line = run(capsys, "start", *sizes(people=10, held=10))
    assert line["empty_start_s"]["max"] > 0
    assert line["used_start_s"]["max"] > 0
    assert line["resident_idle_mb"] > 1


def test_intake(capsys: pytest.CaptureFixture[str]) -> None:
    """The server takes every job of the load, empty and with jobs held."""
    line = run(capsys, "intake", *sizes(jobs=200, people=1000, held=300))
    assert line["refused"] == 0
    assert line["sizes"] == {"jobs": 200, "people": 1000, "held": 300}


def test_upload(capsys: pytest.CaptureFixture[str]) -> None:
    """Documents sent at once are all accepted, and nothing of them stays behind."""
    line = run(capsys, "upload", *sizes(documents=3, document_bytes=2_000_000))
    assert line["refused"] == 0


def test_rival(capsys: pytest.CaptureFixture[str]) -> None:
    """cupsd and Platen both take every job of the same load."""
    require("cupsd", "cups")
    line = run(capsys, "rival", *sizes(jobs=100, held=150))
    assert line["refused"] == 0


RELEASE = {
    "panels": 4,
    "people": 60,
    "jobs": 300,
    "swipes": 20,
    "swipes_alone": 4,
    "cupsd_jobs": 20,
    "seconds": 2,
}


def test_release(capsys: pytest.CaptureFixture[str]) -> None:
    """Every swipe over seeded people brings all of the person's seeded documents to the printer.

    Five jobs a person: 20 busy swipes print 100; 4 to warm up and 4 idle ones, of people with one job, print 8.
    """
    require("cupsd", "cups")
    line = run(capsys, "release", *sizes(**RELEASE))
    assert line["failed"] == 0
    assert line["documents_delivered"] == 108


def test_a_connection_at_the_end_is_closed() -> None:
    """A server that looks at a printer of the measurement while it ends is hung up on, and nothing is left open."""

    async def end(listeners: list[socket.socket]) -> socket.socket:
        printers = release.Printers()
        await printers.serve(listeners)
        looking = socket.create_connection(listeners[0].getsockname())
        while not printers.connections:
            await asyncio.sleep(0)
        await printers.close()
        assert not printers.connections
        return looking

    with release.listening_printers(1, free_port()) as listeners, asyncio.run(end(listeners)) as looking:
        looking.settimeout(10)
        with contextlib.suppress(ConnectionResetError):  # either way of hanging up will do
            assert looking.recv(1) == b""


def test_unknown_benchmark_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    """A name that is none ends with the usage and what names there are."""
    with pytest.raises(SystemExit):
        main(["speed"])
    assert "there are documents, beside, start, upload, intake, rival, release" in capsys.readouterr().err
