"""Who is this: cards, codes, PINs, passwords, and what wrong ones cost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth import authenticate
from django.http import HttpRequest

from platen.access.identify import (
    check_pin,
    identify_by_card,
    identify_by_id_code,
    identify_by_password,
    register_at_device,
    register_by_password,
    registers_by_password,
    sign_in,
)
from platen.access.methods import LoginMethod
from platen.access.outcomes import (
    Expired,
    Identified,
    Locked,
    NoPin,
    NotAllowedHere,
    NotRegistered,
    Outcome,
    PinNeeded,
    Throttled,
    UnknownCard,
    WrongPassword,
    WrongPin,
)
from platen.access.passwords import set_password
from platen.access.pin_tickets import open_pin_ticket, pin_ticket
from platen.access.throttle import Attempt, Busy, attempt_from, remove_forgiven
from platen.devices.models import Device
from platen.devices.services import add_device, change_device, set_out_of_service
from platen.directory.models import CardKind, Role, User
from platen.directory.queries import find_by_card
from platen.directory.services import add_card, change_user, create_user, generate_puk, set_pin
from platen.eventlog.models import Event
from platen.tenants.context import acting_for
from platen.tenants.models import Policy, Tenant
from tests.fixtures_tenant import ADMIN

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
PASSWORD = "correct horse battery"


@pytest.fixture
def device(tenant: Tenant) -> Device:
    """A device at which everything is allowed."""
    return add_device("Copy room", "socket://127.0.0.1:9100", by=ADMIN)


@pytest.fixture
def pin_policy(policy: Policy) -> Policy:
    """PINs are asked for."""
    policy.pin_required = True
    policy.save()
    return policy


@pytest.fixture
def carded(anna: User) -> User:
    """Anna with card c1, PIN 4711 and a password."""
    add_card(anna, "c1", by=ADMIN)
    set_pin(anna, "4711", by=ADMIN)
    set_password(anna, PASSWORD, by=ADMIN)
    return anna


class TestCard:
    def test_a_card_is_enough_and_cheap(
        self, carded: User, device: Device, django_assert_max_num_queries: Callable[[int], object]
    ) -> None:
        """A known card identifies its person with at most three queries. SC-AUTH-01, SQ-AUTH-04"""
        with django_assert_max_num_queries(3):  # type: ignore[attr-defined]  # a context manager
            outcome = identify_by_card("c1", device, "reader", NOW)
        assert isinstance(outcome, Identified)
        assert (outcome.user, outcome.method) == (carded, LoginMethod.CARD)

    def test_an_unknown_card_is_told_and_logged(self, tenant: Tenant, policy: Policy, device: Device) -> None:
        """Nobody's card leads to registration where that is allowed; the number is not logged. SQ-AUTH-09"""
        assert identify_by_card("0815-unknown", device, "reader", NOW) == UnknownCard(registration_allowed=True)
        policy.card_registration_allowed = False
        policy.save()
        assert identify_by_card("0815-unknown", device, "reader", NOW) == UnknownCard(registration_allowed=False)
        events = Event.objects.filter(kind="card_unknown")
        assert events.count() == 2
        assert "0815" not in str(list(events.values()))

    def test_a_card_out_of_its_time(self, anna: User, device: Device) -> None:
        """A temporary card is not valid after its end. SC-AUTH-13"""
        add_card(anna, "c1", by=ADMIN, valid_until=NOW)
        assert identify_by_card("c1", device, "reader", NOW) == Expired()

    def test_prevented_login(self, carded: User, device: Device) -> None:
        """A locked person cannot log in at a device. SC-USER-08"""
        change_user(carded, by=ADMIN, prevent_login=True)
        assert identify_by_card("c1", device, "reader", NOW) == Locked()

    def test_ways_that_a_device_does_not_offer(self, carded: User, device: Device) -> None:
        """The login methods are a setting of each device. SC-AUTH-04"""
        change_device(device, by=ADMIN, login_methods=[LoginMethod.CARD])
        assert isinstance(identify_by_card("c1", device, "reader", NOW), Identified)
        assert identify_by_id_code("c1", device, "panel", NOW) == NotAllowedHere()
        assert identify_by_password("anna", PASSWORD, device, "panel", NOW) == NotAllowedHere()

    def test_a_device_out_of_service(self, carded: User, device: Device) -> None:
        """Nobody logs in at a device that is out of service."""
        set_out_of_service(device, True, by=ADMIN)
        assert identify_by_card("c1", device, "reader", NOW) == NotAllowedHere(out_of_service=True)

    def test_another_tenants_card(self, carded: User, device: Device, other_tenant: Tenant) -> None:
        """A card of one tenant is unknown in another."""
        with acting_for(other_tenant.id):
            assert isinstance(identify_by_card("c1", device, "reader", NOW), UnknownCard)


