"""Lists: paging, filters, flat costs, exports, and walls between organisations."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from platen.console.urls import urlpatterns
from platen.devices.models import Device, Queue
from platen.devices.services import add_device, ensure_default_queue
from platen.directory.models import Role, User
from platen.directory.services import add_alias, add_card, create_user
from platen.eventlog.models import Severity
from platen.eventlog.services import record_event
from platen.fleet.collectors import add_collector
from platen.fleet.credentials import CredentialValues, add_credential
from platen.fleet.discovering import SearchValues, keep_discovery, start_run
from platen.fleet.groups import set_group
from platen.fleet.notice_rules import set_rule
from platen.fleet.places import set_place
from platen.fleet.regions import set_region
from platen.fleet.saved_views import save_view
from platen.fleet.webhooks import set_webhook
from platen.policy.charging import sample_scheme
from platen.policy.job_states import JobState
from platen.policy.scheme_format import scheme_to_dict
from platen.printing.job_lists import JobView, count_of_view
from platen.printing.models import Job
from platen.tasks.services import TaskValues, add_task, start_now
from platen.tenants.context import acting_for
from platen.tenants.models import Policy, Tenant
from platen.tracking.models import UsageDay, UsagePersonDay
from platen.tracking.services import set_scheme
from tests.console.conftest import World, a_notice, a_rule, held_job, usage_record
from tests.console.test_rights import GET, POST, address
from tests.fixtures_tenant import ADMIN

LISTS = [
    "",
    "jobs/",
    "devices/",
    "fleet/",
    "tasks/",
    "notices/",
    "notices/outbox/",
    "groups/",
    "places/",
    "discovery/",
    "credentials/",
    "queues/",
    "people/",
    "people/ids/?kind=permanent",
    "people/aliases/",
    "usage/",
    "schemes/",
    "events/",
    "audit/",
    "find/?q=the",
]


def queries(client: Client, path: str) -> int:
    """How many queries a page takes; what the tenant decided may come from a cache, and is left out."""
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return sum("tenants_" not in query["sql"] for query in captured)


def more_of_everything(world: World, count: int) -> None:
    """Many more rows for every list."""
    for number in range(count):
        user = create_user(f"the-extra-{number}", by=ADMIN, full_name=f"Extra {number}")
        device = add_device(f"the-more-{number}", f"ipp://127.0.0.1:7{number:03}/ipp/print", by=ADMIN)
        for state in (JobState.PENDING_HELD, JobState.COMPLETED, JobState.PROCESSING):
            job = held_job(world.queue, user, f"the document {number}", state=state)
            Job.objects.filter(id=job.id).update(device=device)
        usage_record(user, device)


def test_no_list_takes_a_query_for_each_row(world: World, admin: Client) -> None:
    """The number of queries of a page is the same for a few rows and for many."""
    more_of_everything(world, 3)
    before = {path: queries(admin, f"/console/{path}") for path in LISTS}
    for number in range(12):
        user = create_user(f"the-late-{number}", by=ADMIN)
        add_card(user, f"late-{number}", by=ADMIN)
        add_alias(user, f"late-{number}", by=ADMIN)
        device = add_device(f"the-late-{number}", f"ipp://127.0.0.1:8{number:03}/ipp/print", by=ADMIN)
        held_job(world.queue, user, f"the late document {number}")
        usage_record(user, device)
        set_scheme(f"Scheme {number}", scheme_to_dict(sample_scheme()), by=ADMIN)
    assert {path: queries(admin, f"/console/{path}") for path in LISTS} == before


def test_jobs_are_paged_by_key(queue: Queue, anna: User, admin: Client) -> None:
    """A page of jobs names where the next begins; together the pages show every job once, newest first."""
    made = [held_job(queue, anna, f"document {number}").id for number in range(120)]
    shown: list[int] = []
    before = None
    while True:
        context = admin.get("/console/jobs/", {"before": before} if before else {}).context
        shown += [row.job.id for row in context["rows"]]
        before = context["page"].next_before
        if before is None:
            break
    assert shown == made[::-1]


def test_job_views_show_their_states(queue: Queue, anna: User, admin: Client) -> None:
    """Each tab shows the jobs in its states and how many there are."""
    for state in JobState:
        held_job(queue, anna, f"is {state.keyword}", state=state)
    orphan = held_job(queue, None, "is nobody's")
    expected = {
        JobView.OPEN: {"pending", "pending-held", "processing", "processing-stopped"},
        JobView.PRINTED: {"completed"},
        JobView.FAILED: {"aborted"},
        JobView.CANCELED: {"canceled"},
        JobView.STOPPED: {"processing-stopped"},
    }
    for view, keywords in expected.items():
        rows = admin.get("/console/jobs/", {"view": view.value}).context["rows"]
        assert {row.job.name for row in rows} - {orphan.name} == {f"is {keyword}" for keyword in keywords}, view
    rows = admin.get("/console/jobs/", {"view": "unowned"}).context["rows"]
    assert [row.job.id for row in rows] == [orphan.id]
    assert count_of_view(JobView.HELD).shown == 2


def test_a_count_stops_where_counting_gets_slow(queue: Queue, anna: User, admin: Client) -> None:
    """Beyond 10,000 a list says that there are more, and does not count them."""
    now = timezone.now()
    Job.objects.bulk_create(
        Job(tenant_id=queue.tenant_id, queue=queue, owner=anna, name="x", state=JobState.COMPLETED, created_at=now)
        for _each in range(10_001)
    )
    page = admin.get("/console/jobs/").content.decode()
    assert "more than 10,000" in page


@pytest.mark.parametrize("text", ["Thesis", "thes", "the-user", "The User"])
def test_jobs_are_found_by_document_and_owner(world: World, admin: Client, text: str) -> None:
    """The filter finds a job by part of its document's name or its owner's, in any case, or by number."""
    held_job(world.queue, world.people[Role.AUDITOR], "Something else.pdf")
    for sought in (text, str(world.job.id)):
        rows = admin.get("/console/jobs/", {"f": sought}).context["rows"]
        assert [row.job.id for row in rows] == [world.job.id]


def test_hidden_document_names_are_hidden_everywhere(
    world: World, as_role: Callable[[Role], Client], policy: Policy
) -> None:
    """Where the policy hides them, only administrators read the names of others' documents, also in exports."""
    policy.hide_document_names = True
    policy.save()
    paths = ["/console/", "/console/jobs/", f"/console/jobs/{world.job.id}/", f"/console/jobs/{world.job.id}/detail/"]
    paths += [
        "/console/jobs/export/",
        "/console/usage/",
        f"/console/usage/{world.record.id}/",
        "/console/find/?q=Thesis",
    ]
    paths += [address("person", world), address("device", world)]
    for path in paths:
        assert "Thesis" not in as_role(Role.AUDITOR).get(path).content.decode().replace("“Thesis”", "").replace(
            'value="Thesis"', ""
        ), path
    usage = b"".join(as_role(Role.AUDITOR).get("/console/usage/export/").streaming_content).decode()
    assert "Thesis" not in usage
    assert as_role(Role.AUDITOR).get("/console/jobs/?f=Thesis").context["rows"] == []
    assert "Thesis" in as_role(Role.ADMINISTRATOR).get("/console/jobs/").content.decode()
    assert "Thesis" in as_role(Role.USER).get("/console/my/documents/").content.decode()


