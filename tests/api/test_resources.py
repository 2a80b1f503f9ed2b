"""The resources of the API: the same verbs as everywhere, with their refusals as problems."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from asgiref.sync import async_to_sync
from django.db import connection
from django.test import AsyncClient
from django.test.utils import CaptureQueriesContext

from platen.devices.services import add_device, add_queue, change_queue
from platen.directory.models import Role, User
from platen.directory.services import add_card, create_user
from platen.eventlog.models import AuditEntry
from platen.policy.job_states import JobState
from platen.printing.models import Delivery, Job
from platen.tenants.context import acting_for
from platen.tenants.models import Policy, Tenant
from platen.tracking.schemes import set_scheme
from platen.tracking.usage_lists import today
from tests.api.caller import PREFIX, Caller, of_role
from tests.fixtures_tenant import ADMIN
from tests.fleet.machines import WHO, Watching, alert, machine, reading
from tests.tracking.printed import A4, SAMPLE, TWO_SIDED, Printing, document

pytestmark = pytest.mark.django_db


def held(printing: Printing, owner: User | None, name: str = "Report.pdf") -> Job:
    """A job with a document, waiting."""
    job = printing.job(owner, document((5, A4, True)), ticket=TWO_SIDED, name=name)
    job.state, job.spool_key, job.device = JobState.PENDING_HELD, b"key", None
    job.save()
    return job


class TestPeople:
    def test_life_of_a_person(self, admin: Caller) -> None:
        """Added, read, changed, found, deleted; each change is audited as the API's. SC-USER-03, SQC-SVC-02"""
        made = admin.ok("POST", "/users", {"logon": "carl", "full_name": "Carl Ek", "cost_code": "7"}, status=201)
        address = f"/users/{made['uuid']}"
        assert admin.ok("GET", address)["full_name"] == "Carl Ek"
        changed = admin.ok("PATCH", address, {"email": "carl@acme.test", "role": "auditor"})
        assert (changed["email"], changed["role"], changed["cost_code"]) == ("carl@acme.test", "auditor", "7")
        assert [each["logon"] for each in admin.ok("GET", "/users", q="Ek")["items"]] == ["carl"]
        admin.ok("DELETE", address, status=204)
        admin.refused(404, "GET", address)
        entry = AuditEntry.objects.get(verb="user_deleted")
        assert (entry.actor, entry.source) == ("the-administrator", "api")

    def test_pages(self, admin: Caller) -> None:
        """The list comes in pages that join without gap. SC-USER-03"""
        for number in range(7):
            create_user(f"p{number}", by=ADMIN)
        pages = admin.all_pages("/users", 3)
        assert [len(page) for page in pages] == [3, 3, 2]
        assert [each["logon"] for page in pages for each in page] == [*(f"p{n}" for n in range(7)), "the-administrator"]

    def test_refusals(self, admin: Caller, anna: User) -> None:
        """A taken logon, a bad value, an unknown field, a page too large: each in its own words. SC-ERR-C58"""
        assert admin.refused(409, "POST", "/users", {"logon": "ANNA"})["code"] == 58
        admin.refused(422, "POST", "/users", {"logon": "carl", "email": "not an address"})
        problems = admin.refused(422, "POST", "/users", {"logon": "carl", "colour": "red"})["problems"]
        assert [each["field"] for each in problems] == ["colour"]
        assert admin.refused(422, "POST", "/users", {})["problems"][0]["field"] == "logon"
        admin.refused(422, "GET", "/users", limit=201)
        admin.refused(404, "GET", "/users/nobody")
        admin.refused(405, "PUT", "/users")
        admin.refused(409, "DELETE", f"/users/{admin.user.uuid}")  # type: ignore[union-attr]  # the only administrator

    def test_a_body_that_is_no_json(self, admin: Caller) -> None:
        """What cannot be read is refused with a sentence. SC-ERR-C01"""
        answer = admin.client.post(f"{PREFIX}/users", data="{", content_type="application/json", headers=admin.headers)
        assert answer.status_code == 400
        assert json.loads(answer.content)["detail"]

    def test_locked_and_let_in_again(self, admin: Caller, anna: User) -> None:
        """A PIN given or an unlock lets a person in again. SC-PIN-05"""
        admin.ok("PATCH", f"/users/{anna.uuid}", {"prevent_login": True})
        assert not admin.ok("POST", f"/users/{anna.uuid}/unlock")["prevent_login"]
        admin.ok("PUT", f"/users/{anna.uuid}/pin", {"pin": "4711"}, status=204)
        anna.refresh_from_db()
        assert anna.pin_hash
        admin.refused(422, "PUT", f"/users/{anna.uuid}/pin", {"pin": "x"})


