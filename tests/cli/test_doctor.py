"""`platen doctor`: each thing that can be wrong is found, with what to do about it."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from platen.cli.checks import machine, network, stores
from platen.cli.checks.finding import Finding, Level
from platen.cli.checks.ports import check_ports, listener_of
from platen.devices.models import Device, Queue
from platen.devices.services import add_device, ensure_default_queue
from platen.directory.models import Role, User
from platen.directory.services import create_user
from platen.identifiers import uuid7
from platen.printing.models import Job
from platen.services.certificate import certificate_files
from platen.settings import Settings
from platen.tenants.models import Policy, Tenant
from tests.faults.small_disk import small_disk
from tests.fixtures_tenant import ADMIN
from tests.peers.rawprinter import RawPrinter, refusing_port
from tests.peers.running import LOOPBACK, running, wait_until
from tests.printing.conftest import migrated, own_database

__all__ = ["migrated", "own_database"]

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
PLATEN = [sys.executable, "-m", "platen"]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    data = tmp_path / "data"
    data.mkdir(mode=0o700)
    return Settings(data=data)


def only(findings: Iterator[Finding] | list[Finding], level: Level) -> Finding:
    """The one finding of this level."""
    (found,) = [each for each in findings if each.level is level]
    assert bool(found.advice) == (level is not Level.OK)
    return found


class TestMachine:
    """Directory, disk, keys, clock."""

    def test_a_good_directory(self, settings: Settings) -> None:
        """A private directory that keeps what is written is in order, and the doctor leaves nothing in it."""
        assert "keeps what is written" in only(machine.check_data_directory(settings), Level.OK).message
        assert list(settings.data.iterdir()) == []

    def test_a_directory_that_others_can_read(self, settings: Settings) -> None:
        """A directory that is open to others is found."""
        settings.data.chmod(0o755)
        assert "chmod 700" in only(machine.check_data_directory(settings), Level.WARNING).advice

    def test_a_directory_that_is_not_there(self, tmp_path: Path) -> None:
        """A missing directory is reported and not made."""
        missing = Settings(data=tmp_path / "nowhere")
        assert "not there yet" in only(machine.check_data_directory(missing), Level.WARNING).message
        assert not missing.data.exists()

    def test_a_full_disk(self) -> None:
        """A disk with less than the reserve free is a problem, and one that is full does not keep what is written."""
        with small_disk(1024 * 1024) as disk:
            full = Settings(data=disk)
            (disk / "ballast").write_bytes(bytes(1024 * 1024 - 8192))
            assert "jobs are refused" in only(machine.check_room(full), Level.PROBLEM).message
            assert only(machine.check_room(replace(full, spool_free_bytes_min=0)), Level.OK)

    def test_keys(self, settings: Settings) -> None:
        """A key that others can read, that is cut, or that is gone while there is data, is a problem."""
        assert list(machine.check_keys(settings)) == []
        (settings.data / "spool").mkdir()
        assert "Restore it from a backup" in only(machine.check_keys(settings), Level.PROBLEM).advice
        path = settings.data / "keys" / "master"
        path.parent.mkdir(mode=0o700)
        path.write_bytes(bytes(32))
        path.chmod(0o600)
        assert only(machine.check_keys(settings), Level.OK)
        path.chmod(0o640)
        assert "chmod 600" in only(machine.check_keys(settings), Level.PROBLEM).advice
        path.write_bytes(bytes(31))
        assert "31 octets" in only(machine.check_keys(settings), Level.PROBLEM).message

    @pytest.mark.parametrize(
        ("now", "last", "level"),
        [
            (NOW, None, Level.OK),
            (NOW, NOW - timedelta(days=1), Level.OK),
            (NOW, NOW + timedelta(seconds=30), Level.OK),
            (NOW, NOW + timedelta(hours=1), Level.PROBLEM),
            (datetime(1970, 1, 1, tzinfo=UTC), None, Level.PROBLEM),
        ],
    )
    def test_the_clock(self, now: datetime, last: datetime | None, level: Level) -> None:
        """A clock of the last century, or one that was set back behind what happened, is a problem."""
        assert only(machine.check_clock(now, last), level).area == "clock"

    def test_descriptors(self, settings: Settings) -> None:
        """More connections than the system lets a process open are found before they are needed."""
        many = replace(settings, connections_max=10**9)
        assert "LimitNOFILE" in only(machine.check_descriptors(many), Level.WARNING).advice

    def test_a_system_that_confines_nothing(self, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
        """Where the kernel has no seccomp, the doctor says what that means for documents, and what to do. SC-TDF-132"""
        monkeypatch.setattr(machine, "can_confine", lambda: False)
        assert "CONFIG_SECCOMP_FILTER" in only(machine.check_confinement(settings), Level.WARNING).advice
        assert list(machine.check_confinement(replace(settings, analysis_workers=0))) == []
        monkeypatch.setattr(machine, "can_confine", lambda: True)
        assert only(machine.check_confinement(settings), Level.OK)


class TestPorts:
    """Who has which port."""

    def alone(self, settings: Settings, port: int) -> Settings:
        return replace(settings, bind=LOOPBACK, port=port, tls_port=-1, lpd_port=-1, raw_port=-1, reader_port=0)

    def test_a_port_that_is_taken_names_who_has_it(self, settings: Settings) -> None:
        """The process that has a port is named; where it is the server itself all is well."""
        with socket.create_server((LOOPBACK, 0)) as taken:
            port = taken.getsockname()[1]
            holder = listener_of(port)
            assert holder is not None
            assert holder.pid == os.getpid()
            found = only(check_ports(self.alone(settings, port), None), Level.PROBLEM)
            assert f"process {os.getpid()}" in found.message
            assert "PLATEN_PORT" in found.advice
            assert only(check_ports(self.alone(settings, port), os.getpid()), Level.OK)

    def test_a_free_port(self, settings: Settings) -> None:
        """A free port is well, unless a running server should have it."""
        port = refusing_port()
        assert "Free" in only(check_ports(self.alone(settings, port), None), Level.OK).message
        assert "does not listen" in only(check_ports(self.alone(settings, port), 1), Level.PROBLEM).message

    def test_an_address_that_is_not_ours(self, settings: Settings) -> None:
        """An address of another machine cannot be bound."""
        foreign = replace(self.alone(settings, refusing_port()), bind="192.0.2.1")
        assert "PLATEN_BIND" in only(check_ports(foreign, None), Level.PROBLEM).advice


class TestCertificate:
    """What browsers and clients would say."""

    def test_our_own(self, settings: Settings) -> None:
        """The certificate that the server makes is good for a year, and reported before it ends."""
        assert only(network.check_certificate(settings, NOW), Level.OK)
        certificate_files(settings)
        now = datetime.now(UTC)
        assert "of our own making" in only(network.check_certificate(settings, now), Level.OK).message
        assert "ends on" in only(network.check_certificate(settings, now + timedelta(days=380)), Level.WARNING).message
        assert "ended on" in only(network.check_certificate(settings, now + timedelta(days=500)), Level.PROBLEM).message
        before = only(network.check_certificate(settings, now - timedelta(days=500)), Level.PROBLEM)
        assert before.advice == "Check the clock."

    def test_another_key(self, settings: Settings, tmp_path: Path) -> None:
        """A certificate with somebody else's key, or none, is a problem."""
        certificate, _ = certificate_files(settings)
        _, key = certificate_files(Settings(data=tmp_path / "other"))
        mixed = replace(settings, tls_certificate=certificate, tls_key=key)
        assert "does not belong" in only(network.check_certificate(mixed, datetime.now(UTC)), Level.PROBLEM).message
        gone = replace(settings, tls_certificate=certificate, tls_key=tmp_path / "nothing.pem")
        assert "cannot be read" in only(network.check_certificate(gone, NOW), Level.PROBLEM).message

    def test_another_name(self, settings: Settings) -> None:
        """A certificate that does not name the address that people use is found."""
        certificate_files(settings)
        public = replace(settings, public_url="https://print.example.org/")
        found = only(network.check_certificate(public, datetime.now(UTC)), Level.WARNING)
        assert "does not name print.example.org" in found.message