def test_card_numbers_are_for_administrators(world: World, as_role: Callable[[Role], Client], policy: Policy) -> None:
    """Card numbers and PUKs are masked for the help desk while the policy hides them, and never exported.
    SC-IDCODE-14"""
    path = address("person", world)
    assert "04A1B2C3" in as_role(Role.ADMINISTRATOR).get(path).content.decode()
    assert "04A1B2C3" not in as_role(Role.HELP_DESK).get(path).content.decode()
    assert "04A1B2C3" not in as_role(Role.ADMINISTRATOR).get("/console/people/export/").content.decode()
    policy.hide_id_codes = False
    policy.save()
    assert "04A1B2C3" in as_role(Role.HELP_DESK).get(path).content.decode()


def rows_of(content: str) -> list[list[str]]:
    """The rows of a CSV file, without its head."""
    return list(csv.reader(io.StringIO(content.lstrip("\ufeff"))))[1:]


def test_an_export_is_what_the_list_shows(world: World, admin: Client) -> None:
    """The exported jobs are those of the filter in force, with a cell that looks like a formula made harmless."""
    held_job(world.queue, world.people[Role.USER], '=HYPERLINK("http://evil.example")')
    held_job(world.queue, None, "other")
    rows = rows_of(admin.get("/console/jobs/export/", {"f": "the-user"}).content.decode())
    assert [row[1] for row in rows] == ['\t=HYPERLINK("http://evil.example")', "Thesis.pdf"]
    assert rows_of(admin.get("/console/jobs/export/", {"view": "printed"}).content.decode()) == []


