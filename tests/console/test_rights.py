"""Every address of the console, and who may use it: default deny."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from platen.console.urls import _page, urlpatterns
from platen.directory.models import Role, User
from tests.console.conftest import World

A, H, R, U = Role.ADMINISTRATOR, Role.HELP_DESK, Role.AUDITOR, Role.USER
D = Role.DEVICE_MANAGER
EVERYBODY = {A, H, R, U, D}
# Written down by hand, not derived from the decorators: a slip there has to show here.
GET: dict[str, set[Role]] = {
    "overview": EVERYBODY,
    "password": EVERYBODY,
    "about": EVERYBODY,
    "components": EVERYBODY,
    "at-device": EVERYBODY,
    "my-documents": EVERYBODY,
    "my-usage": EVERYBODY,
    "my-cards": EVERYBODY,
    "my-account": EVERYBODY,
    "find": {A, H, R},
    "jobs": {A, H, R},
    "job": {A, H, R},
    "job-detail": {A, H, R},
    "job-first-page": {A, U},  # the owner, who is an ordinary person, and administrators
    "jobs-export": {A, R},
    "devices": {A, H, R, D},
    "device": {A, H, R, D},
    "devices-export": {A, R, D},
    "devices-condition": {A, H, R, D},
    "devices-narrow": {A, H, R, D},
    "fleet-signs": {A, H, R, D},
    "device-add": {A, D},
    "devices-doubles": {A, H, R, D},
    "device-merge": {A, D},
    "device-edit": {A, D},
    "machine-edit": {A, D},
    "machine-sources": {A, H, R, D},
    "devices-import": {A, D},
    "readers-import": {A, D},
    "import-template": {A, D},
    "fleet": {A, H, R, D},
    "fleet-states": {A, H, R, D},
    "fleet-tiles": {A, H, R, D},
    "fleet-states-export": {A, R, D},
    "reports": {A, H, R, D},
    "reports-export": {A, R, D},
    "device-usage": {A, H, R, D},
    "notices": {A, R},
    "notice-add": {A},
    "notice-edit": {A},
    "outbox": {A, R},
    "webhook-add": {A},
    "webhook-edit": {A},
    "mail-server": {A},
    "tasks": {A, H, R, D},
    "task-add": {A, D},
    "task-edit": {A, D},
    "run": {A, H, R, D},
    "groups": {A, H, R, D},
    "group-add": {A, D},
    "group-edit": {A, D},
    "region-add": {A, D},
    "region-edit": {A, D},
    "places": {A, H, R, D},
    "place": {A, H, R, D},
    "place-add": {A, D},
    "place-edit": {A, D},
    "place-picture": {A, H, R, D},
    "discovery": {A, H, R, D},
    "search-add": {A, D},
    "search-edit": {A, D},
    "search-run": {A, H, R, D},
    "collectors": {A, H, R, D},
    "collector": {A, H, R, D},
    "collector-add": {A},
    "collector-edit": {A},
    "credentials": {A, R},
    "credential-add": {A},
    "credential-edit": {A},
    "queues": {A, H, R, D},
    "queue": {A, H, R, D},
    "queue-add": {A, D},
    "queue-edit": {A, D},
    "people": {A, H, R},
    "person": {A, H, R},
    "people-export": {A, R},
    "ids": {A},
    "ids-export": {A},
    "aliases": {A, H, R},
    "aliases-export": {A, R},
    "person-add": {A},
    "person-edit": {A},
    "usage": {A, R},
    "usage-record": {A, R},
    "usage-export": {A, R},
    "schemes": {A, R},
    "scheme": {A, R},
    "scheme-add": {A},
    "events": {A, H, R},
    "events-export": {A, R},
    "audit": {A, R},
    "audit-export": {A, R},
    "settings": {A, R},
    "fleet-settings": {A, R},
}
POST: dict[str, set[Role]] = {
    "sign-out": EVERYBODY,
    "at-device-print": EVERYBODY,
    "my-document-keep": EVERYBODY,
    "my-document-delete": EVERYBODY,
    "my-card-remove": EVERYBODY,
    "my-code-add": EVERYBODY,
    "job-release": {A, H},
    "job-delete": {A, H},
    "job-assign": {A, H},
    "fleet-tiles-change": {A, H, R, D},
    "devices-columns": {A, H, R, D},
    "devices-change": {A, D},
    "devices-read": {A, H, D},
    "devices-labels": {A, H, D},
    "devices-write": {A, D},
    "devices-manage": {A, D},
    "devices-restart": {A, D},
    "devices-delete": {A, D},
    "view-add": {A, H, R, D},
    "view-remove": {A, H, R, D},
    "machine-read": {A, H, D},
    "machine-manage": {A, D},
    "device-service": {A, H, D},
    "device-test-page": {A, H, D},
    "device-pairing": {A, D},
    "device-unpairing": {A, D},
    "device-prices": {A},
    "device-remove": {A, D},
    "reader-add": {A, D},
    "reader-remove": {A, D},
    "notice-copy": {A},
    "notice-resend": {A},
    "notice-remove": {A},
    "webhook-remove": {A},
    "mail-test": {A},
    "task-start": {A, D},
    "task-duplicate": {A, D},
    "task-remove": {A, D},
    "run-cancel": {A, D},
    "run-recover": {A, D},
    "group-remove": {A, D},
    "region-remove": {A, D},
    "place-put": {A, D},
    "place-plan": {A, D},
    "place-remove": {A, D},
    "search-start": {A, D},
    "search-cancel": {A, D},
    "search-remove": {A, D},
    "collector-switch": {A},
    "collector-key": {A},
    "collector-revoke": {A},
    "collector-remove": {A},
    "credential-remove": {A},
    "queue-remove": {A, D},
    "person-remove": {A},
    "person-unlock": {A, H},
    "person-password": {A},
    "person-pattern": {A},
    "person-code": {A, H},
    "person-pin": {A, H},
    "person-puk": {A, H},
    "person-puk-clear": {A, H},
    "people-change": {A},
    "people-delete": {A},
    "people-puks": {A},
    "ids-change": {A},
    "card-add": {A, H},
    "card-remove": {A, H},
    "alias-add": {A},
    "alias-remove": {A},
    "scheme-example": {A, R},
    "scheme-change": {A},
    "scheme-remove": {A},
    "scheme-default": {A},
    "audit-check": {A, R},
    "settings-policy": {A},
    "token-add": {A},
    "token-revoke": {A},
}
PUBLIC = {"sign-in"}


def address(name: str, world: World) -> str:
    """The address of a page about one of the things in the world."""
    pattern = next(str(each.pattern) for each in urlpatterns if each.name == name)
    kind = pattern.partition("/")[0]
    arguments: dict[str, object] = {
        "job_id": world.job.id,
        "card_id": world.card.id,
        "alias_id": world.alias.id,
        "reader_id": world.reader.id,
        "record_id": world.record.id,
        "scheme_id": world.scheme.id,
        "token_id": world.token_id,
        "view_id": world.view_id,
        "rule_id": world.rule.pk if world.rule else 0,
        "webhook_id": world.webhook.pk if world.webhook else 0,
        "notice_id": world.notice.pk if world.notice else 0,
        "region_id": world.region.pk if world.region else 0,
        "machine_id": world.device.pk,
        "credential_id": world.credential.pk if world.credential else 0,
    }
    if "<uuid:uuid>" in pattern:
        things = {
            "devices": world.device,
            "at": world.device,
            "queues": world.queue,
            "people": world.people[U],
            "groups": world.group,
            "collectors": world.collector,
            "tasks": world.task,
            "runs": world.run,
            "places": world.place,
            "discovery": world.search_run if "/runs/" in pattern else world.search,
        }
        thing = things[kind]
        assert thing is not None
        arguments["uuid"] = thing.uuid
        arguments["other"] = thing.uuid
    return reverse(f"console:{name}", kwargs={key: value for key, value in arguments.items() if f":{key}>" in pattern})


def test_the_table_names_every_address() -> None:
    """No page is left out of the tables of who may use it."""
    assert {each.name for each in urlpatterns} == set(GET) | set(POST) | PUBLIC


def test_a_view_that_does_not_say_whom_it_is_for_is_not_routed() -> None:
    """A page without a declared right cannot be reached at all."""
    with pytest.raises(TypeError, match="does not say whom"):
        _page("open/", lambda request: HttpResponse(), "open")


@pytest.mark.parametrize("role", list(Role))
def test_pages_open_for_those_who_may_see_them(world: World, as_role: Callable[[Role], Client], role: Role) -> None:
    """Each page opens for exactly the roles that have its right; everybody else gets 403. SC-PPORT-02, SC-PUSHQ-12"""
    client = as_role(role)
    for name, who in GET.items():
        status = client.get(address(name, world)).status_code
        if role in who:
            assert status in (200, 302), (name, role, status)
        else:
            assert status == 403, (name, role, status)


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.untraced
def test_changes_are_refused_to_those_without_the_right(
    world: World, as_role: Callable[[Role], Client], role: Role
) -> None:
    """Each change is refused with 403 to every role without its right, and nothing is changed."""
    client = as_role(role)
    for name, who in POST.items():
        if role not in who:
            assert client.post(address(name, world)).status_code == 403, (name, role)
    assert type(world.job).objects.filter(id=world.job.id).exists()
    assert type(world.card).objects.filter(id=world.card.id).exists()


def test_changes_are_not_refused_to_those_with_the_right(world: World, as_role: Callable[[Role], Client]) -> None:
    """Each change goes through to its verb for every role that has its right."""
    wrong = []
    for name in sorted(POST):
        with undone():
            for role in POST[name]:
                status = as_role(role).post(address(name, world)).status_code
                # 404: the thing is another person's, or the first of several roles removed it already.
                if status not in (200, 302, 404, 422):
                    wrong.append((name, role, status))
    assert wrong == []


@contextmanager
def undone() -> Iterator[None]:
    """What happens to the database meanwhile did not."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.mark.untraced
