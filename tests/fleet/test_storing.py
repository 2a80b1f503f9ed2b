"""Readings are stored: what is known of a machine, its alerts, states and failures."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest

from platen.devices.device_lists import fleet_state
from platen.devices.models import Device, DeviceState
from platen.devices.queries import devices_needing_attention
from platen.devices.services import add_device, record_state, set_out_of_service
from platen.eventlog.models import Event
from platen.fleet.attention import DeviceCondition, condition_of, severity_words
from platen.fleet.due import BY_HAND
from platen.fleet.events import Kind
from platen.fleet.history import open_alerts, seconds_in_states
from platen.fleet.lists import Listing, ids_of_machines
from platen.fleet.models import Alert, Machine, ReadingPlan, Severity, StateSpan, Survey
from platen.fleet.storing import store
from platen.fleet.visits import Failure, Part, Visit
from platen.fleet.wanting import want_readings
from platen.policy.fleet.power import Evidence, State
from platen.readings.facts import Activity, Identity, Reading, Status
from platen.tenants.context import acting_for
from platen.tenants.models import Tenant
from tests.fixtures_tenant import ADMIN
from tests.fleet.machines import START, WHO, Watching, alert, asleep, machine, reading, told_by, toner


@pytest.fixture
def watched(tenant: Tenant) -> Watching:
    """A machine that is read."""
    return Watching(machine())


class TestWhatIsKnown:
    def test_a_reading_tells_all_of_a_machine(self, watched: Watching) -> None:
        """Who it is, how it is and what it counted stand at the machine after one reading. DCA-DATA-01"""
        watched.read(reading(total=12_000, total__color=300), response_ms=12.5, survey=True, raw={"1.3.6": "x"})
        found = watched.machine
        assert (found.maker, found.model, found.serial, found.mac) == ("Halden", "C458", "HC458-0001", "00c076ff00f2")
        assert (found.power, found.severity, found.activity) == ("on", Severity.NONE, "idle")
        assert (found.pages, found.pages_color, found.meters["total"]) == (12_000, 300, 12_000)
        assert found.console_text == "Ready"
        assert found.trays[0]["percent"] == 24
        assert found.facts["functions"] == ["copy", "print"]
        assert found.read_at == found.surveyed_at == found.counted_at == watched.now
        assert Survey.objects.get(machine=found).meter_sources["total"].startswith("1.3.6.1")

    def test_what_somebody_asks_for_during_a_visit_is_still_done(self, watched: Watching) -> None:
        """A visit that began before stores its reading, or that it failed; the one asked for comes after it, and whole
        where that was asked. Once done, it is over. EMC-COMM-17"""
        later = START + timedelta(days=1)
        want_readings([watched.id], by=ADMIN, survey=True)
        watched.read(reading(total=1), survey=True, due_at=later)
        assert (watched.machine.due_at, watched.machine.surveyed_at) == (BY_HAND, None)
        store([Failure(machine_id=watched.id, at=watched.now, evidence=Evidence.TIMEOUT, reason="-", due_at=later)])
        assert watched.machine.due_at == BY_HAND
        watched.read(reading(total=1), survey=True, due_at=later, by_hand=True)
        assert (watched.machine.due_at, watched.machine.surveyed_at) == (later, watched.now)

    def test_one_slow_answer_is_not_how_fast_it_usually_is(self, watched: Watching) -> None:
        """The last time and the usual one are kept beside each other; who does not answer changes neither.

        SC-DEVMON-05
        """
        for response_ms in (10.0, 10.0, 170.0):
            watched.read(reading(total=1), response_ms=response_ms)
        assert (watched.machine.response_ms, watched.machine.response_usual_ms) == (170.0, 20.0)
        watched.fail()
        assert (watched.machine.response_ms, watched.machine.response_usual_ms) == (170.0, 20.0)

    def test_the_device_learns_what_nobody_told_it(self, watched: Watching) -> None:
        """Model, place, hardware address and colour come from the machine where a person said nothing."""
        watched.read(reading(total=1))
        device = watched.machine.device
        assert (device.make_and_model, device.location, device.mac) == (
            "Halden C458",
            "Main Hall, registry",
            "00C076FF00F2",
        )
        assert (device.color_supported, device.duplex_supported, device.state) == (True, True, DeviceState.IDLE)

    def test_what_a_person_said_stays(self, watched: Watching) -> None:
        """A place that somebody wrote is not overwritten by what the machine says."""
        device = watched.machine.device
        device.location = "Registry, behind the counter"
        device.save()
        watched.read(reading(total=1))
        watched.read(reading(total=2, identity=replace(WHO, location="somewhere else")))
        assert watched.machine.device.location == "Registry, behind the counter"

    def test_a_place_that_came_from_the_machine_follows_it(self, watched: Watching) -> None:
        """A machine that says another place has moved within the house."""
        watched.read(reading(total=1))
        watched.read(reading(total=2, identity=replace(WHO, location="Annex")))
        assert watched.machine.device.location == "Annex"

    def test_what_is_not_said_stays(self, watched: Watching) -> None:
        """A reading without a serial number does not make the machine one without. DCA-DATA-02"""
        watched.read(reading(total=1))
        watched.read(reading(total=2, identity=replace(WHO, serial="", firmware="")))
        assert (watched.machine.serial, watched.machine.firmware) == ("HC458-0001", "4.12")

    def test_parts_that_were_not_asked_stay(self, watched: Watching) -> None:
        """A visit that asks for the state alone says nothing of meters, supplies and alerts."""
        watched.read(reading(total=100, supplies=[toner(80)], alerts=[alert()]))
        watched.read(Reading(identity=WHO, status=Status(activity=Activity.PRINTING)), asked=frozenset({Part.STATUS}))
        found = watched.machine
        assert (found.activity, found.pages, found.severity) == ("printing", 100, Severity.ERROR)
        assert found.supplies.get().percent == 80
        assert len(open_alerts(found)) == 1

    def test_an_older_reading_changes_nothing(self, watched: Watching) -> None:
        """A reading that comes late, after a newer one, is left out: it would count backwards."""
        watched.read(reading(total=100))
        assert store([Visit(machine_id=watched.id, at=START, reading=reading(total=50))]) == []
        assert watched.machine.pages == 100

    def test_readings_of_a_machine_in_one_batch_are_taken_in_their_order(self, watched: Watching) -> None:
        """What a collector sends after weeks away counts as if it had come one by one."""
        visits = [
            Visit(machine_id=watched.id, at=START + timedelta(hours=hours), reading=reading(total=100 + 10 * hours))
            for hours in (3, 1, 2, 4)
        ]
        store(visits)
        assert watched.machine.pages == 140
        assert watched.machine.pages_month == 30

    def test_a_machine_of_another_tenant_is_not_touched(self, watched: Watching, other_tenant: Tenant) -> None:
        """A reading stored for one tenant never reaches another's machine."""
        with acting_for(other_tenant.id):
            store([Visit(machine_id=watched.id, at=START, reading=reading(total=5))])
        assert watched.machine.read_at is None

    def test_a_reading_that_cannot_be_stored_leaves_the_others(self, watched: Watching) -> None:
        """One machine whose answers break something costs its own reading, not the batch."""
        other = Watching(machine("Other", address="127.20.1.8"))
        broken = replace(reading(total=5), status=Status(uptime_s="yesterday"))  # type: ignore[arg-type]  # what no codec should let through
        store(
            [
                Visit(machine_id=watched.id, at=START, reading=broken),
                Visit(machine_id=other.id, at=START, reading=reading(total=7, identity=replace(WHO, serial="B"))),
            ]
        )
        assert other.machine.pages == 7
        assert watched.machine.read_at is None
        assert "could not be stored" in watched.machine.failure

    def test_strange_texts_and_numbers_are_stored(self, watched: Watching) -> None:
        """Characters that databases refuse and numbers without end cost nothing but themselves."""
        strange = replace(WHO, host_name="a\0b\ud800" + "x" * 500)
        odd = toner(50, level=2**70, capacity=-(2**70), description="\0" * 9, serial="s" * 300)
        watched.read(reading(total=5, identity=strange, supplies=[odd], alerts=[alert(group_index=2**40)]))
        found = watched.machine
        assert found.host_name.startswith("ab")
        assert len(found.host_name) == 253
        assert found.supplies.get().level is None

    def test_machines_of_one_kind_share_a_plan(self, watched: Watching) -> None:
        """What to ask next is stored once for all machines that are asked the same."""
        other = Watching(machine("Other", address="127.20.1.8"))
        watched.read(reading(total=1), plan=b"what to ask")
        other.read(reading(total=1, identity=replace(WHO, serial="B")), plan=b"what to ask")
        assert ReadingPlan.objects.count() == 1
        assert watched.machine.plan_id == other.machine.plan_id

    def test_a_new_firmware_is_said(self, watched: Watching) -> None:
        """An update of the firmware is a line in the event log."""
        watched.read(reading(total=1))
        assert Kind.FIRMWARE in watched.read(reading(total=1, identity=replace(WHO, firmware="5.0")))
        assert "4.12" in Event.objects.get(kind="firmware_changed").message

    def test_a_restart_is_counted(self, watched: Watching) -> None:
        """A machine that starts anew is counted; a clock that wraps after 497 days is none. SC-DEVMON-02"""
        for uptime in (900, 40, 4_000):
            watched.read(reading(total=1, status=Status(activity=Activity.IDLE, uptime_s=uptime)))
        assert (watched.machine.reboots, watched.machine.uptime_s) == (1, 4_000)
        watched.read(reading(total=1, status=Status(uptime_s=42_949_000)))
        assert Kind.REBOOTED not in watched.read(reading(total=1, status=Status(uptime_s=3)))


