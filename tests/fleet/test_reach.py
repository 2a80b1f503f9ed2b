"""Where people whose rights end at regions may ask machines: at addresses of their regions alone."""

from __future__ import annotations

from typing import Any

import pytest

from platen.console.forms.devices import DeviceForm
from platen.console.forms.machines import ChangeForm, MachineForm
from platen.devices.errors import DeviceError
from platen.devices.models import Device
from platen.devices.services import add_device, change_device
from platen.fleet.adopting import add_by_hand
from platen.fleet.changing import Changes, change_identity, change_machines
from platen.fleet.credentials import CredentialValues, add_credential
from platen.fleet.errors import FleetError
from platen.fleet.models import Machine, Region
from platen.fleet.reach import plain_address
from platen.fleet.regions import set_region
from platen.tenants.context import acting_within
from platen.tenants.models import Tenant
from tests.fixtures_tenant import ADMIN
from tests.fleet.machines import machine

pytestmark = pytest.mark.django_db
OUTSIDE = (
    *("10.2.0.9", "::ffff:10.2.0.9", "[::ffff:10.2.0.9]", "::ffff:a02:9", "localhost"),
    *("printer.south.example.org", "10.1.0.9.example.org", "2001:db8::9", "evilnorth.example.org"),
)


@pytest.fixture
def north(tenant: Tenant) -> Region:
    """One's own region, by addresses and by names; there is another one."""
    set_region("South", "10.2.0.0/16", "south.example.org", by=ADMIN)
    return set_region("North", "10.1.0.0/16", "north.example.org", by=ADMIN)


@pytest.fixture
def own(north: Region) -> Machine:
    """A machine of it."""
    return machine("Own", address="10.1.0.9", region=north)


def ask_at(of: Machine, address: str, **values: Any) -> None:
    """Say where a machine is asked."""
    known = {"asset_number": "", "contact": "", "link": "", "time_zone": "", "port": of.port} | values
    change_identity(of, by=ADMIN, address=address, **known)


@pytest.mark.parametrize("address", OUTSIDE)
def test_no_machine_is_asked_outside_of_ones_regions(own: Machine, north: Region, address: str) -> None:
    """Whose rights end at regions lets no machine be asked outside of these, however its address is spelled: it would
    be read, and given credentials, under a record of their own. EMC-REGN-01"""
    with acting_within([north.pk]), pytest.raises(FleetError, match="none of your regions"):
        ask_at(own, address)
    assert Machine.objects.get().address == "10.1.0.9"
    ask_at(own, address)  # without a limit
    assert Machine.objects.get().address == plain_address(address)


@pytest.mark.parametrize(
    "address", ["999.1.1.1", "167903241", "10.2.9", "bad host", "10.0.0.0/8", "127.010.0.1", "http://10.1.0.9/"]
)
def test_a_machine_is_asked_at_one_address(own: Machine, address: str) -> None:
    """What is no address, or more than one, is refused by the same rule as in imported files. EMC-DINF-06"""
    with pytest.raises(FleetError, match="“"):
        ask_at(own, address)
    assert Machine.objects.get().address == "10.1.0.9"


@pytest.mark.parametrize("link", ["https://", "http://a b", "http://[::1", "javascript:alert(1)"])
def test_a_link_leads_somewhere(own: Machine, link: str) -> None:
    """A link that no browser can open is refused. EMC-DINF-06"""
    with pytest.raises(FleetError, match=r"\.$"):
        ask_at(own, own.address, link=link)
    ask_at(own, own.address, link=" https://wiki.example.org/drucker/für-alle ")
    assert Machine.objects.get().link == "https://wiki.example.org/drucker/für-alle"


@pytest.mark.parametrize("address", ["10.1.0.10", "[::ffff:10.1.0.10]", "Hall.North.example.org."])
def test_a_machine_is_asked_within_ones_regions(own: Machine, north: Region, address: str) -> None:
    """Addresses and names of one's own regions can be given, and are kept in their one spelling. EMC-REGN-01"""
    with acting_within([north.pk]):
        ask_at(own, address)
        assert Machine.objects.get().address in {"10.1.0.10", "hall.north.example.org"}
        ask_at(own, "")


def test_a_port_is_left_to_people_without_a_limit(own: Machine, north: Region) -> None:
    """Whose rights end at regions changes no port: whatever listens there would be given credentials. EMC-REGN-01"""
    with acting_within([north.pk]):
        form = MachineForm()
        assert form.fields["port"].disabled
        for said in (form.fields["address"].help_text, DeviceForm().fields["uri"].help_text):
            assert "by its ending alone" in str(said)
        with pytest.raises(FleetError, match="port"):
            ask_at(own, own.address, port=1161)
    ask_at(own, own.address, port=1161)
    assert Machine.objects.get().port == 1161


def test_credentials_are_the_organisations(own: Machine, north: Region) -> None:
    """Whose rights end at regions neither sees nor chooses credentials; everything else of a form stays. EMC-REGN-01"""
    vault = add_credential("Vault", CredentialValues(kind="snmpv2c", community="hidden"), by=ADMIN)
    Machine.objects.update(credential=vault)
    with acting_within([north.pk]):
        for form in (MachineForm({"port": 161, "location": "Hall"}), ChangeForm({"location": "Hall"})):
            assert "Vault" not in str(form)
            assert form.is_valid(), form.errors
            change_machines([own.pk], form.changes(), by=ADMIN)
        with pytest.raises(FleetError, match="administrator"):
            change_machines([own.pk], Changes(credential_id=0), by=ADMIN)
    kept = Machine.objects.select_related("device").get()
    assert (kept.credential, kept.device.location) == (vault, "Hall")


@pytest.mark.parametrize("host", ["10.2.0.9", "[::ffff:10.2.0.9]", "localhost", "printer.south.example.org"])
def test_no_document_goes_outside_of_ones_regions(north: Region, host: str) -> None:
    """Whose rights end at regions neither adds a device outside of these nor moves one there. EMC-REGN-01"""
    device = add_device("Own", "ipp://10.1.0.9/ipp/print", by=ADMIN)
    with acting_within([north.pk]):
        with pytest.raises(DeviceError, match="none of your regions"):
            change_device(device, by=ADMIN, uri=f"ipp://{host}/ipp/print")
        with pytest.raises(DeviceError, match="none of your regions"):
            add_by_hand("New", f"ipp://{host}/ipp/print", by=ADMIN)
    assert [each.uri for each in Device.objects.all()] == ["ipp://10.1.0.9/ipp/print"]
    add_device("New", f"ipp://{host}/ipp/print", by=ADMIN)


def test_what_another_device_has_is_not_taken_over(own: Machine, north: Region) -> None:
    """A machine that somebody with a limit does not see is not theirs by its address being given again. EMC-REGN-01"""
    theirs = machine("Theirs", address="10.1.0.7", region=None)
    with acting_within([north.pk]):
        with pytest.raises(DeviceError, match="Another device"):
            add_by_hand("Twin", "ipp://10.1.0.7/ipp/print", by=ADMIN)
        with pytest.raises(FleetError, match="Another device"):
            ask_at(own, "::ffff:10.1.0.7")
        assert not Machine.objects.filter(pk=theirs.pk).exists()
        ask_at(own, own.address, contact="Dora")
        made = add_by_hand("New", "ipp://10.1.0.8/ipp/print", by=ADMIN)
        change_device(made, by=ADMIN, name="Newer", uri="ipps://10.1.0.8/ipp/print")
        assert Machine.objects.get(pk=made.pk).region == north