def test_usage_exports_the_period_and_is_audited(world: World, admin: Client) -> None:
    """The usage export holds the records of the period that the page shows, and leaves a line in the audit trail."""
    content = b"".join(admin.get("/console/usage/export/").streaming_content).decode()
    assert len(rows_of(content)) == 1
    content = b"".join(admin.get("/console/usage/export/?format=xml").streaming_content).decode()
    assert content.count("<JobName>Thesis.pdf</JobName>") == 1
    content = b"".join(admin.get("/console/usage/export/?from=2020-01-01&to=2020-01-31").streaming_content).decode()
    assert rows_of(content) == []
    assert "usage_exported" in admin.get("/console/audit/").content.decode()


def test_usage_shows_sums_of_the_period_and_of_one_person(world: World, admin: Client) -> None:
    """The page adds up the kept days: of all devices, or of one person. SC-TRACK-02"""
    day = timezone.localdate()
    UsageDay.objects.create(day=day, device_id=world.device.id, records=2, pages=10, color_pages=4, price="3.70")
    user = world.people[Role.USER]
    UsagePersonDay.objects.create(day=day, user_id=user.id, records=1, pages=5, color_pages=2, price="1.85")
    assert admin.get("/console/usage/").context["sums"].pages == 10
    page = admin.get(f"/console/usage/?person={user.uuid}")
    assert page.context["sums"].pages == 5
    assert "€1.85" in page.content.decode()


def test_events_are_filtered_by_severity_and_words(tenant: Tenant, admin: Client) -> None:
    """The event log narrows to this bad or worse, and to lines with the words."""
    record_event("one", "quiet as a mouse")
    record_event("two", "the disk is full", severity=Severity.CRITICAL)
    page = admin.get("/console/events/?severity=2").content.decode()
    assert "the disk is full" in page
    assert "quiet as a mouse" not in page
    assert "quiet as a mouse" in admin.get("/console/events/?f=MOUSE").content.decode()


def test_an_audit_trail_narrowed_to_nothing_says_so(world: World, admin: Client) -> None:
    """There are entries, but none like that: the page says so and leads to all of them."""
    shown = admin.get("/console/audit/?f=nobody-did-this").content.decode()
    assert "No entry is like this" in shown
    assert 'href="/console/audit/"' in shown


def test_an_altered_audit_entry_shows(world: World, admin: Client) -> None:
    """Checking the chain says that all entries fit, and where it broke once one was altered."""
    assert "entries fit" in admin.post("/console/audit/check/").content.decode()
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE eventlog_auditentry SET actor = 'x' WHERE id = (SELECT min(id) FROM eventlog_auditentry)"
        )
    assert "does not fit" in admin.post("/console/audit/check/").content.decode()


class TestSearch:
    """One search finds everything."""

    def test_one_match_opens(self, world: World, admin: Client) -> None:
        """A card swiped into the search field opens its person; a job's number its job; a device's name the device.
        SC-USERLIST-04"""
        numbered = Job.objects.create(id=88214, queue=world.queue, name="poster")
        cases = {
            "04A1B2C3": address("person", world),
            "88214": f"/console/jobs/{numbered.id}/",
            "lib-1": address("device", world),
        }
        for text, expected in cases.items():
            assert admin.get("/console/find/", {"q": text}).headers["Location"] == expected, text

    def test_several_are_listed(self, world: World, admin: Client) -> None:
        """Several matches are listed by kind."""
        page = admin.get("/console/find/", {"q": "the"}).content.decode()
        assert "The Administrator" in page
        assert "Thesis.pdf" in page

    def test_nothing_found_says_what_was_looked_through(self, world: World, admin: Client) -> None:
        """No match names what could have been found."""
        assert "Nothing matches “zzz”" in admin.get("/console/find/", {"q": "zzz"}).content.decode()