class TestAlerts:
    def test_an_alert_begins_and_ends_once(self, watched: Watching) -> None:
        """What a machine reports from reading to reading is one alert, from the first to the last. EMC-DSTA-03"""
        assert Kind.ALERT_BEGAN in watched.read(reading(alerts=[alert()]))
        began = watched.now
        assert Kind.ALERT_BEGAN not in watched.read(reading(alerts=[alert()]))
        assert Kind.ALERT_CLEARED in watched.read(reading())
        stored = Alert.objects.get()
        assert (stored.began_at, stored.cleared_at) == (began, watched.now)

    def test_it_may_come_back(self, watched: Watching) -> None:
        """The same trouble a second time is a second alert."""
        for alerts in ([alert()], [], [alert()]):
            watched.read(reading(alerts=alerts))
        assert Alert.objects.count() == 2
        assert len(open_alerts(watched.machine)) == 1

    def test_the_machine_counts_under_its_worst(self, watched: Watching) -> None:
        """Severity, response and words are those of the worst alert. EMC-DLST-13, EMC-DSTA-05, EMC-UI-03"""
        low = alert("marker-toner-almost-empty", "warning", "trained")
        watched.read(reading(alerts=[low, alert("jam"), alert("fuser-failure", training="field-service")]))
        found = watched.machine
        assert (found.severity, found.training) == (Severity.SERVICE, "field-service")
        assert found.trouble == "fuser-failure, tray 1"
        watched.read(reading(alerts=[low]))
        assert watched.machine.severity == Severity.WARNING

    def test_one_alert_twice_in_a_reading_is_one(self, watched: Watching) -> None:
        """A machine that lists the same row twice does not break anything."""
        watched.read(reading(alerts=[alert(), alert()]))
        assert Alert.objects.count() == 1

    def test_details_reach_whoever_listens(self, watched: Watching) -> None:
        """Notices get the code, level and words of what began."""
        happened = told_by(lambda: watched.read(reading(alerts=[alert()])))
        began = next(each for each in happened if each.kind is Kind.ALERT_BEGAN)
        assert began.detail["code"] == "jam"
        assert began.sentence == "jam, tray 1"

    def test_trouble_reaches_the_device(self, watched: Watching) -> None:
        """A machine that is stopped needs attention in the list of devices, until it does not. SC-PUSHQ-05"""
        stopped = Status(activity=Activity.STOPPED, reasons=frozenset({"media-jam-error"}))
        watched.read(reading(alerts=[alert()], status=stopped))
        assert watched.machine.device.needs_attention
        watched.read(reading())
        assert not watched.machine.device.needs_attention
        assert Event.objects.filter(kind="device_ready").exists()


