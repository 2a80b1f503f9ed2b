"""Roles and what they may do."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser

from platen.access.rights import (
    IN_REGIONS,
    Denied,
    Right,
    allowed,
    may_change_ids_of,
    may_change_known_ids,
    may_list_all_ids,
    may_see_document_names,
    may_see_ids,
    require,
    require_ids_of,
    rights_of,
)
from platen.directory.models import Role, User
from platen.tenants.models import Policy


def person(role: str, *, prevent_login: bool = False) -> User:
    """Somebody of this role, not stored."""
    return User(logon="x", role=role, prevent_login=prevent_login)


def test_everything_else_is_denied() -> None:
    """Nobody, a locked person and an unknown role have no rights at all."""
    for user in (None, person("boss"), person(Role.ADMINISTRATOR, prevent_login=True)):
        assert rights_of(user) == frozenset()
    assert rights_of(AnonymousUser()) == frozenset()  # type: ignore[arg-type]  # what Django gives for nobody
    with pytest.raises(Denied, match="see-jobs"):
        require(person(Role.USER), Right.SEE_JOBS)


def test_roles() -> None:
    """Administrators may everything, the help desk IDs and lockouts, auditors look, people their own. SC-ROLE-04,
    SC-ROLE-05, SC-ROLE-07, EMC-USER-01"""
    assert rights_of(person(Role.ADMINISTRATOR)) == frozenset(Right)
    assert rights_of(person(Role.USER)) == {Right.ENTER_CONSOLE}
    help_desk, auditor = person(Role.HELP_DESK), person(Role.AUDITOR)
    assert allowed(help_desk, Right.CHANGE_IDS)
    for right in (Right.CHANGE_PEOPLE, Right.CHANGE_ROLES, Right.CHANGE_SETTINGS, Right.CHANGE_DEVICES, Right.EXPORT):
        assert not allowed(help_desk, right)
    assert not any(right.value.startswith(("change", "serve")) for right in rights_of(auditor))
    assert allowed(auditor, Right.SEE_AUDIT)
    assert allowed(auditor, Right.SEE_USAGE)
    assert not allowed(help_desk, Right.SEE_USAGE)


def test_a_device_manager_has_devices_and_nothing_of_people() -> None:
    """A device manager changes devices, groups and tasks, and sees no person, no document, no price and no setting.

    EMC-REGN-06, SC-ROLE-02
    """
    rights = rights_of(person(Role.DEVICE_MANAGER))
    assert {Right.SEE_DEVICES, Right.CHANGE_DEVICES, Right.SERVE_DEVICES, Right.WHOLE_FLEET, Right.EXPORT} < rights
    words = ("people", "jobs", "ids", "roles", "prices", "usage", "settings", "audit", "events")
    assert not [right for right in rights if right.value.endswith(words)]


@pytest.mark.parametrize("role", list(Role))
def test_rights_that_end_at_regions_are_about_devices_alone(role: Role) -> None:
    """Whatever the role, where its rights end at regions nothing is left that concerns the whole organisation.

    EMC-REGN-01, EMC-REGN-05
    """
    limited = person(role)
    limited.regional = True
    assert rights_of(limited) == rights_of(person(role)) & IN_REGIONS
    assert Right.WHOLE_FLEET not in rights_of(limited)


@pytest.mark.parametrize(
    ("role", "hidden", "sees", "alters"),
    [
        (Role.ADMINISTRATOR, False, True, True),
        (Role.ADMINISTRATOR, True, True, True),
        (Role.HELP_DESK, False, True, True),
        (Role.HELP_DESK, True, False, False),
        (Role.AUDITOR, False, True, False),
        (Role.AUDITOR, True, False, False),
        (Role.USER, False, False, False),
        (Role.USER, True, False, False),
    ],
)
def test_hidden_id_codes(role: Role, *, hidden: bool, sees: bool, alters: bool) -> None:
    """Who sees and alters others' ID codes, with and without hiding.

    SC-HIDE-01, SC-HIDE-03, SC-HIDE-06, SC-HIDE-07, SC-HIDE-08, SC-UPOL-09, SC-HIDE-04
    """
    policy = Policy(hide_id_codes=hidden)
    assert may_see_ids(person(role), policy) is sees
    assert may_change_known_ids(person(role), policy) is alters


def test_only_administrators_list_all_ids() -> None:
    """The overview of everybody's IDs is for administrators. SC-HIDE-09, SC-IDCODE-03"""
    assert [role for role in Role if may_list_all_ids(person(role))] == [Role.ADMINISTRATOR]


def test_hidden_document_names() -> None:
    """With names hidden only administrators see those of others. SC-HIDE-11, SC-UPOL-10"""
    hidden, shown = Policy(hide_document_names=True), Policy(hide_document_names=False)
    assert [role for role in Role if may_see_document_names(person(role), hidden)] == [Role.ADMINISTRATOR]
    assert Role.HELP_DESK in [role for role in Role if may_see_document_names(person(role), shown)]
    assert Role.USER not in [role for role in Role if may_see_document_names(person(role), shown)]


def test_nobody_becomes_somebody_with_more_rights() -> None:
    """Who gives a card or PIN can come in with it, so the help desk gives none to administrators and auditors."""
    help_desk, administrator = person(Role.HELP_DESK), person(Role.ADMINISTRATOR)
    for role, may in {Role.USER: True, Role.HELP_DESK: True, Role.AUDITOR: False, Role.ADMINISTRATOR: False}.items():
        assert may_change_ids_of(help_desk, person(role)) is may
        assert may_change_ids_of(administrator, person(role))
        assert not may_change_ids_of(person(Role.AUDITOR), person(role))
    with pytest.raises(Denied, match="more rights"):
        require_ids_of(help_desk, administrator)
