"""Somebody of each role, and one of each thing that has a page."""

from __future__ import annotations

import io
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from PIL import Image

from platen.access.passwords import set_password
from platen.access.tokens import create_token
from platen.devices.models import Device, Queue, Reader
from platen.devices.services import add_device, add_reader, ensure_default_queue
from platen.directory.models import Alias, Card, Role, User
from platen.directory.services import add_alias, add_card, create_user
from platen.fleet.adopting import adopt_devices
from platen.fleet.collectors import add_collector
from platen.fleet.credentials import CredentialValues, add_credential
from platen.fleet.discovering import SearchValues, keep_discovery, start_run
from platen.fleet.groups import set_group
from platen.fleet.models import (
    Collector,
    Credential,
    Discovery,
    DiscoveryRun,
    Group,
    Machine,
    Notice,
    NoticeRule,
    Place,
    Region,
    Webhook,
)
from platen.fleet.notice_rules import set_rule
from platen.fleet.places import set_place, set_plan, stand_at
from platen.fleet.regions import set_region
from platen.fleet.saved_views import save_view
from platen.fleet.webhooks import set_webhook
from platen.policy.charging import sample_scheme
from platen.policy.job_states import JobState
from platen.policy.scheme_format import scheme_to_dict
from platen.printing.models import Job
from platen.tasks.models import Run, Task
from platen.tasks.services import TaskValues, add_task, start_now
from platen.tenants.models import Tenant
from platen.tracking.models import ChargingScheme, UsageRecord
from platen.tracking.services import assign, set_scheme
from tests.fixtures_tenant import ADMIN

PASSWORD = "correct horse staple"
BACKEND = "platen.access.backend.LogonBackend"


@dataclass(frozen=True)
class World:
    """One of each."""

    people: dict[Role, User]
    device: Device
    reader: Reader
    queue: Queue
    job: Job
    card: Card
    alias: Alias
    scheme: ChargingScheme
    record: UsageRecord
    token_id: int
    view_id: int = 0
    search: Discovery | None = None
    search_run: DiscoveryRun | None = None
    credential: Credential | None = None
    collector: Collector | None = None
    group: Group | None = None
    region: Region | None = None
    place: Place | None = None
    task: Task | None = None
    rule: NoticeRule | None = None
    webhook: Webhook | None = None
    notice: Notice | None = None
    run: Run | None = None


@pytest.fixture
def people(tenant: Tenant) -> dict[Role, User]:
    """A person of each role, with a password."""
    made = {}
    for role in Role:
        user = create_user(f"the-{role.value}", by=ADMIN, full_name=f"The {role.label}", role=role)
        set_password(user, PASSWORD, by=ADMIN)
        made[role] = user
    return made


@pytest.fixture
def as_role(people: dict[Role, User]) -> Callable[[Role], Client]:
    """A browser in which a person of that role is signed in."""

    def signed_in(role: Role) -> Client:
        client = Client()
        client.force_login(people[role], backend=BACKEND)
        return client

    return signed_in


@pytest.fixture
def admin(as_role: Callable[[Role], Client]) -> Client:
    """A browser in which an administrator is signed in."""
    return as_role(Role.ADMINISTRATOR)


@pytest.fixture
def queue(tenant: Tenant) -> Queue:
    """The default pull queue."""
    return ensure_default_queue()


@pytest.fixture
def device(tenant: Tenant) -> Device:
    """A device that nobody asked for its state yet."""
    return add_device("lib-1", "ipp://127.0.0.1:6311/ipp/print", by=ADMIN, location="Library")