class TestPin:
    def test_the_right_pin(self, carded: User, device: Device, pin_policy: Policy) -> None:
        """Card and PIN together identify; earlier mistakes are forgotten. SC-AUTH-01"""
        needed = identify_by_card("c1", device, "reader", NOW)
        assert isinstance(needed, PinNeeded)
        assert check_pin(needed, "1111", device, "panel", NOW) == WrongPin(2)
        assert isinstance(check_pin(needed, "4711", device, "panel", NOW), Identified)
        carded.refresh_from_db()
        assert carded.failed_logins == 0

    def test_the_limit_locks(self, carded: User, device: Device, pin_policy: Policy) -> None:
        """The third wrong PIN prevents login, also with the right one. SC-AUTH-19, SC-PIN-05, SC-UPOL-06"""
        needed = identify_by_card("c1", device, "reader", NOW)
        assert isinstance(needed, PinNeeded)
        wrong = [check_pin(needed, "1111", device, "panel", NOW) for _attempt in range(3)]
        assert wrong == [WrongPin(2), WrongPin(1), Locked()]
        assert check_pin(needed, "4711", device, "panel", NOW) == Locked()
        assert identify_by_card("c1", device, "reader", NOW) == Locked()
        assert Event.objects.filter(kind="user_locked").count() == 1

    def test_administrators_are_slowed_down_instead(self, carded: User, device: Device, pin_policy: Policy) -> None:
        """At devices wrong PINs do not lock administrators, yet guessing ends in waiting. SC-AUTH-20"""
        change_user(carded, by=ADMIN, role=Role.ADMINISTRATOR)
        needed = identify_by_card("c1", device, "reader", NOW)
        assert isinstance(needed, PinNeeded)
        outcomes = [check_pin(needed, "1111", device, "panel", NOW) for _attempt in range(20)]
        assert WrongPin(None) in outcomes
        assert isinstance(outcomes[-1], Throttled)
        carded.refresh_from_db()
        assert not carded.prevent_login
        assert isinstance(check_pin(needed, "4711", device, "panel", NOW + timedelta(minutes=2)), Identified)

    def test_login_without_pin(self, carded: User, device: Device, pin_policy: Policy) -> None:
        """A person can be exempted from entering the PIN. SC-AUTH-23"""
        change_user(carded, by=ADMIN, login_without_pin=True)
        assert isinstance(identify_by_card("c1", device, "reader", NOW), Identified)

    def test_without_a_pin_nobody_gets_in(self, anna: User, device: Device, pin_policy: Policy) -> None:
        """Where a PIN is required, having none is not the same as needing none."""
        add_card(anna, "c1", by=ADMIN)
        assert identify_by_card("c1", device, "reader", NOW) == NoPin()

    def test_a_ticket_stands_for_the_person(self, carded: User, device: Device, pin_policy: Policy) -> None:
        """Between card and PIN the panel holds a ticket that it cannot read, alter, or keep."""
        needed = identify_by_card("c1", device, "reader", NOW)
        assert isinstance(needed, PinNeeded)
        ticket = pin_ticket(needed, device, NOW)
        assert open_pin_ticket(ticket, device, NOW + timedelta(seconds=119)) == needed
        assert open_pin_ticket(ticket, device, NOW + timedelta(seconds=121)) is None
        assert open_pin_ticket(ticket[:-4] + "AAAA", device, NOW) is None
        assert open_pin_ticket("%", device, NOW) is None
        other = add_device("Other", "socket://127.0.0.1:9101", by=ADMIN)
        assert open_pin_ticket(ticket, other, NOW) is None


