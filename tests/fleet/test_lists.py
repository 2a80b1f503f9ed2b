"""Lists of machines: conditions, orders, pages, counts."""

from __future__ import annotations

from typing import Any

import pytest

from platen.devices.models import Device
from platen.fleet.filters import machines_where
from platen.fleet.lists import (
    ORDERS,
    Listing,
    MachinePage,
    count_machines,
    first_page_and_count,
    ids_of_machines,
    page_of_machines,
    power_counts,
    severity_counts,
)
from platen.fleet.models import Group, Machine, Membership, Severity
from platen.policy.fleet.conditions import parse_conditions
from platen.tenants.context import acting_for
from platen.tenants.models import Tenant
from tests.fleet.machines import START, machine

FLEET: list[dict[str, Any]] = [
    {"name": "a", "maker": "Halden", "model": "C458", "pages": 500, "severity": 2, "address": "127.20.1.1"},
    {"name": "b", "maker": "Halden", "model": "M508", "pages": None, "severity": 3, "address": "127.20.1.200"},
    {"name": "c", "maker": "Kestrel", "model": "5400dn", "pages": 500, "severity": 1, "address": "127.20.4.7"},
    {"name": "d", "maker": "Morino", "model": "IX 5250", "pages": 7, "severity": 0, "address": "printer.example"},
    {"name": "e", "maker": "kestrel", "model": "5600cdw", "pages": None, "severity": 0, "address": "127.31.2.1"},
    {
        "name": "f",
        "maker": "Belvoir",
        "model": "Jet 770",
        "pages": 90,
        "severity": 3,
        "managed": False,
        "read_at": START,
    },
]


@pytest.fixture
def fleet(tenant: Tenant) -> dict[str, Machine]:
    """Six machines; the last is not managed."""
    return {each["name"]: machine(each["name"], **{k: v for k, v in each.items() if k != "name"}) for each in FLEET}


def names(*conditions: tuple[str, str, list[str]], **listing: Any) -> str:
    stored = [{"item": item, "op": op, "values": values} for item, op, values in conditions]
    page = page_of_machines(Listing(parse_conditions(stored), **listing))
    return "".join(each.device.name for each in page.machines)


class TestConditions:
    def test_several_values_are_any_several_conditions_all(self, fleet: dict[str, Machine]) -> None:
        """Model begins with either, and severity is error: both have to hold. EMC-DLST-05"""
        assert names(("model", "begins-with", ["C4", "5400"])) == "ac"
        assert names(("model", "begins-with", ["C4", "5400"]), ("severity", "is", ["error"])) == "a"

    @pytest.mark.parametrize(
        ("condition", "found"),
        [
            (("maker", "equals", ["KESTREL"]), "ce"),
            (("maker", "not-equals", ["Kestrel"]), "abd"),
            (("name", "contains", ["a", "e"]), "ae"),
            (("model", "ends-with", ["8", "0"]), "abd"),
            (("severity", "is", ["service", "warning"]), "bc"),
            (("severity", "is-not", ["none"]), "abc"),
            (("pages", "at-least", ["90"]), "ac"),
            (("pages", "at-most", ["90"]), "d"),
            (("pages", "is-empty", []), "be"),
            (("address", "within", ["127.20.0.0/16"]), "abc"),
            (("address", "within", ["127.20.1.128/25", "127.31.2.1"]), "be"),
            (("address", "within", ["127.0.0.0/9"]), "abce"),
            (("color", "is", ["unknown"]), "abcde"),
            (("days_silent", "at-least", ["3"]), "abcde"),
            (("power", "is", ["on"]), ""),
            (("region", "is-empty", []), "abcde"),
        ],
        ids=lambda value: " ".join(map(str, value)) if isinstance(value, tuple) else "",
    )
    def test_each_operator(self, fleet: dict[str, Machine], condition: tuple[str, str, list[str]], found: str) -> None:
        """Each operator finds what it says, in the database as over one machine. EMC-DLST-04"""
        assert names(condition) == found

    def test_groups_by_hand_and_by_condition_nest(self, fleet: dict[str, Machine]) -> None:
        """A group has its own machines and those of the groups in it."""
        outer = Group.objects.create(name="Outer")
        Membership.objects.create(group=outer, machine=fleet["d"])
        stored = [{"item": "maker", "op": "equals", "values": ["Halden"]}]
        Group.objects.create(name="Inner", parent=outer, conditions=stored)
        assert names(("group", "equals", ["outer"])) == "abd"
        assert names(("group", "equals", ["inner"])) == "ab"

    def test_groups_that_name_each_other_end(self, fleet: dict[str, Machine]) -> None:
        """A group whose condition is to be in itself has nobody in it, and does not go on for ever."""
        stored = [{"item": "group", "op": "equals", "values": ["Loop"]}]
        Group.objects.create(name="Loop", conditions=stored)
        assert names(("group", "equals", ["Loop"])) == ""

    def test_other_tenants_are_never_listed(self, fleet: dict[str, Machine], other_tenant: Tenant) -> None:
        """A condition finds machines of one's own organisation only."""
        with acting_for(other_tenant.id):
            assert list(machines_where(parse_conditions([{"item": "pages", "op": "at-least", "values": ["0"]}]))) == []
            assert severity_counts().worst is Severity.NONE