class TestAttention:
    """`Device.needs_attention`, which every list and count goes by."""

    def needs(self, watched: Watching) -> bool:
        """As stored; the list that is narrowed to it and the counts say the same."""
        found = watched.machine
        stored: bool = found.device.needs_attention
        state = fleet_state()
        assert ids_of_machines(Listing(attention=True)) == ([found.pk] if stored else [])
        assert [each.pk for each in devices_needing_attention()] == ([found.pk] if stored else [])
        assert (state.attention + state.down, state.ready) == ((1, 0) if stored else (0, 1))
        return stored

    def test_an_alert_alone_asks_for_somebody(self, watched: Watching) -> None:
        """A machine that is idle by its state and reports a jam needs attention until that is over. EMC-DSTA-05"""
        for alerts, needs in (([], False), ([alert()], True), ([alert()], True), ([], False)):
            watched.read(reading(alerts=alerts))
            assert self.needs(watched) is needs
        told = Event.objects.filter(kind="device_needs_attention").values_list("message", flat=True)
        assert list(told) == ["Copier needs attention: jam, tray 1"]
        assert Event.objects.filter(kind="device_ready").count() == 1

    def test_what_is_silent_asks_for_somebody(self, watched: Watching) -> None:
        """A machine that does not answer needs attention until it does."""
        watched.read(reading())
        for _ in range(9):
            watched.fail()
        assert watched.machine.power == State.SILENT
        assert self.needs(watched)
        watched.read(reading())
        assert not self.needs(watched)

    def test_a_silent_machine_is_not_ready(self, watched: Watching) -> None:
        """While a machine does not answer nobody knows how it is; what it reported last is said as that."""
        assert severity_words(watched.machine) == "Not known"
        watched.read(reading())
        assert severity_words(watched.machine) == "Ready"
        for alerts, words in (([], "Not known while it does not answer"), ([alert()], "Error, as last reported")):
            watched.read(reading(alerts=alerts))
            for _ in range(9):
                watched.fail()
            assert severity_words(watched.machine) == words

    def test_documents_that_come_out_do_not_hide_an_alert(self, watched: Watching) -> None:
        """What whoever sends it documents hears of a device takes nothing back that its machine reports."""
        watched.read(reading(alerts=[alert()]))
        device = watched.machine.device
        for state in (DeviceState.PROCESSING, DeviceState.IDLE):
            record_state(device, state, now=watched.now)
            assert watched.machine.device.state == state
            assert self.needs(watched)
        set_out_of_service(device, True, by=ADMIN)
        set_out_of_service(device, False, by=ADMIN)
        assert self.needs(watched)
        watched.read(reading())
        assert not self.needs(watched)

    def test_how_a_device_is(self, watched: Watching) -> None:
        """Stopped with an error, as it said with a warning, unknown while it is silent; as it said where nothing reads
        it."""
        device = add_device("Never read", "", by=ADMIN)
        watched.read(reading())
        for code, severity, state, reasons in (
            ("jam", "critical", DeviceState.STOPPED, ["media-jam-error"]),
            ("cover-open", "warning", DeviceState.IDLE, ["cover-open-warning"]),
        ):
            watched.read(reading(alerts=[alert(code, severity)]))
            condition = condition_of(watched.machine.device)
            assert condition == DeviceCondition(state, reasons, f"{code}, tray 1")
        for _ in range(9):
            watched.fail()
        silent = condition_of(watched.machine.device)
        assert (silent.state, silent.reasons) == (DeviceState.UNKNOWN, ["timed-out-error"])
        assert condition_of(device) == DeviceCondition(DeviceState.UNKNOWN, [], "")


