"""Groups, regions and notice rules, over the API."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from platen.access.regions import limit_to_regions
from platen.directory.models import Role
from platen.directory.services import create_user
from platen.eventlog.models import AuditEntry
from platen.fleet.models import Machine, NoticeRule
from platen.fleet.notice_rules import set_rule
from platen.fleet.regions import set_region
from platen.tenants.context import acting_for
from platen.tenants.models import Tenant
from tests.api.caller import Caller, of_role
from tests.api.test_rights import SOME_UUID
from tests.fixtures_tenant import ADMIN
from tests.fleet.machines import machine

pytestmark = pytest.mark.django_db
ADDED = [{"what": "event", "values": ["added"]}]


@pytest.fixture
def three(tenant: Tenant) -> list[Machine]:
    """Machines without a region."""
    return [machine(name, maker="Halden", address=f"127.20.1.{n}") for n, name in enumerate("abc", 1)]


def uuids(machines: list[Machine]) -> list[str]:
    """How the API names them."""
    return [str(each.device.uuid) for each in machines]


class TestGroups:
    def test_life_of_a_group(self, admin: Caller, three: list[Machine]) -> None:
        """Added by its path, filled, emptied, kept by conditions, removed; audited. EMC-DGRP-01 EMC-DGRP-04"""
        made = admin.ok("POST", "/groups", {"name": "Site:Hall", "comment": "ground floor"}, status=201)
        assert (made["path"], made["machines"], made["conditions"]) == ("Site:Hall", 0, None)
        address = f"/groups/{made['uuid']}"
        members = f"{address}/machines"
        assert admin.ok("PATCH", members, {"add": uuids(three)}) == {"added": 3, "removed": 0}
        assert admin.ok("PATCH", members, {"remove": uuids(three[:1])}) == {"added": 0, "removed": 1}
        pages = admin.all_pages(members, 1)
        assert [each["name"] for page in pages for each in page] == ["b", "c"]
        site = next(each for each in admin.ok("GET", "/groups") if each["name"] == "Site")
        assert [each["name"] for each in admin.ok("GET", f"/groups/{site['uuid']}/machines")["items"]] == ["b", "c"]
        ruled = [{"item": "name", "op": "equals", "values": ["a"]}]
        changed = admin.ok("PATCH", address, {"conditions": ruled})
        assert (changed["machines"], changed["comment"], changed["parent"]) == (None, "ground floor", site["uuid"])
        assert [each["name"] for each in admin.ok("GET", members)["items"]] == ["a"]
        assert admin.ok("PATCH", address, {"parent": None})["path"] == "Hall"
        admin.ok("DELETE", address, status=204)
        admin.refused(404, "GET", address)
        assert AuditEntry.objects.filter(verb="group_joined", source="api").count() == 1

    def test_refusals(self, admin: Caller, three: list[Machine], other_tenant: Tenant) -> None:
        """What is not there, what others have, what makes no sense: and then nothing was done."""
        made = admin.ok("POST", "/groups", {"name": "Hall"}, status=201)
        members = f"/groups/{made['uuid']}/machines"
        admin.refused(404, "PATCH", members, {"add": [*uuids(three), SOME_UUID]})
        assert admin.ok("GET", members)["items"] == []
        admin.refused(409, "POST", "/groups", {"name": "Hall"})
        admin.refused(422, "POST", "/groups", {"name": ""})
        wrong = [{"item": "mood", "op": "is", "values": ["bad"]}]
        admin.refused(422, "POST", "/groups", {"name": "x", "conditions": wrong})
        with acting_for(other_tenant.id):
            theirs = set_region("Theirs", "", "", by=ADMIN)
        for region in (theirs.pk, 2**70, -1):
            admin.refused(404, "PATCH", f"/groups/{made['uuid']}", {"regions": [region]})
        of_role(Role.AUDITOR).refused(403, "POST", "/groups", {"name": "Mine"})


class TestRegions:
    def test_life_of_a_region(self, admin: Caller, three: list[Machine]) -> None:
        """Added with what lies in it, filled by hand, emptied, removed; audited. EMC-REGN-02"""
        made = admin.ok("POST", "/regions", {"name": "North", "addresses": ["127.20.1.1"]}, status=201)
        assert (made["machines"], made["addresses"]) == (1, ["127.20.1.1"])
        address = f"/regions/{made['id']}"
        members = f"{address}/machines"
        assert admin.ok("PATCH", members, {"add": uuids(three[1:])}) == {"added": 2, "removed": 0}
        assert admin.ok("PATCH", members, {"remove": uuids(three[:1])}) == {"added": 0, "removed": 1}
        assert [each["name"] for each in admin.ok("GET", "/machines", region="North")["items"]] == ["b", "c"]
        assert admin.ok("PATCH", address, {"name": "Nord"})["addresses"] == ["127.20.1.1"]
        assert [each["name"] for each in admin.ok("GET", "/regions")] == ["Nord"]
        admin.ok("DELETE", address, status=204)
        admin.refused(404, "GET", address)
        assert AuditEntry.objects.filter(verb="region_removed", source="api").count() == 1

    def test_whose_rights_end_at_regions(self, tenant: Tenant, three: list[Machine]) -> None:
        """They see their region alone, change none, and move no device of theirs out of it. EMC-REGN-05"""
        north, south = (set_region(name, "", "", by=ADMIN) for name in ("North", "South"))
        Machine.objects.filter(pk=three[0].pk).update(region=north)
        person = create_user("nora", by=ADMIN, role=Role.DEVICE_MANAGER)
        limit_to_regions(person, [north.pk], by=ADMIN)
        caller = Caller(person)
        assert [each["name"] for each in caller.ok("GET", "/regions")] == ["North"]
        caller.refused(403, "PATCH", f"/regions/{north.pk}", {"name": "Mine"})
        caller.refused(404, "PATCH", f"/regions/{south.pk}/machines", {"add": uuids(three[:1])})
        caller.refused(404, "PATCH", f"/regions/{north.pk}/machines", {"add": uuids(three[1:])})
        caller.refused(422, "PATCH", f"/regions/{north.pk}/machines", {"remove": uuids(three[:1])})
        assert Machine.objects.get(pk=three[0].pk).region == north


def test_notice_rules(admin: Caller, tenant: Tenant) -> None:
    """Who is told of what."""
    north = set_region("North", "", "", by=ADMIN)
    rule = NoticeRule(name="New ones", conditions=ADDED, mail_to=["it@acme.test"])
    set_rule(rule, by=ADMIN, regions=[north.pk])
    (found,) = admin.ok("GET", "/notice-rules")
    shown = (found["name"], found["mail_to"], found["regions"], found["conditions"])
    assert shown == ("New ones", ["it@acme.test"], ["North"], ADDED)
    of_role(Role.HELP_DESK).refused(403, "GET", "/notice-rules")


def _groups(admin: Caller, number: int) -> None:
    region = set_region(f"r{number}", "", "", by=ADMIN)
    admin.ok("POST", "/groups", {"name": f"g{number}", "regions": [region.pk]}, status=201)


def _rules(_admin: Caller, number: int) -> None:
    region = set_region(f"r{number}", "", "", by=ADMIN)
    set_rule(NoticeRule(name=f"n{number}", conditions=ADDED, mail_to=["it@acme.test"]), by=ADMIN, regions=[region.pk])


def _searches(admin: Caller, number: int) -> None:
    admin.ok("POST", "/searches", {"name": f"s{number}", "targets": [f"10.0.0.{number}"]}, status=201)


@pytest.mark.parametrize(
    ("listed", "make"),
    [("/groups", _groups), ("/regions", _groups), ("/notice-rules", _rules), ("/searches", _searches)],
)
def test_as_many_queries_for_many_as_for_one(admin: Caller, listed: str, make: Callable[[Caller, int], None]) -> None:
    """A list costs the same whatever its size."""
    counts = []
    for number in range(1, 4):
        make(admin, number)
        admin.ok("GET", listed)
        with CaptureQueriesContext(connection) as asked:
            assert len(admin.ok("GET", listed)) == number
        counts.append(len(asked))
    assert counts[0] == counts[2]
