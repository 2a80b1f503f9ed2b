"""Making, changing and deleting people."""

from __future__ import annotations

import pytest
from django.core.exceptions import ObjectDoesNotExist

from platen.access.passwords import remove_password, set_password
from platen.directory.errors import (
    AliasTaken,
    InvalidValue,
    IsDefaultUser,
    LastAdministrator,
    LogonTaken,
    NotAllowed,
)
from platen.directory.events import user_deleting
from platen.directory.models import CostControl, Role, User
from platen.directory.names import find_by_names
from platen.directory.queries import find_by_logon, page_of_users, search
from platen.directory.services import (
    add_alias,
    add_card,
    change_user,
    create_at_first_print,
    create_user,
    delete_user,
    make_default_user,
    open_puk,
    set_pin,
    unlock_user,
)
from platen.directory.several import delete_several
from platen.eventlog.actor import Actor
from platen.eventlog.audit import verify
from platen.eventlog.models import AuditEntry, Event
from platen.policy.owner import SubmittedName, parse_name
from platen.tenants.context import acting_for
from platen.tenants.models import Policy, Tenant
from tests.fixtures_tenant import ADMIN

pytestmark = pytest.mark.django_db


def submitted(text: str) -> SubmittedName:
    name = parse_name(text)
    assert name is not None
    return name


class TestCreate:
    def test_settings_come_from_the_default_user(self, tenant: Tenant) -> None:
        """A new person takes the inheritable settings, never prevented login. SC-DUSER-01, SC-DUSER-10, SC-DUSER-20,
        SC-DUSER-08"""
        pattern = create_user(
            "DEFAULT", by=ADMIN, cost_control=CostControl.PAY, print_all_at_login=True, login_without_pin=True
        )
        make_default_user(pattern, by=ADMIN)
        change_user(pattern, by=ADMIN, prevent_login=True)
        made = create_user("carl", by=ADMIN)
        assert made.cost_control == CostControl.PAY
        assert made.print_all_at_login
        assert made.login_without_pin
        assert not made.prevent_login
        assert made.role == Role.USER

    def test_factory_settings_without_default_user(self, anna: User) -> None:
        """Without a default user the factory settings apply. SC-DUSER-06, SC-DUSER-07, SC-DUSER-12, SC-DUSER-08"""
        assert (anna.retain_allowed, anna.print_all_at_login, anna.login_without_pin) == (True, False, False)
        assert anna.cost_control == CostControl.TRACKING

    def test_only_an_ordinary_person_is_default_user(self, anna: User) -> None:
        """Somebody with more rights cannot be the default user. SC-DUSER-17"""
        change_user(anna, by=ADMIN, role=Role.HELP_DESK)
        with pytest.raises(NotAllowed):
            make_default_user(anna, by=ADMIN)

    def test_logon_is_unique_in_its_domain(self, anna: User) -> None:
        """The same logon, in any case, is taken in its domain and free in another. SC-USER-03, SC-ERR-C58"""
        with pytest.raises(LogonTaken) as refused:
            create_user("ANNA", by=ADMIN)
        assert refused.value.code == 58
        assert create_user("anna", domain="ACME", by=ADMIN).id != anna.id

    def test_logon_may_not_be_anothers_alias(self, anna: User) -> None:
        """Aliases and logons share one space of names. SC-USER-03, SC-USER-17, SC-ALIAS-02, SC-ERR-C73"""
        add_alias(anna, "al", by=ADMIN)
        with pytest.raises(LogonTaken):
            create_user("AL", by=ADMIN)
        create_user("carl", by=ADMIN)
        with pytest.raises(AliasTaken) as refused:
            add_alias(anna, "carl", by=ADMIN)
        assert refused.value.code == 73

    @pytest.mark.parametrize("logon", ["", " x", "a\\b", "x" * 256, "a\x00b"])
    def test_a_name_that_cannot_be_is_refused(self, tenant: Tenant, logon: str) -> None:
        """A logon of the wrong shape changes nothing."""
        with pytest.raises(InvalidValue):
            create_user(logon, by=ADMIN)
        assert not User.objects.exists()

    def test_too_long_a_value_is_refused_with_its_name(self, tenant: Tenant) -> None:
        """The sentence names the value that does not fit."""
        with pytest.raises(InvalidValue, match="cost code"):
            create_user("x", by=ADMIN, cost_code="c" * 51)

    def test_change_is_audited_without_secrets(self, anna: User) -> None:
        """Every change leaves an audit entry and an event that name who did it. SC-ROLE-10"""
        set_pin(anna, "4711", by=ADMIN)
        add_card(anna, "CARD-77", by=ADMIN)
        assert set(AuditEntry.objects.values_list("verb", flat=True)) == {"user_created", "pin_changed", "card_added"}
        assert verify().intact
        told = " ".join(map(str, [*AuditEntry.objects.values_list("detail"), *Event.objects.values_list("fields")]))
        told += " ".join(Event.objects.values_list("message", flat=True))
        assert "4711" not in told
        assert "CARD-77" not in told
        assert "root" in told