@pytest.fixture
def world(people: dict[Role, User], device: Device, queue: Queue) -> World:
    """One of each thing that has a page; the job and the card belong to the ordinary person."""
    user = people[Role.USER]
    scheme = set_scheme("Standard", scheme_to_dict(sample_scheme()), by=ADMIN)
    assign(device, by=ADMIN, primary=scheme)
    token, _secret = create_token(people[Role.ADMINISTRATOR], "script", by=ADMIN, now=timezone.now())
    adopt_devices(timezone.now())
    floor = set_place("Ground floor", by=ADMIN, latitude=52.5, longitude=13.4)
    set_plan(floor, picture(), by=ADMIN)
    stand_at(Machine.objects.get(pk=device.pk), floor, 0.4, 0.6, by=ADMIN)
    hook = set_webhook("Tickets", "https://tickets.example.org/in", by=ADMIN, secret="hidden-word")
    task = add_task("Read everything", TaskValues(kind="read"), by=ADMIN)
    return World(
        people=people,
        device=device,
        reader=add_reader("reader", device, "127.0.0.77", by=ADMIN),
        queue=queue,
        job=held_job(queue, user, "Thesis.pdf"),
        card=add_card(user, "04A1B2C3", by=ADMIN),
        alias=add_alias(user, "another-name", by=ADMIN),
        scheme=scheme,
        record=usage_record(user, device),
        token_id=token.id,
        group=set_group("Colour", by=ADMIN, conditions=[{"item": "color", "op": "is", "values": ["yes"]}]),
        region=set_region("Campus", "127.0.0.0/24", "", by=ADMIN),
        place=floor,
        task=task,
        webhook=hook,
        rule=set_rule(a_rule("Jams"), by=ADMIN, webhooks=[hook.pk]),
        notice=a_notice(hook),
        run=start_now(task, by=ADMIN),
        search=keep_discovery("Campus", SearchValues(targets="127.0.0.9"), by=ADMIN),
        search_run=start_run(SearchValues(targets="127.0.0.9"), by=ADMIN, dry=True),
        collector=add_collector("north", by=ADMIN)[0],
        credential=add_credential("secret one", CredentialValues(kind="snmpv2c", community="hidden-word"), by=ADMIN),
        view_id=save_view("Library", {"f": "lib"}, by=ADMIN, owner_id=None, pinned=True).id,
    )


def a_rule(name: str) -> NoticeRule:
    """A rule that tells of critical alerts, not stored yet."""
    return NoticeRule(name=name, conditions=[{"what": "severity", "values": ["critical"]}])


def a_notice(webhook: Webhook) -> Notice:
    """One that was given up."""
    notice = Notice(channel="webhook", webhook=webhook, event_key=f"key/{webhook.pk}", failed_at=timezone.now())
    notice.payload, notice.error = {"sentence": "Paper jam"}, "It answered 500."
    notice.save()
    return notice


def picture(width: int = 320, height: int = 200) -> bytes:
    """A plan of a floor: a grey rectangle."""
    made = io.BytesIO()
    Image.new("RGB", (width, height), "#dddddd").save(made, "PNG")
    return made.getvalue()


def held_job(queue: Queue, owner: User | None, name: str, *, state: JobState = JobState.PENDING_HELD) -> Job:
    """A job whose document is already gone from the spool, as far as anybody looks."""
    return Job.objects.create(
        queue=queue,
        owner=owner,
        name=name,
        state=state,
        submitted_as=owner.logon if owner else "stranger",
        spool_key=b"k" if state == JobState.PENDING_HELD else None,
        expires_at=timezone.now() + timedelta(hours=24),
    )


def usage_record(user: User, device: Device, name: str = "Thesis.pdf") -> UsageRecord:
    """Five colour pages on both sides of three sheets, charged 1.85."""
    now = timezone.now()
    return UsageRecord.objects.create(
        activity=uuid.uuid4(),
        job_type="JOB_TYPE_PULL",
        tracking_state="TRACKING_STATE_COMPLETED",
        page_count_status="PAGECOUNT_STATUS_OK",
        started_at=now,
        stopped_at=now,
        tracking_page_count=5,
        tracking_color_page_count=5,
        job_sheet_count=3,
        job_name=name,
        user_id=user.id,
        user_logon=user.logon,
        device_id=device.id,
        device_name=device.name,
        job_price="1.85",
        price_lines=[{"text": "1 job", "amount": "0.20"}],
    )
