"""kill -9 at any point between a job's first byte and its usage record."""

from __future__ import annotations

import hashlib
import http.client
import os
import random
import signal
import socket
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.db import connections

from platen.demo.client import NotPrinted, PrintClient
from platen.devices.services import add_device, add_reader, ensure_default_queue
from platen.directory.cards import add_card
from platen.directory.services import create_user
from platen.keys import derive_key
from platen.policy.job_states import JobState
from platen.printing import queries
from platen.printing.deliveries import stored_document
from platen.printing.models import Delivery, DeliveryState, Job
from platen.printing.spool import Spool
from platen.services.upkeep import orphans_of
from platen.tenants.context import acting_for
from platen.tenants.models import Tenant
from platen.tenants.services import ensure_default_tenant
from platen.tracking.models import UsageRecord
from tests.faults.ipp_printer import PrinterInThread, ipp_printer
from tests.faults.zygote import Zygote, zygote
from tests.fixtures_tenant import ADMIN
from tests.peers.rawprinter import RawPrinter, rawprinter
from tests.peers.running import LOOPBACK, PeerFailed, free_port, wait_until
from tests.printing.conftest import migrated, own_database

__all__ = ["migrated", "own_database"]
pytestmark = [pytest.mark.long, pytest.mark.untraced]

KILLS = int(os.environ.get("PLATEN_KILLS", "100"))
KILLS_BESIDE_A_DATABASE_SERVER = KILLS // 3  # the same code dies there, and the database outlives it
STEPS_MAX = 120  # some twenty of a start, and then of as much as is printed and collected meanwhile
READERS = ("127.0.0.1", "127.0.0.2")  # a reader is known by the address that it connects from
PEOPLE = ("anna", "bert", "carla", "dora")
MADE = b"%!PS-Adobe-3.0\n%%Pages: 1\n"


@dataclass(slots=True)
class Site:
    """A data directory with people, a device and its reader, and the ports of the servers over it."""

    data: Path
    database: str
    port: int
    reader_port: int
    raw: RawPrinter
    ipp: PrinterInThread
    tenant_id: int = 0

    @property
    def environ(self) -> dict[str, str]:
        return {
            "PLATEN_DATA": str(self.data),
            "PLATEN_DATABASE": self.database,
            "PLATEN_BIND": LOOPBACK,
            "PLATEN_PORT": str(self.port),
            "PLATEN_TLS_PORT": "-1",
            "PLATEN_LPD_PORT": "-1",
            "PLATEN_RAW_PORT": "-1",
            "PLATEN_READER_PORT": str(self.reader_port),
            "PLATEN_DNSSD": "false",
            "PLATEN_ANALYSIS_WORKERS": "1",
            "PLATEN_OUTPUT_RETRY_S": "0.2",
            "PLATEN_LOG_LEVEL": "warning",
        }

    def set_up(self) -> None:
        """People with a card each, and two devices that print everything for whoever shows one."""
        tenant: Tenant = ensure_default_tenant()
        self.tenant_id = tenant.id
        with acting_for(tenant.id):
            ensure_default_queue()
            for name, uri, address in zip(("Raw", "IPP"), (self.raw.uri, self.ipp.uri), READERS, strict=True):
                device = add_device(name, uri, by=ADMIN, print_all_at_login=True)
                add_reader(name, device, address, by=ADMIN)
            for number, logon in enumerate(PEOPLE):
                add_card(create_user(logon, by=ADMIN, login_without_pin=True), f"1000{number}", by=ADMIN)

    def is_ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://{LOOPBACK}:{self.port}/readyz", timeout=2) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError, http.client.HTTPException):
            return False