class TestPower:
    def test_silent_after_several_tries_and_back(self, watched: Watching) -> None:
        """After three tries without an answer a machine is silent, which is said once. EMC-DLST-10"""
        watched.read(reading(total=10, alerts=[alert()]))
        kinds = [watched.fail() for _ in range(5)]
        assert [Kind.SILENT in each for each in kinds] == [False, False, True, False, False]
        found = watched.machine
        assert (found.power, found.failures, found.pages, found.severity) == ("no-response", 5, 10, Severity.ERROR)
        assert Event.objects.filter(kind="machine_silent").count() == 1
        assert Kind.BACK in watched.read(reading(total=11))
        assert (watched.machine.power, watched.machine.failures, watched.machine.failure) == ("on", 0, "")

    def test_that_a_new_machine_answers_is_no_news(self, watched: Watching) -> None:
        """It was added, which is told; that it answers is not told beside that, and neither "again"."""
        assert watched.read(reading(total=10)) == []
        assert watched.machine.power == "on"
        assert [watched.fail() for _ in range(3)][-1] == [Kind.SILENT, Kind.POWER]
        assert set(watched.read(reading(total=11))) == {Kind.POWER, Kind.BACK}

    def test_asleep_is_not_down(self, watched: Watching) -> None:
        """A machine that said it sleeps stays asleep over night, keeps what was known of it, and nobody is told."""
        watched.read(asleep(reading(total=10, supplies=[toner(40)])))
        kinds = [kind for _ in range(12) for kind in watched.fail()]
        assert kinds == []
        found = watched.machine
        assert (found.power, found.pages, found.supply_percent) == ("asleep", 10, 40)

    def test_never_read_is_unknown(self, watched: Watching) -> None:
        """A machine that was never read is unknown until it is silent. EMC-DLST-09"""
        watched.fail()
        assert watched.machine.power == "unknown"

    @pytest.mark.parametrize(("takes_documents", "power"), [(True, "unknown"), (False, "no-response")])
    def test_who_prints_and_was_never_read_is_no_failure(
        self, tenant: Tenant, takes_documents: bool, power: str
    ) -> None:
        """Where no reading reaches a device that documents go to, it is as the delivery of documents finds it."""
        watched = Watching(machine())
        Device.objects.update(uri="socket://127.20.1.7:9100", takes_documents=takes_documents)
        kinds = [kind for _ in range(5) for kind in watched.fail()]
        assert watched.machine.power == power
        assert (Kind.SILENT in kinds) is not takes_documents
        assert watched.machine.failure == "It did not answer within 2 s."

    def test_off_when_it_says_goodbye(self, watched: Watching) -> None:
        """A machine that announces that it goes is off. EMC-DLST-12"""
        watched.read(reading(total=1))
        watched.fail(Evidence.GOODBYE)
        assert watched.machine.power == "off"

    def test_another_machine_at_its_address(self, watched: Watching) -> None:
        """Another serial number at the address is a conflict; nothing of it is taken. EMC-DLST-11"""
        watched.read(reading(total=10_000))
        other = reading(total=55, supplies=[toner(1)], identity=replace(WHO, serial="OTHER", mac="00c076000001"))
        assert Kind.CONFLICT in watched.read(other)
        assert Kind.CONFLICT not in watched.read(other)
        found = watched.machine
        assert (found.power, found.pages, found.serial) == ("conflict", 10_000, "HC458-0001")
        assert found.facts["conflict"]["serial"] == "OTHER"
        assert not found.supplies.exists()

    def test_a_new_network_card_is_the_same_machine(self, watched: Watching) -> None:
        """With the same serial number, another hardware address is a new card."""
        watched.read(reading(total=1))
        watched.read(reading(total=2, identity=replace(WHO, mac="00c076999999")))
        assert (watched.machine.power, watched.machine.mac) == ("on", "00c076999999")

    def test_without_a_serial_number_the_hardware_address_tells(self, watched: Watching) -> None:
        """A machine that has no serial number is known by its network card. EMC-DLST-11"""
        card = Identity(mac="00c076000001")
        watched.read(reading(total=1, identity=card))
        watched.read(reading(total=2, identity=replace(card, mac="00c076000002")))
        assert watched.machine.power == "conflict"

    def test_over_ipp_its_identifier_tells(self, watched: Watching) -> None:
        """Each answer by IPP says printer-uuid: another one is another machine, whose pages are no usage."""
        printer = Identity(model="Inkster", uuid="0190a1b2-0000-7000-8000-00000000000a")
        watched.read(reading(total=1, identity=printer), protocol="ipp", survey=True)
        other = replace(printer, uuid="0190a1b2-0000-7000-8000-00000000000b")
        assert Kind.CONFLICT in watched.read(reading(total=101, identity=other), protocol="ipp", survey=True)
        assert (watched.machine.pages, watched.machine.pages_month) == (1, 0)