class TestIdCode:
    def test_a_code_and_its_case(self, anna: User, device: Device) -> None:
        """A typed code identifies its person; case counts. SC-AUTH-01, SC-AUTH-02"""
        add_card(anna, "ab12cd", by=ADMIN, kind=CardKind.ID_CODE)
        assert isinstance(identify_by_id_code("ab12cd", device, "panel", NOW), Identified)
        assert isinstance(identify_by_id_code("AB12CD", device, "panel", NOW), UnknownCard)

    def test_a_cards_number_is_not_a_code(self, carded: User, device: Device) -> None:
        """The number read off a card does not log in when typed."""
        assert isinstance(identify_by_id_code("c1", device, "panel", NOW), UnknownCard)

    def test_code_and_pin_at_once(self, anna: User, device: Device, pin_policy: Policy) -> None:
        """A PIN that comes with the code is checked at once. SC-AUTH-01"""
        add_card(anna, "ab12cd", by=ADMIN, kind=CardKind.ID_CODE)
        set_pin(anna, "4711", by=ADMIN)
        assert isinstance(identify_by_id_code("ab12cd", device, "panel", NOW), PinNeeded)
        assert isinstance(identify_by_id_code("ab12cd", device, "panel", NOW, pin="4711"), Identified)
        assert identify_by_id_code("ab12cd", device, "panel", NOW, pin="4712") == WrongPin(2)

    def test_guessing_codes_ends_in_waiting(self, anna: User, device: Device) -> None:
        """A device at which unknown codes are typed has to wait, and cards there still work."""
        add_card(anna, "c1", by=ADMIN)
        outcomes = [identify_by_id_code(f"x{n}", device, "panel", NOW) for n in range(10)]
        assert isinstance(outcomes[0], UnknownCard)
        assert isinstance(outcomes[-1], Throttled)
        assert isinstance(identify_by_card("c1", device, "reader", NOW), Identified)


class TestPassword:
    def test_right_and_wrong(self, carded: User, device: Device) -> None:
        """Logon and password identify at device and console. SC-AUTH-01, SQ-AUTH-02"""
        assert isinstance(identify_by_password("ANNA", PASSWORD, device, "panel", NOW), Identified)
        assert isinstance(sign_in("anna", PASSWORD, source="10.0.0.1", now=NOW), Identified)
        assert sign_in("anna", PASSWORD.upper(), source="10.0.0.1", now=NOW) == WrongPassword()
        assert sign_in("nobody", PASSWORD, source="10.0.0.1", now=NOW) == WrongPassword()
        assert sign_in("anna", "x" * 5000, source="10.0.0.1", now=NOW) == WrongPassword()

    def test_a_logon_in_two_domains(self, tenant: Tenant, policy: Policy) -> None:
        r"""Of two people with one logon the default domain says who signs in, without it `DOMAIN\logon` does.

        SC-QR-03
        """
        people = [create_user("sam", by=ADMIN, domain=domain) for domain in ("EAST", "WEST")]
        for each in people:
            set_password(each, PASSWORD, by=ADMIN)

        def who(logon: str) -> object:
            outcome = sign_in(logon, PASSWORD, source="phone", now=NOW)
            return outcome.user if isinstance(outcome, Identified) else None

        assert [who("sam"), who(r"WEST\sam")] == [None, people[1]]
        policy.default_domain = "EAST"
        policy.save()
        assert [who("sam"), who(r"WEST\sam")] == people

    def test_without_a_password_nobody_signs_in(self, anna: User) -> None:
        """A person who was given no password has none that works."""
        for password in ("", "!", anna.password):
            assert sign_in("anna", password, source="10.0.0.1", now=NOW) == WrongPassword()

    def test_the_console_locks_everybody(self, carded: User) -> None:
        """At the console administrators are locked too; a locked account looks like any refusal. SC-AUTH-20"""
        change_user(carded, by=ADMIN, role=Role.ADMINISTRATOR)
        for n in range(3):
            assert sign_in("anna", "wrong", source=f"10.0.0.{n}", now=NOW) == WrongPassword()
        carded.refresh_from_db()
        assert carded.prevent_login
        assert sign_in("anna", PASSWORD, source="10.0.0.9", now=NOW) == WrongPassword()

    def test_one_address_guessing_at_many_people_waits(self, carded: User) -> None:
        """Guessing is slowed down by address, whoever it is aimed at."""
        outcomes = [sign_in(f"p{n}", "wrong", source="10.0.0.1", now=NOW) for n in range(8)]
        assert isinstance(outcomes[-1], Throttled)
        assert isinstance(sign_in("anna", PASSWORD, source="10.0.0.1", now=NOW), Throttled)
        assert isinstance(sign_in("anna", PASSWORD, source="10.0.0.2", now=NOW), Identified)

    def test_djangos_backend(self, carded: User, other_tenant: Tenant) -> None:
        """Django's authenticate answers for the tenant in force, and leaves the outcome for the view."""
        request = HttpRequest()
        request.META["REMOTE_ADDR"] = "10.0.0.1"
        assert authenticate(request, logon="anna", password=PASSWORD) == carded
        assert authenticate(request, logon="anna", password="wrong") is None
        assert request.sign_in_outcome == WrongPassword()  # type: ignore[attr-defined]  # set by the backend
        assert authenticate(request, username="anna", password=PASSWORD) is None
        with acting_for(other_tenant.id):
            assert authenticate(request, logon="anna", password=PASSWORD) is None


