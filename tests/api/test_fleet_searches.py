"""Searches and tasks, over the API: started, watched, called off."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from platen.access.regions import limit_to_regions
from platen.directory.models import Role
from platen.directory.services import create_user
from platen.eventlog.models import AuditEntry
from platen.fleet.credentials import CredentialValues, add_credential
from platen.fleet.discovering import begin_run, end_run, record_found, record_miss
from platen.fleet.models import Discovery, DiscoveryRun
from platen.fleet.regions import set_region
from platen.fleet.registering import FoundMachine
from platen.fleet.task_kinds import READ, REPORT
from platen.readings.facts import Identity
from platen.tasks import running
from platen.tasks.models import Run, RunState, Task
from platen.tasks.services import TaskValues, add_task, start_now
from platen.tenants.models import Tenant
from tests.api.caller import Caller, of_role
from tests.api.test_rights import SOME_UUID
from tests.fixtures_tenant import ADMIN
from tests.fleet.machines import machine

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


class TestSearches:
    def test_one_that_is_kept(self, admin: Caller, tenant: Tenant) -> None:
        """With credentials by name, conditions, group and region; changed, run, removed; audited. EMC-DISC-09"""
        add_credential("Hall", CredentialValues(kind="snmpv2c", community="secret-hall"), by=ADMIN)
        region = set_region("North", "", "", by=ADMIN)
        group = admin.ok("POST", "/groups", {"name": "New ones"}, status=201)["uuid"]
        fits = [{"item": "maker", "op": "equals", "values": ["Halden"]}]
        search = {"name": "Ground", "targets": ["10.1.0.0/28"], "methods": ["snmp", "ipp"], "credentials": ["Hall"]}
        search |= {"conditions": fits, "outcome": "only", "group": group, "region": region.pk}
        made = admin.ok("POST", "/searches", search, status=201)
        assert {name: made[name] for name in search} == search
        assert "secret-hall" not in str(made)
        address = f"/searches/{made['uuid']}"
        assert admin.ok("PUT", address, search | {"name": "First"})["name"] == "First"
        run = admin.ok("POST", f"{address}/runs", {"dry": True}, status=202)
        assert (run["title"], run["state"], run["dry"], run["addresses"]) == ("First", "waiting", True, 14)
        asked = DiscoveryRun.objects.get().request
        assert (asked["region_id"], asked["outcome"], asked["conditions"]) == (region.pk, "only", fits)
        admin.ok("DELETE", address, status=204)
        assert not Discovery.objects.exists()
        assert AuditEntry.objects.filter(verb="discovery_started", source="api").count() == 1

    def test_watched_to_its_end(self, admin: Caller, tenant: Tenant) -> None:
        """How far it is, and what it found, a page at a time and by outcome."""
        ask = {"targets": ["10.1.0.0/28"], "ipp_port": 8631, "port": 1161}
        run = admin.ok("POST", "/search-runs", ask, status=202)
        address = f"/search-runs/{run['uuid']}"
        begun = begin_run(DiscoveryRun.objects.get().pk, NOW)
        assert begun is not None
        assert (begun.request["ipp_port"], begun.request["port"]) == (8631, 1161)
        found = [FoundMachine(address=f"10.1.0.{n}", identity=Identity(serial=f"S{n}")) for n in (1, 2)]
        record_found(begun, found, now=NOW)
        record_miss(begun, "10.1.0.3", "failed", "snmp", "It does not answer.")
        assert admin.ok("GET", address)["outcomes"] == {"failed": 1, "new": 2}
        pages = admin.all_pages(f"{address}/found", 2)
        assert [each["outcome"] for page in pages for each in page] == ["new", "new", "failed"]
        first = pages[0][0]
        assert admin.ok("GET", f"/machines/{first['machine']}")["serial"] == "S1"
        assert len(admin.ok("GET", f"{address}/found", outcome="failed")["items"]) == 1
        end_run(begun.pk, "done", "", NOW)
        assert [each["state"] for each in admin.ok("GET", "/search-runs")] == ["done"]

    def test_called_off(self, admin: Caller, tenant: Tenant) -> None:
        """What waits or goes on is called off."""
        run = admin.ok("POST", "/search-runs", {"targets": ["10.1.0.1"]}, status=202)
        admin.ok("POST", f"/search-runs/{run['uuid']}/cancel", status=202)
        assert DiscoveryRun.objects.get().cancel_asked

    @pytest.mark.parametrize(
        ("search", "status", "sentence"),
        [
            ({}, 422, "where to search"),
            ({"targets": ["10.0.0.0/8"]}, 422, "16,777,214 addresses"),
            ({"targets": ["10.0.0.300"]}, 422, "10.0.0.300"),
            ({"targets": ["10.0.0.1"], "credentials": ["Hall"]}, 404, "no credential"),
            ({"targets": ["10.0.0.1"], "group": SOME_UUID}, 404, "no such group"),
            ({"targets": ["10.0.0.1"], "region": 77}, 404, "no such region"),
            ({"targets": ["10.0.0.1"], "methods": ["telepathy"]}, 422, "Some values"),
            ({"targets": ["10.0.0.1"], "conditions": [{"item": "mood", "op": "is"}]}, 422, "mood"),
        ],
    )
    def test_refusals(self, admin: Caller, search: dict[str, object], status: int, sentence: str) -> None:
        """In a sentence, before anything is asked."""
        assert sentence in admin.refused(status, "POST", "/search-runs", search)["detail"]
        assert not DiscoveryRun.objects.exists()

    def test_many_addresses_that_are_meant(self, admin: Caller) -> None:
        """They are asked once somebody says that all of them are meant."""
        run = admin.ok("POST", "/search-runs", {"targets": ["10.0.0.0/8"], "confirmed": True}, status=202)
        assert run["addresses"] == 16_777_214


class TestTasks:
    def test_started_watched_and_done_again(self, admin: Caller, tenant: Tenant) -> None:
        """A run with a result for each device; what failed is tried again. EMC-HIST-01"""
        device = machine("lib-1").device
        task = add_task("Read all", TaskValues(kind=READ), by=ADMIN)
        (shown,) = [each for each in admin.ok("GET", "/tasks") if each["name"] == "Read all"]
        assert (shown["kind"], shown["active"], shown["schedule"]) == (READ, True, None)
        started = admin.ok("POST", f"/tasks/{task.uuid}/runs", status=202)
        assert (started["state"], started["by"]) == ("waiting", "the-administrator")
        run = running.begin_run(Run.objects.get().pk, NOW)
        assert run is not None
        running.add_targets(run, [(device.pk, "lib-1"), (device.pk + 1, "gone")])
        for result, state in zip(running.waiting_results(run), (RunState.SUCCESS, RunState.ERROR), strict=True):
            running.record_result(result, state, f"It was {state}.", NOW)
        running.end_run(run.pk, NOW)
        address = f"/runs/{started['uuid']}"
        assert (admin.ok("GET", address)["state"], admin.ok("GET", address)["failed"]) == ("error", 1)
        pages = admin.all_pages(f"{address}/results", 1)
        told = [(each["target"], each["device"], each["state"]) for page in pages for each in page]
        assert told == [("lib-1", str(device.uuid), "success"), ("gone", None, "error")]
        assert [each["target"] for each in admin.ok("GET", f"{address}/results", failed=True)["items"]] == ["gone"]
        again = admin.ok("POST", f"{address}/recovery", status=202)
        admin.ok("POST", f"/runs/{again['uuid']}/cancel", status=202)
        assert [len(page) for page in admin.all_pages("/runs", 1)] == [1, 1]
        assert [each["uuid"] for each in admin.ok("GET", "/runs", outcome="failed")["items"]] == [started["uuid"]]
        assert len(admin.ok("GET", "/runs", task=str(task.uuid))["items"]) == 2

    def test_refusals(self, admin: Caller, tenant: Tenant) -> None:
        """A run that ended is not called off; an order that is none; one that is not there."""
        run = start_now(add_task("Read all", TaskValues(kind=READ), by=ADMIN), by=ADMIN)
        Run.objects.update(state=RunState.SUCCESS)
        admin.refused(409, "POST", f"/runs/{run.uuid}/cancel")
        admin.refused(409, "POST", f"/runs/{run.uuid}/recovery")
        admin.refused(400, "GET", "/runs", order="mood")
        admin.refused(404, "GET", "/runs", task=SOME_UUID)
        admin.refused(400, "GET", f"/runs/{run.uuid}/results", after="x")

    def test_the_audit_trail_is_mailed_by_those_who_see_it(self, admin: Caller, tenant: Tenant) -> None:
        """A task that mails it is started by nobody else. EMC-RMAI-09"""
        settings = {"report": "audit", "mail": ["it@acme.test"], "format": "csv"}
        task = add_task("Trail", TaskValues(kind=READ), by=ADMIN)
        Task.objects.filter(pk=task.pk).update(kind=REPORT, settings=settings)
        of_role(Role.DEVICE_MANAGER).refused(403, "POST", f"/tasks/{task.uuid}/runs")
        admin.ok("POST", f"/tasks/{task.uuid}/runs", status=202)

    def test_whose_rights_end_at_regions(self, tenant: Tenant) -> None:
        """They see no run that did nothing to a device of theirs; of one that did, its name alone. EMC-REGN-07"""
        north = set_region("North", "", "", by=ADMIN)
        own = machine("own-1", region=north)
        person = create_user("nora", by=ADMIN, role=Role.DEVICE_MANAGER)
        limit_to_regions(person, [north.pk], by=ADMIN)
        caller = Caller(person)
        run = start_now(add_task("Read all", TaskValues(kind=READ), by=ADMIN), by=ADMIN)
        assert caller.ok("GET", "/runs")["items"] == []
        running.add_targets(run, [(own.pk, "own-1")])
        (shown,) = caller.ok("GET", "/runs")["items"]
        assert (shown["name"], shown["uuid"], shown["task"], shown["message"]) == ("Read all", None, None, None)
        caller.refused(404, "GET", f"/runs/{run.uuid}")
