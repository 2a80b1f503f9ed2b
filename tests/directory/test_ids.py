"""Cards, ID codes, PINs and PUKs."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from platen.directory.errors import (
    AccountLocked,
    CardTaken,
    InvalidValue,
    NotAllowed,
    PukUnknown,
    TooManyCards,
    WrongPin,
)
from platen.directory.events import puk_generated
from platen.directory.id_lists import page_of_ids
from platen.directory.models import Card, CardKind, CardSource, User
from platen.directory.pin_hash import pin_matches
from platen.directory.queries import cards_of, find_by_card
from platen.directory.seals import SealBroken, seal, unseal
from platen.directory.services import (
    add_card,
    change_own_pin,
    change_user,
    clear_puk,
    generate_id_code,
    generate_puk,
    make_permanent,
    open_puk,
    random_pin,
    register_card_with_puk,
    remove_card,
    remove_expired_cards,
    set_pin,
)
from platen.tenants.context import acting_for
from platen.tenants.models import IdPeriod, Policy, Tenant
from tests.cheap_hashes import COST, REAL_COST
from tests.fixtures_tenant import ADMIN

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)


class TestCards:
    def test_found_in_one_query(self, anna: User, django_assert_num_queries: object) -> None:
        """A card leads to its person with one query by its keyed hash. SC-AUTH-02, SQ-AUTH-06"""
        add_card(anna, "04A1B2C3", by=ADMIN)
        with django_assert_num_queries(1):  # type: ignore[operator]  # pytest-django types it loosely
            assert find_by_card("04A1B2C3", NOW) == anna
        assert find_by_card("04a1b2c3", NOW) is None

    def test_the_database_holds_no_number(self, anna: User) -> None:
        """Neither column shows the number or repeats for another tenant. SC-IDCODE-04"""
        card = add_card(anna, "04A1B2C3", by=ADMIN)
        assert b"04A1B2C3" not in bytes(card.sealed)
        assert re.fullmatch(r"[0-9a-f]{64}", card.key)

    def test_shown_only_to_those_who_may(self, anna: User) -> None:
        """The number is masked unless the reader may see it. SC-HIDE-01, SC-AUTH-16"""
        add_card(anna, "04A1B2C3", by=ADMIN)
        assert [card.number for card in cards_of(anna, reveal=False)] == ["****"]
        assert [card.number for card in cards_of(anna, reveal=True)] == ["04A1B2C3"]

    def test_one_more_than_allowed_is_refused(self, anna: User, policy: Policy) -> None:
        """One card more than the maximum gives error 95. SC-ERR-T03, SC-AUTH-11, SC-UPOL-12, SC-IDCODE-15"""
        for n in range(policy.ids_per_person_max):
            add_card(anna, f"c{n}", by=ADMIN)
        with pytest.raises(TooManyCards) as refused:
            add_card(anna, "one more", by=ADMIN)
        assert refused.value.code == 95

    def test_anothers_card_is_refused(self, anna: User, bert: User) -> None:
        """Another person's card gives error 60, and does not say whose it is. SC-ERR-T03, SC-AUTH-02"""
        add_card(anna, "c1", by=ADMIN)
        with pytest.raises(CardTaken) as refused:
            add_card(bert, "c1", by=ADMIN)
        assert refused.value.code == 60
        assert "anna" not in str(refused.value)

    def test_the_same_number_is_free_in_another_tenant(self, anna: User, other_tenant: Tenant) -> None:
        """Tenants do not see each other's cards."""
        add_card(anna, "c1", by=ADMIN)
        with acting_for(other_tenant.id):
            assert find_by_card("c1", NOW) is None

    @pytest.mark.parametrize("number", ["", "x" * 40, " c1", "c1\n", "a\x00"])
    def test_a_number_of_the_wrong_shape_is_refused(self, anna: User, number: str) -> None:
        """At most 39 printable characters. SC-AUTH-02"""
        with pytest.raises(InvalidValue):
            add_card(anna, number, by=ADMIN)

    def test_a_temporary_id_is_valid_in_its_time(self, anna: User) -> None:
        """Not before its start and no longer at its end. SC-AUTH-13, SC-IDCODE-16"""
        add_card(anna, "c1", by=ADMIN, valid_from=NOW, valid_until=NOW + timedelta(hours=1))
        assert find_by_card("c1", NOW - timedelta(seconds=1)) is None
        assert find_by_card("c1", NOW) == anna
        assert find_by_card("c1", NOW + timedelta(hours=1)) is None

    def test_expired_ids_are_removed(self, anna: User) -> None:
        """The sweep takes expired IDs and leaves the others. SC-AUTH-14, SC-IDCODE-17"""
        add_card(anna, "gone", by=ADMIN, valid_until=NOW)
        add_card(anna, "later", by=ADMIN, valid_until=NOW + timedelta(seconds=1))
        add_card(anna, "always", by=ADMIN)
        assert remove_expired_cards(NOW) == 1
        assert [card.number for card in cards_of(anna, reveal=True)] == ["later", "always"]
        assert remove_expired_cards(NOW) == 0

    def test_a_temporary_id_can_be_made_permanent(self, anna: User) -> None:
        """What is permanent is no longer in the list of temporary IDs. SC-IDCODE-01, SC-IDCODE-02"""
        card = add_card(anna, "c1", by=ADMIN, valid_until=NOW + timedelta(days=1))
        assert [listed.card.id for listed in page_of_ids(temporary=True).ids] == [card.id]
        make_permanent(card, by=ADMIN)
        assert page_of_ids(temporary=True).ids == []
        assert find_by_card("c1", NOW + timedelta(days=400)) == anna

    def test_an_end_before_the_start_is_refused(self, anna: User) -> None:
        """A period has an end after its start."""
        with pytest.raises(InvalidValue):
            add_card(anna, "c1", by=ADMIN, valid_from=NOW, valid_until=NOW)

    def test_a_removed_card_is_free_again(self, anna: User, bert: User) -> None:
        """A lost card's number can go to somebody else. SC-IDCODE-13"""
        remove_card(add_card(anna, "c1", by=ADMIN), by=ADMIN)
        add_card(bert, "c1", by=ADMIN)
        assert find_by_card("c1", NOW) == bert

    def test_a_generated_code_has_the_policys_shape(self, anna: User, policy: Policy) -> None:
        """The pattern says how many digits and letters. SC-AUTH-17, SC-IDCODE-05, SC-IDCODE-09"""
        code = generate_id_code(anna, by=ADMIN)
        assert len(code) == 6
        assert sum(c.isdigit() for c in code) >= 2
        assert find_by_card(code, NOW) == anna
        assert Card.objects.get().source == CardSource.GENERATED

    def test_an_exhausted_pattern_says_so(self, anna: User, bert: User, policy: Policy) -> None:
        """When no code is free the administrator is told what to do."""
        policy.id_code_pattern, policy.ids_per_person_max = "1", 20
        policy.save()
        for n in range(10):
            add_card(anna, str(n), by=ADMIN, kind=CardKind.ID_CODE)
        with pytest.raises(InvalidValue, match="longer"):
            generate_id_code(bert, by=ADMIN)