class TestCards:
    def test_life_of_a_card(self, admin: Caller, anna: User) -> None:
        """Registered, listed, found, taken away. SC-IDCODE-01"""
        card = admin.ok("POST", f"/users/{anna.uuid}/cards", {"number": "04A1B2C3"}, status=201)
        assert [each["number"] for each in admin.ok("GET", f"/users/{anna.uuid}/cards")] == ["04A1B2C3"]
        assert admin.ok("POST", "/cards/find", {"number": "04A1B2C3"})["logon"] == "anna"
        admin.refused(404, "POST", "/cards/find", {"number": "other"})
        assert admin.refused(409, "POST", f"/users/{anna.uuid}/cards", {"number": "04A1B2C3"})["code"] == 60
        admin.ok("DELETE", f"/users/{anna.uuid}/cards/{card['id']}", status=204)
        admin.refused(404, "DELETE", f"/users/{anna.uuid}/cards/{card['id']}")

    def test_another_persons_card_is_not_under_this_one(self, admin: Caller, anna: User, bert: User) -> None:
        """A card is reached through its own person only. SC-IDCODE-01"""
        card = add_card(anna, "04A1", by=ADMIN)
        admin.refused(404, "DELETE", f"/users/{bert.uuid}/cards/{card.id}")

    def test_numbers_are_masked(self, admin: Caller, anna: User) -> None:
        """Numbers are told only to those who may see them. SC-HIDE-01, SC-HIDE-05"""
        add_card(anna, "04A1", by=ADMIN)
        desk = of_role(Role.HELP_DESK)
        assert [each["number"] for each in desk.ok("GET", f"/users/{anna.uuid}/cards")] == ["****"]
        assert desk.ok("POST", f"/users/{anna.uuid}/cards", {"number": "04A2"}, status=201)["number"] == "****"

    def test_id_code(self, admin: Caller, anna: User) -> None:
        """A random ID code is made and told once. SC-IDCODE-01"""
        code = admin.ok("POST", f"/users/{anna.uuid}/id-codes", status=201)["code"]
        assert admin.ok("POST", "/cards/find", {"number": code})["logon"] == "anna"