def test_nobody_gets_anywhere_without_signing_in(world: World) -> None:
    """Whoever is not signed in is sent to the sign-in page from every address, also with POST."""
    for name in sorted({*GET, *POST}):
        for answer in (Client().get(address(name, world)), Client().post(address(name, world))):
            assert answer.status_code == 302, name
            assert answer.headers["Location"].startswith(reverse("console:sign-in")), name


def test_a_locked_person_loses_the_session(world: World, as_role: Callable[[Role], Client]) -> None:
    """A session ends as soon as its person may not log in any more."""
    client = as_role(H)
    assert client.get(reverse("console:jobs")).status_code == 200
    world.people[H].prevent_login = True
    world.people[H].save()
    assert client.get(reverse("console:jobs")).status_code == 302


def test_every_change_needs_the_form_token(world: World, people: dict[Role, object]) -> None:
    """A POST without the page's own token is refused, whatever it would do."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.people[A], backend="platen.access.backend.LogonBackend")
    for name in {*POST, "sign-in", "password", "device-add", "queue-add", "person-add", "scheme-add"}:
        assert client.post(address(name, world)).status_code == 403, name


def test_changes_are_not_made_by_get(world: World, admin: Client) -> None:
    """An address that changes something does nothing when it is merely opened."""
    for name in POST:
        assert admin.get(address(name, world)).status_code == 405, name


def test_another_person_s_document_cannot_be_deleted(world: World, as_role: Callable[[Role], Client]) -> None:
    """The own place reaches only what is one's own: somebody else's document or card is not there."""
    client = as_role(R)
    assert client.post(address("my-document-delete", world)).status_code == 404
    assert client.post(address("my-card-remove", world)).status_code == 404
    assert type(world.card).objects.filter(id=world.card.id).exists()


@pytest.mark.parametrize("name", ["person-pin", "person-code", "person-puk", "person-puk-clear", "card-add"])
def test_the_help_desk_gives_no_ids_to_those_above_it(
    people: dict[Role, User], as_role: Callable[[Role], Client], name: str
) -> None:
    """A card, PIN or PUK of an administrator is made by administrators alone, and no button offers it to others."""
    boss, colleague = people[Role.ADMINISTRATOR], people[Role.USER]
    desk = as_role(Role.HELP_DESK)
    address = reverse(f"console:{name}", args=[boss.uuid])
    assert desk.post(address, {"number": "A1B2C3", "kind": "card"}).status_code == 403
    boss.refresh_from_db()
    assert (boss.pin_hash, boss.puk_key) == ("", "")
    assert not boss.cards.exists()
    assert address not in desk.get(reverse("console:person", args=[boss.uuid])).content.decode()
    assert reverse("console:person-pin", args=[colleague.uuid]) in (
        desk.get(reverse("console:person", args=[colleague.uuid])).content.decode()
    )
