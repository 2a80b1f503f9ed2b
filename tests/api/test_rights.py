"""Who may use the API: a route is for those with its rights, and for nobody else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.http import HttpRequest
from ninja.operation import Operation

from platen.access.models import ApiToken
from platen.access.rights import RIGHTS, Right
from platen.access.tokens import create_token, revoke_token
from platen.api.bearer import NOBODY, BearerToken, needs
from platen.api.collectors import SIGNED
from platen.api.rates import Rates
from platen.api.routes import api
from platen.directory.models import Role, User
from platen.directory.services import change_user
from platen.tenants.context import acting_for
from platen.tenants.models import Tenant
from tests.api.caller import Caller, of_role
from tests.fixtures_tenant import ADMIN

pytestmark = pytest.mark.django_db
SOME_UUID = "0190a1b2-0000-7000-8000-000000000000"


def operations() -> Iterator[tuple[str, str, Operation]]:
    for router in api._get_bound_routers():
        for path, view in router.path_operations.items():
            for operation in view.operations:
                for method in operation.methods:
                    address = re.sub(r"\{uuid\w*:\w+\}", SOME_UUID, f"{router.prefix}{path}")
                    yield method, "/" + re.sub(r"\{int:\w+\}", "1", address).strip("/"), operation


EVERY = [(method, path, operation.auth_callbacks[0]) for method, path, operation in operations()]
# Collectors of other sites are believed by the signature of each request, not by a person's token.
ROUTES = [route for route in EVERY if route[2] is not SIGNED]
IDS = [f"{method} {path}" for method, path, _auth in ROUTES]
RIGHTED = [route for route in ROUTES if not route[2].own]


def test_there_are_routes_and_each_says_who_may_use_it() -> None:
    """Every route names its rights, or is a person's own; none is left to the default. SC-HIDE-02"""
    assert len(ROUTES) > 50
    assert {path.split("/")[1] for _method, path, auth in EVERY if auth is SIGNED} == {"collectors"}
    for _method, path, auth in ROUTES:
        assert isinstance(auth, BearerToken)
        assert auth is not NOBODY
        assert bool(auth.rights) != auth.own, path
    assert {path.split("/")[1] for _method, path, auth in ROUTES if auth.own} == {"me"}


@pytest.mark.parametrize(("method", "path", "_auth"), ROUTES, ids=IDS)
def test_without_a_token_nothing_is_answered(tenant: Tenant, method: str, path: str, _auth: BearerToken) -> None:
    """Somebody without a token is told how to get one, whatever they ask for. SC-HIDE-02"""
    Caller().refused(401, method, path, {} if method != "GET" else None)


@pytest.mark.parametrize(("method", "path", "auth"), RIGHTED, ids=[f"{route[0]} {route[1]}" for route in RIGHTED])
@pytest.mark.parametrize("role", [Role.USER, Role.HELP_DESK, Role.AUDITOR])
@pytest.mark.untraced
def test_who_lacks_a_right_is_refused(tenant: Tenant, role: Role, method: str, path: str, auth: BearerToken) -> None:
    """A route is refused, before anything is looked up, to whoever lacks one of its rights. SC-HIDE-02, SC-HIDE-07"""
    caller = of_role(role)
    answer = caller.ask(method, path, {} if method != "GET" else None)
    if auth.rights <= RIGHTS[role]:
        assert answer.status_code not in {401, 403}
    else:
        assert answer.status_code == 403
        assert "right" in answer.json()["detail"]


def test_a_route_for_nobody() -> None:
    """A route cannot be declared without rights. SC-HIDE-02"""
    with pytest.raises(ValueError, match="rights"):
        needs()


def test_a_cookie_counts_for_nothing(admin: Caller) -> None:
    """Somebody signed in to the console cannot use the API by their session. SC-HIDE-02"""
    assert admin.user is not None
    browser = Caller()
    browser.client.force_login(admin.user)
    browser.refused(401, "GET", "/users")
    browser.refused(401, "POST", "/users", {"logon": "mallory"})