class TestStates:
    def test_states_follow_each_other_without_a_gap(self, watched: Watching) -> None:
        """From when to when a machine was ready, in trouble or silent is kept for the status report. EMC-REPT-10"""
        watched.read(reading(total=1))
        watched.read(reading(total=1, alerts=[alert()]))
        watched.read(reading(total=1))
        for _ in range(3):
            watched.fail()
        spans = list(StateSpan.objects.order_by("began_at").values_list("state", "began_at", "ended_at"))
        assert [state for state, _, _ in spans] == ["ready", "error", "ready", "silent"]
        assert all(earlier[2] == later[1] for earlier, later in pairwise(spans))
        assert spans[-1][2] is None

    def test_a_day_has_all_its_hours(self, watched: Watching) -> None:
        """Shares of states add up to the whole time; what nobody saw is unknown. EMC-REPT-11"""
        watched.read(reading(total=1))
        watched.read(reading(total=1, alerts=[alert()]), hours=6)
        day = START.replace(hour=0)
        seconds = seconds_in_states(watched.machine, day, day + timedelta(days=1))
        assert seconds == {"ready": 6 * 3600, "error": 8 * 3600, "unknown": 10 * 3600}


def test_nothing_to_store_is_no_work(tenant: Tenant) -> None:
    """An empty batch, and readings of machines that are gone, are nothing."""
    assert store([]) == []
    assert store([Visit(machine_id=999, at=START, reading=reading(total=1))]) == []
    assert Machine.objects.count() == 0
