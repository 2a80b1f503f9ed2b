"""Several people at once."""

from __future__ import annotations

import pytest

from platen.directory.errors import InvalidValue, IsDefaultUser, LastAdministrator, NotAllowed
from platen.directory.models import CostControl, Role, User
from platen.directory.queries import find_by_logon
from platen.directory.services import add_card, create_user, make_default_user, open_puk
from platen.directory.several import change_several, delete_several, generate_puks, people_by_key
from platen.eventlog.actor import Actor
from platen.tenants.context import acting_for
from platen.tenants.models import Policy, Tenant
from tests.fixtures_tenant import ADMIN


@pytest.fixture
def both(anna: User, bert: User) -> list[User]:
    return [anna, bert]


def test_one_value_for_all(both: list[User]) -> None:
    """What is named is changed at each of them, and what is not stays as each has it. SC-USER-20, SC-BULKUSER-02,
    SC-BULKUSER-03, SC-BULKUSER-05"""
    assert change_several(both, by=ADMIN, cost_control=CostControl.PAY, cost_code="2949", prevent_login=False) == 2
    for name in ("anna", "bert"):
        user = find_by_logon(name)
        assert user is not None
        assert (user.cost_control, user.cost_code) == (CostControl.PAY, "2949")
    assert [user.full_name for user in people_by_key([user.id for user in both])] == ["Anna Lind", "Bert Holm"]


def test_all_or_none(both: list[User]) -> None:
    """Where it is refused for one, nobody is changed or deleted. SC-BULKUSER-01, SC-USERDEL-01"""
    boss = create_user("boss", by=ADMIN, role=Role.ADMINISTRATOR)
    with pytest.raises(LastAdministrator):
        change_several([*both, boss], by=ADMIN, prevent_login=True)
    with pytest.raises(InvalidValue):
        change_several(both, by=ADMIN, cost_code="x" * 51)
    make_default_user(both[1], by=ADMIN)
    with pytest.raises(IsDefaultUser):
        delete_several(people_by_key([user.id for user in both]), by=ADMIN)
    assert not User.objects.filter(prevent_login=True).exists()
    assert User.objects.count() == 3


def test_nobody_deletes_themselves_in_a_list(both: list[User]) -> None:
    """Whoever is among those picked deletes nobody. SC-USERDEL-01"""
    with pytest.raises(NotAllowed, match="among those picked"):
        delete_several(both, by=Actor("anna", both[0].id))
    assert User.objects.count() == 2
    assert delete_several(both[1:], by=Actor("anna", both[0].id)) == 1


def test_deleted_together_or_one_by_one(both: list[User], policy: Policy) -> None:
    """Several are deleted at once unless the organisation denies it; one always may be. SC-USERDEL-01, SC-USERDEL-02,
    SC-UPOL-08"""
    policy.deny_multi_delete = True
    policy.save()
    with pytest.raises(NotAllowed, match="one by one"):
        delete_several(both, by=ADMIN)
    assert delete_several(both[:1], by=ADMIN) == 1
    policy.deny_multi_delete = False
    policy.save()
    third = create_user("carl", by=ADMIN)
    assert delete_several([both[1], third], by=ADMIN) == 2
    assert not User.objects.exists()


def test_a_puk_for_each(both: list[User], policy: Policy) -> None:
    """Each gets a PUK of their own; who has no room for another ID is told why, and the others get theirs. SC-PIN-07,
    SC-BULKUSER-04"""
    policy.ids_per_person_max = 2
    policy.save()
    for number in ("c1", "c2"):
        add_card(both[0], number, by=ADMIN)
    full, fresh = generate_puks(both, by=ADMIN)
    assert (full.puk, "Remove one first" in full.problem) == ("", True)
    assert fresh.puk == open_puk(User.objects.get(id=both[1].id))


def test_nobody_of_another_organisation(both: list[User], other_tenant: Tenant) -> None:
    """Whoever is picked by a number, people of another organisation are not there."""
    with acting_for(other_tenant.id):
        assert people_by_key([user.id for user in both]) == []