class TestPages:
    @pytest.mark.parametrize("order", [sign + name for name in ORDERS for sign in ("", "-")])
    def test_every_order_shows_each_machine_once(self, fleet: dict[str, Machine], order: str) -> None:
        """Page by page, by any column, up or down, no machine is left out and none comes twice. EMC-UI-11"""
        seen: list[int] = []
        after = None
        while True:
            page = page_of_machines(Listing(order=order), after, size=2)
            seen += [each.pk for each in page.machines]
            after = page.after
            if after is None:
                break
        whole = [each.pk for each in page_of_machines(Listing(order=order)).machines]
        assert seen == whole
        assert sorted(seen) == sorted(fleet[name].pk for name in "abcde")

    def test_what_is_not_known_comes_last(self, fleet: dict[str, Machine]) -> None:
        """Machines without pages stand at the end, upwards and downwards."""
        assert names(order="pages") == "dacbe"
        assert names(order="-pages") == "acdbe"

    @pytest.mark.parametrize("after", ["", "x", "W10", "bnVsbA", "WzEsMl0", "eyJhIjoxfQ"])
    def test_a_continuation_that_makes_no_sense_does_no_harm(self, fleet: dict[str, Machine], after: str) -> None:
        """Whatever stands in the address of a page, a page is shown."""
        assert isinstance(page_of_machines(Listing(order="pages"), after).machines, list)

    def test_searching(self, fleet: dict[str, Machine]) -> None:
        """Any part of a name, model, maker or address finds a machine."""
        assert names(search="halden") == "ab"
        assert names(search="127.20.4") == "c"
        assert count_machines(Listing(search="halden")) == 2
        assert ids_of_machines(Listing(search="m508")) == [fleet["b"].pk]

    def test_each_column_that_can_have_a_text_is_searched(self, fleet: dict[str, Machine]) -> None:
        """Hardware addresses by their digits, names with blanks: what is typed is looked for where it can stand."""
        Machine.objects.filter(pk=fleet["a"].pk).update(mac="00c076ff00f2", serial="AB 12", asset_number="no. 7")
        Device.objects.filter(pk=fleet["c"].pk).update(location="Main hall", name="c0 76")
        for text, found in (("00C076", "a"), ("ff00f2", "a"), ("b 1", "a"), ("no. 7", "a"), ("n hall", "c0 76")):
            assert names(search=text) == found
        assert names(search="printer.ex") == "d"
        assert names(search="c0 76") == "c0 76"

    @pytest.mark.parametrize("listing", [Listing(), Listing(search="halden"), Listing(order="-pages")], ids=str)
    def test_the_beginning_with_how_many_there_are(self, fleet: dict[str, Machine], listing: Listing) -> None:
        """The first page and the count are those that each alone would be; counting ends where it is told to."""
        page, total = first_page_and_count(listing, size=1)
        assert page == page_of_machines(listing, size=1)
        assert total == count_machines(listing)
        assert first_page_and_count(listing, size=1, most=1)[1] == 1
        assert first_page_and_count(Listing(search="nothing like it")) == (MachinePage([], None), 0)

    def test_those_that_need_somebody(self, fleet: dict[str, Machine]) -> None:
        """Only they are listed, in the order of their names as in any other."""
        one = next(iter(fleet.values()))
        Device.objects.filter(pk=one.pk).update(needs_attention=True)
        for order in ("name", "-pages"):
            listing = Listing(order=order, attention=True)
            assert [each.pk for each in page_of_machines(listing).machines] == [one.pk]
            assert first_page_and_count(listing)[1] == 1

    def test_what_is_not_managed_has_a_list_of_its_own(self, fleet: dict[str, Machine]) -> None:
        """Machines that were removed from management are listed apart. EMC-DREM-01"""
        assert names(managed=False) == "f"


class TestCounts:
    def test_each_machine_is_counted_once(self, fleet: dict[str, Machine]) -> None:
        """Service calls, errors and warnings of managed machines, each under its worst. EMC-UI-02, EMC-UI-03"""
        counts = severity_counts()
        assert (counts.service, counts.error, counts.warning) == (1, 1, 1)

    def test_the_sign_of_the_fleet(self, fleet: dict[str, Machine]) -> None:
        """Service calls go before errors; warnings alone do not show. EMC-UI-01"""
        assert severity_counts().worst is Severity.SERVICE
        Machine.objects.filter(severity=Severity.SERVICE).update(severity=Severity.NONE)
        assert severity_counts().worst is Severity.ERROR
        Machine.objects.filter(severity=Severity.ERROR).update(severity=Severity.NONE)
        assert severity_counts().worst is Severity.NONE

    def test_power(self, fleet: dict[str, Machine]) -> None:
        """How many can be reached."""
        Machine.objects.filter(pk=fleet["a"].pk).update(power="on")
        assert power_counts() == {"on": 1, "unknown": 4}
