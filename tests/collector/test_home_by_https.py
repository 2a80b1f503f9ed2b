"""From printers at a site to machines at home: over real sockets, to a running node."""

from __future__ import annotations

import base64
import json
import shutil
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from platen.collector.ways.errors import NotDelivered, Unbelieved
from platen.demo.fleet.fleet import Fleet, silent
from platen.services.certificate import certificate_files
from platen.settings import Settings
from tests.collector import home
from tests.collector.conftest import NETWORK
from tests.collector.site import Site
from tests.peers.connect_proxy import connect_proxy
from tests.running_node import RunningNode


@pytest.fixture
def name(request: pytest.FixtureRequest) -> str:
    """What the test's collector is called at home."""
    return str(request.node.name)[:60]


def test_readings_come_home(site: Site, at_home: RunningNode, name: str) -> None:
    """What is read at the site is at home, once; the next readings go on from there.

    DCA-SYS-01 DCA-RUN-01 DCA-RUN-02 DCA-RUN-03 DCA-DATA-01 DCA-NET-01 DCA-NET-03
    """
    done = site.once()
    assert (done.rows, site.waiting()) == (3, 0)
    found = at_home.call(home.machines, name)
    assert [each["address"] for each in found] == [f"{NETWORK}.{place}" for place in (7, 8, 9)]
    assert all(each["serial"] and each["pages"] and each["power"] == "on" for each in found)
    again = site.once()
    assert (again.rows, at_home.call(home.last_row, name)) == (3, 6)
    assert again.octets < done.octets  # only what changed
    assert len(at_home.call(home.machines, name)) == 3


def test_what_is_planned_is_what_goes(site: Site, at_home: RunningNode, name: str) -> None:
    """`plan` shows every field after masking, and as many octets as then are sent; it sends nothing itself.

    DCA-DATA-03 DCA-LOAD-01
    """
    site.tables["mask"] = {"address": "token", "host_name": "nothing"}
    site.read()
    shown = json.loads(site.command("plan", "--no-read", "--json").stdout)
    assert (shown["waiting"], len(shown["rows"]), site.waiting()) == (3, 3, 3)
    text = site.command("plan", "--no-read").stdout
    assert f"{shown['octets']} octets of envelope" in text
    assert "identity serial: " in text
    sent = json.dumps([row["row"] for row in shown["rows"]])
    assert NETWORK not in sent
    assert all(row["here"].startswith(NETWORK) for row in shown["rows"])
    with connect_proxy() as proxy:
        site.tables["send.https"]["proxy"] = f"http://127.0.0.1:{proxy.server_address[1]}"
        done = site.once()
    assert done.octets >= shown["octets"]
    found = at_home.call(home.machines, name)
    assert [each["address"][:8] for each in found] == ["address-"] * 3
    assert {each["host_name"] for each in found} == {""}


def test_the_octets_of_the_plan(site: Site) -> None:
    """Envelope and head of the request have exactly the octets that the plan says."""
    received: list[tuple[int, int]] = []

    class Counting(BaseHTTPRequestHandler):
        """Counts what comes, and answers what no home would."""

        def do_GET(self) -> None:
            self.send_error(404)

        def do_POST(self) -> None:
            head = len(self.raw_requestline) + sum(len(f"{n}: {v}\r\n") for n, v in self.headers.items()) + 2
            received.append((head, len(self.rfile.read(int(self.headers["Content-Length"])))))
            self.send_error(503)

        def log_message(self, *_: object) -> None:
            """Nothing on standard error."""

    with served(Counting, site.folder) as (port, ca_file):
        site.home, site.tables["send.https"]["ca_file"] = f"https://127.0.0.1:{port}", ca_file
        with pytest.raises(Unbelieved):
            site.once()
        planned = json.loads(site.command("plan", "--no-read", "--json").stdout)
    assert received == [(planned["head_octets"], planned["octets"])]
    assert planned["waiting"] == 3