@dataclass(slots=True)
class Traffic:
    """Clients that print and people who collect, through every death of the server."""

    site: Site
    acknowledged: dict[int, tuple[str, str]] = field(default_factory=dict)  # job-id: (name, digest of the document)
    refused: list[str] = field(default_factory=list)
    stopping: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def running(self) -> Iterator[None]:
        threads = [threading.Thread(target=self._print, args=(number,)) for number in range(len(PEOPLE))]
        threads.append(threading.Thread(target=self._collect))
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self.stopping.set()
            for thread in threads:
                thread.join(60)

    def _print(self, number: int) -> None:
        client = PrintClient(f"ipp://{LOOPBACK}:{self.site.port}/ipp/print", PEOPLE[number], timeout_s=5)
        dice = random.Random(number)
        count = 0
        while not self.stopping.is_set():
            count += 1
            name = f"{PEOPLE[number]}-{count}"
            # Mostly small ones that share a pack, some around its border, some with a file of their own.
            size = dice.choice([500, 3_000, 20_000, 20_000, 262_143, 262_145, 700_000])
            document = MADE + b"%" + hashlib.sha256(name.encode()).hexdigest().encode() * (size // 64) + b"\n"
            try:
                if dice.random() < 0.5:
                    job_id = client.print_job(name, document, "application/postscript")
                else:
                    job_id = client.create_job(name)
                    client.send_document(job_id, document, "application/postscript")
            except NotPrinted as error:
                self.refused.append(str(error))
            except (OSError, http.client.HTTPException):
                self.stopping.wait(0.02)  # the server is dead just now
            else:
                with self._lock:
                    self.acknowledged[job_id] = (name, hashlib.sha256(document).hexdigest())
            self.stopping.wait(dice.random() * 0.05)

    def _collect(self) -> None:
        dice = random.Random("cards")
        while not self.stopping.wait(dice.random() * 0.1):
            with suppress(OSError), self._reader(dice.choice(READERS)) as reader:
                reader.sendall(f"1000{dice.randrange(len(PEOPLE))}\r\n".encode())
                self.stopping.wait(0.1)

    def _reader(self, address: str) -> socket.socket:
        return socket.create_connection((LOOPBACK, self.site.reader_port), timeout=2, source_address=(address, 0))


@pytest.fixture
def site(own_database: str, tmp_path: Path) -> Iterator[Site]:
    with rawprinter() as raw, ipp_printer(tmp_path / "printed") as ipp:
        made = Site(tmp_path / "data", own_database, free_port(), free_port(), raw, ipp)
        made.data.mkdir(mode=0o700)
        yield made


def kill(servers: Zygote, pid: int) -> None:
    os.kill(pid, signal.SIGKILL)
    servers.wait(pid)


def start(servers: Zygote, site: Site, log: Path) -> int:
    pid = servers.start()
    try:
        wait_until(site.is_ready, "a server that is ready")
    except PeerFailed as error:
        raise PeerFailed(f"{error}\n{log.read_text()[-4000:]}") from error
    return pid


def test_a_server_that_is_killed_loses_nothing_and_counts_nothing_twice(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server that is killed again and again, while people print and collect, keeps every acknowledged job with its
    document whole until it was delivered, has one usage record for each delivery, and leaves no file behind.
    SC-PULL-02"""
    use_keys_of(site, monkeypatch)
    site.set_up()
    connections.close_all()
    log, dice, traffic = tmp_path / "log", random.Random(2026), Traffic(site)
    kills = KILLS if site.database.startswith("sqlite") else KILLS_BESIDE_A_DATABASE_SERVER
    with zygote(site.environ, log) as servers:
        with traffic.running():
            for step in steps_to_die_at(kills, dice):
                if step:
                    servers.wait(servers.start(dies_at=step, after=dice.random() < 0.5))
                    continue
                pid = servers.start()
                wait_until(site.is_ready, f"a server that is ready\n{log.read_text()[-2000:]}")
                time.sleep(min(dice.expovariate(4), 1.5))
                kill(servers, pid)
        # In peace, the last server brings every delivery to its end, and reads what was printed unread; then it dies as
        # well, and so does its successor right after it has put things in order.
        pid = start(servers, site, log)
        wait_until(lambda: not deliveries_open(site), "the end of all deliveries", timeout_s=120)
        wait_until(lambda: not printed_documents(site), "the end of all printed documents", timeout_s=120)
        kill(servers, pid)
        pid = start(servers, site, log)
        kill(servers, pid)
    assert len(traffic.acknowledged) > kills // 2, f"hardly anything was printed: {traffic.refused[:5]}"
    assert sum(job.state == JobState.COMPLETED for job in Job.everywhere.all()) > kills // 2
    assert "Traceback" not in log.read_text(), log.read_text()[-6000:]
    check_jobs(site, traffic)
    check_usage()
    check_spool(site)


def steps_to_die_at(kills: int, dice: random.Random) -> list[int]:
    """For each server the step at which it dies, evenly spread, or 0 for every third: it is killed whatever it does."""
    steps = [0 if number % 3 == 0 else 1 + STEPS_MAX * number // kills for number in range(kills)]
    dice.shuffle(steps)
    return steps


def use_keys_of(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """What this process seals (cards) is opened by the servers: both have the data directory's keys."""
    from django.conf import settings

    monkeypatch.setattr(settings, "PLATEN", _with_data(settings.PLATEN, site.data))


def _with_data(settings: Any, data: Path) -> Any:
    from dataclasses import replace

    return replace(settings, data=data)


def deliveries_open(site: Site) -> bool:
    try:
        return bool(Delivery.everywhere.filter(ended_at__isnull=True).exists())
    finally:
        connections.close_all()


def printed_documents(site: Site) -> bool:
    """Whether a document of a job that ended is kept, for nobody looked into it yet."""
    try:
        return bool(Job.everywhere.filter(completed_at__isnull=False, spool_key__isnull=False).exists())
    finally:
        connections.close_all()


def check_jobs(site: Site, traffic: Traffic) -> None:
    """Every acknowledged job is there: held with its document, or delivered whole."""
    spool = Spool(site.data / "spool", derive_key(site.data, "documents"))
    came_out = {hashlib.sha256(stream).hexdigest() for stream in site.raw.jobs()} | site.ipp.digests()
    for job_id, (name, digest) in traffic.acknowledged.items():
        job = Job.everywhere.filter(id=job_id).first()
        assert job is not None, f"acknowledged and lost: {job_id} {name}"
        assert job.name == name
        if job.state == JobState.COMPLETED:
            assert digest in came_out, f"completed, but its octets did not come out: {name}"
            assert not job.has_document
        else:
            assert job.state == JobState.PENDING_HELD, f"{name} is {job.job_state.keyword}"
            assert hashlib.sha256(b"".join(spool.read(stored_document(job)))).hexdigest() == digest, name


def check_usage() -> None:
    """One usage record for each delivery that ended with something to tell, and never two completions of one job."""
    completed = Delivery.everywhere.filter(state=DeliveryState.COMPLETED)
    assert completed.values("job").distinct().count() == completed.count(), "a job was delivered twice to its end"
    records = list(UsageRecord.everywhere.values_list("activity", flat=True))
    assert len(records) == len(set(records))
    assert set(completed.values_list("uuid", flat=True)) <= set(records), "a delivery without usage record"
    told = Delivery.everywhere.filter(state__in=[DeliveryState.COMPLETED, DeliveryState.INTERRUPTED])
    assert set(records) == set(told.values_list("uuid", flat=True))


def check_spool(site: Site) -> None:
    """After a start nothing lies in the spool that no job knows."""
    spool = Spool(site.data / "spool", derive_key(site.data, "documents"))
    assert orphans_of(spool) == set()
    assert spool.drop_unfinished() == 0
    for number in spool.packs.numbers():
        assert queries.pack_is_live(number), f"pack {number} holds no live document"
    last = max(spool.packs.numbers(), default=0)
    assert not last or spool.packs.path(last).stat().st_size == queries.end_of_pack(last)