class TestDevices:
    def test_life_of_a_device(self, admin: Caller) -> None:
        """Added with the default schemes, changed, put out of service, priced, paired, removed. SC-CHARGE-10"""
        scheme = admin.ok("POST", "/schemes", {"name": "Standard", "prices": SAMPLE}, status=201)
        admin.ok("PUT", "/schemes/defaults", {"primary": scheme["id"]}, status=204)
        made = admin.ok("POST", "/devices", {"name": "Copier", "uri": "ipp://127.0.0.9/ipp/print"}, status=201)
        address = f"/devices/{made['uuid']}"
        assert admin.ok("GET", f"{address}/schemes") == {"primary": scheme["id"], "secondary": None}
        assert admin.ok("PUT", f"{address}/schemes", {"secondary": scheme["id"]}) == {
            "primary": None,
            "secondary": scheme["id"],
        }
        changed = admin.ok("PATCH", address, {"location": "2nd floor", "duplex_supported": True})
        assert (changed["location"], changed["duplex_supported"], changed["state"]) == ("2nd floor", True, "unknown")
        assert admin.ok("PATCH", address, {"duplex_supported": None})["duplex_supported"] is None
        assert admin.ok("PUT", f"{address}/service", {"out_of_service": True})["needs_attention"]
        assert len(admin.ok("POST", f"{address}/pairing-code", status=201)["code"]) == 8
        admin.ok("DELETE", address, status=204)
        admin.refused(404, "GET", address)

    def test_devices_that_collection_reads(self, admin: Caller) -> None:
        """A device with a critical jam is stopped and needs attention, in the list and alone, until it is cleared; the
        list costs no query a device."""
        watched = [Watching(machine(f"M{number}", address=f"127.20.2.{number}")) for number in range(4)]
        told = ("state", "needs_attention", "state_reasons", "state_message")
        for alerts, expected in (
            ([alert()], ("stopped", True, ["media-jam-error"], "jam, tray 1")),
            ([], ("idle", False, [], "Ready")),
        ):
            for number, each in enumerate(watched):
                each.read(reading(alerts=alerts, identity=replace(WHO, serial=str(number), mac="")), hours=0.5)
            found = admin.ok("GET", "/devices")["items"]
            assert {tuple(map(repr, map(item.get, told))) for item in found} == {tuple(map(repr, expected))}
            alone = admin.ok("GET", f"/devices/{found[0]['uuid']}")
            assert tuple(map(alone.get, told)) == expected
            assert len(admin.ok("GET", "/devices?attention=true")["items"]) == (4 if expected[1] else 0)
        with CaptureQueriesContext(connection) as one:
            admin.ok("GET", "/devices?limit=1")
        with CaptureQueriesContext(connection) as four:
            admin.ok("GET", "/devices?limit=4")
        assert len(one) == len(four)

    def test_refusals(self, admin: Caller, printing: Printing) -> None:
        """A taken name, an address that is none, a device still in use. SC-ERR-C70"""
        assert admin.refused(409, "POST", "/devices", {"name": "Copier 2nd floor", "uri": "lpd://h/q"})["code"] == 70
        admin.refused(422, "POST", "/devices", {"name": "Other", "uri": "http://h"})
        admin.refused(422, "POST", "/devices", {"name": "Other", "uri": "lpd://h/q", "login_methods": ["magic"]})
        printing.push_queue()
        admin.refused(409, "DELETE", f"/devices/{printing.device.uuid}")

    def test_pages_and_search(self, admin: Caller) -> None:
        """Devices come by name in pages, or those that a text fits. SC-MINING-11"""
        for number in range(5):
            add_device(f"D{number}", f"socket://127.0.0.{number + 1}:9100", by=ADMIN, location="Hall" * (number % 2))
        pages = admin.all_pages("/devices", 2)
        assert [each["name"] for page in pages for each in page] == [f"D{number}" for number in range(5)]
        assert [each["name"] for each in admin.ok("GET", "/devices", q="hall")["items"]] == ["D1", "D3"]

    def test_readers(self, admin: Caller, printing: Printing) -> None:
        """A reader is added at a device, changed, moved and removed. SC-IDD-01"""
        elsewhere = add_device("Elsewhere", "lpd://127.0.0.3/q", by=ADMIN)
        address = f"/devices/{printing.device.uuid}/readers"
        made = admin.ok("POST", address, {"name": "R1", "address": "127.0.0.50"}, status=201)
        assert made["device"] == str(printing.device.uuid)
        moved = admin.ok("PATCH", f"{address}/{made['id']}", {"name": "R2", "device": str(elsewhere.uuid)})
        assert (moved["name"], moved["device"]) == ("R2", str(elsewhere.uuid))
        assert admin.ok("GET", address) == []
        assert [each["name"] for each in admin.ok("GET", "/readers")] == ["R2"]
        admin.refused(404, "DELETE", f"{address}/{made['id']}")
        admin.ok("DELETE", f"/devices/{elsewhere.uuid}/readers/{made['id']}", status=204)

    def test_queues(self, admin: Caller, printing: Printing) -> None:
        """A queue is added, changed, listed and removed; a push queue needs a device. SC-PUSH-01"""
        admin.refused(422, "POST", "/queues", {"name": "direct", "kind": "push"})
        device = str(printing.device.uuid)
        made = admin.ok("POST", "/queues", {"name": "direct", "kind": "push", "device": device}, status=201)
        address = f"/queues/{made['uuid']}"
        assert made["device"] == device
        assert admin.ok("PATCH", address, {"cost_code": "1009", "raw_port": 19100})["raw_port"] == 19100
        assert admin.ok("PATCH", address, {"raw_port": None})["raw_port"] is None
        assert [each["name"] for page in admin.all_pages("/queues", 1) for each in page] == ["direct", "pull"]
        admin.ok("DELETE", address, status=204)
        admin.refused(409, "DELETE", f"/queues/{printing.queue.uuid}")