class TestOtherOrganisations:
    """What belongs to another tenant does not exist."""

    @pytest.fixture
    def theirs(self, other_tenant: Tenant, world: World) -> World:
        """The other tenant's things, in the shape of ours."""
        with acting_for(other_tenant.id):
            user = create_user("secret-person", by=ADMIN, full_name="Umbrella Person")
            device = add_device("umbrella-device", "ipp://127.0.0.1:6999/ipp/print", by=ADMIN)
            queue = ensure_default_queue()
            job = held_job(queue, user, "umbrella secret.pdf")
            return World(
                people={Role.USER: user},
                device=device,
                reader=world.reader,
                queue=queue,
                job=job,
                card=add_card(user, "FFFF0001", by=ADMIN),
                alias=world.alias,
                scheme=set_scheme("Umbrella prices", scheme_to_dict(sample_scheme()), by=ADMIN),
                record=usage_record(user, device, "umbrella secret.pdf"),
                token_id=0,
                view_id=save_view("Umbrella view", {}, by=ADMIN, owner_id=None, pinned=True).pk,
                group=set_group("Umbrella group", by=ADMIN),
                webhook=(hook := set_webhook("Umbrella hook", "https://u.example/", by=ADMIN)),
                rule=set_rule(a_rule("Umbrella rule"), by=ADMIN, webhooks=[hook.pk]),
                notice=a_notice(hook),
                task=(task := add_task("Umbrella task", TaskValues(kind="read"), by=ADMIN)),
                run=start_now(task, by=ADMIN),
                region=set_region("Umbrella region", "127.1.0.0/24", "", by=ADMIN),
                place=set_place("Umbrella place", by=ADMIN),
                search=keep_discovery("Umbrella search", SearchValues(targets="127.0.0.9"), by=ADMIN),
                search_run=start_run(SearchValues(targets="127.0.0.9"), by=ADMIN),
                collector=add_collector("umbrella site", by=ADMIN)[0],
                credential=add_credential("x", CredentialValues(kind="snmpv1", community="y"), by=ADMIN),
            )

    def test_their_pages_are_not_there(self, theirs: World, admin: Client) -> None:
        """Every address of another tenant's thing is 404, to look at and to change."""
        about = (
            "job",
            "device",
            "at-device",
            "machine",
            "queue",
            "person",
            "card",
            "alias",
            "reader",
            "scheme",
            "usage-record",
            "token",
            "search",
            "group",
            "task",
            "notice-",
            "webhook",
            "run",
            "region",
            "place",
            "credential",
            "collector",
            "view",
        )
        for name in {*GET, *POST}:
            if name.startswith(about) and "<" in str(_pattern(name)) and name != "usage-export":
                path = address(name, theirs)
                answer = admin.get(path) if name in GET else admin.post(path)
                assert answer.status_code == 404, name

    def test_their_names_are_nowhere(self, theirs: World, admin: Client) -> None:
        """No list, search or export shows anything of another tenant."""
        for path in [
            *LISTS,
            "jobs/export/",
            "people/export/",
            "devices/export/",
            "find/?q=umbrella",
            "find/?q=FFFF0001",
        ]:
            page = admin.get(f"/console/{path}")
            assert page.status_code == 200, path
            assert "secret-person" not in page.content.decode(), path
            assert "umbrella secret" not in page.content.decode(), path
            assert "umbrella-device" not in page.content.decode(), path

    def test_a_session_is_good_for_its_own_organisation_only(self, theirs: World, admin: Client) -> None:
        """The cookie of one organisation's console opens nothing at another's host name."""
        assert admin.get("/console/jobs/", headers={"host": "print.umbrella.test"}).status_code == 302


def _pattern(name: str) -> str:
    return next(str(each.pattern) for each in urlpatterns if each.name == name)


def test_an_empty_console_teaches(tenant: Tenant, admin: Client) -> None:
    """With nothing there yet, every place says what would be here and offers the first step."""
    expected = {
        "": "No devices yet",
        "devices/": "Add device",
        "jobs/": "Jobs in this state appear here",
        "usage/": "Every document that comes out leaves one record",
        "schemes/": "Without a scheme printing is counted and costs nothing",
        "my/documents/": "Nothing waits for you",
    }
    assert Device.objects.count() == 0
    for path, words in expected.items():
        assert words in admin.get(f"/console/{path}").content.decode(), path


@pytest.mark.parametrize("query", ["from=0001-01-01&to=9999-12-31", "from=9999-12-31", "to=0001-01-01"])
def test_a_day_at_the_end_of_time_is_no_mistake_of_ours(admin: Client, query: str) -> None:
    """Usage of a year that no clock shows is answered with that of the last days."""
    assert admin.get(f"{reverse('console:usage')}?{query}").status_code == 200
