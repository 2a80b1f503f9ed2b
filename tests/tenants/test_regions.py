"""The one place where people whose rights end at regions are kept to these."""

from __future__ import annotations

from itertools import product

from platen.tenants.context import acting_within, current_regions, limit_to
from platen.tenants.models import EVERY_REGION, Scoped, Tenant
from tests.untouched import scoped_models

# Written down by hand: what is not in one of these tables is shown to nobody with a limit, and a new model is not there
# until somebody thinks about it.
OF_A_REGION = {
    "devices.Device": "machine__region",
    "devices.Queue": "device__machine__region",
    "devices.Reader": "device__machine__region",
    "fleet.Alert": "machine__region",
    "fleet.Machine": "region",
    "fleet.Membership": "machine__region",
    "fleet.MeterReading": "machine__region",
    "fleet.MonthMeters": "machine__region",
    "fleet.Region": "pk",
    "fleet.SearchText": "machine__region",
    "fleet.StateSpan": "machine__region",
    "fleet.Supply": "machine__region",
    "fleet.SupplyEvent": "machine__region",
    "fleet.Survey": "machine__region",
    "tracking.Tariff": "device__machine__region",
}
BY_THEIR_OWN_RULE = {"fleet.Group", "tasks.Task", "tasks.Run", "tasks.Result"}
OF_EVERYBODY = {
    "access.PanelSession",
    "access.ApiToken",  # people and what is theirs: the rights that see others' do not go with a limit
    "directory.Alias",
    "directory.Card",
    "directory.User",
    "printing.Delivery",
    "printing.Job",
    "tracking.UsageRecord",
    "tracking.UsageDay",
    "tracking.UsagePersonDay",
    "eventlog.AuditEntry",  # each is chained to the one before
    "fleet.Credential",  # chosen by name; what is in it is shown to nobody
    "fleet.Dashboard",
    "fleet.FleetSettings",
    "fleet.Place",
    "fleet.ReadingPlan",
    "fleet.ReportChoice",  # each person's own; what it names is looked up within their limit
    "fleet.SavedView",
    "tracking.ChargingScheme",
}
HIDDEN = {
    "eventlog.Event",
    "fleet.Collector",
    "fleet.CollectorMachine",
    "fleet.Discovery",
    "fleet.DiscoveryRun",
    "fleet.FleetDay",
    "fleet.Found",
    "fleet.MailServer",
    "fleet.Notice",
    "fleet.StateSummary",
    "fleet.NoticeRule",
    "fleet.Webhook",
}


def test_every_model_has_its_place() -> None:
    """Nothing that is stored is shown to people with a limit unless somebody said by what it is of a region.

    EMC-REGN-01
    """
    said = {model._meta.label: model.region_at for model in scoped_models()}
    assert {label: at for label, at in said.items() if label in OF_A_REGION} == OF_A_REGION
    assert {label for label in said if label in OF_EVERYBODY and said[label] == EVERY_REGION} == OF_EVERYBODY
    rest = set(said) - set(OF_A_REGION) - OF_EVERYBODY
    assert rest <= HIDDEN | BY_THEIR_OWN_RULE
    assert not [label for label in rest if said[label]]
    own = {model._meta.label for model in scoped_models() if model.within.__func__ is not Scoped.within.__func__}  # type: ignore[attr-defined]  # a class method's
    assert own == BY_THEIR_OWN_RULE


def test_every_model_can_be_asked_within_regions(tenant: Tenant) -> None:
    """A limit makes a query that the database answers, whatever is asked for, also one of no region at all."""
    for model, regions in product(scoped_models(), ((1, 2), ())):
        with acting_within(regions):
            assert list(model._default_manager.all()) == [] or model.region_at == EVERY_REGION, model


def test_a_limit_holds_until_its_end() -> None:
    """A limit is there inside and gone outside, also one that is only known inside."""
    assert current_regions() is None
    with acting_within([1]):
        assert current_regions() == {1}
        with acting_within(None):
            assert current_regions() is None
            limit_to([2, 3])
            assert current_regions() == {2, 3}
        assert current_regions() == {1}
    assert current_regions() is None