@contextmanager
def served(handler: type[BaseHTTPRequestHandler], folder: Path) -> Iterator[tuple[int, str]]:
    """An HTTPS server with a certificate of its own; gives its port and who signed the certificate."""
    certificate, key = certificate_files(Settings(data=folder / "other"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as http:
        http.socket = context.wrap_socket(http.socket, server_side=True)
        serving = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.05})
        serving.start()
        try:
            yield http.server_address[1], str(certificate)
        finally:
            http.shutdown()
            serving.join()


def test_somebody_who_says_that_all_is_well(site: Site) -> None:
    """An answer that home did not sign is no reason to forget what waits: a page to sign in, a proxy in between."""

    class Friendly(BaseHTTPRequestHandler):
        """Takes everything and says what home would say."""

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            body = b'{"outcome": "stored", "last": 1000000, "stored": 3, "full": []}'
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Platen-Signature", "v1=" + "0" * 64)
            self.end_headers()
            self.wfile.write(body)

        def do_GET(self) -> None:
            self.do_POST()

        def log_message(self, *_: object) -> None:
            """Nothing on standard error."""

    with served(Friendly, site.folder) as (port, ca_file):
        site.home, site.tables["send.https"]["ca_file"] = f"https://127.0.0.1:{port}", ca_file
        with pytest.raises(Unbelieved, match="not home"):
            site.once()
    assert site.waiting() == 3


def test_through_a_proxy(site: Site, at_home: RunningNode, name: str) -> None:
    """A proxy is asked to connect through, with its password; it sees no more than where to. DCA-NET-02"""
    credentials = f"Basic {base64.b64encode(b'site:open sesame').decode()}"
    with connect_proxy(credentials) as proxy:
        port = proxy.server_address[1]
        site.tables["send.https"]["proxy"] = f"http://site:wrong@127.0.0.1:{port}"
        with pytest.raises(NotDelivered, match=r"through the proxy 127\.0\.0\.1"):
            site.once()
        assert site.waiting() == 3
        site.tables["send.https"]["proxy"] = f"http://site:open%20sesame@127.0.0.1:{port}"
        site.once()
        assert set(proxy.asked) == {site.home.removeprefix("https://")}
    assert len(at_home.call(home.machines, name)) == 3


def test_a_certificate_that_nobody_knows(site: Site, at_home: RunningNode, name: str) -> None:
    """Nothing is said to a home whose certificate is not trusted; what waits waits. DCA-NET-05"""
    del site.tables["send.https"]["ca_file"]
    with pytest.raises(NotDelivered, match="not trusted"):
        site.once()
    assert (site.waiting(), at_home.call(home.last_row, name)) == (3, 0)


def test_another_key(site: Site, at_home: RunningNode, name: str) -> None:
    """Home does not know a collector with another key, and says no more than that."""
    site.key = "x" * 43
    with pytest.raises(Unbelieved, match="platen collectors key"):
        site.once()
    assert at_home.call(home.machines, name) == []


def test_home_is_away_for_a_while(site: Site, at_home: RunningNode, name: str) -> None:
    """What is read meanwhile waits and comes home in order, all of it, none twice."""
    there, site.home = site.home, "https://127.0.0.1:9"
    for _ in range(4):
        with pytest.raises(NotDelivered, match="could not be reached"):
            site.once()
    assert site.waiting() == 12
    site.home = there
    done = site.once()
    assert (done.rows, site.waiting(), at_home.call(home.last_row, name)) == (15, 0, 15)
    assert len(at_home.call(home.machines, name)) == 3


def test_an_upload_that_breaks_off(site: Site, at_home: RunningNode, name: str) -> None:
    """What got home before is not stored a second time, and the rest follows.

    DCA-SYS-08
    """
    site.read()
    with connect_proxy() as proxy:
        site.tables["send.https"]["proxy"] = f"http://127.0.0.1:{proxy.server_address[1]}"
        proxy.broken_after = 900
        with pytest.raises(NotDelivered):
            site.once()
        waiting = site.waiting()
        assert waiting >= 3
        proxy.broken_after = None
        site.once()
    assert site.waiting() == 0
    count = at_home.call(home.readings, name)
    rows = at_home.call(home.last_row, name)
    assert 3 <= count <= rows


