"""Signing in, and what protects a session."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from platen.access.passwords import ensure_administrator
from platen.directory.models import Role, User
from platen.tenants.models import Tenant
from tests.console.conftest import PASSWORD

SIGN_IN = "/console/sign-in/"


def sign_in(client: Client, logon: str, password: str = PASSWORD, **more: str):
    """Send the form."""
    return client.post(SIGN_IN, {"logon": logon, "password": password, **more})


def test_the_right_password_opens_the_page_that_was_asked_for(people: dict[Role, User]) -> None:
    """Somebody who was sent to sign in comes back to where they wanted to go."""
    client = Client()
    asked = client.get("/console/jobs/?view=held")
    assert asked.headers["Location"] == "/console/sign-in/?next=%2Fconsole%2Fjobs%2F%3Fview%3Dheld"
    answer = sign_in(client, "the-administrator", next="/console/jobs/?view=held")
    assert answer.headers["Location"] == "/console/jobs/?view=held"
    assert client.get("/console/jobs/").status_code == 200


@pytest.mark.parametrize(
    "evil", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "\\\\evil.example"]
)
def test_next_never_leads_away(people: dict[Role, User], evil: str) -> None:
    """The address to go on to is one of ours, whatever the link said."""
    assert sign_in(Client(), "the-administrator", next=evil).headers["Location"] == "/console/"


def test_a_wrong_password_is_refused_and_says_nothing_more(people: dict[Role, User]) -> None:
    """A wrong password and an unknown logon get the same answer."""
    wrong = sign_in(Client(), "the-user", "not this one")
    unknown = sign_in(Client(), "nobody-of-this-name", "not this one")
    assert wrong.status_code == unknown.status_code == 422
    texts = [re.search(r'id="refusal"[^>]*>([^<]*)<', each.content.decode())[1] for each in (wrong, unknown)]
    assert texts[0] == texts[1] != ""


def test_guessing_is_slowed_down(people: dict[Role, User]) -> None:
    """After several wrong tries the address has to wait, also for the right password, and is told how long."""
    client = Client()
    answers = [sign_in(client, "the-auditor", f"wrong {number}") for number in range(12)]
    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["Retry-After"]) > 0
    assert "Too many wrong attempts" in answers[-1].content.decode()


def test_the_one_time_password_must_be_changed_first(tenant: Tenant) -> None:
    """The first administrator sees nothing but the password page until they chose a password of their own."""
    given = ensure_administrator()
    assert given is not None
    client = Client()
    assert "one-time password" in client.get(SIGN_IN).content.decode()
    sign_in(client, "admin", given)
    assert client.get("/console/jobs/").headers["Location"] == reverse("console:password")
    fresh = "a sentence of my own"
    client.post(reverse("console:password"), {"old": given, "new": fresh, "again": fresh})
    assert client.get("/console/jobs/").status_code == 200
    assert "one-time password" not in Client().get(SIGN_IN).content.decode()


def test_a_bad_new_password_is_refused_with_the_reason(people: dict[Role, User], admin: Client) -> None:
    """A short password, or two that differ, are refused with what is wrong; the old one still works."""
    answer = admin.post(reverse("console:password"), {"old": PASSWORD, "new": "short", "again": "short"})
    assert answer.status_code == 422
    assert "at least 10 characters" in answer.content.decode()
    answer = admin.post(reverse("console:password"), {"old": PASSWORD, "new": "one thing here", "again": "another"})
    assert "not the same" in answer.content.decode()
    assert sign_in(Client(), "the-administrator").status_code == 302


def test_signing_out_ends_the_session(admin: Client) -> None:
    """After signing out no page opens any more. EMC-AUTH-07"""
    admin.post(reverse("console:sign-out"))
    assert admin.get("/console/jobs/").status_code == 302


def test_cookies_over_tls_stay_on_tls(people: dict[Role, User]) -> None:
    """Session and form cookies are out of scripts' reach, and marked secure when they were set over TLS."""
    plain, secure = Client(), Client()
    secure.get(SIGN_IN, secure=True)
    secure.post(SIGN_IN, {"logon": "the-user", "password": PASSWORD}, secure=True)
    sign_in(plain, "the-user")
    for name in ("platen_session", "platen_csrf"):
        assert secure.cookies[name]["secure"], name
        assert secure.cookies[name]["httponly"], name
    assert not plain.cookies["platen_session"]["secure"]


def test_pages_forbid_inline_scripts_and_framing(admin: Client) -> None:
    """Every page has a policy without inline script or style, holds to it, and is not kept by caches."""
    for path in ("/console/", "/console/jobs/", "/console/components/", "/console/settings/"):
        answer = admin.get(path)
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe-inline" not in policy
        assert "frame-ancestors 'none'" in policy
        assert "no-store" in answer.headers["Cache-Control"]
        text = answer.content.decode()
        assert not re.search(r"\sstyle=|\son[a-z]+=|<style|<script(?![^>]*\ssrc=)|javascript:", text), path


def test_a_fragment_asked_for_without_a_session_sends_its_page_to_sign_in(tenant: Tenant) -> None:
    """A part of a page that is loaded after the session ended takes the whole page to the sign-in."""
    answer = Client().get("/console/jobs/", headers={"HX-Request": "true"})
    assert answer.status_code == 401
    assert answer.headers["HX-Redirect"] == SIGN_IN


def test_the_first_load_is_small(people: dict[Role, User]) -> None:
    """What a browser fetches before it shows the overview is under 100 kB."""
    client = Client(headers={"Accept-Encoding": "gzip"})
    client.force_login(people[Role.ADMINISTRATOR], backend="platen.access.backend.LogonBackend")
    page = client.get("/console/")
    total = len(page.content)
    text = Client()
    text.force_login(people[Role.ADMINISTRATOR], backend="platen.access.backend.LogonBackend")
    for asset in set(re.findall(r'(?:src|href)="(/static/[^"]+)"', text.get("/console/").content.decode())):
        total += len(b"".join(client.get(asset).streaming_content))
    assert total < 100_000
