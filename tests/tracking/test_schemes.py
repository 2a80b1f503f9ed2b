"""Charging schemes: making, changing, deleting, and which device has which."""

from __future__ import annotations

from decimal import Decimal

import pytest

from platen.devices.services import add_device
from platen.directory.models import User
from platen.eventlog.audit import verify
from platen.eventlog.models import AuditEntry
from platen.policy.paper_sizes import PaperSize
from platen.tenants.context import acting_for
from platen.tenants.models import Policy, Tenant
from platen.tracking.errors import InvalidScheme, NameTaken, SchemeUnknown
from platen.tracking.models import ChargingScheme
from platen.tracking.schemes import (
    all_schemes,
    assign,
    change_scheme,
    delete_scheme,
    devices_with,
    prices_of,
    scheme_by_id,
    scheme_by_name,
    set_default_schemes,
    set_scheme,
    tariff_of,
    tariffs_of,
)
from tests.fixtures_tenant import ADMIN
from tests.tracking.printed import A4, SAMPLE, Printing, cheap_prices, document

pytestmark = pytest.mark.django_db


def test_any_number_of_schemes_by_name(tenant: Tenant) -> None:
    """Schemes have a unique name and an optional description; setting one again replaces its prices. SC-CHARGE-01,
    SC-CHARGE-03, SC-CHARGE-04, SC-CHARGE-06, SC-CHARGE-07"""
    made = set_scheme("Colour devices", SAMPLE, description="Primary: charged to people", by=ADMIN)
    set_scheme("True cost", cheap_prices(), by=ADMIN)
    again = set_scheme("Colour devices", cheap_prices(), by=ADMIN)
    assert made.id == again.id
    assert [scheme.name for scheme in all_schemes()] == ["Colour devices", "True cost"]
    prices = prices_of(scheme_by_name("Colour devices"))
    assert prices is not None
    assert prices.print.of(PaperSize.A4).color == Decimal("0.05")
    assert verify().intact


def test_the_stored_prices_are_those_given(tenant: Tenant) -> None:
    """A scheme reads back exactly as it was given, with its description. SC-CHARGE-04, SC-PRICE-09, SC-PRICE-10,
    SC-PRICE-11"""
    scheme = set_scheme("Standard", SAMPLE, description="For everybody", by=ADMIN)
    prices = prices_of(ChargingScheme.objects.get(id=scheme.id))
    assert prices is not None
    assert (prices.name, prices.description, prices.currency) == ("Standard", "For everybody", "EUR")
    assert prices.copy.of(PaperSize.A3).mono == Decimal("0.20")
    assert prices.fax.per_page == Decimal("0.10")


def test_every_mistake_is_told_at_once(tenant: Tenant) -> None:
    """A file with mistakes changes nothing, and each is named with its field. SC-CHARGE-04"""
    with pytest.raises(InvalidScheme) as refused:
        set_scheme("Bad", {"print": {"per_job": "x", "sizes": {"A4": {"sheet": "1"}}}}, by=ADMIN)
    assert {problem.field for problem in refused.value.problems} >= {"print.per_job", "print.sizes.A4.mono"}
    assert all_schemes() == []


def test_one_currency_an_organisation(policy: Policy) -> None:
    """Prices are in the organisation's currency, named or not, so that sums mean something. SC-PRICE-15"""
    policy.currency = "CHF"
    policy.save()
    prices = prices_of(set_scheme("Standard", cheap_prices(), by=ADMIN))
    assert prices is not None
    assert prices.currency == "CHF"
    with pytest.raises(InvalidScheme, match="CHF"):
        set_scheme("Other", {**cheap_prices(), "currency": "USD"}, by=ADMIN)


def test_renaming(tenant: Tenant) -> None:
    """A scheme gets another name or description, but no name that is taken. SC-CHARGE-03"""
    one, _two = (set_scheme(name, SAMPLE, by=ADMIN) for name in ("One", "Two"))
    changed = change_scheme(one, name="Uno", description="First", by=ADMIN)
    assert (changed.name, changed.description) == ("Uno", "First")
    assert change_scheme(changed, description="", by=ADMIN).description == ""
    with pytest.raises(NameTaken) as refused:
        change_scheme(changed, name="Two", by=ADMIN)
    assert refused.value.code == 70


def test_deleting_takes_it_from_all_devices(printing: Printing, anna: User) -> None:
    """Devices lose a deleted scheme and print for nothing until they get another; old records keep their price.
    SC-CHARGE-11"""
    before = printing.printed(anna, document((1, A4, False)))
    assert [device.name for device in devices_with(printing.scheme)] == ["Copier 2nd floor"]
    assert delete_scheme(printing.scheme, by=ADMIN) == 1
    tariff = tariff_of(printing.device.id)
    assert tariff is not None
    assert (tariff.primary, tariff.secondary) == (None, printing.secondary)
    after = printing.printed(anna, document((1, A4, False)))
    before.refresh_from_db()
    assert (before.job_price, before.scheme_name, after.job_price) == (Decimal("0.35"), "Standard", 0)
    assert AuditEntry.objects.filter(verb="scheme_deleted").exists()


def test_new_devices_get_the_default_schemes(tenant: Tenant) -> None:
    """Devices that are added later have the default schemes 1 and 2; earlier ones are left alone. SC-CHARGE-10"""
    early = add_device("Early", "ipp://127.0.0.7/ipp/print", by=ADMIN)
    first, second = (set_scheme(name, SAMPLE, by=ADMIN) for name in ("First", "Second"))
    set_default_schemes(primary=first, secondary=second, by=ADMIN)
    late = add_device("Late", "ipp://127.0.0.8/ipp/print", by=ADMIN)
    tariffs = tariffs_of([early.id, late.id])
    assert set(tariffs) == {late.id}
    assert (tariffs[late.id].primary, tariffs[late.id].secondary) == (first, second)
    set_default_schemes(primary=second, by=ADMIN)
    third = add_device("Third", "ipp://127.0.0.9/ipp/print", by=ADMIN)
    tariff = tariff_of(third.id)
    assert tariff is not None
    assert (tariff.primary, tariff.secondary) == (second, None)


def test_assigning_is_audited(printing: Printing) -> None:
    """Who gave a device its schemes is on the audit trail. SC-CHARGE-02"""
    assign(printing.device, primary=printing.secondary, by=ADMIN)
    entry = AuditEntry.objects.order_by("-id").first()
    assert entry is not None
    assert (entry.verb, entry.detail) == ("device_schemes_set", {"primary": "True cost", "secondary": None})


def test_another_tenants_schemes_are_not_there(tenant: Tenant, other_tenant: Tenant) -> None:
    """A scheme of one organisation does not exist for another. SC-CHARGE-01"""
    scheme = set_scheme("Standard", SAMPLE, by=ADMIN)
    with acting_for(other_tenant.id):
        assert all_schemes() == []
        assert scheme_by_name("Standard") is None
        with pytest.raises(SchemeUnknown):
            scheme_by_id(scheme.id)