class TestDelete:
    def test_listeners_hear_before_the_person_goes(self, anna: User) -> None:
        """What belongs to a person can be ended while they are still there. SC-USERDEL-01"""
        heard: list[str] = []

        def listen(sender: object, *, user: User, **_: object) -> None:
            assert User.objects.filter(id=user.id).exists()
            heard.append(user.logon)

        user_deleting.connect(listen)
        try:
            delete_user(anna, by=ADMIN)
        finally:
            user_deleting.disconnect(listen)
        assert heard == ["anna"]
        assert find_by_logon("anna") is None

    def test_the_last_administrator_stays(self, anna: User, bert: User) -> None:
        """Neither deletion, a lesser role nor prevented login takes the last administrator. SC-ROLE-11"""
        change_user(anna, by=ADMIN, role=Role.ADMINISTRATOR)
        with pytest.raises(LastAdministrator):
            delete_user(anna, by=ADMIN)
        with pytest.raises(LastAdministrator):
            change_user(anna, by=ADMIN, role=Role.USER)
        with pytest.raises(LastAdministrator):
            change_user(anna, by=ADMIN, prevent_login=True)
        change_user(bert, by=ADMIN, role=Role.ADMINISTRATOR)
        delete_user(anna, by=ADMIN)

    def test_the_last_administrator_who_can_sign_in_stays(self, anna: User, bert: User) -> None:
        """An administrator without a password, or kept from signing in, is no substitute for one who can. SC-ROLE-11"""
        for person in (anna, bert):
            change_user(person, by=ADMIN, role=Role.ADMINISTRATOR)
        set_password(anna, "correct horse staple", by=ADMIN)
        for change in ({"role": Role.USER}, {"prevent_login": True}):
            with pytest.raises(LastAdministrator, match="who can sign in"):
                change_user(anna, by=Actor("anna", anna.id), **change)  # type: ignore[typeddict-item]  # one of them each
        with pytest.raises(LastAdministrator):
            delete_user(anna, by=Actor("anna", anna.id))
        with pytest.raises(LastAdministrator):
            delete_several([anna], by=ADMIN)
        with pytest.raises(LastAdministrator):
            remove_password(anna, by=ADMIN)
        assert User.objects.get(id=anna.id).has_usable_password()
        set_password(bert, "battery staple horse", by=ADMIN)
        change_user(bert, by=ADMIN, prevent_login=True)
        with pytest.raises(LastAdministrator):
            delete_user(anna, by=ADMIN)
        change_user(bert, by=ADMIN, prevent_login=False)
        delete_user(anna, by=ADMIN)

    def test_the_first_administrator_is_renamed(self, tenant: Tenant) -> None:
        """The account that a new server begins with gets another logon; the old one finds nobody. SC-USER-22"""
        first = create_user("admin", by=ADMIN, role=Role.ADMINISTRATOR)
        change_user(first, by=ADMIN, logon="iris")
        assert find_by_logon("iris") == first
        assert find_by_logon("admin") is None
        assert User.objects.get().role == Role.ADMINISTRATOR

    def test_the_default_user_is_deleted_after_it_is_none(self, anna: User) -> None:
        """The default user goes only when new people no longer take its settings. SC-DUSER-18"""
        make_default_user(anna, by=ADMIN)
        with pytest.raises(IsDefaultUser):
            delete_user(anna, by=ADMIN)
        make_default_user(None, by=ADMIN)
        anna.refresh_from_db()
        delete_user(anna, by=ADMIN)


class TestFirstPrint:
    def test_the_policy_says_what_the_person_gets(self, policy: Policy) -> None:
        """E-mail address, ID code and PUK come from the policy.

        SC-FIRSTPRINT-01, SC-FIRSTPRINT-02, SC-FIRSTPRINT-05, SC-FIRSTPRINT-06, SC-UPOL-02, SC-UPOL-03, SC-UPOL-04
        """
        policy.email_domain, policy.logon_is_id_code = "safecom.eu", True
        policy.save()
        made = create_at_first_print(submitted("JS"))
        assert made.email == "JS@safecom.eu"
        assert made.created_by == "first print"
        assert [card.kind for card in made.cards.all()] == ["id-code"]
        puk = open_puk(made)
        assert puk is not None
        assert len(puk) == 8

    def test_nothing_that_the_policy_does_not_say(self, policy: Policy) -> None:
        """Without the options there is no address, no code and no PUK. SC-FIRSTPRINT-06"""
        policy.puk_at_first_print = False
        policy.save()
        made = create_at_first_print(submitted(r"ACME\js"))
        assert (made.logon, made.domain, made.email) == ("js", "ACME", "")
        assert open_puk(made) is None
        assert not made.cards.exists()

    def test_the_default_user_is_followed(self, policy: Policy) -> None:
        """People made at first print take the default user's settings. SC-FIRSTPRINT-03, SC-DUSER-14"""
        make_default_user(create_user("DEFAULT", by=ADMIN, print_all_at_login=True), by=ADMIN)
        assert create_at_first_print(submitted("js")).print_all_at_login

    def test_twice_is_one_person(self, policy: Policy) -> None:
        """Two first jobs of one logon make one person. SC-FIRSTPRINT-01"""
        assert create_at_first_print(submitted("js")).id == create_at_first_print(submitted("JS")).id

    def test_with_one_id_a_person_the_code_wins_over_the_puk(self, policy: Policy) -> None:
        """A PUK would delete the only ID, so none is generated then. SC-FIRSTPRINT-05"""
        policy.logon_is_id_code, policy.ids_per_person_max = True, 1
        policy.save()
        assert create_at_first_print(submitted("js")).cards.count() == 1