class TestTokens:
    def test_the_answer_says_how(self, tenant: Tenant) -> None:
        """A refusal names the scheme to use. RFC 6750 section 3"""
        assert Caller().ask("GET", "/users").headers["WWW-Authenticate"].startswith("Bearer")

    def test_answers_are_kept_nowhere(self, admin: Caller) -> None:
        """No cache on the way keeps an answer. RFC 9111 section 5.2.2.5"""
        assert "no-store" in admin.ask("GET", "/users").headers["Cache-Control"]

    def test_of_another_tenant_is_none(self, admin: Caller, other_tenant: Tenant) -> None:
        """A token is good at its own organisation's host name only. SC-HIDE-02"""
        admin.ok("GET", "/me")
        admin.client.defaults["SERVER_NAME"] = "print.umbrella.test"
        admin.refused(401, "GET", "/me")

    def test_revoked_expired_or_wrong(self, admin: Caller) -> None:
        """A token that was revoked, has expired or never was is refused the same way. SC-HIDE-02"""
        assert admin.user is not None
        now = datetime.now(UTC)
        caller = Caller()
        for secret in ("", "plt_wrong", "x" * 5000, "plt_ü"):
            caller.headers["Authorization"] = f"Bearer {secret}"
            caller.refused(401, "GET", "/me")
        _row, secret = create_token(
            admin.user, "short", by=ADMIN, now=now - timedelta(days=2), expires_at=now - timedelta(days=1)
        )
        caller.headers["Authorization"] = f"Bearer {secret}"
        caller.refused(401, "GET", "/me")
        revoke_token(ApiToken.objects.get(name="test"), by=ADMIN)
        admin.refused(401, "GET", "/me")

    def test_of_somebody_who_may_not_log_in(self, admin: Caller, anna: User) -> None:
        """A person who is locked out is out here as well. SC-USER-03"""
        caller = Caller(anna)
        caller.ok("GET", "/me")
        change_user(anna, by=ADMIN, prevent_login=True)
        caller.refused(401, "GET", "/me")

    def test_used_too_often(self) -> None:
        """A token has a burst of requests and then a steady number a second; others go on. SC-HIDE-02"""
        rates = Rates(per_s=2, burst=3)
        assert [rates.take(1, 100.0) for _request in range(4)] == [0, 0, 0, 1]
        assert rates.take(2, 100.0) == 0
        assert rates.take(1, 100.5) == 0
        assert rates.take(1, 100.5) == 1
        assert rates.take(1, 99.0) == 1  # a clock that goes back gives nothing

    def test_a_wild_client_is_told_when_to_come_back(self, admin: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
        """Too many requests are answered 429 with the time to wait. RFC 6585 section 4"""
        monkeypatch.setattr("platen.api.bearer._rates", Rates(per_s=0.001, burst=1))
        admin.ok("GET", "/me")
        assert "Wait" in admin.refused(429, "GET", "/me")["detail"]
        assert int(admin.ask("GET", "/me").headers["Retry-After"]) >= 1


def test_roles_are_not_given_by_who_may_not(tenant: Tenant, anna: User, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who may change people but not roles can neither make an administrator nor delete one. SC-HIDE-02"""
    caller = of_role(Role.HELP_DESK)
    boss = of_role(Role.ADMINISTRATOR).user
    assert boss is not None
    monkeypatch.setitem(RIGHTS, Role.HELP_DESK, RIGHTS[Role.HELP_DESK] | {Right.CHANGE_PEOPLE})
    caller.ok("POST", "/users", {"logon": "carl"}, status=201)
    caller.refused(403, "POST", "/users", {"logon": "mallory", "role": "administrator"})
    caller.refused(403, "PATCH", f"/users/{anna.uuid}", {"role": "administrator"})
    caller.refused(403, "DELETE", f"/users/{boss.uuid}")
    anna.refresh_from_db()
    assert anna.role == Role.USER


def test_an_error_in_a_route_tells_nothing_of_the_inside(admin: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    """What goes wrong inside is an answer without its details. SC-ERR-C01"""

    def fails(_request: HttpRequest) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr("platen.api.bearer.find_token", lambda *_: fails(HttpRequest()))
    problem = admin.refused(500, "GET", "/me")
    assert "secret" not in problem["detail"]


def test_what_belongs_to_another_tenant_is_not_there(admin: Caller, other_tenant: Tenant) -> None:
    """People of another organisation do not exist here, by whatever route. SC-HIDE-02"""
    with acting_for(other_tenant.id):
        theirs = of_role(Role.USER, "theirs").user
    assert theirs is not None
    for method, path in (("GET", ""), ("PATCH", ""), ("DELETE", ""), ("POST", "/unlock"), ("GET", "/cards")):
        admin.refused(404, method, f"/users/{theirs.uuid}{path}", {} if method != "GET" else None)
    assert "theirs" not in [person["logon"] for person in admin.ok("GET", "/users")["items"]]


def test_the_help_desk_gives_no_ids_to_those_above_it(tenant: Tenant) -> None:
    """PIN, cards and codes of an administrator are changed by administrators alone."""
    desk, admin = of_role(Role.HELP_DESK), of_role(Role.ADMINISTRATOR)
    boss, anna = admin.user, of_role(Role.USER).user
    assert boss is not None
    assert anna is not None
    for method, path, body in (
        ("PUT", "pin", {"pin": "8412"}),
        ("POST", "cards", {"number": "A1B2C3"}),
        ("POST", "id-codes", None),
        ("DELETE", "cards/1", None),
    ):
        desk.refused(403, method, f"/users/{boss.uuid}/{path}", body)
    boss.refresh_from_db()
    assert not boss.pin_hash
    desk.ok("PUT", f"/users/{anna.uuid}/pin", {"pin": "8412"}, status=204)
    admin.ok("PUT", f"/users/{boss.uuid}/pin", {"pin": "8412"}, status=204)


@pytest.mark.parametrize("path", ["/jobs", "/events", "/usage"])
def test_a_page_number_without_end_is_refused(tenant: Tenant, path: str) -> None:
    """More digits than Python reads as a number are no mistake of the server's."""
    of_role(Role.ADMINISTRATOR).refused(400, "GET", path, after="9" * 5000)


@pytest.mark.parametrize("wrong", ["a\0b", "\ud800", "a\udfffb"])
def test_what_no_database_keeps_is_refused(tenant: Tenant, wrong: str) -> None:
    """A null character or half of a character in a body is told to the client with the field, whatever the database;
    so is a null character in a query or in the address."""
    admin = of_role(Role.ADMINISTRATOR)
    told = admin.refused(400, "POST", "/users", {"logon": "nul", "full_name": wrong})
    assert "“full_name” of the body" in told["detail"]
    for body in ([{"a": [wrong]}], {wrong: 1}):
        admin.refused(400, "POST", "/users", body)
    for path in ("/users", "/devices", "/jobs", "/events", "/audit"):
        assert "“q” of the query" in admin.refused(400, "GET", path, q="a\0b")["detail"]
    admin.refused(400, "GET", "/users", **{"\0": "1"})


def test_what_only_looks_like_it_is_kept(tenant: Tenant) -> None:
    """Text about an escape, or a whole character beyond the first 65,536, is as good as any other."""
    made = of_role(Role.ADMINISTRATOR).ok("POST", "/users", {"logon": "u", "full_name": "\\u0000 😀"}, status=201)
    assert made["full_name"] == "\\u0000 😀"


def test_usage_of_a_year_that_never_was_is_refused(tenant: Tenant) -> None:
    """A day at the end of the calendar is told to the client."""
    of_role(Role.ADMINISTRATOR).refused(400, "GET", "/usage", to_day="9999-12-31")