class TestSchemes:
    def test_life_of_a_scheme(self, admin: Caller) -> None:
        """Added, changed, listed, deleted; mistakes are named with their fields. SC-CHARGE-01, SC-CHARGE-03,
        SC-CHARGE-04"""
        made = admin.ok("POST", "/schemes", {"name": "Standard", "prices": SAMPLE}, status=201)
        address = f"/schemes/{made['id']}"
        assert made["prices"]["print"]["sizes"]["A4"]["color"] == "0.30"
        assert admin.ok("PATCH", address, {"description": "Primary"})["description"] == "Primary"
        assert [each["name"] for each in admin.ok("GET", "/schemes")] == ["Standard"]
        assert admin.refused(409, "POST", "/schemes", {"name": "Standard", "prices": SAMPLE})["code"] == 70
        wrong = {"print": {"per_job": "x", "sizes": SAMPLE["print"]["sizes"]}}  # type: ignore[index]  # a table
        assert admin.refused(422, "PATCH", address, {"prices": wrong})["problems"][0]["field"] == "print.per_job"
        admin.ok("DELETE", address, status=204)
        admin.refused(404, "GET", address)
        admin.refused(404, "GET", f"/schemes/{2**70}")


class TestJobs:
    def test_list_and_cancel(self, admin: Caller, printing: Printing, anna: User) -> None:
        """Jobs come newest first by state in pages; one is read and canceled. SC-PULL-01"""
        jobs = [held(printing, anna, f"D{number}") for number in range(5)]
        pages = admin.all_pages("/jobs", 2, view="held")
        assert [each["name"] for page in pages for each in page] == ["D4", "D3", "D2", "D1", "D0"]
        shown = admin.ok("GET", f"/jobs/{jobs[0].id}")
        assert (shown["state"], shown["owner"]["logon"], shown["queue"]) == ("pending-held", "anna", "pull")
        assert admin.ok("DELETE", f"/jobs/{jobs[0].id}")["state"] == "canceled"
        admin.refused(409, "DELETE", f"/jobs/{jobs[0].id}")
        admin.refused(404, "GET", "/jobs/999999")
        admin.refused(404, "GET", f"/jobs/{2**80}")
        admin.refused(400, "GET", "/jobs", after="x")

    def test_release_and_assign(self, admin: Caller, printing: Printing, anna: User) -> None:
        """A job without owner is given to a person and released at a device, once. SC-PULL-01, SQC-SVC-02"""
        job = held(printing, None)
        assert admin.ok("PUT", f"/jobs/{job.id}/owner", {"owner": str(anna.uuid)})["owner"]["logon"] == "anna"
        wanted = {"device": str(printing.device.uuid)}
        made = admin.ok("POST", f"/jobs/{job.id}/release", wanted, status=202)
        assert Delivery.objects.get().id == made["delivery"]
        assert "already being printed" in admin.refused(409, "POST", f"/jobs/{job.id}/release", wanted)["detail"]

    def test_hidden_names(self, admin: Caller, printing: Printing, anna: User, policy: Policy) -> None:
        """Where names are hidden only administrators see those of others, and nobody else can search by them.
        SC-HIDE-11"""
        policy.hide_document_names = True
        policy.save()
        job = held(printing, anna, "Secret plan")
        desk = of_role(Role.HELP_DESK)
        own = held(printing, desk.user, "My own")
        names = {each["id"]: each["name"] for each in desk.ok("GET", "/jobs")["items"]}
        assert names == {job.id: None, own.id: "My own"}
        assert desk.ok("GET", "/jobs", q="Secret")["items"] == []
        assert [each["id"] for each in desk.ok("GET", "/jobs", q="anna")["items"]] == [job.id]
        assert desk.ok("GET", f"/jobs/{job.id}")["name"] is None
        assert admin.ok("GET", f"/jobs/{job.id}")["name"] == "Secret plan"

    def test_a_queue_that_hides_names(self, admin: Caller, printing: Printing, anna: User) -> None:
        """Names of documents in a queue that hides them are told to nobody but their owner, and cannot be searched
        for. SC-PPORT-13, SC-PUSHQ-10, SC-HIDE-13"""
        change_queue(printing.queue, by=ADMIN, hide_document_names=True)
        job = held(printing, anna, "Secret plan")
        assert admin.ok("GET", f"/jobs/{job.id}")["name"] is None
        assert admin.ok("GET", "/jobs", q="Secret")["items"] == []
        (mine,) = Caller(anna).ok("GET", "/me/jobs")["items"]
        assert mine["name"] == "Secret plan"


