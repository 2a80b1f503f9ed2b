"""What machines are found by when somebody types."""

from __future__ import annotations

from copy import copy
from typing import Any

import pytest
from django.db import DEFAULT_DB_ALIAS, connection

from platen.cli.database import migrate
from platen.devices.models import Device
from platen.devices.services import remove_devices
from platen.fleet.batch_sql import Update
from platen.fleet.models import Machine, SearchText
from platen.fleet.search_texts import keep_search_texts, leave_search_texts, machines_with
from platen.tenants.context import acting_for
from platen.tenants.models import Tenant
from tests.fixtures_tenant import ADMIN
from tests.fleet.machines import machine


def found(text: str, *, managed: bool = True) -> set[int]:
    """The machines with a text."""
    return {each["machine_id"] for each in machines_with(text, managed=managed)}


@pytest.mark.parametrize(
    "values",
    [
        *({name: "Quill-7"} for name in ("address", "maker", "model", "serial", "host_name", "asset_number")),
        {"mac": "quill-700ab"},
    ],
    ids=lambda values: str(next(iter(values))),
)
def test_a_new_machine_is_found_by_all_that_it_is_known_by(tenant: Tenant, values: dict[str, Any]) -> None:
    """Each of the columns is looked through, also in the middle, with letters of either size. EMC-DLST-05"""
    made, _other = machine("a", **values), machine("b")
    assert found("UILL-7") == {made.pk}


def test_changes_are_followed_wherever_they_are_written(tenant: Tenant) -> None:
    """By an object, by a statement for many, by one for many rows of values: the new text is found, the old is not."""
    made = machine("Copier", serial="first")
    made.serial = "second"
    made.save(update_fields=["serial"])
    assert (found("first"), found("second")) == (set(), {made.pk})
    Machine.objects.filter(pk=made.pk).update(serial="third")
    assert (found("second"), found("third")) == (set(), {made.pk})
    Update(Machine, "serial").write([("fourth", made.pk)])
    assert (found("third"), found("fourth")) == (set(), {made.pk})
    Device.objects.filter(pk=made.pk).update(name="Library 2", location="Reading room")
    assert found("copier") == set()
    assert found("library 2") == found("reading room") == {made.pk}


def test_a_machine_that_is_no_longer_managed_is_found_among_those(tenant: Tenant) -> None:
    """The list of removed devices is searched alike. EMC-DREM-01"""
    made = machine("Copier")
    Machine.objects.filter(pk=made.pk).update(managed=False)
    assert (found("copier"), found("copier", managed=False)) == (set(), {made.pk})


def test_signs_of_patterns_are_what_they_are(tenant: Tenant) -> None:
    """A percent sign or an underscore that is typed stands for itself."""
    made, _other = machine("50%_a"), machine("50 a")
    assert found("%_") == found("50%") == {made.pk}
    assert found("%a") == set()


def test_a_deleted_device_leaves_no_text(tenant: Tenant) -> None:
    """Neither a row nor a find."""
    made = machine("Copier")
    remove_devices([made.device], by=ADMIN)
    assert not SearchText.objects.exists()


def test_nothing_of_another_tenant_is_found(tenant: Tenant, other_tenant: Tenant) -> None:
    """A tenant's search ends at the tenant's own machines."""
    with acting_for(other_tenant.pk):
        machine("Copier")
    assert found("copier") == set()


def test_tables_can_be_changed_and_texts_are_true_afterwards(tenant: Tenant) -> None:
    """Around migrations the triggers are away; what changes meanwhile is found, and what changes from then on."""
    made = machine("Copier")
    leave_search_texts(DEFAULT_DB_ALIAS, plan=[("fleet", "one to come")])
    Machine.objects.filter(pk=made.pk).update(serial="unseen")
    assert found("unseen") == set()
    keep_search_texts(DEFAULT_DB_ALIAS)
    assert found("unseen") == {made.pk}
    Machine.objects.filter(pk=made.pk).update(serial="seen")
    assert (found("unseen"), found("seen")) == (set(), {made.pk})


@pytest.mark.django_db(transaction=True)
def test_a_migration_that_copies_the_tables_passes() -> None:
    """A column that SQLite can only change by copying its table: forwards over it with everything else in place."""
    leave_search_texts(DEFAULT_DB_ALIAS, plan=[("fleet", "one to come")])
    try:
        for model, name in ((Machine, "serial"), (Device, "name")):
            with connection.schema_editor() as editor:
                old = model._meta.get_field(name)
                new = copy(old)
                new.max_length = old.max_length + 1
                editor.alter_field(model, old, new, strict=True)
                editor.alter_field(model, new, old, strict=True)
    finally:
        keep_search_texts(DEFAULT_DB_ALIAS)


def test_a_start_mends_what_an_ended_migration_left(tenant: Tenant) -> None:
    """Ended after the triggers were taken away and before they came back: the next start has nothing to migrate, and
    brings them back with texts that are true."""
    made = machine("Copier")
    leave_search_texts(DEFAULT_DB_ALIAS, plan=[("fleet", "one to come")])
    Machine.objects.filter(pk=made.pk).update(serial="unseen")
    migrate()
    assert found("unseen") == {made.pk}
