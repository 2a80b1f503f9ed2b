"""Files where nothing else gets out: by FTPS, SFTP, mail or a folder, and what home makes of them."""

from __future__ import annotations

import email
import email.policy
import json
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from platen.collector.checking import check
from platen.collector.findings import Level
from platen.collector.ways.errors import NotDelivered
from platen.services.certificate import certificate_files
from platen.settings import Settings
from tests.collector import home
from tests.collector.site import Site
from tests.peers.ftps_server import FtpsServer, ftps_server
from tests.peers.sshd import sshd
from tests.running_node import RunningNode

LOOPBACK = "127.0.0.1"
PASSWORD = "open sesame"


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    """Where files arrive."""
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[ssl.SSLContext, str]:
    """A server's side of TLS, and the file of who signed it."""
    chain, key = certificate_files(Settings(data=tmp_path / "server"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain, key)
    return context, str(chain)


@pytest.fixture
def files(site: Site, inbox: Path, certificate: tuple[ssl.SSLContext, str]) -> Iterator[FtpsServer]:
    """A file server to which the site sends."""
    context, ca_file = certificate
    with ftps_server(inbox.parent, context, "site", PASSWORD) as server:
        site.tables["send"] = {"way": "ftps"}
        site.tables["send.ftps"] = {
            "host": LOOPBACK,
            "port": server.server_address[1],
            "user": "site",
            "password": PASSWORD,
            "folder": "inbox",
            "ca_file": ca_file,
        }
        yield server


def test_by_ftps(site: Site, at_home: RunningNode, files: FtpsServer, inbox: Path, request: Any) -> None:
    """Both connections are secured, a file has its name when it is whole, and home takes each once, in order.

    DCA-NET-02 DCA-NET-05
    """
    site.once()
    site.once()
    assert files.in_the_open == []
    assert files.sessions == [True, True]
    names = sorted(path.name for path in inbox.iterdir())
    assert [name.rpartition("-")[2] for name in names] == ["000000000003.envelope", "000000000006.envelope"]
    assert at_home.call(home.take_files, str(inbox)) == [(True, "3 rows taken.")] * 2
    assert at_home.call(home.take_files, str(inbox)) == [(True, "nothing new.")] * 2
    assert len(at_home.call(home.machines, request.node.name)) == 3
    assert site.waiting() == 0


def test_ftps_that_fails(site: Site, files: FtpsServer, inbox: Path) -> None:
    """A wrong password, a certificate that nobody knows, an upload that breaks off: what waits waits, and half a file
    has no name that home would take."""
    right = dict(site.tables["send.ftps"])
    files.broken_after = 10
    with pytest.raises(NotDelivered, match="could not be stored"):
        site.once()
    assert [path.suffix for path in inbox.iterdir()] == [".part"]
    files.broken_after = None
    site.tables["send.ftps"] = {**right, "password": "wrong"}
    with pytest.raises(NotDelivered, match="530"):
        site.once()
    del site.tables["send.ftps"]["ca_file"]
    with pytest.raises(NotDelivered, match="not trusted"):
        site.once()
    assert files.in_the_open == []
    site.tables["send.ftps"] = right
    done = site.once()
    assert (done.rows, site.waiting()) == (12, 0)


def test_by_sftp(site: Site, at_home: RunningNode, inbox: Path, request: Any) -> None:
    """With a key, at a server whose key is known; at one that is not known nothing is said. DCA-NET-05"""
    with sshd(inbox.parent) as server:
        site.tables["send"] = {"way": "sftp"}
        site.tables["send.sftp"] = {
            "host": LOOPBACK,
            "port": server.port,
            "user": server.user,
            "key_file": str(server.key_file),
            "known_hosts": str(server.known_hosts),
            "folder": str(inbox),
        }
        site.once()
        assert at_home.call(home.take_files, str(inbox)) == [(True, "3 rows taken.")]
        assert len(at_home.call(home.machines, request.node.name)) == 3
        server.known_hosts.write_text("")
        with pytest.raises(NotDelivered, match="could not be stored"):
            site.once()
        assert site.waiting() == 3


class Box:
    """Takes mail."""

    def __init__(self) -> None:
        self.taken: list[bytes] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.taken.append(bytes(envelope.content or b""))
        return "250 OK"


class _Controller(Controller):
    """At a port that the system chooses: the library would connect to port 0 to see whether it serves."""

    def _trigger_server(self) -> None:
        with socket.create_connection(self.server.sockets[0].getsockname()[:2], timeout=20) as connection:
            connection.recv(1024)


@contextmanager
def mail_server(box: Box, **options: Any) -> Iterator[int]:
    """A mail server; gives its port."""
    controller = _Controller(box, hostname=LOOPBACK, port=0, **options)
    controller.start()
    try:
        yield controller.server.sockets[0].getsockname()[1]
    finally:
        controller.stop()


def test_by_mail(
    site: Site, at_home: RunningNode, inbox: Path, certificate: tuple[ssl.SSLContext, str], request: Any
) -> None:
    """Each envelope is an attachment that home takes; a server without STARTTLS gets none. DCA-NET-02 DCA-NET-05"""
    box = Box()
    site.tables["send"] = {"way": "mail"}
    mail = {"host": LOOPBACK, "sender": "site@example.org", "to": "home@example.org", "verify": False}
    with mail_server(box) as port:
        site.tables["send.mail"] = {**mail, "port": port}
        with pytest.raises(NotDelivered, match="no STARTTLS"):
            site.once()
    assert (box.taken, site.waiting()) == ([], 3)
    with mail_server(box, tls_context=certificate[0]) as port:
        site.tables["send.mail"] = {**mail, "port": port}
        site.once()
    (taken,) = box.taken
    message = email.message_from_bytes(taken, policy=email.policy.default)
    (attachment,) = message.iter_attachments()
    (inbox / str(attachment.get_filename())).write_bytes(attachment.get_content())
    assert at_home.call(home.take_files, str(inbox)) == [(True, "6 rows taken.")]
    assert len(at_home.call(home.machines, request.node.name)) == 3


def test_files_that_are_missing(site: Site, at_home: RunningNode, inbox: Path, request: Any) -> None:
    """Home does not go on over a gap by itself; told to, it does and its log says what is missing."""
    site.tables["send"] = {"way": "folder"}
    site.tables["send.folder"] = {"path": str(inbox)}
    for _ in range(3):
        site.once()
    first, second, third = sorted(inbox.iterdir())
    kept = second.read_bytes()
    second.unlink()
    (taken, held) = at_home.call(home.take_files, str(inbox))
    assert taken == (True, "3 rows taken.")
    assert held[0] is False
    assert held[1].startswith("Rows 4 to 6 come before it and are not here yet.")
    second.write_bytes(kept)
    assert [done for done, _ in at_home.call(home.take_files, str(inbox))] == [True, True, True]
    site.once()
    (fourth,) = set(inbox.iterdir()) - {first, second, third}
    site.once()
    fourth.unlink()
    done = at_home.call(home.take_files, str(inbox), skip_gaps=True)
    assert done[-1] == (True, "3 rows taken.")
    name = request.node.name
    assert any(name in said and "Rows 10 to 12" in said for said in at_home.call(home.events, "collector_gap"))
    forged = bytearray(first.read_bytes())
    forged[-1] ^= 1
    first.write_bytes(forged)
    assert at_home.call(home.take_files, str(inbox))[0][0] is False


def test_a_sign_of_life(site: Site, at_home: RunningNode, inbox: Path) -> None:
    """Where home does not answer it gets a file once a day, also from a site that has nothing to tell."""
    site.tables["search"]["addresses"] = "127.41.255.1"
    site.tables["read"]["timeout_s"] = 0.1
    site.tables["send"] = {"way": "folder"}
    site.tables["send.folder"] = {"path": str(inbox)}
    assert site.once().rows == 0
    assert site.once().envelopes == 0
    (alive,) = inbox.iterdir()
    assert "-alive-" in alive.name
    assert at_home.call(home.take_files, str(inbox)) == [(True, "nothing new.")]
    assert at_home.call(home.was_seen, site.collector)


@pytest.mark.parametrize(
    ("way", "settings"),
    [
        ("ftps", {"user": "site", "password": PASSWORD}),
        ("sftp", {"user": "site", "key_file": "secret", "known_hosts": "secret"}),
        ("mail", {"sender": "site@example.org", "to": "home@example.org"}),
    ],
)
def test_check_tries_a_server_that_is_away(site: Site, way: str, settings: dict[str, Any]) -> None:
    """It says so, and its status is not 0."""
    secret = site.folder / "secret"
    secret.write_text("x\n")
    secret.chmod(0o600)
    with socket.socket() as nobody:
        nobody.bind((LOOPBACK, 0))
        site.tables["send"] = {"way": way}
        site.tables[f"send.{way}"] = {"host": LOOPBACK, "port": nobody.getsockname()[1], **settings}
        done = site.command("check", "--json")
        (found,) = [each for each in json.loads(done.stdout) if each["place"] == f"send.{way}"]
        assert (done.returncode, found["level"]) == (1, "problem")
        assert "refused" in found["sentence"]
        assert site.command("check", "--offline").returncode == 0


def test_check_tries_a_folder(site: Site, inbox: Path) -> None:
    """It is there and can be written to; nothing is left in it."""
    site.tables["send"] = {"way": "folder"}
    for path, level in ((inbox, Level.OK), (inbox / "gone", Level.PROBLEM)):
        site.tables["send.folder"] = {"path": str(path)}
        assert [each.level for each in check(site.write()) if each.place == "send.folder"] == [level]
    assert list(inbox.iterdir()) == []


def test_check_signs_in(site: Site, files: FtpsServer, inbox: Path) -> None:
    """With the password and to the folder, as for a file."""
    right = site.tables["send.ftps"]
    tried = [right, {**right, "password": "wrong"}, {**right, "folder": "elsewhere"}]
    levels = []
    for settings in tried:
        site.tables["send.ftps"] = settings
        levels += [each.level for each in check(site.write()) if each.place == "send.ftps"]
    assert levels == [Level.OK, Level.PROBLEM, Level.PROBLEM]
    assert list(inbox.iterdir()) == []