class TestUsage:
    def test_records_and_sums(self, admin: Caller, printing: Printing, anna: User, tenant: Tenant) -> None:
        """The worked example as record, sums, days and lists of the most. SC-PRICE-05, SC-MINING-10, SC-MINING-12,
        SC-TRKPLAN-06"""
        record = printing.printed(anna, document((5, A4, True)), ticket=TWO_SIDED)
        (shown,) = admin.ok("GET", "/usage", user=str(anna.uuid), type="pull", state="completed")["items"]
        assert (shown["job_price"], shown["job_price2"], shown["job_sheet_count"]) == ("1.85", "0.28", 3)
        assert admin.ok("GET", f"/usage/{record.uuid}")["price_lines"][0]["text"] == "1 job"
        day = today(record.stopped_at).isoformat()
        period = {"from_day": day, "to_day": day}
        sums = admin.ok("GET", "/usage/sums", device=str(printing.device.uuid), **period)
        assert (sums["pages"], Decimal(sums["price"])) == (5, Decimal("1.85"))
        assert [each["day"] for each in admin.ok("GET", "/usage/days", **period)] == [day]
        assert admin.ok("GET", "/usage/top-people", **period)[0]["name"] == "Anna Lind"
        assert admin.ok("GET", "/usage/top-devices", **period)[0]["name"] == "Copier 2nd floor"

    def test_pages(self, admin: Caller, printing: Printing, anna: User) -> None:
        """Records come newest first in pages that join without gap. SC-MINING-15"""
        made = [str(printing.printed(anna, document((1, A4, False))).uuid) for _number in range(5)]
        pages = admin.all_pages("/usage", 2)
        assert [each["uuid"] for page in pages for each in page] == made[::-1]

    def test_refusals(self, admin: Caller, printing: Printing, anna: User) -> None:
        """Impossible periods, keys and labels are refused. SC-EXPORT-01, SC-TDF-T05"""
        start, end = date(2026, 5, 4).isoformat(), (date(2026, 5, 4) - timedelta(days=1)).isoformat()
        admin.refused(400, "GET", "/usage/sums", from_day=start, to_day=end)
        admin.refused(400, "GET", "/usage", after="x")
        admin.refused(400, "GET", "/usage/export.csv", label="x" * 21)
        admin.refused(404, "GET", "/usage", user="0190a1b2-0000-7000-8000-000000000000")

    def test_export(self, admin: Caller, printing: Printing, anna: User) -> None:
        """The export streams the tracking format, and labels what it takes. SC-TDF-01, SC-TDF-T05, SC-TRKPLAN-06"""
        printing.printed(anna, document((5, A4, True)), ticket=TWO_SIDED)
        answer = admin.ask("GET", "/usage/export.csv", label="INV-1", separator="semicolon")
        text = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]  # a streaming answer has it
        (row,) = csv.DictReader(io.StringIO(text), delimiter=";")
        assert (row["JobPrice"], row["ExportTrackingID"]) == ("1.8500", "INV-1")

    def test_export_of_some_fields(self, admin: Caller, printing: Printing, anna: User) -> None:
        """A program takes the fields it needs, as CSV or XML. SC-EXPORT-06, SC-EXPORT-02"""
        printing.printed(anna, document((5, A4, True)), ticket=TWO_SIDED)
        wanted = {"fields": "UserLogon, JobPrice"}
        as_csv = b"".join(admin.ask("GET", "/usage/export.csv", **wanted).streaming_content)  # type: ignore[attr-defined]  # as above
        assert as_csv == b"UserLogon,JobPrice,FormatVersion\r\nanna,1.8500,1\r\n"
        answer = admin.ask("GET", "/usage/export.xml", **wanted)
        assert answer.headers["Content-Type"].startswith("application/xml")
        assert b"<JobPrice>1.8500</JobPrice>" in b"".join(answer.streaming_content)  # type: ignore[attr-defined]  # as above
        admin.refused(400, "GET", "/usage/export.csv", fields="Nonsense")

    def test_export_over_asgi(self, admin: Caller, printing: Printing, anna: User) -> None:
        """Served asynchronously, the export still holds its own organisation's records. SC-TRKPLAN-06"""
        printing.printed(anna, document((5, A4, True)), ticket=TWO_SIDED)

        async def fetch() -> bytes:
            answer = await AsyncClient().get(f"{PREFIX}/usage/export.csv", headers=admin.headers)
            return b"".join([piece async for piece in answer.streaming_content])  # type: ignore[attr-defined]  # as above

        (row,) = csv.DictReader(io.StringIO(async_to_sync(fetch)().decode()))
        assert row["UserLogon"] == "anna"

    def test_hidden_names(self, admin: Caller, printing: Printing, anna: User, policy: Policy) -> None:
        """An auditor sees no document names where they are hidden, in no list and no export. SC-HIDE-11"""
        policy.hide_document_names = True
        policy.save()
        printing.printed(anna, document((1, A4, False)))
        auditor = of_role(Role.AUDITOR)
        assert [each["job_name"] for each in auditor.ok("GET", "/usage")["items"]] == [None]
        text = b"".join(auditor.ask("GET", "/usage/export.csv").streaming_content)  # type: ignore[attr-defined]  # as above
        assert b"Report.pdf" not in text


