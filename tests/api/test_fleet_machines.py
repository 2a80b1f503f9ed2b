"""Machines and what they report, over the API."""

from __future__ import annotations

import base64
import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from platen.devices.services import add_device
from platen.directory.models import Role
from platen.eventlog.models import AuditEntry
from platen.fleet.due import BY_HAND
from platen.fleet.groups import put_into, set_group
from platen.fleet.models import Machine
from platen.tenants.models import Tenant
from tests.api.caller import Caller, of_role
from tests.api.test_rights import SOME_UUID
from tests.fixtures_tenant import ADMIN
from tests.fleet.machines import START, Watching, alert, machine, reading, toner

pytestmark = pytest.mark.django_db
JAM = alert(group="media-path", group_index=1)


@pytest.fixture
def copier(tenant: Tenant) -> Watching:
    """A machine that was read on two days and reports a jam."""
    found = Watching(machine("Copier", managed=True))
    cartridge = toner(80, part_number="HT-1", serial="S-9")
    found.read(reading(supplies=[cartridge], total=1000, total__color=400), survey=True)
    found.read(reading(supplies=[cartridge], alerts=[JAM], total=1010), hours=24)
    found.read(reading(supplies=[cartridge], alerts=[JAM], total=1050))
    return found


def path(watched: Watching, more: str = "") -> str:
    """Of a machine."""
    return f"/machines/{watched.machine.device.uuid}{more}"


class TestList:
    def test_as_in_the_console(self, admin: Caller, tenant: Tenant) -> None:
        """Narrowed by text, conditions, groups; ordered by any column; paged by key. EMC-DLST-05"""
        made = {
            name: machine(name, maker=maker, pages=pages, address=f"127.20.2.{pages}")
            for name, maker, pages in (("a", "Halden", 10), ("b", "Ives, Ltd", 30), ("c", "Halden", 20))
        }
        put_into(set_group("Hall", by=ADMIN), [made["b"].pk, made["c"].pk], by=ADMIN)

        def names(**query: object) -> list[str]:
            return [each["name"] for page in admin.all_pages("/machines", 2, **query) for each in page]

        assert names(order="-pages") == ["b", "c", "a"]
        assert names(group="Hall") == ["b", "c"]
        assert names(where=["maker:equals:Halden", "address:within:127.20.2.0/28"]) == ["a"]
        assert names(where='maker:equals:"Ives, Ltd"') == ["b"]
        assert names(q="c") == ["c"]
        assert names(removed=True) == []
        (first, *_) = admin.ok("GET", "/machines", limit=1)["items"]
        assert (first["maker"], first["severity"], first["finishing"]) == ("Halden", "none", [])

    def test_what_makes_no_sense(self, admin: Caller, tenant: Tenant) -> None:
        """Is refused in a sentence, and never answered with everything."""
        assert "no item" in admin.refused(400, "GET", "/machines", where="mood:is:bad")["detail"]
        assert "no order" in admin.refused(400, "GET", "/machines", order="mood")["detail"]
        machine("a", pages=1)
        for place in (["x", 1], [{"at": 1}, 1], [1e400, 1], ["\x00", 1]):
            after = base64.urlsafe_b64encode(json.dumps(place).encode()).decode()
            assert admin.ask("GET", "/machines", order="pages", after=after).status_code in {200, 400}

    def test_one_that_was_just_added(self, admin: Caller, tenant: Tenant) -> None:
        """A device stands in the list from the moment it is added."""
        add_device("Hall", "ipp://127.0.0.1/ipp/print", by=ADMIN)
        assert [each["address"] for each in admin.ok("GET", "/machines")["items"]] == ["127.0.0.1"]

    @pytest.mark.parametrize("listed", ["/machines", "/alerts"])
    def test_as_many_queries_for_many_as_for_one(self, admin: Caller, tenant: Tenant, listed: str) -> None:
        """A page costs the same whatever its size."""
        counts = []
        for number in range(1, 5):
            watched = Watching(machine(f"m{number}", address=f"127.20.1.{number}"))
            watched.read(reading(supplies=[toner()], alerts=[JAM], total=number))
            if number in {1, 4}:
                admin.ok("GET", listed)
                with CaptureQueriesContext(connection) as asked:
                    assert len(admin.ok("GET", listed)["items"]) == number
                counts.append(len(asked))
        assert counts[0] == counts[1]