class TestSeals:
    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
    @given(value=st.text(max_size=60))
    def test_what_is_sealed_comes_back(self, tenant: Tenant, value: str) -> None:
        """Any text survives; two seals of it differ."""
        assert unseal("cards", seal("cards", value)) == value
        assert seal("cards", value) != seal("cards", value)

    def test_nothing_else_opens_it(self, tenant: Tenant, other_tenant: Tenant) -> None:
        """Not another purpose, not another tenant, not a changed octet."""
        sealed = seal("cards", "4711")
        with pytest.raises(SealBroken):
            unseal("puks", sealed)
        with acting_for(other_tenant.id), pytest.raises(SealBroken):
            unseal("cards", sealed)
        for at in range(len(sealed)):
            with pytest.raises(SealBroken):
                unseal("cards", sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :])
        for length in range(len(sealed)):
            with pytest.raises(SealBroken):
                unseal("cards", sealed[:length])


class TestPins:
    def test_what_guessing_costs(self) -> None:
        """A hash takes 19 MiB, two passes and one thread where no test makes it cheaper."""
        assert REAL_COST == (19_456, 2, 1)

    def test_argon2id_at_our_cost(self, anna: User) -> None:
        """The stored PIN is an argon2id hash of the cost that is set, and only the PIN matches it."""
        set_pin(anna, "4711", by=ADMIN)
        assert anna.pin_hash.startswith(f"$argon2id$v=19${COST}$")
        assert pin_matches(anna, "4711")
        assert not pin_matches(anna, "4712")

    def test_without_a_pin_nothing_matches(self, anna: User) -> None:
        """A person without PIN cannot be entered as."""
        assert not pin_matches(anna, "")
        assert not pin_matches(anna, "1234")

    def test_a_new_pin_lets_in_again(self, anna: User) -> None:
        """Changing the PIN clears prevented login and failed attempts. SC-PIN-03, SC-PINPUK-04, SC-AUTH-19"""
        change_user(anna, by=ADMIN, prevent_login=True)
        User.objects.filter(id=anna.id).update(failed_logins=3)
        set_pin(anna, "4711", by=ADMIN)
        anna.refresh_from_db()
        assert (anna.prevent_login, anna.failed_logins) == (False, 0)

    def test_a_random_pin_is_told_and_works(self, anna: User) -> None:
        """An administrator gives a random PIN and sees it once. SC-PIN-02, SC-PINPUK-03"""
        assert pin_matches(anna, random_pin(anna, by=ADMIN))

    @pytest.mark.parametrize("pin", ["", "123", "12a4", "１２３４", "0000"])
    def test_a_pin_of_the_wrong_shape_is_refused(self, anna: User, pin: str) -> None:
        """Four or more digits, and not the first that everybody would try. SC-PIN-01"""
        with pytest.raises(InvalidValue):
            set_pin(anna, pin, by=ADMIN)

    def test_own_pin_needs_the_old_one(self, anna: User) -> None:
        """A person changes the PIN with the old one. SC-PINPUK-05"""
        set_pin(anna, "4711", by=ADMIN)
        with pytest.raises(WrongPin):
            change_own_pin(anna, "4712", "8642", by=ADMIN)
        change_own_pin(anna, "4711", "8642", by=ADMIN)
        assert pin_matches(anna, "8642")

    def test_guessing_the_old_pin_locks(self, anna: User) -> None:
        """Wrong old PINs count, and lock at the limit. SC-PIN-05"""
        set_pin(anna, "4711", by=ADMIN)
        for _attempt in range(2):
            with pytest.raises(WrongPin):
                change_own_pin(anna, "9753", "8642", by=ADMIN)
        for pin in ("9753", "4711"):
            with pytest.raises(AccountLocked):
                change_own_pin(anna, pin, "8642", by=ADMIN)
        anna.refresh_from_db()
        assert anna.prevent_login

    def test_only_where_the_policy_allows_it(self, anna: User, policy: Policy) -> None:
        """Without the option people cannot change their PIN. SC-PIN-04, SC-UPOL-07"""
        policy.pin_change_allowed = False
        policy.save()
        with pytest.raises(NotAllowed):
            change_own_pin(anna, "", "8642", by=ADMIN)