class TestOwn:
    def test_ones_own_things(self, printing: Printing, anna: User, bert: User) -> None:
        """A person without rights sees and cancels their own, and nobody else's. SC-HIDE-12"""
        mine, theirs = held(printing, anna, "Mine"), held(printing, bert, "Theirs")
        printing.printed(anna, document((1, A4, False)))
        printing.printed(bert, document((2, A4, False)))
        caller = Caller(anna)
        me = caller.ok("GET", "/me")
        assert (me["person"]["logon"], me["rights"]) == ("anna", ["enter-console"])
        assert [each["name"] for each in caller.ok("GET", "/me/jobs")["items"]] == ["Mine"]
        (used,) = caller.ok("GET", "/me/usage")["items"]
        assert used["tracking_page_count"] == 1
        assert "job_price2" not in used
        assert caller.ok("DELETE", f"/me/jobs/{mine.id}")["state"] == "canceled"
        caller.refused(404, "DELETE", f"/me/jobs/{theirs.id}")


class TestLogsAndSettings:
    def test_events_and_audit(self, admin: Caller, printing: Printing, anna: User) -> None:
        """What happened and who changed what, newest first in pages."""
        printing.printed(anna, document((1, A4, False)))
        pages = admin.all_pages("/events", 3)
        ids = [each["id"] for page in pages for each in page]
        assert ids == sorted(ids, reverse=True)
        assert len(ids) == len(set(ids)) > 3
        assert (
            admin.ok("GET", "/events", device=str(printing.device.uuid), q="printed")["items"][0]["kind"]
            == "job_printed"
        )
        assert admin.ok("GET", "/audit", q="scheme_set")["items"][0]["subject"] == "True cost"

    def test_settings(self, admin: Caller) -> None:
        """Settings are read and changed, checked and audited. SC-HIDE-02"""
        assert admin.ok("GET", "/settings")["currency"] == "EUR"
        assert admin.ok("PATCH", "/settings", {"job_retention_hours": 48})["job_retention_hours"] == 48
        admin.refused(422, "PATCH", "/settings", {"job_retention_hours": 0})
        admin.refused(422, "PATCH", "/settings", {"time_zone": "Mars/Olympus"})
        admin.refused(422, "PATCH", "/settings", {"anything": 1})
        assert AuditEntry.objects.get(verb="policy_changed").source == "api"


