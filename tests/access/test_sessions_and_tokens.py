"""Who is signed in at a device, API tokens, passwords."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings

from platen.access.backend import LogonBackend
from platen.access.events import session_closed
from platen.access.identify import sign_in
from platen.access.methods import LoginMethod
from platen.access.models import ApiToken, PanelSession
from platen.access.outcomes import Identified
from platen.access.panel_sessions import close_session, end_expired_sessions, open_session, session_of, who_is_at
from platen.access.passwords import change_own_password, ensure_administrator, set_password
from platen.access.tokens import create_token, find_token, revoke_token, tokens_of
from platen.devices.models import Device
from platen.devices.services import add_device
from platen.directory.errors import AccountLocked, InvalidValue, NotAllowed
from platen.directory.models import Role, User
from platen.directory.services import add_card, change_user
from platen.eventlog.models import AuditEntry, Event
from platen.tenants.context import acting_for
from platen.tenants.models import Tenant
from tests.cheap_hashes import COST
from tests.fixtures_tenant import ADMIN

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
TIMEOUT = timedelta(seconds=settings.PLATEN.panel_timeout_s)
PASSWORD = "correct horse battery"


@pytest.fixture
def device(tenant: Tenant) -> Device:
    """A device."""
    return add_device("Copy room", "socket://127.0.0.1:9100", by=ADMIN)


def by_card(user: User) -> Identified:
    """As if they had just shown a card."""
    return Identified(user, LoginMethod.CARD)


class TestPanelSession:
    def test_touching_keeps_it_open(self, anna: User, device: Device) -> None:
        """A session lasts from touch to touch, and ends after the time-out without one."""
        token = open_session(device, by_card(anna), now=NOW)
        later = NOW + TIMEOUT - timedelta(seconds=1)
        assert session_of(device, token, later) == anna
        assert session_of(device, token, later + TIMEOUT - timedelta(seconds=1)) == anna
        assert session_of(device, token, later + 3 * TIMEOUT) is None

    def test_the_next_person_takes_the_device(self, anna: User, bert: User, device: Device) -> None:
        """One person a device: a second login signs the first one out."""
        first = open_session(device, by_card(anna), now=NOW)
        second = open_session(device, by_card(bert), now=NOW)
        assert session_of(device, first, NOW) is None
        assert session_of(device, second, NOW) == bert
        assert who_is_at(device, NOW) == bert

    def test_a_token_is_good_at_its_device_and_tenant_only(
        self, anna: User, device: Device, other_tenant: Tenant
    ) -> None:
        """Another device, another tenant or a made-up token opens nothing."""
        token = open_session(device, by_card(anna), now=NOW)
        other = add_device("Other", "socket://127.0.0.1:9101", by=ADMIN)
        assert session_of(other, token, NOW) is None
        assert session_of(device, token + "x", NOW) is None
        with acting_for(other_tenant.id):
            assert session_of(device, token, NOW) is None
        assert token not in PanelSession.objects.get().key

    def test_locking_a_person_ends_it(self, anna: User, device: Device) -> None:
        """A person who may no longer log in is no longer served."""
        token = open_session(device, by_card(anna), now=NOW)
        change_user(anna, by=ADMIN, prevent_login=True)
        assert session_of(device, token, NOW) is None

    def test_ends_are_heard(self, anna: User, device: Device) -> None:
        """Signing out and time-out tell those who wait for the device."""
        heard: list[int] = []

        def listen(sender: object, *, device_id: int, **_: object) -> None:
            heard.append(device_id)

        session_closed.connect(listen)
        try:
            token = open_session(device, by_card(anna), now=NOW)
            assert close_session(device, "wrong") is False
            assert close_session(device, token) is True
            assert close_session(device) is False
            open_session(device, by_card(anna), now=NOW)
            assert end_expired_sessions(NOW + TIMEOUT) == 1
        finally:
            session_closed.disconnect(listen)
        assert heard == [device.id, device.id]
        assert who_is_at(device, NOW) is None

    def test_logins_are_in_the_event_log(self, anna: User, device: Device) -> None:
        """Who came in, where and how; the card's last use is noted."""
        card = add_card(anna, "c1", by=ADMIN)
        open_session(device, Identified(anna, LoginMethod.CARD, card), now=NOW)
        event = Event.objects.get(kind="panel_login")
        assert (event.device_id, event.user_id, event.fields) == (device.id, anna.id, {"method": "card"})
        card.refresh_from_db()
        assert card.last_used_at == NOW


