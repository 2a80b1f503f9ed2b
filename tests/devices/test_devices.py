"""Devices, queues, readers and pairing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from platen.access.methods import LoginMethod
from platen.devices.errors import InUse, InvalidValue, NameTaken, PairingRefused, PortTaken
from platen.devices.events import devices_removing
from platen.devices.models import Device, DeviceState, Queue, QueueKind
from platen.devices.queries import (
    devices_needing_attention,
    listener_ports,
    page_of_devices,
    page_of_queues,
    queue_by_name,
    reader_by_address,
    search_devices,
)
from platen.devices.services import (
    DeviceCapabilities,
    add_device,
    add_queue,
    add_reader,
    change_device,
    change_queue,
    change_reader,
    ensure_default_queue,
    is_panel_of,
    new_pairing_code,
    pair,
    reader_seen,
    record_state,
    remove_device,
    remove_queue,
    remove_reader,
    set_out_of_service,
    unpair,
)
from platen.eventlog.models import AuditEntry, Event
from platen.printing.models import Job
from platen.protocols.cards import TECHNOLOGIES, card_format_from_mapping
from platen.tenants.context import acting_for
from platen.tenants.models import Tenant
from tests.fixtures_tenant import ADMIN

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)


@pytest.fixture
def device(tenant: Tenant) -> Device:
    """A device."""
    return add_device("Copy room", "ipp://printer.test/ipp/print", by=ADMIN, location="2nd floor")


class TestDevice:
    @pytest.mark.parametrize(
        "uri",
        [
            "ipp://h/ipp/print",
            "ipps://h:443/ipp/print",
            "socket://10.0.0.7:9100",
            "lpd://h/queue",
            "socket://[::1]:9100",
        ],
    )
    def test_addresses_that_are_devices(self, tenant: Tenant, uri: str) -> None:
        """The four ways to reach a device are accepted as written."""
        assert add_device("d", uri, by=ADMIN).uri == uri

    @pytest.mark.parametrize("uri", ["http://h/", "ipp://", "socket://h:99999", "file:///etc/passwd", "ipp://u:p@h/"])
    def test_other_addresses_are_refused(self, tenant: Tenant, uri: str) -> None:
        """Anything else is refused with a sentence, and nothing is stored."""
        with pytest.raises(InvalidValue):
            add_device("d", uri, by=ADMIN)
        assert not Device.objects.exists()

    @pytest.mark.parametrize("name", ["a\nb", "a\x1b[31m", "a\u202eb"])
    def test_names_that_are_no_line_of_text_are_refused(self, tenant: Tenant, name: str) -> None:
        """A name that would steer what shows it is refused with a sentence, and nothing is stored."""
        with pytest.raises(InvalidValue):
            add_device(name, "ipp://h/ipp/print", by=ADMIN)
        assert not Device.objects.exists()

    def test_names_are_unique_and_changes_audited(self, device: Device) -> None:
        """A second device of the name is refused; what changed is in the audit trail. SC-DEVADD-05"""
        with pytest.raises(NameTaken):
            add_device("Copy room", "socket://h", by=ADMIN)
        change_device(device, by=ADMIN, location="3rd floor", login_methods=[LoginMethod.CARD])
        entry = AuditEntry.objects.get(verb="device_changed")
        assert entry.detail["changed"] == ["location", "login_methods"]

    def test_wrong_values_are_refused(self, device: Device) -> None:
        """MAC addresses, login methods and lengths are checked. SC-DEVADD-10"""
        assert change_device(device, by=ADMIN, mac="00:c0:76:ff:00:f2").mac == "00C076FF00F2"
        with pytest.raises(InvalidValue):
            change_device(device, by=ADMIN, mac="nonsense")
        with pytest.raises(InvalidValue):
            change_device(device, by=ADMIN, location="x" * 201)
        with pytest.raises(InvalidValue):
            change_device(device, by=ADMIN, login_methods=["smoke signals"])  # type: ignore[list-item]  # wrong on purpose

    def test_a_device_in_use_stays(self, device: Device) -> None:
        """A device with a queue, or one that somebody still needs, is not removed."""
        queue = add_queue("direct", QueueKind.PUSH, by=ADMIN, device=device)
        with pytest.raises(InUse, match="direct"):
            remove_device(device, by=ADMIN)
        remove_queue(queue, by=ADMIN)

        def objects(sender: object, **_: object) -> None:
            raise InUse("A document is being printed there.")

        devices_removing.connect(objects)
        try:
            with pytest.raises(InUse, match="document"):
                remove_device(device, by=ADMIN)
        finally:
            devices_removing.disconnect(objects)
        remove_device(device, by=ADMIN)
        assert not Device.objects.exists()


class TestState:
    def test_trouble_is_told_once(self, device: Device) -> None:
        """A device in trouble is listed and logged once, and again when it is ready."""
        for minute in range(3):
            record_state(
                device, DeviceState.STOPPED, now=NOW + timedelta(minutes=minute), reasons=["media-empty-error"]
            )
        assert devices_needing_attention() == [device]
        record_state(device, DeviceState.IDLE, now=NOW + timedelta(minutes=5), reasons=["none"])
        assert devices_needing_attention() == []
        kinds = list(Event.objects.filter(kind__startswith="device_").order_by("id").values_list("kind", flat=True))
        assert kinds == ["device_added", "device_needs_attention", "device_ready"]
        told = Event.objects.get(kind="device_needs_attention").message
        assert told == f"{device.name} needs attention: Paper tray is empty"

    def test_a_report_is_no_trouble(self, device: Device) -> None:
        """Reasons that only report do not ask for anybody (RFC 8011 section 5.4.12)."""
        record_state(device, DeviceState.IDLE, now=NOW, reasons=["cleaner-life-report"])
        assert devices_needing_attention() == []
        record_state(device, DeviceState.IDLE, now=NOW, reasons=["toner-low-warning"])
        assert devices_needing_attention() == [device]

    def test_the_same_again_costs_no_write(self, device: Device, django_assert_num_queries: object) -> None:
        """An unchanged state is not written again at once."""
        record_state(device, DeviceState.IDLE, now=NOW)
        with django_assert_num_queries(2):  # type: ignore[operator]  # the savepoint of the test's own transaction
            record_state(device, DeviceState.IDLE, now=NOW + timedelta(seconds=30))

    def test_what_it_says_it_can_is_learnt(self, device: Device) -> None:
        """Capabilities are kept, and silence does not erase them. SC-DEVADD-04"""
        said = DeviceCapabilities(
            make_and_model="Examplecorp LX", document_formats=("application/pdf",), color_supported=False
        )
        record_state(device, DeviceState.IDLE, now=NOW, capabilities=said)
        record_state(device, DeviceState.IDLE, now=NOW, capabilities=DeviceCapabilities())
        device.refresh_from_db()
        assert (device.make_and_model, device.document_formats, device.color_supported) == (
            "Examplecorp LX",
            ["application/pdf"],
            False,
        )

    def test_out_of_service(self, device: Device) -> None:
        """A device out of service asks for attention until it is back."""
        set_out_of_service(device, True, by=ADMIN)
        assert devices_needing_attention() == [device]
        set_out_of_service(device, False, by=ADMIN)
        assert devices_needing_attention() == []


class TestQueue:
    def test_the_default_queue_is_made_once(self, tenant: Tenant) -> None:
        """A new server has one pull queue that answers without a name."""
        made = ensure_default_queue()
        assert ensure_default_queue() == made == queue_by_name(None)
        assert made.kind == QueueKind.PULL

    def test_the_default_moves(self, tenant: Tenant, device: Device) -> None:
        """There is always exactly one default queue, and it pulls."""
        first = ensure_default_queue()
        second = add_queue("second", by=ADMIN, is_default=True)
        assert queue_by_name(None) == second
        with pytest.raises(InUse):
            remove_queue(second, by=ADMIN)
        with pytest.raises(InvalidValue):
            change_queue(second, by=ADMIN, is_default=False)
        with pytest.raises(InvalidValue):
            add_queue("push", QueueKind.PUSH, by=ADMIN, device=device, is_default=True)
        first.refresh_from_db()
        change_queue(first, by=ADMIN, is_default=True)
        assert Queue.objects.filter(is_default=True).count() == 1

    @pytest.mark.parametrize("name", ["", "a b", "a/b", "ä", "-a", "x" * 81, "a\n"])
    def test_names_fit_into_addresses(self, tenant: Tenant, name: str) -> None:
        """A queue's name stands in URLs and LPD commands as it is."""
        with pytest.raises(InvalidValue):
            add_queue(name, by=ADMIN)

    def test_wrong_settings_are_refused(self, tenant: Tenant) -> None:
        """Kind, rule, logon and ports are checked."""
        with pytest.raises(InvalidValue):
            add_queue("p", QueueKind.PUSH, by=ADMIN)
        with pytest.raises(InvalidValue):
            add_queue("p", by=ADMIN, unknown_owner="burn")
        with pytest.raises(InvalidValue):
            add_queue("p", by=ADMIN, specified_logon="anonymous")
        with pytest.raises(InvalidValue):
            add_queue("p", by=ADMIN, raw_port=70000)
        with pytest.raises(PortTaken):
            add_queue("p", by=ADMIN, raw_port=9100, lpd_port=9100)

    def test_ports_are_the_nodes(self, tenant: Tenant, other_tenant: Tenant) -> None:
        """Two queues cannot listen on one port, whichever tenants they belong to."""
        queue = add_queue("a", by=ADMIN, raw_port=9101)
        with acting_for(other_tenant.id):
            with pytest.raises(PortTaken):
                add_queue("b", by=ADMIN, lpd_port=9101)
            add_queue("b", by=ADMIN, lpd_port=9102)
        assert [(p.tenant_id, p.lpd_port, p.raw_port) for p in listener_ports()] == [
            (tenant.id, None, 9101),
            (other_tenant.id, 9102, None),
        ]
        change_queue(queue, by=ADMIN, raw_port=9101, location="here")

    def test_a_queue_with_jobs_stays(self, tenant: Tenant) -> None:
        """A queue goes when its jobs have gone."""
        queue = add_queue("a", by=ADMIN)
        job = Job.objects.create(queue=queue, name="x")
        with pytest.raises(InUse):
            remove_queue(queue, by=ADMIN)
        job.delete()
        remove_queue(queue, by=ADMIN)
        assert queue_by_name("a") is None