class TestDescription:
    def test_openapi(self, tenant: Tenant) -> None:
        """The OpenAPI document describes every route and its token, without asking for one. SC-TRKPLAN-06"""
        described = Caller().ok("GET", "/openapi.json")
        assert described["openapi"].startswith("3.")
        assert "/api/v1/users/{key}" in described["paths"]
        assert "BearerToken" in described["components"]["securitySchemes"]
        for operations in described["paths"].values():
            for operation in operations.values():
                assert operation["security"]
                assert operation["description"]

    def test_page(self, tenant: Tenant) -> None:
        """People can read it too, without script or anything from elsewhere. SC-TRKPLAN-06"""
        answer = Caller().ask("GET", "/docs")
        text = answer.content.decode()
        assert "/api/v1/usage/export.csv" in text
        assert "<script" not in text
        assert "http" not in text.replace("http-equiv", "")

    def test_nothing_there(self, tenant: Tenant) -> None:
        """An address that names nothing is a problem as well. SC-ERR-C01"""
        Caller().refused(404, "GET", "/nothing")


def test_other_tenants_things_are_not_there(admin: Caller, other_tenant: Tenant, tmp_path: object) -> None:
    """Devices, queues, schemes and jobs of another organisation do not exist here. SC-HIDE-02"""
    with acting_for(other_tenant.id):
        device = add_device("Theirs", "lpd://127.0.0.3/q", by=ADMIN)
        queue = add_queue("theirs", by=ADMIN, is_default=True)
        scheme = set_scheme("Theirs", SAMPLE, by=ADMIN)
        job = Job.objects.create(queue=queue, name="Theirs")
    paths = [f"/devices/{device.uuid}", f"/queues/{queue.uuid}", f"/schemes/{scheme.id}", f"/jobs/{job.id}"]
    for path in paths:
        admin.refused(404, "GET", path)
        admin.refused(404, "DELETE", path)
    for path in ("/devices", "/queues", "/jobs", "/usage"):
        assert admin.ok("GET", path)["items"] == []
    assert admin.ok("GET", "/schemes") == []


class TestQueries:
    @pytest.mark.parametrize("path", ["/jobs", "/usage", "/events", "/users", "/me", "/usage/export.csv"])
    def test_a_misspelt_filter_is_refused(self, admin: Caller, path: str) -> None:
        """A name the address does not know is refused, and not answered with everything."""
        problem = admin.refused(400, "GET", path, ownr="anybody")
        assert "ownr" in problem["detail"]

    def test_every_described_name_is_known(self, admin: Caller) -> None:
        """No filter that the description names is refused as unknown."""
        names = admin.ok("GET", "/openapi.json")["paths"]
        asked = 0
        for path, operations in names.items():
            for parameter in operations.get("get", {}).get("parameters", ()):
                if parameter["in"] == "query" and "{" not in path:
                    answer = admin.ask("GET", path.removeprefix(PREFIX), **{parameter["name"]: ""})
                    said = b"" if answer.streaming else answer.content
                    assert b"which this address does not know" not in said
                    asked += 1
        assert asked > 20