class TestRegistration:
    def test_a_card_with_puk_and_pin(self, anna: User, device: Device) -> None:
        """An unknown card is registered at the device and logs in from then on. SC-AUTH-05, SC-PIN-06"""
        puk = generate_puk(anna, by=ADMIN)
        outcome = register_at_device(puk, "c9", "4711", device=device, source="panel", now=NOW)
        assert isinstance(outcome, Identified)
        assert find_by_card("c9", NOW) == anna

    def test_a_wrong_puk_asks_again_and_then_waits(self, anna: User, device: Device) -> None:
        """A wrong PUK may be entered again; guessing ends in waiting. SC-AUTH-05"""
        generate_puk(anna, by=ADMIN)
        outcomes = [
            register_at_device(f"{n:08d}", "c9", "4711", device=device, source="panel", now=NOW) for n in range(10)
        ]
        assert isinstance(outcomes[0], NotRegistered)
        assert isinstance(outcomes[-1], Throttled)
        assert find_by_card("c9", NOW) is None

    def test_not_where_the_policy_forbids_it(self, anna: User, device: Device, policy: Policy) -> None:
        """Without the option cards are registered by administrators alone. SC-AUTH-03"""
        policy.card_registration_allowed = False
        policy.save()
        puk = generate_puk(anna, by=ADMIN)
        outcome = register_at_device(puk, "c9", "4711", device=device, source="panel", now=NOW)
        assert outcome == NotAllowedHere()

    def test_a_password_moves_no_card(self, anna: User, bert: User, device: Device, policy: Policy) -> None:
        """Who signs in registers a card of their own, within the most allowed, and never somebody else's. SC-AUTH-10,
        SC-UPOL-14"""
        policy.card_registration_by_password, policy.ids_per_person_max = True, 1
        policy.save()
        set_password(anna, PASSWORD, by=ADMIN)
        add_card(bert, "b1", by=ADMIN)

        def outcome(number: str) -> Outcome:
            return register_by_password("anna", PASSWORD, number, device=device, source="panel", now=NOW)

        assert isinstance(outcome("b1"), NotRegistered)
        assert isinstance(outcome("a1"), Identified)
        assert isinstance(outcome("a2"), NotRegistered)
        assert [find_by_card(number, NOW) for number in ("a1", "a2", "b1")] == [anna, None, bert]

    def test_a_password_that_was_given_registers_nothing(self, anna: User, device: Device, policy: Policy) -> None:
        """A one-time password makes no card somebody's: whoever gave it would have that card for good. SC-AUTH-10"""
        policy.card_registration_by_password = True
        policy.save()
        set_password(anna, PASSWORD, by=ADMIN, must_change=True)
        outcome = register_by_password("anna", PASSWORD, "a1", device=device, source="panel", now=NOW)
        assert isinstance(outcome, NotRegistered)
        assert "choose your own" in outcome.message
        assert find_by_card("a1", NOW) is None

    def test_a_device_without_passwords_takes_none(self, anna: User, device: Device, policy: Policy) -> None:
        """Where nobody logs in with a password no card is registered with one. SC-AUTH-10"""
        policy.card_registration_by_password = True
        policy.save()
        set_password(anna, PASSWORD, by=ADMIN)
        assert registers_by_password(device)
        device.login_methods = [LoginMethod.CARD]
        assert not registers_by_password(device)
        outcome = register_by_password("anna", PASSWORD, "a1", device=device, source="panel", now=NOW)
        assert outcome == NotAllowedHere()
        assert find_by_card("a1", NOW) is None

    def test_a_weak_pin_is_told(self, anna: User, device: Device) -> None:
        """What is wrong with the PIN is said in words, and the PUK stays open."""
        puk = generate_puk(anna, by=ADMIN)
        outcome = register_at_device(puk, "c9", "0000", device=device, source="panel", now=NOW)
        assert isinstance(outcome, NotRegistered)
        assert "PIN" in outcome.message
        assert isinstance(register_at_device(puk, "c9", "4711", device=device, source="panel", now=NOW), Identified)


