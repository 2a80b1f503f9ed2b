"""What becomes of machines that a search finds, and the searches themselves."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from itertools import permutations

import pytest

from platen.devices import errors as devices_errors
from platen.devices.models import Device, QueueKind
from platen.devices.services import add_device, add_queue
from platen.eventlog.models import Event
from platen.fleet.credentials import (
    CredentialValues,
    add_credential,
    change_credential,
    credentials_in_order,
    ensure_default_credential,
    remove_credential,
    secrets_of,
)
from platen.fleet.discovering import (
    SearchValues,
    TooWide,
    abandon_runs,
    begin_run,
    cancel_run,
    end_run,
    keep_discovery,
    record_found,
    record_progress,
    scope_of,
    start_run,
    values_of,
    waiting_runs,
)
from platen.fleet.errors import InvalidValue, NameTaken
from platen.fleet.events import Kind, fleet_happened
from platen.fleet.models import Credential, Found, Group, Machine
from platen.fleet.regions import remove_region, set_region
from platen.fleet.registering import Followed, FoundMachine, Rules, follow, marks_of, register
from platen.policy.fleet.conditions import parse_conditions
from platen.policy.fleet.same_device import Known, recognise
from platen.printing.release import Wish, release_jobs
from platen.readings.facts import Identity
from platen.tenants.context import acting_for
from platen.tenants.models import Tenant
from tests.fixtures_tenant import ADMIN

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tenant")]
NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
COPIER = FoundMachine(
    address="10.1.2.3",
    how="SNMP, public",
    identity=Identity(maker="Halden", model="C458", serial="HC4-1", mac="001ba94c71e2", host_name="lib-1f.example.org"),
    uri="ipp://10.1.2.3/ipp/print",
)
ALL = Rules()
PLOTTER = FoundMachine(address="10.1.2.4", identity=Identity(maker="Kestrel", model="T920", serial="KT-9"))


def registered(found: FoundMachine, rules: Rules = ALL, *, dry: bool = False) -> str:
    """What became of it."""
    return register(found, rules, by=ADMIN, now=NOW, how_found="a search", dry=dry).outcome


def test_a_new_machine_becomes_a_device() -> None:
    """It is a device with its name, model and where it prints, and it is read at once.

    SC-DEVADD-01 SC-DEV-13 EMC-DISC-05
    """
    assert registered(COPIER) == "new"
    machine = Machine.objects.select_related("device").get()
    assert (machine.device.name, machine.device.make_and_model, machine.serial) == ("lib-1f", "Halden C458", "HC4-1")
    assert (machine.managed, machine.due_at, machine.device.uri) == (True, NOW, COPIER.uri)


def test_it_moved() -> None:
    """At another address it is the same machine: no second one, its documents follow, and it is said. EMC-DISC-08"""
    registered(COPIER)
    heard = []

    def hear(**said: object) -> None:
        heard.extend(said["happenings"])  # type: ignore[arg-type]

    fleet_happened.connect(hear)
    try:
        assert registered(replace(COPIER, address="10.9.9.9")) == "moved"
    finally:
        fleet_happened.disconnect(hear)
    machine = Machine.objects.select_related("device").get()
    assert (machine.address, machine.device.uri) == ("10.9.9.9", "ipp://10.9.9.9/ipp/print")
    assert [each.kind for each in heard] == [Kind.MOVED]
    assert Event.objects.filter(kind="machine_moved", device_id=machine.pk).exists()


def test_another_machine_at_its_address() -> None:
    """The new one is registered; the one that was there has no address until it is found again. EMC-DLST-11"""
    registered(COPIER)
    assert registered(replace(PLOTTER, address=COPIER.address)) == "new"
    displaced = Machine.objects.get(serial="HC4-1")
    assert (displaced.address, displaced.power) == ("", "conflict")
    assert registered(replace(COPIER, address="10.1.2.77")) == "moved"
    assert Machine.objects.get(serial="HC4-1").address == "10.1.2.77"


def _places(count: int) -> tuple[list[FoundMachine], list[FoundMachine]]:
    """Machines where they are, and each where the next one was."""
    names = [replace(PLOTTER.identity, serial=f"KT-{number}") for number in range(count)]
    here = [replace(PLOTTER, address=f"10.1.3.{number}", identity=each) for number, each in enumerate(names)]
    there = [replace(each, address=here[(number + 1) % count].address) for number, each in enumerate(here)]
    return here, there


def _whereabouts() -> dict[str, str]:
    return dict(Machine.objects.values_list("serial", "address"))


@pytest.mark.parametrize("order", list(permutations(range(3))) + list(permutations(range(2))))
def test_machines_that_change_places_keep_an_address_each(order: tuple[int, ...]) -> None:
    """Two, or three in a ring, found in any order, one after the other; nobody is displaced for good. EMC-DLST-11"""
    here, there = _places(len(order))
    for each in here:
        registered(each)
    assert [registered(there[number]) for number in order] == ["moved"] * len(order)
    assert _whereabouts() == {each.identity.serial: each.address for each in there}


@pytest.mark.parametrize("order", list(permutations(range(3))) + list(permutations(range(2))))
def test_machines_that_change_places_are_found_at_once(order: tuple[int, ...]) -> None:
    """Each was recognised while the others still stood where they were: none takes an address from one that is
    elsewhere by now."""
    here, there = _places(len(order))
    for each in here:
        registered(each)
    keys = dict(Machine.objects.values_list("serial", "pk"))
    known = [Known(keys[each.identity.serial], marks_of(each)) for each in here]
    seen = [recognise(marks_of(each), known) for each in there]
    assert all(each.displaced is not None for each in seen)
    for number in order:
        machine = Machine.objects.select_related("device").get(pk=keys[there[number].identity.serial])
        follow([Followed(machine, there[number], seen[number], True)], by=ADMIN, now=NOW)
    assert _whereabouts() == {each.identity.serial: each.address for each in there}


def test_one_that_had_no_address_has_one_again() -> None:
    """It is said in a sentence without a hole."""
    registered(COPIER)
    registered(replace(PLOTTER, address=COPIER.address))
    back = register(replace(COPIER, address="10.1.2.77"), ALL, by=ADMIN, now=NOW)
    assert back.message == "Had no address, is now at 10.1.2.77."
    assert Event.objects.get(kind="machine_moved").message == "lib-1f is at 10.1.2.77 now; it had no address before"


def test_the_port_of_a_machine_stays_where_nobody_names_one() -> None:
    """As what is found by IPP, or told by a collector: SNMP is asked where it was."""
    registered(replace(COPIER, port=1161))
    assert registered(replace(COPIER, address="10.1.2.77", protocol="ipp")) == "moved"
    assert Machine.objects.get().port == 1161
    registered(PLOTTER)
    assert Machine.objects.get(serial="KT-9").port == 161


def test_two_that_claim_one_serial_number() -> None:
    """Both are registered, and the second is marked as a conflict."""
    registered(COPIER)
    twin = replace(COPIER, address="10.1.2.9", identity=replace(COPIER.identity, mac="00aa00aa00aa"))
    assert registered(twin) == "conflict"
    assert Machine.objects.filter(serial="HC4-1").count() == 2
    assert sorted(Device.objects.values_list("name", flat=True))[0] == "Halden C458 HC4-1"
    assert "HC4-1, which the machine at 10.1.2.3 has as well" in Event.objects.get(kind="serial_conflict").message


@pytest.mark.parametrize(
    ("outcome", "copier", "plotter"),
    [
        ("managed", "new", "unmanaged"),
        ("unmanaged", "unmanaged", "new"),
        ("only", "new", "ignored"),
        ("ignore", "ignored", "new"),
    ],
)
def test_conditions_decide_about_new_machines(outcome: str, copier: str, plotter: str) -> None:
    """Those that fit are managed, unmanaged, alone registered, or left out. EMC-DISC-04 EMC-DISC-05 EMC-DISC-06"""
    conditions = parse_conditions([{"item": "maker", "op": "equals", "values": ["HALDEN"]}])
    rules = Rules(conditions, outcome)
    assert (registered(COPIER, rules), registered(PLOTTER, rules)) == (copier, plotter)
    managed = {machine.maker: machine.managed for machine in Machine.objects.all()}
    assert managed == {
        maker: became == "new"
        for maker, became in (("Halden", copier), ("Kestrel", plotter))
        if became in {"new", "unmanaged"}
    }


def test_conditions_leave_registered_machines_alone() -> None:
    """A machine that is registered stays managed whatever the conditions say. EMC-DISC-07"""
    registered(COPIER)
    nothing_fits = Rules(parse_conditions([{"item": "maker", "op": "equals", "values": ["nobody"]}]), "only")
    assert registered(COPIER, nothing_fits) == "known"
    assert Machine.objects.get().managed


def test_a_dry_run_changes_nothing() -> None:
    """It says what would become of each."""
    assert registered(COPIER, dry=True) == "new"
    assert not Device.objects.exists()
    registered(COPIER)
    assert registered(replace(COPIER, address="10.9.9.9"), dry=True) == "moved"
    assert Machine.objects.get().address == "10.1.2.3"


def test_into_a_group_and_a_region() -> None:
    """New machines join the group of the search; their region is that of their address. EMC-REGN-09 EMC-REGN-11"""
    library = Group.objects.create(name="Library")
    set_region("North", "10.1.0.0/16", "", by=ADMIN)
    set_region("Web", "", "example.org", by=ADMIN)
    registered(COPIER, Rules(group=library))
    registered(replace(PLOTTER, address="172.16.0.9", identity=replace(PLOTTER.identity, host_name="a.b.example.org")))
    regions = {machine.serial: machine.region.name for machine in Machine.objects.select_related("region")}
    assert regions == {"HC4-1": "North", "KT-9": "Web"}
    assert [each.machine.serial for each in library.memberships.select_related("machine")] == ["HC4-1"]


def test_addresses_of_another_region_are_refused() -> None:
    """No address is in two regions; machines join a new region that holds them. EMC-REGN-10 EMC-REGN-02"""
    registered(COPIER)
    north = set_region("North", "10.1.0.0/16", "", by=ADMIN)
    assert Machine.objects.get().region == north
    with pytest.raises(InvalidValue, match="North"):
        set_region("South", "10.1.2.0-10.1.2.9", "", by=ADMIN)
    with pytest.raises(NameTaken):
        set_region("North", "10.7.0.0/16", "", by=ADMIN)
    remove_region(north, by=ADMIN)
    assert Machine.objects.get().region is None


def test_names_are_taken() -> None:
    """A device that has the name already keeps it; the new one gets another."""
    add_device("lib-1f", "ipp://10.1.1.1/ipp/print", by=ADMIN)
    registered(COPIER)
    assert Machine.objects.get().device.name == "Halden C458 HC4-1"


def test_a_name_ends_with_the_end_of_the_serial_number() -> None:
    """Without the hyphen that stands before it."""
    nameless = replace(COPIER.identity, serial="HC308-09854", host_name="")
    registered(replace(COPIER, identity=nameless))
    assert Machine.objects.get().device.name == "Halden C458 09854"


def test_machines_are_told_apart_within_an_organisation(other_tenant: Tenant) -> None:
    """The same serial number in another organisation is another machine."""
    registered(COPIER)
    with acting_for(other_tenant.id):
        assert registered(COPIER) == "new"
    assert Machine.objects.count() == 1


class TestSearches:
    """Searches, kept and run."""

    def test_from_waiting_to_done(self) -> None:
        """A run waits, runs, finds, tells its progress and ends; its result lists each machine.

        EMC-DISC-01 EMC-BLTN-08
        """
        run = start_run(SearchValues(targets="10.1.2.0/24"), by=ADMIN)
        assert run.addresses == 254
        assert [each[1] for each in waiting_runs()] == [run.pk]
        begun = begin_run(run.pk, NOW)
        assert begun is not None
        assert begin_run(run.pk, NOW) is None
        record_found(begun, [COPIER, PLOTTER], now=NOW)
        assert record_progress(run.pk, addresses=254, asked=254, answered=2, octets=9000)
        end_run(run.pk, "done", "", NOW)
        assert list(Found.objects.filter(run=run).values_list("address", "outcome")) == [
            ("10.1.2.3", "new"),
            ("10.1.2.4", "new"),
        ]
        assert Event.objects.filter(kind="discovery_ended", message__contains="2 new").exists()

    def test_called_off(self) -> None:
        """A run that is called off is told so at its next step."""
        run = start_run(SearchValues(targets="10.1.2.0/24"), by=ADMIN)
        begin_run(run.pk, NOW)
        cancel_run(run, by=ADMIN)
        assert not record_progress(run.pk, addresses=254, asked=9, answered=0, octets=0)

    def test_a_million_addresses_are_asked_about_first(self) -> None:
        """A very wide search needs a second word of its person."""
        wide = SearchValues(targets="10.0.0.0/12")
        with pytest.raises(TooWide, match="1,048,574"):
            start_run(wide, by=ADMIN)
        assert start_run(replace(wide, confirmed=True), by=ADMIN).addresses == 2**20 - 2

    def test_around_known_machines(self) -> None:
        """The networks of known machines can be searched as well, but for what is excluded."""
        registered(COPIER)
        run = start_run(SearchValues(known_subnets=True, excluded="10.1.2.3"), by=ADMIN)
        scope = scope_of(run.request)
        assert scope.count() == 253
        assert "10.1.2.3" not in scope

    @pytest.mark.parametrize(
        "values",
        [
            SearchValues(),
            SearchValues(targets="10.1.2.300"),
            SearchValues(targets="10.1.2.3", methods=()),
            SearchValues(targets="10.1.2.3", methods=("shouting",)),
            SearchValues(targets="10.1.2.3", outcome="burn"),
            SearchValues(targets="10.1.2.3", packets_per_s=0),
            SearchValues(targets="10.1.2.3", port=70_000),
            SearchValues(targets="10.1.2.3", conditions=[{"item": "mood"}]),
        ],
    )
    def test_what_cannot_be_searched(self, values: SearchValues) -> None:
        """A search that makes no sense is refused with a sentence."""
        with pytest.raises(InvalidValue, match=r"\."):
            start_run(values, by=ADMIN)

    def test_kept_under_a_name(self) -> None:
        """A search can be kept with its port, changed and run again as it is kept. EMC-DISC-01 EMC-DISC-02"""
        public = ensure_default_credential()
        values = SearchValues(targets="10.1.2.0/24", credential_ids=(public.pk,), outcome="unmanaged", port=1161)
        kept = keep_discovery("Library", values, by=ADMIN)
        assert values_of(kept) == replace(values, confirmed=True)
        with pytest.raises(NameTaken):
            keep_discovery("Library", values, by=ADMIN)
        keep_discovery("Library", replace(values, targets="10.1.3.0/24"), by=ADMIN, discovery=kept)
        assert start_run(values_of(kept), by=ADMIN, discovery=kept).title == "Library"

    def test_a_server_that_stopped(self) -> None:
        """A run that a stopped server left open is ended with a sentence at the next start."""
        run = start_run(SearchValues(targets="10.1.2.0/24"), by=ADMIN)
        begin_run(run.pk, NOW)
        assert abandon_runs(NOW) == 1
        run.refresh_from_db()
        assert (run.state, run.ended_at) == ("failed", NOW)


class TestCredentials:
    """What machines are asked with."""

    def test_secrets_are_sealed(self) -> None:
        """The database holds no community and no pass phrase in the open. EMC-COMM-02 EMC-COMM-05 EMC-COMM-06"""
        community = add_credential("office", CredentialValues(kind="snmpv2c", community="s3cret-word"), by=ADMIN)
        user = add_credential("v3", V3, by=ADMIN)
        assert b"s3cret" not in bytes(Credential.objects.get(pk=community.pk).secret)
        assert secrets_of(community) == {"community": "s3cret-word"}
        assert secrets_of(user) == {"auth": "long enough", "privacy": "also long enough"}
        assert not Event.objects.filter(message__contains="s3cret").exists()

    def test_an_empty_secret_stays(self) -> None:
        """Changing a credential without typing the secret again keeps it; another kind needs its own."""
        user = add_credential("v3", V3, by=ADMIN)
        change_credential(user, replace(V3, auth_password="", privacy_password="", rank=5), by=ADMIN)
        assert secrets_of(user)["privacy"] == "also long enough"
        with pytest.raises(InvalidValue):
            change_credential(user, CredentialValues(kind="snmpv2c"), by=ADMIN)

    def test_in_their_order(self) -> None:
        """They are tried by rank; without any, the community of the factory is. EMC-COMM-04"""
        assert [each.name for each in credentials_in_order()] == []
        public = ensure_default_credential()
        first = add_credential("first", CredentialValues(kind="snmpv1", community="x", rank=1), by=ADMIN)
        assert credentials_in_order() == [first, public]
        assert ensure_default_credential() == first
        remove_credential(first, by=ADMIN)
        assert credentials_in_order() == [public]

    @pytest.mark.parametrize(
        "values",
        [
            CredentialValues(kind="telepathy"),
            CredentialValues(kind="http", user="u"),  # nothing is asked so
            CredentialValues(kind="snmpv2c"),
            CredentialValues(kind="snmpv3", auth="sha256"),
            CredentialValues(kind="snmpv3", user="u", auth="sha256", auth_password="short"),
            CredentialValues(kind="snmpv3", user="u", privacy="aes128", privacy_password="long enough"),
            CredentialValues(kind="snmpv3", user="u", auth="rot13", auth_password="long enough"),
            CredentialValues(kind="snmpv3", user="u" * 33),
            CredentialValues(kind="snmpv2c", community="x", rank=-1),
        ],
    )
    def test_what_is_no_credential(self, values: CredentialValues) -> None:
        """What no machine would accept is refused with a sentence. EMC-PREP-03"""
        with pytest.raises(InvalidValue, match=r"\."):
            add_credential("x", values, by=ADMIN)

    def test_names(self) -> None:
        """A name is given once."""
        add_credential("x", CredentialValues(kind="snmpv2c", community="x"), by=ADMIN)
        with pytest.raises(NameTaken):
            add_credential("x", CredentialValues(kind="snmpv2c", community="y"), by=ADMIN)
        with pytest.raises(InvalidValue):
            add_credential(" ", CredentialValues(kind="snmpv2c", community="y"), by=ADMIN)


V3 = CredentialValues(
    kind="snmpv3",
    user="fleet",
    auth="sha256",
    auth_password="long enough",
    privacy="aes128",
    privacy_password="also long enough",
)


def test_a_machine_that_is_only_looked_after() -> None:
    """Without an address for documents nothing can be sent to it, and whoever tries is told so. SC-DEVADD-11"""
    registered(PLOTTER)
    device = Device.objects.get()
    assert device.uri == ""
    with pytest.raises(devices_errors.InvalidValue, match="no address"):
        add_queue("plots", kind=QueueKind.PUSH, device=device, by=ADMIN)
    released = release_jobs([Wish(job_id=1)], device=device, user=None, owned=False)
    assert "only looked after" in released.refused[1]