class TestData:
    """Database, organisations, spool, devices."""

    def test_the_database_is_whole(self, own_database: str) -> None:
        """A database that is up to date is fit for the rest; a PostgreSQL that does not sync is a problem all the same,
        and the tests' own one is of that kind."""
        state = stores.DatabaseState()
        synced = own_database.startswith("sqlite")
        found = only(stores.check_database(state), Level.OK if synced else Level.PROBLEM)
        assert ("is whole" if synced else "fsync=off") in found.message
        assert state.usable

    def test_a_damaged_database(self, own_database: str) -> None:
        """A SQLite file with foreign octets in its middle is a problem."""
        if not own_database.startswith("sqlite"):
            pytest.skip("PostgreSQL looks after its own files")
        with Path(own_database.removeprefix("sqlite://")).open("r+b") as file:
            file.seek(40 * 4096)
            file.write(os.urandom(40 * 4096))
        state = stores.DatabaseState()
        assert "restore the last backup" in only(stores.check_database(state), Level.PROBLEM).advice.lower()

    def test_an_empty_organisation(self, tenant: Tenant) -> None:
        """Nobody to administer, no default queue: problems. Nobody who prints: a warning."""
        found = list(stores.check_organisations())
        assert [each.message for each in found if each.level is Level.PROBLEM] == [
            "Nobody is an administrator.",
            "No queue answers /ipp/print.",
        ]
        assert "nobody yet who prints" in only(found, Level.WARNING).message

    def test_a_furnished_organisation(self, tenant: Tenant, anna: User, policy: Policy) -> None:
        """With people, an administrator, a queue and a device all is well; an unknown time zone is not."""
        create_user("root", by=ADMIN, role=Role.ADMINISTRATOR)
        ensure_default_queue()
        assert "no device" in only(list(stores.check_organisations()), Level.WARNING).message
        add_device("Copy room", "socket://127.0.0.1:9100", by=ADMIN)
        assert only(stores.check_organisations(), Level.OK)
        policy.time_zone = "Mars/Olympus"
        policy.save()
        assert "Mars/Olympus" in only(stores.check_organisations(), Level.PROBLEM).message

    def test_documents_that_are_missing(self, tenant: Tenant) -> None:
        """A held job whose document is not on the disk is named."""
        queue: Queue = ensure_default_queue()
        Job.objects.create(
            queue=queue, name="Lost", uuid=uuid7(), spool_key=b"key", spool_pack=999_999_999, spool_offset=0,
            spool_length=100,
        )  # fmt: skip
        assert "“Lost”" in only(list(stores.check_spool(running=True)), Level.PROBLEM).message

    def test_devices(self, tenant: Tenant, raw_printer: RawPrinter) -> None:
        """A device that answers is well, one that does not is a warning; one that gets no documents is not asked."""
        devices: list[Device] = [
            add_device("On", raw_printer.uri, by=ADMIN),
            add_device("Off", f"socket://{LOOPBACK}:{refusing_port()}", by=ADMIN),
            add_device("Watched", "", by=ADMIN),
        ]
        found = network.check_devices(devices)
        assert len(found) == 2
        assert only(found, Level.OK).area == "device On"
        assert only(found, Level.WARNING).area == "device Off"