class TestLists:
    def test_pages_hold_everything_once(self, tenant: Tenant) -> None:
        """Paging by name shows each device and queue once, in order."""
        names = [f"d{n:02d}" for n in range(7)]
        for name in reversed(names):
            add_device(name, "socket://h", by=ADMIN)
            add_queue(name, by=ADMIN)
        first = page_of_devices(size=5)
        assert [device.name for device in first.rows] == names[:5]
        rest = page_of_devices(first.next_name, size=5)
        assert ([device.name for device in rest.rows], rest.next_name) == (names[5:], None)
        assert [queue.name for queue in page_of_queues(size=7).rows] == names

    def test_search(self, device: Device, other_tenant: Tenant) -> None:
        """Any part of name, place or address in any case, in this tenant. SC-DEVFIND-01, SC-DEVFIND-02"""
        for text in ("copy", "2ND", "printer.test"):
            assert search_devices(text) == [device]
        assert search_devices("nowhere") == []
        with acting_for(other_tenant.id):
            assert search_devices("copy") == []


class TestReader:
    def test_found_by_its_address(self, device: Device, other_tenant: Tenant) -> None:
        """A connection is known by its address, whichever tenant's the reader is. SC-CARD-06"""
        reader = add_reader("r1", device, "127.0.0.9", by=ADMIN, card_format={"input": "hex"})
        with acting_for(other_tenant.id):
            known = reader_by_address("127.0.0.9")
        assert known is not None
        assert (known.tenant_id, known.reader, known.reader.device) == (device.tenant_id, reader, device)
        assert reader_by_address("127.0.0.8") is None
        reader_seen(reader, NOW)
        remove_reader(reader, by=ADMIN)
        assert reader_by_address("127.0.0.9") is None

    def test_wrong_settings_are_refused(self, device: Device) -> None:
        """Address, name and card format are checked."""
        add_reader("r1", device, "127.0.0.9", by=ADMIN)
        with pytest.raises(NameTaken):
            add_reader("r2", device, "127.0.0.9", by=ADMIN)
        with pytest.raises(InvalidValue):
            add_reader("r3", device, "not an address", by=ADMIN)
        with pytest.raises(InvalidValue):
            add_reader("r3", device, "127.0.0.10", by=ADMIN, card_format={"input": "runes"})
        reader = add_reader("r4", device, "127.0.0.11", by=ADMIN)
        assert change_reader(reader, by=ADMIN, name="door").name == "door"

    @pytest.mark.parametrize("technology", sorted(TECHNOLOGIES))
    def test_a_technology_brings_its_format(self, device: Device, technology: str) -> None:
        """A reader of each kind of cards begins with the format and the signals that are usual for it. SC-CARD-01,
        SC-IDD-02, SC-IDD-17"""
        reader = add_reader("r5", device, "127.0.0.12", by=ADMIN, technology=technology)
        known = TECHNOLOGIES[technology]
        assert card_format_from_mapping(reader.card_format) == known.default_format
        assert reader.feedback == (known.feedback_style.value if known.feedback_style else "")

    def test_what_is_said_goes_before_the_usual(self, device: Device) -> None:
        """A site whose readers send otherwise says what differs; an unknown technology is refused. SC-AUTH-18"""
        reader = add_reader(
            "r6", device, "127.0.0.13", by=ADMIN, technology="mifare", card_format={"reverse_octets": True}
        )
        assert card_format_from_mapping(reader.card_format).convert("04a2b3c4") == "C4B3A204"
        with pytest.raises(InvalidValue, match="no such card technology"):
            add_reader("r7", device, "127.0.0.14", by=ADMIN, technology="runes")


