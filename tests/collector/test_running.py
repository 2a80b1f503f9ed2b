"""The collector as a service: killed, stopped, hung, and what it says of itself."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import socket
import sqlite3
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from platen.collector.database import FILE_NAME, Database
from platen.collector.watching import HUNG_EXIT_CODE, Watch
from tests.collector import home
from tests.collector.site import Site
from tests.peers.connect_proxy import connect_proxy
from tests.peers.running import Running, running, wait_until
from tests.running_node import ROOT, RunningNode


@contextmanager
def service(site: Site, **environment: str) -> Iterator[Running]:
    """`platen collector run`."""
    command = [sys.executable, "-m", "platen", "collector", "run", "--log-json", "--config", site.write()]
    with running(command, log=site.folder / "log", env=environment, cwd=ROOT) as program:
        yield program


def queued(site: Site) -> int:
    """How many rows wait, looked at from outside."""
    path = site.data / FILE_NAME
    if not path.exists():
        return 0
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=30)
    # There may be no table yet.
    with contextlib.closing(connection), contextlib.suppress(sqlite3.OperationalError):
        return int(connection.execute("SELECT COUNT(*) FROM outbox").fetchone()[0])
    return 0


def test_killed_between_reading_and_sending(site: Site, at_home: RunningNode, request: pytest.FixtureRequest) -> None:
    """What was read before a kill -9 comes home after the next start, and no survey is needed again. DCA-RUN-01"""
    there, site.home = site.home, "https://127.0.0.1:9"
    with service(site) as program:
        wait_until(lambda: queued(site) >= 3, "three readings", timeout_s=200)
        os.killpg(program.process.pid, signal.SIGKILL)
        program.process.wait(60)
    assert queued(site) >= 3
    site.home = there
    with service(site):
        wait_until(lambda: at_home.call(home.last_row, request.node.name) >= 3, "rows at home", timeout_s=200)
    assert len(at_home.call(home.machines, request.node.name)) == 3
    log = (site.folder / "log").read_text()
    assert log.count('"machine_found"') == 3


def test_killed_before_home_answered(site: Site, at_home: RunningNode, request: pytest.FixtureRequest) -> None:
    """Home has the rows and the collector does not know it: after the next start nothing is stored twice."""
    name = request.node.name
    site.read()
    with connect_proxy() as proxy:
        site.tables["send.https"] |= {"proxy": f"http://127.0.0.1:{proxy.server_address[1]}"}
        proxy.swallow_after = 2_000
        with service(site) as program:
            wait_until(lambda: at_home.call(home.last_row, name) >= 3, "rows at home", timeout_s=200)
            os.killpg(program.process.pid, signal.SIGKILL)
            program.process.wait(60)
    assert queued(site) >= 3
    readings = at_home.call(home.readings, name)
    del site.tables["send.https"]["proxy"]
    with service(site):
        wait_until(lambda: queued(site) == 0, "an empty queue", timeout_s=200)
    assert at_home.call(home.readings, name) == readings


def test_off_and_on_again(site: Site, at_home: RunningNode, request: pytest.FixtureRequest) -> None:
    """It stops when told to, says that it ran, and when it was off, here and at home. DCA-UPD-02"""
    with service(site) as program:
        wait_until(lambda: at_home.call(home.last_row, request.node.name) >= 3, "rows at home", timeout_s=200)
        shown = json.loads(site.command("status", "--json").stdout)
        assert (shown["runs"], shown["machines"], shown["queue_rows"]) == (True, 3, 0)
        assert site.command("status", "--alive-within", "600").returncode == 0
        assert "runs already" in site.command("once").stderr
        os.kill(program.process.pid, signal.SIGTERM)
        assert program.process.wait(60) == 0
    assert site.command("status", "--alive-within", "600").returncode == 1
    database = Database(site.data)
    database.note(alive_at=time.time() - 7_300)
    database.close()
    with service(site):
        wait_until(
            lambda: any(request.node.name in said for said in at_home.call(home.events, "collector_off")),
            "an event at home",
            timeout_s=200,
        )
        shown = json.loads(site.command("status", "--json").stdout)
    assert shown["off"]["from"] < shown["off"]["to"]


def test_systemd_is_told(site: Site) -> None:
    """That it is ready, that it lives, that it stops. DCA-UPD-02"""
    site.tables["search"]["addresses"] = "127.41.255.1"
    path = site.folder / "notify"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as told:
        told.bind(str(path))
        told.settimeout(200)
        with service(site, NOTIFY_SOCKET=str(path)) as program:
            assert [told.recv(100), told.recv(100)] == [b"READY=1", b"WATCHDOG=1"]
            os.kill(program.process.pid, signal.SIGTERM)
            while (state := told.recv(100)) == b"WATCHDOG=1":
                pass
            assert state == b"STOPPING=1"


async def test_a_loop_that_fails_or_hangs_is_begun_anew() -> None:
    """Others go on meanwhile. DCA-UPD-01 DCA-UPD-02"""
    watch, stop = Watch(), asyncio.Event()
    begun: list[str] = []

    async def fails() -> None:
        begun.append("fails")
        if begun.count("fails") < 2:
            raise ValueError("a fault")
        await asyncio.Event().wait()

    async def hangs() -> None:
        begun.append("hangs")
        if begun.count("hangs") == 2:
            stop.set()
        await asyncio.Event().wait()

    watch.add("fails", fails, 3600)
    watch.add("hangs", hangs, 0.05)
    async with asyncio.timeout(60):
        await watch.run(stop, look_s=0.01)
    assert begun.count("fails") == 2
    assert watch.restarts["fails"] == 1


async def test_a_process_that_hangs_ends() -> None:
    """With a code by which whatever started it knows. Where the health check is off, it is left alone. DCA-UPD-02"""
    ended = threading.Event()
    codes: list[int] = []

    def end(code: int) -> None:
        codes.append(code)
        ended.set()

    watch, stop = Watch(process_hangs_s=0.1, end=end), asyncio.Event()

    async def blocks() -> None:
        assert ended.wait(60)
        stop.set()

    watch.add("blocks", blocks, 3600)
    await watch.run(stop, look_s=0.01)
    assert codes == [HUNG_EXIT_CODE]


def test_nobody_wants_to_be_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A socket that is not there stops nothing."""
    from platen.collector.watching import notify

    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "gone"))
    notify("READY=1")