class TestOne:
    def test_whole(self, admin: Caller, copier: Watching) -> None:
        """Who it is, status, meters with where each was read, supplies, trays, alerts. EMC-DSTA-05"""
        found = admin.ok("GET", path(copier))
        assert (found["serial"], found["power"], found["severity"]) == ("HC458-0001", "on", "error")
        assert found["display"] == ["Ready"]
        total = next(each for each in found["meters"] if each["meter"] == "total")
        assert (total["value"], total["unit"], total["source"]) == (1050, "impressions", "1.3.6.1.2.1.43.10.2.1.4.1.1")
        (cartridge,) = found["supplies"]
        assert (cartridge["kind"], cartridge["percent"], cartridge["part_number"]) == ("toner", 80, "HT-1")
        assert [each["name"] for each in found["trays"]] == ["Tray 1"]
        assert (found["outputs"], found["finishers"]) == ([], [])
        assert [(each["code"], each["group"]) for each in found["alerts"]] == [("jam", "media-path")]
        admin.refused(404, "GET", f"/machines/{SOME_UUID}")

    def test_meters_at_a_moment(self, admin: Caller, copier: Watching) -> None:
        """Now, and as they were."""
        assert admin.ok("GET", path(copier, "/meters"))["meters"]["total"] == 1050
        then = admin.ok("GET", path(copier, "/meters"), at=(START + timedelta(hours=25, minutes=1)).isoformat())
        assert (then["meters"]["total"], then["exact"]) == (1010, True)
        before = admin.ok("GET", path(copier, "/meters"), at="2020-01-01T00:00")
        assert (before["meters"], before["known_at"]) == ({}, None)
        for never in ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"):
            assert admin.ask("GET", path(copier, "/meters"), at=never).status_code in {200, 400, 422}

    def test_days_and_months(self, admin: Caller, copier: Watching) -> None:
        """What each came to, newest first; days a page at a time."""
        copier.read(reading(supplies=[toner()], total=1060), hours=24)
        pages = admin.all_pages(path(copier, "/days"), 1)
        counted = [(each["day"], each["pages"]) for page in pages for each in page if each["pages"]]
        assert counted == [("2026-03-04", 10), ("2026-03-03", 50)]
        (month,) = admin.ok("GET", path(copier, "/months"))
        assert (month["day"], month["pages"], month["moved"]["total"]) == ("2026-03-01", 60, 60)
        admin.refused(400, "GET", path(copier, "/days"), after="yesterday")

    def test_events(self, admin: Caller, copier: Watching) -> None:
        """What happened to it, newest first."""
        found = admin.ok("GET", path(copier, "/events"), limit=5)
        assert {"alert", "state"} <= {each["kind"] for each in found}
        assert len(found) <= 5


class TestReadNow:
    def test_one_and_many(self, admin: Caller, copier: Watching, tenant: Tenant) -> None:
        """Those that are managed and have an address are read at once; it is audited. EMC-COMM-17"""
        other = machine("Other", address="", due_at=None)
        assert admin.ok("POST", path(copier, "/reading"), {}, status=202) == {"wanted": 1}
        assert copier.machine.due_at == BY_HAND
        both = [str(copier.machine.device.uuid), str(other.device.uuid)]
        assert admin.ok("POST", "/machines/readings", {"machines": both, "survey": True}, status=202) == {"wanted": 1}
        assert copier.machine.surveyed_at is None
        assert AuditEntry.objects.filter(verb="readings_wanted", source="api").count() == 2
        Machine.objects.update(due_at=START)
        assert SOME_UUID in admin.refused(404, "POST", "/machines/readings", {"machines": [*both, SOME_UUID]})["detail"]
        admin.refused(422, "POST", "/machines/readings", {"machines": []})
        of_role(Role.AUDITOR).refused(403, "POST", path(copier, "/reading"), {})
        assert copier.machine.due_at == START


class TestAlerts:
    def test_open_of_one_and_since(self, admin: Caller, copier: Watching) -> None:
        """What is open; of one device; what began or was over since; by how bad it is. EMC-DSTA-03"""
        low = alert("marker-toner-almost-empty", "warning", key="marker.1.low", description="Toner low")
        other = Watching(machine("Other", address="127.20.1.8"))
        other.now = copier.now
        other.read(reading(alerts=[low]))
        ended = copier.now + timedelta(minutes=30)
        copier.read(reading(supplies=[toner()], total=1060))

        def codes(**query: object) -> list[str]:
            return [each["code"] for page in admin.all_pages("/alerts", 1, **query) for each in page]

        assert codes() == ["marker-toner-almost-empty"]
        assert codes(open=False) == ["marker-toner-almost-empty", "jam"]
        assert codes(open=False, machine=str(copier.machine.device.uuid)) == ["jam"]
        assert codes(open=False, severity="error") == ["jam"]
        assert codes(open=False, since=ended.isoformat()) == ["marker-toner-almost-empty", "jam"]
        assert codes(open=False, since=(ended + timedelta(days=1)).isoformat()) == []
        assert admin.ok("GET", "/alerts")["items"][0]["name"] == "Other"
        admin.refused(404, "GET", "/alerts", machine=SOME_UUID)
        for after in ("7", "2026-01-01_1", "2026-01-01T00:00:00Z_x", "0001-01-01T00:00:00Z_1"):
            admin.refused(400, "GET", "/alerts", after=after)