def test_the_command_says_all_of_it(tmp_path: Path) -> None:
    """Over a running server the command finds its ports to be the server's, as text and as JSON; a problem fails it."""
    names = ("PORT", "TLS_PORT", "LPD_PORT", "RAW_PORT", "READER_PORT")
    ports = {f"PLATEN_{name}": str(refusing_port()) for name in names}
    ours = {"PLATEN_DATA": str(tmp_path / "data"), "PLATEN_BIND": LOOPBACK, "PLATEN_DNSSD": "false", **ports}
    environ = {**{name: value for name, value in os.environ.items() if not name.startswith("PLATEN_")}, **ours}
    with running([*PLATEN, "serve"], log=tmp_path / "log", env=ours) as server:
        wait_until(lambda: "Platen is ready" in server.output(), "a server", timeout_s=60)
        told = subprocess.run([*PLATEN, "doctor"], check=False, capture_output=True, text=True, env=environ)
        assert told.returncode == 0, told.stdout + told.stderr
        assert told.stdout.count("The running server (process ") == 5
        assert "0 problems, " in told.stdout
        second = subprocess.run([*PLATEN, "serve"], check=False, capture_output=True, text=True, env=environ)
        assert second.returncode == 1
        assert "Another Platen server runs over" in second.stderr
    (tmp_path / "data" / "keys" / "master").chmod(0o644)
    told = subprocess.run([*PLATEN, "doctor", "--json"], check=False, capture_output=True, text=True, env=environ)
    assert told.returncode == 1
    found = json.loads(told.stdout)
    assert [each["area"] for each in found if each["level"] == "problem"] == ["keys"]