def test_home_was_set_back(site: Site, at_home: RunningNode, name: str) -> None:
    """A home that was restored from a backup says so, gets everything whole, and its log says what is missing."""
    site.once()
    site.once()
    at_home.call(home.set_back, name, 2)
    site.once()
    assert at_home.call(home.last_row, name) == 9
    assert any(name in message and "Rows 3 to 6" in message for message in at_home.call(home.events, "collector_gap"))
    site.once()
    assert len(at_home.call(home.machines, name)) == 3


def test_a_data_directory_is_put_back_from_a_copy(site: Site, at_home: RunningNode, name: str, tmp_path: Path) -> None:
    """The collector goes on after what home has, nothing is passed over, and home's log says so."""
    site.once()
    shutil.copytree(site.data, tmp_path / "copy")
    site.once()
    before = at_home.call(home.last_row, name)
    for count in (1, 2):
        shutil.rmtree(site.data)
        shutil.copytree(tmp_path / "copy", site.data)
        assert site.once().rows == 3
        assert at_home.call(home.last_row, name) == before + 3 * count
    assert sum(name in message for message in at_home.call(home.events, "collector_went_back")) == 2
    assert sum(name in message for message in at_home.call(home.events, "collector_twice")) == 1
    assert site.once().rows == 3
    assert sum(name in message for message in at_home.call(home.events, "collector_went_back")) == 2


def test_a_machine_that_falls_silent(site: Site, at_home: RunningNode, network: tuple[Fleet, int], name: str) -> None:
    """It is silent at home too, once it did not answer often enough; its last values stay."""
    fleet, _ = network
    site.once()
    fleet.behave(f"{NETWORK}.8", silent)
    site.tables["read"] = {"timeout_s": 4, "retries": 0}
    for _ in range(4):
        site.once()
    by_address = {each["address"]: each for each in at_home.call(home.machines, name)}
    assert {address: each["power"] for address, each in by_address.items()} == {
        f"{NETWORK}.7": "on",
        f"{NETWORK}.8": "no-response",
        f"{NETWORK}.9": "on",
    }
    assert by_address[f"{NETWORK}.8"]["pages"]


def test_home_wants_more_masks(site: Site, at_home: RunningNode, name: str) -> None:
    """What home wants is taken with the next word, kept while home is away, and only taken where the site lets it.

    DCA-UPD-01 DCA-UPD-03 DCA-UPD-05
    """
    at_home.call(home.want, name, mask={"address": "nothing"}, read_every_s=600)
    site.tables["update"] = {"configuration": False}
    site.once()
    assert at_home.call(home.machines, name)[0]["address"] != ""
    site.tables["update"] = {"configuration": True}
    site.once()
    assert json.loads(site.command("status", "--json").stdout)["home_wants"]["read_every_s"] == 600
    there, site.home = site.home, "https://127.0.0.1:9"
    with pytest.raises(NotDelivered):
        site.once()
    shown = json.loads(site.command("plan", "--no-read", "--json").stdout)
    assert {row["fields"].get("address") for row in shown["rows"]} == {""}
    site.home = there
    assert (site.data / "mask.key").exists()


def test_a_clock_that_is_wrong(site: Site, at_home: RunningNode, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Home says what time it is, and is believed since it signs; readings come home all the same."""

    class Slow:
        """Two hours behind."""

        @staticmethod
        def time() -> float:
            return time.time() - 7_200

    monkeypatch.setattr("platen.collector.ways.https.time", Slow)
    assert site.once().rows == 3
    assert at_home.call(home.last_row, name) == 3