class TestManyPanels:
    """ID codes guessed at many devices at once."""

    def test_all_devices_share_one_budget(self, anna: User, tenant: Tenant, policy: Policy) -> None:
        """More panels do not make guessing quicker: all of them wait, and right codes cost nothing. SC-AUTH-19"""
        policy.pin_required = False
        policy.save()
        add_card(anna, "424242", by=ADMIN, kind=CardKind.ID_CODE)
        panels = [add_device(f"panel {number}", f"socket://10.0.1.{number}:9100", by=ADMIN) for number in range(20)]
        for device in panels:
            assert isinstance(identify_by_id_code("424242", device, "panel", NOW), Identified)
        outcomes = [
            identify_by_id_code(f"{guess}{device.id}", device, "panel", NOW) for guess in range(5) for device in panels
        ]
        assert sum(isinstance(outcome, UnknownCard) for outcome in outcomes) == 60
        assert outcomes[-1] == Throttled(15)
        assert isinstance(identify_by_id_code("424242", panels[0], "panel", NOW), Throttled)
        assert isinstance(identify_by_id_code("424242", panels[0], "panel", NOW + timedelta(seconds=15)), Identified)

    def test_a_device_that_waits_uses_up_nothing(self, device: Device, tenant: Tenant) -> None:
        """A panel at which somebody hammers on does not keep the others out. SC-AUTH-19"""
        for guess in range(200):
            identify_by_id_code(f"x{guess}", device, "panel", NOW)
        elsewhere = add_device("elsewhere", "socket://10.0.2.1:9100", by=ADMIN)
        assert isinstance(identify_by_id_code("y", elsewhere, "panel", NOW), UnknownCard)


class TestThrottle:
    def test_right_guesses_cost_nothing(self, tenant: Tenant) -> None:
        """A busy source that is always right never waits."""
        for _guess in range(50):
            attempt = attempt_from("here", NOW)
            assert isinstance(attempt, Attempt)
            attempt.hit()

    def test_waits_end_and_are_forgotten(self, tenant: Tenant) -> None:
        """After the wait one more guess is judged; after a quiet while all is forgotten."""
        while not isinstance(busy := attempt_from("here", NOW), Busy):
            pass
        assert isinstance(attempt_from("here", NOW + timedelta(seconds=busy.wait_s)), Attempt)
        assert isinstance(attempt_from("elsewhere", NOW), Attempt)
        assert remove_forgiven(NOW + timedelta(hours=1)) == 2