class TestPuks:
    def test_a_card_is_registered_with_it(self, anna: User) -> None:
        """PUK and new PIN bind an unknown card; the PUK is used up. SC-AUTH-05, SC-PIN-06, SC-PINPUK-06"""
        puk = generate_puk(anna, by=ADMIN)
        register_card_with_puk(puk, "c1", pin="4711", now=NOW)
        anna.refresh_from_db()
        assert find_by_card("c1", NOW) == anna
        assert pin_matches(anna, "4711")
        assert open_puk(anna) is None
        with pytest.raises(PukUnknown):
            register_card_with_puk(puk, "c2", pin="4711", now=NOW)

    def test_an_id_code_is_registered_in_the_same_way(self, anna: User) -> None:
        """An unknown code becomes the person's ID code. SC-AUTH-06"""
        card = register_card_with_puk(
            generate_puk(anna, by=ADMIN), "mycode", pin="4711", now=NOW, kind=CardKind.ID_CODE
        )
        assert (card.kind, card.source) == (CardKind.ID_CODE, CardSource.SELF)

    def test_for_an_own_card_it_changes_the_pin(self, anna: User) -> None:
        """With a card that is theirs already, the PUK changes the PIN. SC-AUTH-07"""
        add_card(anna, "c1", by=ADMIN)
        set_pin(anna, "4711", by=ADMIN)
        register_card_with_puk(generate_puk(anna, by=ADMIN), "c1", pin="8642", now=NOW)
        anna.refresh_from_db()
        assert pin_matches(anna, "8642")
        assert anna.cards.count() == 1

    def test_anothers_card_stays_anothers(self, anna: User, bert: User) -> None:
        """A PUK does not move a card, and is not used up by trying. SC-ERR-T03"""
        add_card(bert, "c1", by=ADMIN)
        puk = generate_puk(anna, by=ADMIN)
        with pytest.raises(CardTaken):
            register_card_with_puk(puk, "c1", pin="4711", now=NOW)
        anna.refresh_from_db()
        assert open_puk(anna) == puk
        assert find_by_card("c1", NOW) == bert

    def test_a_weak_pin_registers_nothing(self, anna: User) -> None:
        """Card, PIN and PUK change together or not at all."""
        puk = generate_puk(anna, by=ADMIN)
        with pytest.raises(InvalidValue):
            register_card_with_puk(puk, "c1", pin="0000", now=NOW)
        assert find_by_card("c1", NOW) is None
        anna.refresh_from_db()
        assert open_puk(anna) == puk

    def test_one_is_open_at_a_time(self, anna: User) -> None:
        """A new PUK closes the earlier one; it can be cleared. SC-PINPUK-06, SC-PINPUK-10, SC-PIN-07"""
        first, second = generate_puk(anna, by=ADMIN), generate_puk(anna, by=ADMIN)
        assert open_puk(anna) == second != first
        with pytest.raises(PukUnknown):
            register_card_with_puk(first, "c1", pin="4711", now=NOW)
        clear_puk(anna, by=ADMIN)
        with pytest.raises(PukUnknown):
            register_card_with_puk(second, "c1", pin="4711", now=NOW)

    def test_with_one_id_it_takes_the_present_one(self, anna: User, policy: Policy) -> None:
        """With one ID a person, the PUK deletes ID and PIN. SC-PIN-08, SC-PINPUK-08"""
        policy.ids_per_person_max = 1
        policy.save()
        add_card(anna, "c1", by=ADMIN)
        set_pin(anna, "4711", by=ADMIN)
        generate_puk(anna, by=ADMIN)
        anna.refresh_from_db()
        assert not anna.cards.exists()
        assert not anna.pin_hash

    def test_with_several_there_must_be_room(self, anna: User, policy: Policy) -> None:
        """At the maximum no PUK is generated until an ID is deleted. SC-PIN-08, SC-PINPUK-08"""
        for n in range(policy.ids_per_person_max):
            add_card(anna, f"c{n}", by=ADMIN)
        with pytest.raises(TooManyCards):
            generate_puk(anna, by=ADMIN)

    def test_it_is_announced_for_its_message(self, anna: User) -> None:
        """Whoever sends the mail hears the PUK. SC-PINPUK-07"""
        heard: list[str] = []

        def listen(sender: object, *, puk: str, **_: object) -> None:
            heard.append(puk)

        puk_generated.connect(listen)
        try:
            puk = generate_puk(anna, by=ADMIN)
        finally:
            puk_generated.disconnect(listen)
        assert heard == [puk]

    def test_from_the_nth_on_ids_are_temporary(self, anna: User, policy: Policy) -> None:
        """The second self-registered ID ends with the day of the tenant's zone. SC-AUTH-12, SC-UPOL-13"""
        policy.self_registered_expires_from, policy.self_registered_period = 2, IdPeriod.TODAY
        policy.time_zone = "Europe/Berlin"
        policy.save()
        first = register_card_with_puk(generate_puk(anna, by=ADMIN), "c1", pin="4711", now=NOW)
        second = register_card_with_puk(generate_puk(anna, by=ADMIN), "c2", pin="4711", now=NOW)
        assert first.valid_until is None
        assert second.valid_until == datetime(2026, 3, 4, 23, 0, tzinfo=UTC)


def test_a_puk_does_not_undo_what_somebody_decided(anna: User, policy: Policy) -> None:
    """Whom an administrator keeps out cannot come back with an open PUK; whom wrong tries locked can. SC-PINPUK-04"""
    puk = generate_puk(anna, by=ADMIN)
    change_user(anna, by=ADMIN, prevent_login=True)
    with pytest.raises(AccountLocked):
        register_card_with_puk(puk, "c9", pin="4711", now=NOW)
    anna.refresh_from_db()
    assert anna.prevent_login
    assert not anna.cards.exists()
    anna.failed_logins = policy.login_attempts_max
    anna.save(update_fields=["failed_logins"])
    register_card_with_puk(puk, "c9", pin="4711", now=NOW)
    anna.refresh_from_db()
    assert not anna.prevent_login
