"""What surrounds every page: places, account menu, buttons; and where it is served."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from platen.cli.checks.finding import Level
from platen.cli.checks.network import check_proxies
from platen.console.views.session import REMEMBERED_S
from platen.directory.models import Role, User
from platen.eventlog.models import Event, Severity
from platen.settings import SettingsError, load
from tests.console.conftest import PASSWORD, World

SIGN_IN = "/console/sign-in/"


def places(client: Client) -> set[str]:
    """Where the navigation leads to from a page that everybody sees."""
    page = client.get(reverse("console:my-account")).content.decode()
    nav = page[page.index('<nav class="side"') : page.index("</nav>", page.index('<nav class="side"'))]
    return set(re.findall(r'href="/console/([a-z-]+)/', nav))


def test_the_navigation_has_what_a_person_may_see(world: World, as_role: Callable[[Role], Client]) -> None:
    """Places are those of the role, and nothing else is named. EMC-UI-07"""
    found = {role: places(as_role(role)) for role in Role}
    assert {"devices", "fleet", "tasks", "reports", "people", "audit", "settings"} <= found[Role.ADMINISTRATOR]
    assert {"devices", "tasks", "reports"} <= found[Role.DEVICE_MANAGER]
    assert not {"people", "audit", "settings", "jobs", "usage"} & found[Role.DEVICE_MANAGER]
    assert not {"devices", "fleet", "tasks", "reports", "people", "audit", "settings"} & found[Role.USER]


def test_the_account_menu(world: World, admin: Client) -> None:
    """Who is signed in, their own account and password, what this is, and the way out. EMC-UI-05 EMC-UI-06"""
    page = admin.get("/console/").content.decode()
    menu = page[page.index('id="account"') : page.index("</header>")]
    for name in ("my-account", "password", "about", "sign-out"):
        assert reverse(f"console:{name}") in menu, name
    assert "The Administrator" in page
    about = admin.get(reverse("console:about")).content.decode()
    assert "Apache License 2.0" in about
    assert re.search(r"Django</th>.*?BSD", about, re.DOTALL)


def test_buttons_say_what_they_do(world: World, admin: Client) -> None:
    """What puts a setting into effect, what can do harm, and everything else look different. EMC-UI-09"""
    assert world.task is not None
    page = admin.get(reverse("console:task-edit", args=[world.task.uuid])).content.decode()
    assert re.search(r'class="btn btn-primary" type="submit">Save<', page)
    assert re.search(r'class="btn btn-danger[^"]*"[^>]*>Remove<', page)
    assert re.search(r'class="btn" type="submit">Duplicate<', page)


def test_staying_signed_in(people: dict[Role, User]) -> None:
    """Whoever asks for it stays signed in for five days, others as long as sessions last, even where the sign-in before
    in the same browser was to last. EMC-AUTH-05"""
    client = Client()
    for remember, lasts in (("yes", REMEMBERED_S), ("", settings.SESSION_COOKIE_AGE)):
        client.post(SIGN_IN, {"logon": "the-user", "password": PASSWORD, "remember": remember})
        assert client.session.get_expiry_age() == lasts
        assert int(client.cookies[settings.SESSION_COOKIE_NAME]["max-age"]) == lasts
    assert REMEMBERED_S == 5 * 24 * 3600


@pytest.mark.parametrize(
    ("method", "path", "given"),
    [
        ("get", "/console/devices/", {"q": "a\0b"}),
        ("get", "/console/devices/export/", {"f": "\0"}),
        ("get", "/console/people/", {"q": "\0"}),
        ("get", "/console/people/", {"\0": "q"}),
        ("post", SIGN_IN, {"logon": "the-user\0", "password": PASSWORD}),
    ],
)
def test_text_that_no_database_keeps_is_refused(
    people: dict[Role, User], method: str, path: str, given: dict[str, str]
) -> None:
    """A null character in a query or a form gets a page that says so, before anything is looked for."""
    client = Client()
    client.force_login(people[Role.ADMINISTRATOR], "platen.access.backend.LogonBackend")
    answer = getattr(client, method)(path, given)
    assert answer.status_code == 400
    assert "cannot be kept or looked for" in answer.content.decode()


@pytest.fixture
def forced(settings: Any) -> Any:
    """A node that sends everybody to TLS."""
    settings.PLATEN = replace(settings.PLATEN, force_https=True, tls_port=8643, public_url="")
    return settings


class TestForcedHttps:
    def test_pages_are_served_with_and_without(self, tenant: object) -> None:
        """Without the setting both ways show the page. DCA-SEC-02 DCA-SEC-T01"""
        for secure in (False, True):
            assert "password" in Client().get(SIGN_IN, secure=secure).content.decode()

    @pytest.mark.parametrize(
        ("host", "public", "port", "address"),
        [
            ("print.example.org:8631", "", 8643, "https://print.example.org:8643"),
            ("print.example.org", "", 443, "https://print.example.org"),
            ("[::1]:8631", "", 8643, "https://[::1]:8643"),
            ("10.1.2.3:8631", "https://print.example.org", 8643, "https://print.example.org"),
        ],
    )
    def test_whoever_comes_without_is_sent_there(
        self, forced: Any, tenant: object, host: str, public: str, port: int, address: str
    ) -> None:
        """The same address over TLS, and no content; over TLS the page. DCA-SEC-03 DCA-SEC-T01 EMC-AUTH-01"""
        forced.PLATEN = replace(forced.PLATEN, public_url=public, tls_port=port)
        forced.ALLOWED_HOSTS = ["*"]
        answer = Client().get(f"{SIGN_IN}?next=/console/jobs/", headers={"Host": host})
        assert (answer.status_code, answer.content) == (307, b"")
        assert answer.headers["Location"] == f"{address}{SIGN_IN}?next=/console/jobs/"
        assert Client().post("/api/v1/jobs", headers={"Host": host}).status_code == 307
        assert Client().get(SIGN_IN, secure=True).status_code == 200

    def test_a_proxy_that_is_not_trusted_is_told_so(self, forced: Any, tenant: object) -> None:
        """Instead of for ever: one page that names the setting and the proxy, one line in the event log, and a line of
        the doctor until it is set. DCA-SEC-03"""
        client, now = Client(REMOTE_ADDR="127.9.8.7"), timezone.now()
        assert client.get(SIGN_IN, headers={"X-Forwarded-Proto": "http"}).status_code == 307
        assert [each.level for each in check_proxies(forced.PLATEN, now)] == [Level.OK]
        for _again in range(2):
            answer = client.get(SIGN_IN, headers={"X-Forwarded-Proto": "https"})
            assert (answer.status_code, "Location" in answer.headers) == (400, False)
            assert "PLATEN_TRUSTED_PROXIES=127.9.8.7" in answer.content.decode()
        event = Event.objects.get(kind="proxy_not_trusted")
        assert (event.fields, event.severity) == ({"peer": "127.9.8.7"}, Severity.WARNING)
        (found,) = check_proxies(forced.PLATEN, now)
        assert (found.level, "127.9.8.7" in found.message) == (Level.WARNING, True)
        for trusted in ("10.0.0.1, 127.9.8.7", "proxy.example.org,127.9.0.0/16", "*"):
            trusting = replace(forced.PLATEN, trusted_proxies=trusted)
            assert [each.level for each in check_proxies(trusting, now)] == [Level.OK], trusted
        assert not list(check_proxies(replace(forced.PLATEN, force_https=False), now))
        assert client.get(SIGN_IN, secure=True, headers={"X-Forwarded-Proto": "https"}).status_code == 200

    def test_there_has_to_be_somewhere_to_go(self) -> None:
        """A node without TLS cannot send anybody there."""
        with pytest.raises(SettingsError, match="tls_port"):
            load({"PLATEN_FORCE_HTTPS": "yes", "PLATEN_TLS_PORT": "-1"})