class TestFindByNames:
    def test_every_way_a_name_is_written(self, tenant: Tenant) -> None:
        """Logon, with domain before or behind, address and alias lead to the same person. SC-ALIAS-01"""
        js = create_user("js", domain="ACME", by=ADMIN, email="Jan.Sand@acme.test")
        add_alias(js, "jsand", by=ADMIN)
        for text in ("js", "JS", r"acme\js", r"ACME\JS", "jan.sand@acme.test", "jsand", r"OTHER\jsand"):
            assert find_by_logon(text) == js, text
        assert find_by_logon(r"OTHER\js") is None

    def test_a_logon_in_two_domains_means_nobody_without_a_domain(self, tenant: Tenant) -> None:
        """Somebody else's documents are never guessed at; a default domain decides."""
        a = create_user("js", domain="A", by=ADMIN)
        create_user("js", domain="B", by=ADMIN)
        assert find_by_logon("js") is None
        assert find_by_logon("js", default_domain="a") == a
        assert find_by_logon(r"B\js") != a

    def test_a_batch_costs_as_many_queries_as_one(self, tenant: Tenant, django_assert_max_num_queries: object) -> None:
        """Sixty-four names cost as many queries as one."""
        people = [create_user(f"p{n}", by=ADMIN) for n in range(64)]
        with django_assert_max_num_queries(3):  # type: ignore[operator]  # pytest-django types it loosely
            found = find_by_names([submitted(f"P{n}") for n in range(64)] + [submitted("nobody@x.y")])
        assert {user.id for user in found.values()} == {user.id for user in people}

    def test_another_tenants_people_are_not_found(self, anna: User, other_tenant: Tenant) -> None:
        """People are found in their own tenant only."""
        with acting_for(other_tenant.id):
            assert find_by_logon("anna") is None
            assert search("anna") == []
            assert page_of_users().users == []
            assert create_user("anna", by=ADMIN).id != anna.id


class TestLists:
    def test_pages_hold_everybody_once(self, tenant: Tenant) -> None:
        """Paging by key shows each person once, in order."""
        for n in range(7):
            create_user(f"p{n}", by=ADMIN)
            create_user(f"p{n}", domain="ACME", by=ADMIN)
        seen: list[tuple[str, str]] = []
        key: str | None = None
        while True:
            page = page_of_users(key, size=4)
            seen += [(user.logon_key, user.domain_key) for user in page.users]
            key = page.next_key
            if key is None:
                break
        assert seen == sorted(set(seen))
        assert len(seen) == 14

    def test_a_forged_key_begins_anew(self, anna: User) -> None:
        """A key that makes no sense is no error."""
        assert page_of_users("%%%").users == [anna]

    def test_search_is_free_text_and_exact_for_codes(self, anna: User, bert: User) -> None:
        """Any part of a name in any case; an ID code only when complete. SC-USERLIST-02, SC-USERLIST-03"""
        add_card(anna, "Card-0815", by=ADMIN)
        assert search("LIND") == [anna]
        assert search("ACME.TEST") == [anna]
        assert search("Card-0815") == [anna]
        assert search("Card-081") == []
        assert search("card-0815") == []
        assert search("  ") == []


def test_unlock_lets_in_again(anna: User) -> None:
    """Clearing prevented login also forgets failed attempts. SC-AUTH-19, SC-USER-06"""
    User.objects.filter(id=anna.id).update(prevent_login=True, failed_logins=3)
    anna.refresh_from_db()
    unlock_user(anna, by=ADMIN)
    anna.refresh_from_db()
    assert (anna.prevent_login, anna.failed_logins) == (False, 0)


def test_a_deleted_person_is_gone(anna: User) -> None:
    """A person's row goes with their cards."""
    card = add_card(anna, "1", by=ADMIN)
    delete_user(anna, by=ADMIN)
    with pytest.raises(ObjectDoesNotExist):
        card.refresh_from_db()