class TestToken:
    def test_it_is_shown_once_and_works(self, anna: User) -> None:
        """Only a keyed hash is kept; the token finds its person."""
        row, secret = create_token(anna, "script", by=ADMIN, now=NOW)
        assert secret.startswith("plt_")
        assert secret not in (row.key, row.prefix)
        found = find_token(secret, NOW)
        assert found is not None
        assert found.user == anna
        assert ApiToken.objects.get().last_used_at == NOW
        assert tokens_of(anna) == [row]

    def test_when_it_does_not(self, anna: User, other_tenant: Tenant) -> None:
        """Expired, revoked, of somebody locked, of another tenant, or made up."""
        row, secret = create_token(anna, "script", by=ADMIN, now=NOW, expires_at=NOW + timedelta(days=1))
        assert find_token(secret, NOW + timedelta(days=1)) is None
        assert find_token(secret[:-1], NOW) is None
        assert find_token("Bearer", NOW) is None
        with acting_for(other_tenant.id):
            assert find_token(secret, NOW) is None
        User.objects.filter(id=anna.id).update(prevent_login=True)
        assert find_token(secret, NOW) is None
        User.objects.filter(id=anna.id).update(prevent_login=False)
        revoke_token(row, by=ADMIN)
        assert find_token(secret, NOW) is None
        assert list(AuditEntry.objects.order_by("id").values_list("verb", flat=True))[-2:] == [
            "token_created",
            "token_revoked",
        ]

    def test_names_and_ends_are_checked(self, anna: User) -> None:
        """A token needs a name and an end that is still to come."""
        for name, end in (("", None), ("x" * 81, None), ("x", NOW)):
            with pytest.raises(InvalidValue):
                create_token(anna, name, by=ADMIN, now=NOW, expires_at=end)


class TestPassword:
    def test_argon2id_at_our_cost(self, anna: User) -> None:
        """Passwords are argon2id hashes of the cost that is set."""
        set_password(anna, PASSWORD, by=ADMIN)
        assert anna.password.startswith(f"argon2$argon2id$v=19${COST}$")

    @pytest.mark.parametrize("password", ["short", "password123", "x" * 1025])
    def test_weak_ones_are_refused(self, anna: User, password: str) -> None:
        """Too short, too common and absurdly long ones are refused with a reason."""
        with pytest.raises(InvalidValue):
            set_password(anna, password, by=ADMIN)

    def test_own_password_needs_the_old_one(self, anna: User) -> None:
        """A wrong old password counts like a wrong sign-in."""
        set_password(anna, PASSWORD, by=ADMIN, must_change=True)
        with pytest.raises(InvalidValue):
            change_own_password(anna, PASSWORD, PASSWORD, by=ADMIN)
        change_own_password(anna, PASSWORD, "another good one", by=ADMIN)
        assert not anna.must_change_password
        for _attempt in range(3):
            with pytest.raises(NotAllowed):
                change_own_password(anna, PASSWORD, "a third good one", by=ADMIN)
        with pytest.raises(AccountLocked):
            change_own_password(anna, "another good one", "a third good one", by=ADMIN)

    def test_the_first_administrator(self, tenant: Tenant) -> None:
        """A new server has one administrator with a random password, to be changed; never a default one. SC-ROLE-11"""
        password = ensure_administrator()
        assert password is not None
        outcome = sign_in("admin", password, source="10.0.0.1", now=NOW)
        assert isinstance(outcome, Identified)
        assert outcome.user.role == Role.ADMINISTRATOR
        assert outcome.user.must_change_password
        assert ensure_administrator() is None

    def test_nobody_is_promoted_by_a_name(self, tenant: Tenant) -> None:
        """An ordinary person called admin stays one."""
        from platen.directory.services import create_user

        ordinary = create_user("admin", by=ADMIN)
        assert ensure_administrator() is not None
        ordinary.refresh_from_db()
        assert ordinary.role == Role.USER
        assert User.objects.filter(role=Role.ADMINISTRATOR).count() == 1

    def test_a_session_ends_with_the_right_to_log_in(self, anna: User, other_tenant: Tenant) -> None:
        """The person of a web session is of this tenant and may log in."""
        assert LogonBackend().get_user(anna.id) == anna
        with acting_for(other_tenant.id):
            assert LogonBackend().get_user(anna.id) is None
        change_user(anna, by=ADMIN, prevent_login=True)
        assert LogonBackend().get_user(anna.id) is None