class TestPairing:
    def test_a_code_makes_a_panel(self, device: Device) -> None:
        """The code typed at the panel is exchanged once for its token; only hashes are stored."""
        code = new_pairing_code(device, by=ADMIN, now=NOW)
        assert len(code) == 8
        paired, token = pair(code.lower(), source="127.0.0.1", now=NOW)
        assert paired == device
        assert is_panel_of(paired, token)
        assert not is_panel_of(paired, token + "x")
        assert token not in (paired.panel_key, paired.pairing_key)
        with pytest.raises(PairingRefused):
            pair(code, source="127.0.0.1", now=NOW)

    def test_an_old_code_is_refused(self, device: Device) -> None:
        """A code is good for fifteen minutes."""
        code = new_pairing_code(device, by=ADMIN, now=NOW)
        with pytest.raises(PairingRefused):
            pair(code, source="127.0.0.1", now=NOW + timedelta(minutes=15))

    def test_another_tenants_code_is_refused(self, device: Device, other_tenant: Tenant) -> None:
        """A code pairs a panel of its own tenant."""
        code = new_pairing_code(device, by=ADMIN, now=NOW)
        with acting_for(other_tenant.id), pytest.raises(PairingRefused):
            pair(code, source="127.0.0.1", now=NOW)

    def test_guessing_ends_in_waiting(self, device: Device) -> None:
        """After some wrong codes even the right one has to wait."""
        code = new_pairing_code(device, by=ADMIN, now=NOW)
        for _guess in range(8):
            with pytest.raises(PairingRefused):
                pair("AAAAAAAA", source="127.0.0.1", now=NOW)
        with pytest.raises(PairingRefused, match="Wait"):
            pair(code, source="127.0.0.1", now=NOW)
        assert pair(code, source="127.0.0.2", now=NOW)[0] == device

    def test_unpaired(self, device: Device) -> None:
        """An unpaired panel's token means nothing, and nor does the empty one."""
        _paired, token = pair(new_pairing_code(device, by=ADMIN, now=NOW), source="127.0.0.1", now=NOW)
        device.refresh_from_db()
        unpair(device, by=ADMIN)
        assert not is_panel_of(device, token)
        assert not is_panel_of(device, "")
