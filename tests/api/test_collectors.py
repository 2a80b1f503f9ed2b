"""Collectors at the API: who is believed, and how much is taken at once."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from platen.api import collectors
from platen.api.rates import Rates
from platen.fleet.collectors import add_collector, change_collector, key_of
from platen.fleet.models import Collector, Machine
from platen.protocols.collector.envelope import OCTETS_MAX, Header, seal
from platen.protocols.collector.requests import ANSWER_HEADER, is_of_home, signed_request
from platen.protocols.collector.rows import Kind, Row
from platen.readings.facts import Identity, Meter, Reading
from platen.readings.parts import parts_of
from platen.tenants.models import Tenant
from tests.fixtures_tenant import ADMIN

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tenant")]
READING = parts_of(Reading(identity=Identity(serial="HC4-1"), meters=(Meter("total", 7, "1.3"),)))


class Site:
    """A collector's side of the talk."""

    def __init__(self, name: str = "north") -> None:
        self.collector: Collector
        self.collector, key = add_collector(name, by=ADMIN)
        self.key = key.encode()
        self.client = Client(enforce_csrf_checks=True)
        self.authorization = ""

    def envelope(self, *, key: bytes | None = None, **header: Any) -> bytes:
        now_ms = int(time.time() * 1000)
        row = Row(1, Kind.READING, now_ms, "m1", {"parts": READING, "full": True, "address": "10.0.0.5"})
        values = {"collector": str(self.collector.uuid), "stream": "s", "began_ms": 1, "after": 0, "first": 1} | header
        return seal(Header(last=1, rows=1, at_ms=now_ms, **values), [row], key or self.key)

    def ask(
        self, method: str, what: str, body: bytes = b"", *, key: bytes | None = None, at_s: float | None = None
    ) -> HttpResponse:
        path = f"/api/v1/collectors/{self.collector.uuid}/{what}"
        at = int(time.time() if at_s is None else at_s)
        self.authorization = signed_request(key or self.key, method, path, at, body)
        return self.again(method, what, body)

    def again(self, method: str, what: str, body: bytes = b"") -> HttpResponse:
        """The request as it was signed last: what somebody who recorded it can send."""
        path = f"/api/v1/collectors/{self.collector.uuid}/{what}"
        answer: HttpResponse = self.client.generic(
            method, path, body, content_type="application/octet-stream", headers={"Authorization": self.authorization}
        )
        return answer


@pytest.fixture
def site(tenant: Tenant) -> Site:
    """A collector at another site."""
    return Site()


def test_readings_are_taken_and_the_answer_is_signed(site: Site) -> None:
    """Home says how far it has come, in a way that nobody between can. DCA-RUN-03"""
    answer = site.ask("POST", "readings", site.envelope())
    assert answer.status_code == 200, answer.content
    said = json.loads(answer.content)
    assert (said["outcome"], said["last"], said["stored"]) == ("stored", 1, 1)
    assert is_of_home(site.key, site.authorization, 200, answer.content, answer[ANSWER_HEADER])
    assert not is_of_home(site.key, site.authorization, 200, answer.content + b" ", answer[ANSWER_HEADER])
    assert Machine.objects.get().serial == "HC4-1"


def test_what_was_recorded_is_of_no_use(site: Site) -> None:
    """A request that is sent again counts for nothing, and one that is old is refused with the time it is here."""
    envelope = site.envelope()
    site.ask("POST", "readings", envelope)
    again = site.again("POST", "readings", envelope)
    assert json.loads(again.content)["stored"] == 0
    old = site.ask("POST", "readings", envelope, at_s=time.time() - 3600)
    said = json.loads(old.content)
    assert (old.status_code, said["outcome"]) == (409, "clock")
    assert abs(said["now_s"] - time.time()) < 600


def test_forgeries(site: Site) -> None:
    """Another key, another body, another path, another collector's name: nothing of it is believed."""
    other = Site("south")
    envelope = site.envelope()
    assert site.ask("POST", "readings", envelope, key=other.key).status_code == 401
    site.ask("POST", "readings", envelope)
    assert site.again("POST", "readings", envelope + b"x").status_code == 401
    assert site.again("GET", "configuration").status_code == 401
    # What is inside is signed as well: an envelope of another key, or one that names another collector.
    assert site.ask("POST", "readings", site.envelope(key=other.key)).status_code == 400
    assert other.ask("POST", "readings", site.envelope(key=other.key)).status_code == 400
    assert Machine.objects.count() == 1


def test_one_that_was_switched_off(site: Site) -> None:
    """Nothing is taken from it. It learns no more than somebody with the wrong key."""
    change_collector(site.collector, by=ADMIN, enabled=False)
    assert site.ask("POST", "readings", site.envelope()).status_code == 401


def test_another_organisation_knows_nothing_of_it(site: Site, other_tenant: Tenant) -> None:
    """A collector is one organisation's."""
    site.client = Client(SERVER_NAME="print.umbrella.test")
    assert site.ask("GET", "configuration").status_code == 401


@pytest.mark.parametrize("body", [b"", b"{}\n", b"\x00" * 500, b'{"platen":1}\nx', b"x" * (OCTETS_MAX + 1)])
def test_bodies_that_are_no_envelope(site: Site, body: bytes) -> None:
    """They are refused in a sentence."""
    answer = site.ask("POST", "readings", body)
    assert answer.status_code == 400
    assert json.loads(answer.content)["detail"].endswith(".")


def test_what_home_wants(site: Site) -> None:
    """The collector fetches it, signed, with how far home has its rows. DCA-UPD-03 DCA-UPD-05"""
    change_collector(site.collector, by=ADMIN, configuration={"read_every_s": 900})
    site.ask("POST", "readings", site.envelope())
    answer = site.ask("GET", "configuration")
    said = json.loads(answer.content)
    assert (said["configuration"], said["stream"], said["last"]) == ({"read_every_s": 900}, "s", 1)
    assert is_of_home(site.key, site.authorization, 200, answer.content, answer[ANSWER_HEADER])
    site.collector.refresh_from_db()
    assert site.collector.asked_at >= site.collector.configured_at


def test_one_that_runs_wild(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is told to wait, and how long."""
    monkeypatch.setattr(collectors, "_rates", Rates(per_s=0.001, burst=5))
    answers = [site.ask("GET", "configuration") for _ in range(6)]
    assert [answer.status_code for answer in answers] == [200] * 5 + [429]
    assert int(answers[-1]["Retry-After"]) >= 1
    assert key_of(site.collector) == site.key
